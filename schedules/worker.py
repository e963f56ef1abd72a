"""What is done beside everything else: whenever it was woken, and now and then besides."""

import asyncio
import logging
from collections.abc import Awaitable

from bot.deps import Deps
from bot.errors import NotSaved, Unconfirmed
from bot.waiting import until

log = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds before the next try of what went wrong


class Worker:
    """Does its work again and again; what goes wrong is logged, and tried again later."""

    name = ""  # what the log calls it
    # Seconds until it looks even if nobody woke it: another process may have written, and what is
    # written here wakes it.
    looks_again = 30.0

    def __init__(self, deps: Deps, team: str) -> None:
        self.deps = deps
        self.team = team
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """Look soon whether there is something to be done."""
        self._awake.set()

    async def run(self) -> None:
        """Work until cancelled."""
        await self._unharmed(self.begin())
        while True:
            self._awake.clear()
            await until(self._awake, await self._unharmed(self.work()))

    async def begin(self) -> float:
        """Do what is to be done once, at the start."""
        return 0.0

    async def work(self) -> float:
        """Do what is to be done now, and return in how many seconds to look again."""
        raise NotImplementedError

    async def _unharmed(self, work: Awaitable[float]) -> float:
        (outcome,) = await asyncio.gather(work, return_exceptions=True)
        if isinstance(outcome, NotSaved | Unconfirmed):
            log.warning("%s has to wait: %s", self.name, outcome.message)
        elif isinstance(outcome, BaseException):
            log.error("%s failed: %s", self.name, type(outcome).__name__, exc_info=outcome)
        return PATIENCE if isinstance(outcome, BaseException) else outcome
