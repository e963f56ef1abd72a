"""When Truenorth starts and once a day: read who is in the teams' channels and groups as a whole.

In between events tell of it, but an event can be missed.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot import membership, sources, teams
from bot.due import Due
from bot.sources import Listed, Source, Trouble
from bot.teams import ReportingTeam
from schedules.worker import Worker

log = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds before the next try where Slack does not answer


def read_anew(session: Session, due: Due, now: datetime) -> None:
    """Have every team's source read as a whole, soon."""
    membership.ask_anew(session, *teams.in_order(session))


class Reader(Worker):
    """Reads the sources that have to be read, one after the other."""

    name = "reading teams"

    async def begin(self) -> float:
        """Have everything read as a whole."""
        await self.deps.database.write(
            self.team, lambda session: membership.ask_anew(session, *teams.in_order(session))
        )
        return 0.0

    async def work(self) -> float:
        """Read what has to be."""
        return await self.read_all()

    async def read_all(self) -> float:
        """Read what has to be, and return in how many seconds to look again."""
        rest = self.looks_again
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
