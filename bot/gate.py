"""Lets in what Slack signed just now, before anything of it is read as more than bytes.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import asyncio
import hashlib
import hmac
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.httpmode import REFUSED

LARGEST = 4_000_000  # bytes; a message of 40,000 letters beside a shortcut is a megabyte
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


@dataclass
class LetIn:
    """A request of Slack's, and what it was answered with."""

    body: bytes
    answer: Response | None = None


class Gate:
    """Lets in what is signed with this secret, each of it once.

    What was signed is remembered by this process for as long as it could come again. One that was
    not answered with a 200 may.
    """

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._seen: dict[str, float] = {}  # signatures and until when, those that end first first

    @asynccontextmanager
    async def let_in(self, request: Request, *, now: float) -> AsyncIterator[LetIn]:
        """Let in a request that Slack signed in the last five minutes, for as long as it takes.

        Raises Refused for any other, for one that was let in before, for one that is too large
        without reading more of it than that, and for one that takes too long to arrive.
        """
        body, signed = await _signed(request, secret=self._secret, now=now)
        self._forget(now)
        if signed in self._seen:
            raise Refused(REFUSED)
        self._seen[signed] = now + 2 * FRESH_SECONDS  # a stamp may be of the future, too
        let_in = LetIn(body)
        try:
            yield let_in
        finally:
            if let_in.answer is None or let_in.answer.status_code != 200:
                del self._seen[signed]

    def _forget(self, now: float) -> None:
        while self._seen and next(iter(self._seen.values())) <= now:
            del self._seen[next(iter(self._seen))]


async def _signed(request: Request, *, secret: str, now: float) -> tuple[bytes, str]:
    """Return the body and the signature of a request of Slack's."""
    stamp, signed = (
        request.headers.get(f"x-slack-{n}", "") for n in ("request-timestamp", "signature")
    )
    fresh = _STAMP.fullmatch(stamp) and abs(now - int(stamp)) <= FRESH_SECONDS
    if not fresh or not _SIGNED.fullmatch(signed):
        raise Refused(REFUSED)
    try:
        async with asyncio.timeout(READING_SECONDS):
            body = await _read(request)
    except (TimeoutError, ClientDisconnect):
        raise Refused(408) from None
    if not hmac.compare_digest(signature(secret, stamp, body), signed):
        raise Refused(REFUSED)
    return body, signed


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
