"""The time that Truenorth goes by: real, or moved by the demo."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

LONG_POLL = 30.0  # seconds; the other side answers after about 20
TELLING = 5.0  # seconds that telling it may take
RETRY = 1.0  # seconds between two tries while nobody answers

log = logging.getLogger(__name__)


def real_now() -> datetime:
    """This machine's time, aware and in UTC."""
    return datetime.now(UTC)


class Clock:
    """Real time plus an offset, which is zero until somebody's clock is followed."""

    def __init__(self, *, real: Callable[[], datetime] = real_now, retry: float = RETRY) -> None:
        self._real = real
        self._retry = retry
        self._offset = timedelta()
        self._silent = False

    def now(self) -> datetime:
        """The time to go by, aware and in UTC."""
        return self._real() + self._offset

    async def follow(self, url: str, on_move: Callable[[], Awaitable[object]]) -> None:
        """Keep the offset that `url` tells, until cancelled; outlives silence of the other side.

        `on_move` is awaited after each change and before the next question, so that whoever moved
        the clock can tell from that question that its consequences are there.
        """
        seen: int | None = None
        timeout = aiohttp.ClientTimeout(total=LONG_POLL)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                answer = await self._ask(session, url, seen)
                if answer is None:
                    await asyncio.sleep(self._retry)
                    continue
                seen, offset = answer
                if offset != self._offset:
                    self._offset = offset
                    await on_move()

    async def catch_up(self, url: str) -> None:
        """Take over the offset that `url` tells now, however long it takes to tell."""
        timeout = aiohttp.ClientTimeout(total=LONG_POLL)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            while True:
                answer = await self._ask(session, url, None)
                if answer is not None:
                    self._offset = answer[1]
                    return
                await asyncio.sleep(self._retry)

    async def tell(self, url: str, ahead: dict[str, Any]) -> bool:
        """Tell whose clock is followed what lies ahead; say whether they heard it."""
        timeout = aiohttp.ClientTimeout(total=TELLING)
        try:
            async with (
                aiohttp.ClientSession(timeout=timeout) as session,
                session.post(url, json=ahead, raise_for_status=True),
            ):
                return True
        except (aiohttp.ClientError, TimeoutError) as error:
            log.info("The clock at %s does not hear what lies ahead: %s", url, error)
            return False

    async def _ask(
        self, session: aiohttp.ClientSession, url: str, seen: int | None
    ) -> tuple[int, timedelta] | None:
        params = {} if seen is None else {"seen": str(seen)}
        try:
            async with session.get(url, params=params, raise_for_status=True) as response:
                told = await response.json()
            answer = int(told["version"]), timedelta(seconds=float(told["offset"]))
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
            self._note_silence(url, error)
            return None
        self._note_answer(url)
        return answer

    def _note_silence(self, url: str, error: Exception) -> None:
        if not self._silent:
            why = str(error) or type(error).__name__
            log.warning("The clock at %s does not answer (%s); trying on.", url, why)
        self._silent = True

    def _note_answer(self, url: str) -> None:
        if self._silent:
            log.info("The clock at %s answers again.", url)
        self._silent = False
