"""Rounds played straight against the database: the schedules and rules are real, time is moved.

Messages go to nobody; what would be delivered, and to whom, is kept.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, cast

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, col, select

import schedules
from bot import agenda, ballot, membership, outbox, roster, rounds, settings
from bot.db import Database
from bot.deps import Deps
from bot.errors import UserError
from bot.outbox import OutboxRow
from bot.responses import Participation
from bot.rituals import mission
from bot.rounds import Kind, Round
from bot.teams import ReportingTeam
from handlers.asking import as_it_stands
from handlers.outbox import tell_concerned
from schedules.pulse import Closer
from tests.kernel.hand import Hand
from tests.stored import rows
from tests.support import LOUNGE, STATEMENT, T0, TEAM, VALUES

Found = TypeVar("Found")

PATIENCE = 60  # seconds: how busy the machine is is not what is played
OPENS = datetime(2026, 1, 6, 10, tzinfo=UTC)  # the Tuesday after T0
CLOSES = datetime(2026, 1, 9, 16, tzinfo=UTC)
BLUE, RED = 101, 102  # teams
INVITED = [f"U{number:03}" for number in range(14)]
LATE = ["U100", "U101"]  # join after it opened
EVERYBODY = [*INVITED, *LATE]
TEAM_AT_FIRST = {who: (BLUE, RED)[number % 2] for number, who in enumerate(INVITED[:12])}
ZONES = {INVITED[2]: "Asia/Seoul", INVITED[5]: "America/New_York", INVITED[8]: "America/New_York"}
AGENDA = {kind: schedules.ALL[kind] for kind in ("pulse", "pulse_remind", "pulse_close")}


def user(who: str, *, gone: bool = False) -> dict[str, Any]:
    """Somebody as Slack tells of them; the first one is an owner."""
    of = {"id": who, "name": who.lower(), "tz": ZONES.get(who, "UTC"), "deleted": gone}
    return {**of, "is_admin": who == INVITED[0]}


async def prepare(url: str) -> None:
    """Have the organisation there, with its mission, its teams, and where its updates go."""
    database = Database.open(url)

    def work(session: Session) -> None:
        roster.remember(session, [user(who) for who in INVITED])
        settings.change(session, updates_channel=LOUNGE, roster_loaded_at=T0)
        by = INVITED[0]
        mission.set_up(session, by=by, statement=STATEMENT, values=VALUES, why="", now=T0)
        for position, team in enumerate((BLUE, RED)):
            name, source = f"team {team}", f"C{team}"
            row = ReportingTeam(
                id=team, name=name, source=source, label=name, position=position, created_at=T0
            )
            session.add(row)
            session.flush()
            came = [who for who, theirs in TEAM_AT_FIRST.items() if theirs == team]
            membership.heard(session, row, at=T0, came=came)
        agenda.keep(session, AGENDA, now=T0)

    await database.write(TEAM, work, patience=PATIENCE)
    database.close()  # which puts everything into the one file


@asynccontextmanager
async def opened(url: str) -> AsyncIterator["Poll"]:
    """The prepared organisation on its Monday."""
    database = Database.open(url)
    try:
        yield Poll(database, url)
    finally:
        database.close()


@dataclass
class Poll:
    """The organisation, and what was delivered: to whom, for which cause, and had they answered."""

    database: Database
    url: str
    hand: Hand = field(default_factory=Hand)
    delivered: list[tuple[str, str, bool]] = field(default_factory=list)
    refusing: set[str] = field(default_factory=set)
    refused: set[tuple[str, str]] = field(default_factory=set)  # to whom, for which cause

    def deps(self, database: Database | None = None) -> Deps:
        """What the schedules work with; nothing is sent to Slack."""
        nobody = cast(AsyncWebClient, None)
        return Deps(database or self.database, self.hand.now, nobody, agenda=AGENDA)

    async def write(self, work: Callable[[Session], Found]) -> Found:
        return await self.database.write(TEAM, work, patience=PATIENCE)

    async def read(self, query: Callable[[Session], Found]) -> Found:
        return await self.database.read(TEAM, query)

    async def begin(self) -> None:
        """Let it be Tuesday at ten, when the round opens and everybody is asked."""
        await self.at(OPENS)

    async def at(self, moment: datetime) -> None:
        """Let it be then, and do what is due."""
        self.hand.at = moment
        await schedules.tick(self.deps(), team=TEAM)
        await self.write(self._deliver)

    async def later(self, **time: float) -> None:
        """Let time go by, or be set back."""
        await self.at(self.hand.at + timedelta(**time))

    def _deliver(self, session: Session) -> None:
        due = select(OutboxRow).where(
            OutboxRow.status == outbox.Status.WAITING, OutboxRow.send_after <= self.hand.now()
        )
        took_part = set(session.exec(select(Participation.person)))
        for row in session.exec(due).all():
            if as_it_stands(session, row, self.hand.now()) is None:
                row.status = outbox.Status.TAKEN_BACK
                session.add(row)
                continue
            refused = row.lane in self.refusing
            row.status = outbox.Status.REFUSED if refused else outbox.Status.SENT
            row.ts = None if refused else "1.0"
            session.add(row)
            session.flush()
            if refused:
                self.refused.add((str(row.lane), row.cause))
                tell_concerned(session, row, self.hand.now())
            else:
                self.delivered.append((str(row.lane), row.cause, row.lane in took_part))

    async def round(self) -> Round:
        """The last round."""
        return await self.read(lambda session: cast(Round, rounds.latest(session, Kind.WEEKLY)))

    async def answer(self, who: str, question: str, point: int | None) -> bool:
        """Answer as a tap does; say whether it was stored."""
        asked, now = await self.round(), self.hand.now()

        return await self._stored(
            lambda session: ballot.answer(
                session, asked.id, person=who, question=question, point=point, now=now
            )
        )

    async def comment(self, who: str, words: str) -> bool:
        """Comment as the form does; say whether it was stored."""
        asked, now = await self.round(), self.hand.now()
        return await self._stored(
            lambda session: ballot.comment(session, asked.id, person=who, words=words, now=now)
        )

    async def _stored(self, work: Callable[[Session], object]) -> bool:
        try:
            await self.write(work)
        except UserError:
            return False
        return True

    async def answer_all(self, people: Sequence[str], point: int | None = 4) -> None:
        """Have each of them answer every question alike."""
        for question in (await self.round()).asks():
            for who in people:
                assert await self.answer(who, question.slug, point)

    async def heard_of(self, *users: dict[str, Any]) -> None:
        """Hear of people from Slack."""
        await self.write(lambda session: roster.remember(session, users))

    async def move(self, who: str, team: int) -> None:
        """Have somebody go to a team, and leave the other."""

        def work(session: Session) -> None:
            for one in session.exec(select(ReportingTeam).where(col(ReportingTeam.id) > 0)).all():
                is_in = {"came": [who]} if one.id == team else {"went": [who]}
                membership.heard(session, one, at=self.hand.now(), **is_in)

        await self.write(work)

    async def close(self) -> None:
        """Let it be Friday at four, and bring the round to its end."""
        await self.at(CLOSES)
        await Closer(self.deps(), TEAM).close_all()

    def rows(self, table: str) -> list[tuple[Any, ...]]:
        """Every row of a table, as it stands there."""
        return rows(self.url, f"SELECT * FROM {table}")
