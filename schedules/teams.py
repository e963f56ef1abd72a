"""When Truenorth starts and once a day: read who is in the teams' channels and groups as a whole.

In between events tell of it, but an event can be missed.
"""

import asyncio
import logging
from collections.abc import Awaitable, Sequence
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot import membership, sources, teams
from bot.deps import Deps
from bot.due import Due
from bot.errors import NotSaved, Unconfirmed
from bot.sources import Listed, Source, Trouble
from bot.teams import ReportingTeam

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0  # looks again even if nobody woke it: who names a team does not
PATIENCE = 10.0  # seconds before the next try where Slack does not answer


def read_anew(session: Session, due: Due, now: datetime) -> None:
    """Have every team's source read as a whole, soon."""
    membership.ask_anew(session, *teams.in_order(session))


class Reader:
    """Reads the sources that have to be read, one after the other."""

    def __init__(self, deps: Deps, team: str) -> None:
        self.deps = deps
        self.team = team
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """Look soon what has to be read."""
        self._awake.set()

    async def run(self) -> None:
        """Read all once, and then what has to be, until cancelled."""
        await self._unharmed(self._begin())
        while True:
            rest = await self._unharmed(self.read_all())
            try:
                async with asyncio.timeout(rest):
                    await self._awake.wait()
            except TimeoutError:
                continue

    async def _begin(self) -> float:
        await self.deps.database.write(
            self.team, lambda session: membership.ask_anew(session, *teams.in_order(session))
        )
        return 0.0

    async def _unharmed(self, work: Awaitable[float]) -> float:
        (outcome,) = await asyncio.gather(work, return_exceptions=True)
        if isinstance(outcome, NotSaved | Unconfirmed):
            log.warning("teams have to wait: %s", outcome.message)
        elif isinstance(outcome, BaseException):
            log.error("reading teams failed: %s", type(outcome).__name__, exc_info=outcome)
        return PATIENCE if isinstance(outcome, BaseException) else outcome

    async def read_all(self) -> float:
        """Read what has to be, and return in how many seconds to look again."""
        self._awake.clear()
        rest = LOOK_SECONDS
        unread = await self.deps.database.read(self.team, membership.unread)
        began, listed = self.deps.now(), await self._groups(unread)
        for team in unread:
            if not team.is_of_group:
                began = self.deps.now()
            source = listed.get(str(team.source)) if team.is_of_group else await self._channel(team)
            if source.trouble is Trouble.SILENT:
                log.warning("the people of team %s are not read yet", team.id)
                rest = max(rest, source.after or PATIENCE)
                continue
            keep = partial(_keep, team=team.id, source=source, began=began)
            await self.deps.database.write(self.team, keep, alone=True)
        return rest

    async def _groups(self, unread: Sequence[ReportingTeam]) -> Listed:
        if not any(team.is_of_group for team in unread):
            return Listed()
        return await sources.groups(self.deps.slack)

    async def _channel(self, team: ReportingTeam) -> Source:
        new = team.told_at is None
        return await sources.channel(self.deps.slack, str(team.source), enter=new)


def _keep(session: Session, *, team: int, source: Source, began: datetime) -> None:
    """Write what was read over what was known; where nothing could be, that stays."""
    known = teams.find(session, team)
    if known is None:
        return
    known.is_unread, known.trouble = False, source.trouble
    session.add(known)
    if source.trouble is None:
        known.label = source.label
        membership.read(session, known, source.people, began=began)
