"""When something happened: those who have their Home before them see it there."""

import asyncio
import logging
from collections.abc import Awaitable
from functools import partial

from sqlmodel import Session

from bot import homes
from bot.blocks import home as blocks
from bot.deps import Deps
from bot.errors import NotSaved
from bot.homes import Page
from bot.rituals import home
from bot.waiting import until

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0  # looks again even if nobody woke it: another process may have written
# Between two publications, of which Slack allows a hundred a minute. It also lets a burst of
# changes become one, and the post that announces a change arrive in Slack before it is linked to.
PACE_SECONDS = 1.0


class Refresher:
    """Follows the ledger from its end on, and publishes the Homes that it changes, one by one.

    Nobody else's is published: Slack asks for it when somebody opens it.
    """

    def __init__(self, deps: Deps, team: str) -> None:
        self.deps = deps
        self.team = team
        self._awake = asyncio.Event()
        self._last: int | None = None  # line of the ledger that was read
        self._waiting: dict[str, None] = {}  # whose Home may be another now, in their order
        self._unsettled: set[str] = set()  # whose Home leads to something not yet in Slack
        self._rest = PACE_SECONDS

    def wake(self) -> None:
        """Look soon what happened."""
        self._awake.set()

    async def run(self) -> None:
        """Follow until cancelled; what goes wrong is logged and keeps nothing else from it."""
        await self._unharmed(self._look())
        while True:
            is_quiet = not await self._something_to_do()
            await asyncio.sleep(self._rest)
            await self._unharmed(self._look(is_quiet=is_quiet))
            await self._unharmed(self._publish_one())

    async def _something_to_do(self) -> bool:
        """Wait until there may be something; False where nothing happened for a while."""
        if self._waiting:
            return True
        return await until(self._awake, LOOK_SECONDS)

    async def _unharmed(self, work: Awaitable[None]) -> None:
        (outcome,) = await asyncio.gather(work, return_exceptions=True)
        if isinstance(outcome, NotSaved):
            log.warning("Homes have to wait: %s", outcome.message)
        elif isinstance(outcome, BaseException):
            log.error("refreshing failed: %s", type(outcome).__name__, exc_info=outcome)

    async def _look(self, *, is_quiet: bool = False) -> None:
        self._awake.clear()
        now, last = self.deps.now(), self._last
        besides = frozenset(self._unsettled if is_quiet else ())
        news = await self.deps.database.read(
            self.team, lambda session: home.news(session, after=last, now=now, besides=besides)
        )
        self._last = news.last
        self._unsettled -= besides
        self._waiting.update(dict.fromkeys(news.people))
        if not news.is_all:
            self.wake()

    async def _publish_one(self) -> None:
        self._rest = PACE_SECONDS
        while self._waiting:
            person = next(iter(self._waiting))
            del self._waiting[person]
            if not await self._is_looking(person):  # any more
                continue
            outcome = await self._publish(person)
            if not outcome.settled:
                self._unsettled.add(person)
            if outcome.asked:
                self._rest = max(PACE_SECONDS, outcome.rest)
                return

    async def _is_looking(self, person: str) -> bool:
        looking = partial(homes.looking, now=self.deps.now(), among=[person])
        return bool(await self.deps.database.read(self.team, looking))

    async def _publish(self, person: str) -> homes.Outcome:
        def page(session: Session) -> Page:
            content = home.content(session, person=person, now=self.deps.now())
            return blocks.page(content, address=self.deps.address)

        return await homes.publish(self.deps, team=self.team, person=person, page=page)
