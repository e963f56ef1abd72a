"""Lets in what Slack signed just now, before anything of it is read as more than bytes.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import asyncio
import hashlib
import hmac
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlmodel import Session
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot import inbound
from bot.db import Database
from bot.errors import NotSaved, Unconfirmed
from bot.httpmode import REFUSED
from bot.tenancy import NOBODY

log = logging.getLogger(__name__)

LARGEST = 4_000_000  # bytes; a message of 40,000 letters beside a shortcut is a megabyte
FRESH_SECONDS = 300
READING_SECONDS = 3.0  # that Slack waits for an answer to all of it
REMEMBERED = timedelta(seconds=2 * FRESH_SECONDS)  # a stamp may be of the future, too
TIDY_SECONDS = 60
PATIENCE = 1.0  # seconds of Slack's three for what is not what somebody asked for

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
    """Lets in what is signed with this secret, each of it once, whichever process is asked.

    What was signed is remembered in the database for as long as it could come again. One that was
    not answered with a 200 may: Slack sends it anew at once. Where the database takes nothing,
    nothing is remembered, and nothing can be done by what comes again either.
    """

    def __init__(self, secret: str, database: Database) -> None:
        self._secret, self._database = secret, database
        self._tidied = 0.0

    @asynccontextmanager
    async def let_in(self, request: Request, *, now: float) -> AsyncIterator[LetIn]:
        """Let in a request that Slack signed in the last five minutes, for as long as it takes.

        Raises Refused for any other, for one that was let in before, for one that is too large
        without reading more of it than that, and for one that takes too long to arrive.
        """
        body, signed = await checked(request, secret=self._secret, now=now)
        at = datetime.fromtimestamp(now, UTC)
        if not await self._write(partial(inbound.first_time, key=signed, at=at)):
            raise Refused(REFUSED)
        let_in = LetIn(body)
        try:
            yield let_in
        finally:
            if let_in.answer is None or let_in.answer.status_code != 200:
                await self._write(partial(inbound.forget_one, key=signed))
            elif now >= self._tidied + TIDY_SECONDS:
                self._tidied = now
                await self._write(partial(inbound.forget, before=at - REMEMBERED))

    async def _write(self, work: Callable[[Session], Any]) -> bool:
        try:
            return bool(await self._database.write(NOBODY, work, patience=PATIENCE))
        except (NotSaved, Unconfirmed) as error:
            log.warning("a request is not remembered: %s", error.message)
            return True


async def checked(request: Request, *, secret: str, now: float) -> tuple[bytes, str]:
    """Return the body and the signature of a request that Slack signed; raise Refused as above."""
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
