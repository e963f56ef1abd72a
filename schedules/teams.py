"""When Truenorth starts and once a day: read who is in the teams' channels and groups as a whole.

In between events tell of it, but an event can be missed.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot import membership, outbox, roster, sources, teams
from bot.blocks import teams as blocks
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
    looks_again = 5.0  # what is heard of a source does not wake it

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
        troubled: dict[int, Trouble] = {}
        for team in unread:
            if not team.is_of_group:
                began = self.deps.now()
            source = listed.get(str(team.source)) if team.is_of_group else await self._channel(team)
            if source.trouble is Trouble.SILENT:
                log.warning("the people of team %s are not read yet", team.id)
                rest = max(rest, source.after or PATIENCE)
                continue
            if source.trouble is not None:
                troubled[team.id] = source.trouble
                continue
            keep = partial(_keep, team=team.id, source=source, began=began)
            await self.deps.database.write(self.team, keep, alone=True)
        if troubled:
            keep_troubles = partial(_keep_troubles, troubled=troubled, now=self.deps.now())
            await self.deps.database.write(self.team, keep_troubles)
        return rest

    async def _groups(self, unread: Sequence[ReportingTeam]) -> Listed:
        if not any(team.is_of_group for team in unread):
            return Listed()
        return await sources.groups(self.deps.slack)

    async def _channel(self, team: ReportingTeam) -> Source:
        new = team.told_at is None
        return await sources.channel(self.deps.slack, str(team.source), enter=new)


def _keep(session: Session, *, team: int, source: Source, began: datetime) -> None:
    """Write what was read over what was known."""
    known = teams.find(session, team)
    if known is None:
        return
    known.is_unread, known.trouble, known.label = False, None, source.label
    session.add(known)
    membership.read(session, known, source.people, began=began)


def _keep_troubles(session: Session, *, troubled: Mapping[int, Trouble], now: datetime) -> None:
    """Keep why these could not be read, and tell the owners what has just begun, all at once.

    Who is in them stays as it was.
    """
    begun: dict[Trouble, list[ReportingTeam]] = defaultdict(list)
    for known in teams.in_order(session):
        if (trouble := troubled.get(known.id)) is None:
            continue
        if known.trouble != trouble:
            begun[trouble].append(known)
        known.is_unread, known.trouble = False, trouble
        session.add(known)
    for trouble, theirs in begun.items():
        _tell_owners(session, trouble, theirs, now=now)


def _tell_owners(
    session: Session, trouble: Trouble, theirs: Sequence[ReportingTeam], *, now: datetime
) -> None:
    # Until its people are told again, it is the same trouble, whatever else came in between.
    since = f"{theirs[0].told_at:%Y-%m-%dT%H:%M:%S}" if theirs[0].told_at else "the beginning"
    cause = f"team:{theirs[0].id}:{trouble}:since:{since}"
    for owner in roster.owners(session):
        message = blocks.in_trouble(trouble, [team.name for team in theirs])
        told = outbox.direct(f"{cause}:{owner.slack_id}", owner.slack_id, message)
        outbox.post(session, told, now=now)
