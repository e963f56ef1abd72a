"""The workspace's clock: real time plus an offset that anyone may move."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bot.playground.ahead import Ahead

LONG_POLL_SECONDS = 20.0
MOVE_WAIT_SECONDS = 2.0


def real_now() -> datetime:
    """The machine's time in UTC."""
    return datetime.now(UTC)


class Clock:
    """Runs as fast as real time; `version` grows by one with every move.

    `polling` is how many wait for the next one.
    """

    def __init__(self, real: Callable[[], datetime], offset: float = 0.0) -> None:
        self._real = real
        self.offset = offset
        self.version = 1
        self.polling = 0
        self.ahead = Ahead()
        self.move_wait = MOVE_WAIT_SECONDS
        self._moved: list[asyncio.Future[None]] = []
        self._owed = 0
        self._settled = asyncio.Event()

    def now(self) -> datetime:
        """The workspace's time, aware and in UTC."""
        return self._real().astimezone(UTC) + timedelta(seconds=self.offset)

    def seconds(self) -> float:
        """The workspace's time as seconds since 1970."""
        return self.now().timestamp()

    def state(self) -> dict[str, object]:
        """What a reader of the clock is told; offset in seconds."""
        return {"now": self.now().isoformat(), "offset": self.offset, "version": self.version}

    def move(self, seconds: float) -> None:
        """Move by this many seconds, back when negative, and wake all who wait."""
        # Floats add up to a little beside an hour; the microsecond is what everybody reads.
        self.offset = round(self.offset + seconds, 6)
        self.version += 1
        self._owed = self.polling
        self._settled = asyncio.Event()
        woken, self._moved = self._moved, []
        for waiter in woken:
            if not waiter.done():
                waiter.set_result(None)

    async def everyone_knows(self) -> bool:
        """Wait until all who were polling when the clock moved came back, 2 seconds at most."""
        if self._owed <= 0:
            return True
        try:
            async with asyncio.timeout(self.move_wait):
                await self._settled.wait()
        except TimeoutError:
            self._owed = 0
            return False
        return True

    async def poll(self, seen: int | None) -> dict[str, object]:
        """The clock's state: at once if news to the caller, else when it moves or after 20 s."""
        if seen != self.version:
            return self.state()
        self._came_back()
        self.polling += 1
        try:
            await self._next_move(LONG_POLL_SECONDS)
        finally:
            self.polling -= 1
        return self.state()

    async def sleep_until(self, when: float) -> None:
        """Return when the workspace's time reaches `when` (seconds since 1970)."""
        while (left := when - self.seconds()) > 0:
            await self._next_move(left)

    def release(self) -> None:
        """Let every waiting poll go, without a move."""
        woken, self._moved = self._moved, []
        for waiter in woken:
            if not waiter.done():
                waiter.set_result(None)

    async def _next_move(self, seconds: float) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._moved.append(waiter)
        await asyncio.wait([waiter], timeout=seconds)
        if waiter in self._moved:
            self._moved.remove(waiter)

    def _came_back(self) -> None:
        if self._owed > 0:
            self._owed -= 1
            if self._owed == 0:
                self._settled.set()
