"""When somebody else's clock is followed: tell them what lies ahead, whenever that changes."""

import asyncio
import logging
from typing import Any

from sqlmodel import Session

from bot.ahead import Ahead, ahead
from bot.clock import Clock
from bot.deps import Deps
from bot.errors import NotSaved
from bot.waiting import until

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0  # looks again even if nobody woke it, as often as it is looked what is due
BUSY_SECONDS = 0.02  # while something is being sent, so that nobody who waits for it waits long


class Teller:
    """Tells the clock at this address what lies ahead."""

    def __init__(self, deps: Deps, team: str, clock: Clock, url: str) -> None:
        self.deps = deps
        self.team = team
        self.clock = clock
        self.url = url
        self._awake = asyncio.Event()
        self._turn = asyncio.Lock()  # what is told last is what was asked last
        self._told: dict[str, Any] | None = None

    def wake(self) -> None:
        """Look soon whether something else lies ahead."""
        self._awake.set()

    async def run(self) -> None:
        """Tell of every change until cancelled."""
        while True:
            await until(self._awake, BUSY_SECONDS if await self.tell() else LOOK_SECONDS)

    async def tell(self) -> bool:
        """Tell what lies ahead now, unless that is known; say whether something is being sent."""
        async with self._turn:
            self._awake.clear()
            try:
                found = await self.deps.database.read(self.team, self._ahead)
            except NotSaved as error:
                log.warning("what lies ahead is not told: %s", error.message)
                return False
            if found.told() != self._told:
                known = await self.clock.tell(self.url, found.told())
                self._told = found.told() if known else None
            return found.is_busy

    def _ahead(self, session: Session) -> Ahead:
        return ahead(session, self.deps.agenda, now=self.deps.now())
