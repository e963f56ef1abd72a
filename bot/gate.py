"""Lets in what Slack signed just now, before anything of it is read as more than bytes.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import asyncio
import hashlib
import hmac
import re

from starlette.requests import ClientDisconnect, Request

LARGEST = 1_000_000  # bytes; the largest form that Slack sends is a quarter of it
FRESH_SECONDS = 300
READING_SECONDS = 3.0  # that Slack waits for an answer to all of it

_STAMP = re.compile("[0-9]{1,12}")
_SIGNED = re.compile("v0=[0-9a-f]{64}")


class Refused(Exception):
    """A request that is none of Slack's, with the status to answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Return how Slack signs this body at this time."""
    signed = b":".join([b"v0", stamp.encode(), body])
    return f"v0={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"


async def let_in(request: Request, *, secret: str, now: float) -> bytes:
    """Return the body of a request that Slack signed in the last five minutes.

    Raises Refused for any other, for one that is too large without reading more of it than that,
    and for one that takes too long to arrive.
    """
    stamp, signed = (
        request.headers.get(f"x-slack-{n}", "") for n in ("request-timestamp", "signature")
    )
    fresh = _STAMP.fullmatch(stamp) and abs(now - int(stamp)) <= FRESH_SECONDS
    if not fresh or not _SIGNED.fullmatch(signed):
        raise Refused(401)
    try:
        async with asyncio.timeout(READING_SECONDS):
            body = await _read(request)
    except (TimeoutError, ClientDisconnect):
        raise Refused(408) from None
    if not hmac.compare_digest(signature(secret, stamp, body), signed):
        raise Refused(401)
    return body


async def _read(request: Request) -> bytes:
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > LARGEST:
        raise Refused(413)
    pieces, size = list[bytes](), 0
    async for piece in request.stream():
        size += len(piece)
        if size > LARGEST:
            raise Refused(413)
        pieces.append(piece)
    return b"".join(pieces)
