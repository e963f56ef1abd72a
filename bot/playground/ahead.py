"""What the app says lies ahead of it, for a clock that is moved to stop there."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from bot.playground.store import Doc


class Ahead:
    """As last told by the app; nothing until it tells."""

    def __init__(self) -> None:
        self._next: list[tuple[str, datetime]] = []
        self._stops: list[datetime] = []
        self._is_busy = False
        self._rests_until: datetime | None = None
        self._news = asyncio.Event()

    def hear(self, told: Doc) -> None:
        """Take what the app tells; raises KeyError, TypeError or ValueError where it says nothing.

        {"next": [{"name", "at"}] as people are told, "stops": when something is done,
        "busy": whether it is sending, "rests_until": when it goes on}
        """
        coming = [(str(one["name"]), _instant(one["at"])) for one in told["next"]]
        stops = [_instant(at) for at in told["stops"]]
        rests_until = _instant(told["rests_until"]) if told["rests_until"] else None
        self._next, self._stops = sorted(coming, key=lambda one: one[1]), stops
        self._is_busy, self._rests_until = bool(told["busy"]), rests_until
        self._news.set()

    def shown(self, now: datetime) -> list[Doc]:
        """What the page shows of it."""
        return [{"name": name, "at": at.isoformat()} for name, at in self._next if at > now]

    @property
    def is_calm(self) -> bool:
        """Whether the app sends nothing any more."""
        return not self._is_busy

    def rest(self, now: datetime) -> datetime | None:
        """When the app goes on that rests amidst sending, None where it does not rest."""
        rests = self._is_busy and self._rests_until is not None and self._rests_until > now
        return self._rests_until if rests else None

    async def next_stop(self, now: Callable[[], datetime], end: datetime) -> datetime:
        """Wait until the app sends nothing any more, and return when it has something to do next.

        While it rests amidst sending, that is when it goes on. Never later than `end`.
        """
        while not self.is_calm and self.rest(now()) is None:
            await self._hear_news()
        if (rest := self.rest(now())) is not None:
            return min(rest, end)
        return min([end, *(at for at in self._stops if at > now())])

    async def calm(self) -> None:
        """Wait until the app sends nothing any more."""
        while not self.is_calm:
            await self._hear_news()

    async def _hear_news(self) -> None:
        self._news.clear()
        await self._news.wait()


def _instant(words: str) -> datetime:
    instant = datetime.fromisoformat(words)
    if instant.tzinfo is None:
        raise ValueError(f"{words} is in no zone")
    return instant
