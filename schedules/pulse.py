"""When the pulse opens, reminds and closes, and what is done after the close, step by step."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from functools import partial

from sqlmodel import Session

from bot import calendar, changes, closing, estimates, outbox, rounds, settings, teams, traces
from bot.blocks import asking, results
from bot.deps import Deps
from bot.due import Due
from bot.ids import new_id
from bot.outbox import Address, OutboxRow, Post
from bot.rituals import pulse
from bot.rounds import Invitation, Round, RoundKey, Status
from schedules import drawing
from schedules.worker import Worker


def open_weekly(session: Session, due: Due, now: datetime) -> None:
    """Open the week's round and have everybody asked at the same hour of their own day."""
    opened = pulse.open_weekly(session, first=due.at, now=now)
    if opened is not None:
        when = opened.days.opens, opened.days.time
        outbox.post(session, *asking.posts(opened.round, opened.invited, when=when), now=now)


def remind(session: Session, due: Due, now: datetime) -> None:
    """Remind those who have not answered anything."""
    round_id, number, _ = due.subject.split(":")
    asked, silent = pulse.to_remind(session, int(round_id), now=now)
    when = _day_of(due), settings.of_team(session).pulse.at
    posts = asking.posts(asked, silent, when=when, reminder=int(number))
    outbox.post(session, *posts, now=now)


def reminds(session: Session, due: Due) -> datetime:
    """Return when people are reminded, in the workspace's zone."""
    return calendar.on_the_day(session, _day_of(due))


def _day_of(reminder: Due) -> date:
    return date.fromisoformat(reminder.subject.split(":")[-1])


def close(session: Session, due: Due, now: datetime) -> None:
    """Take no more answers; the rest follows step by step."""
    pulse.stop(session, int(due.subject), now=now)
    session.info["outgoing"] = True  # whoever counts is woken by this commit


def to_leads(session: Session, closed: Round) -> Iterator[Post]:
    """What each lead is told of their team, as far as it may be shown."""
    named = teams.names(session, teams.leads(session))
    for team, leads in teams.leads(session).items():
        message = results.of_team(closed, str(team), called=named[team])
        for lead in leads:
            yield outbox.direct(f"{closed.cause}:lead:{team}:{lead}", lead, message)


IN_USE_SECONDS = 1.0  # until there is another look at what was in use


class Closer(Worker):
    """Counts the rounds that take no more answers, and erases what leads to a person.

    Each step is done once, however often the process dies between them.
    """

    name = "closing a round"

    def __init__(self, deps: Deps, team: str) -> None:
        super().__init__(deps, team)
        self._until: dict[int, int] = {}  # by round that is erased, the last lane at its close

    async def work(self) -> float:
        """Do what is to be done."""
        await self.close_all()
        return IN_USE_SECONDS if self._until else self.looks_again

    async def close_all(self) -> None:
        """Bring every round that is closing to its end."""
        # Nobody waits for one round's figures until another's answers are erased.
        await self.count_all()
        # One that closed meanwhile is not counted yet.
        counted = [one for one in await self._closing() if one.key_destroyed_at is not None]
        self._until = {one.id: self._until.get(one.id, new_id()) for one in counted}
        for one in counted:
            await self._erase(one)

    async def count_all(self) -> None:
        """Have the results posted of every round that is closing."""
        for one in await self._closing():
            if one.key_destroyed_at is None:
                await self._count(one)

    async def _closing(self) -> Sequence[Round]:
        return await self.deps.database.read(
            self.team, lambda session: rounds.with_status(session, Status.CLOSING)
        )

    async def _count(self, one: Round) -> None:
        counted = await self.deps.database.read(
            self.team, lambda session: closing.count(session, one)
        )
        if counted is None:  # another process was first
            return
        # Of hundreds of teams it takes longer than anybody should wait for an answer meanwhile.
        shown = await asyncio.to_thread(closing.result, one, counted)
        since = await self.deps.database.read(
            self.team, lambda session: changes.earlier(session, one, shown)
        )
        judged = await asyncio.to_thread(estimates.judged, changes.compared(since))
        shown |= changes.stated(since, judged)
        await self.deps.database.write(
            self.team, partial(self._freeze, one=one, counted=counted, shown=shown)
        )

    def _freeze(
        self, session: Session, *, one: Round, counted: closing.Counted, shown: dict[str, object]
    ) -> None:
        now = self.deps.now()
        if closing.freeze(session, one, counted, shown, now=now):
            chosen = settings.of_team(session)
            frozen = rounds.must_be_there(session, one.id)
            address = Address(chosen.updates_channel, route="updates_channel")
            kept = len(rounds.comments_of(session, one.id))
            more = [results.comments_button(frozen, kept)] if kept else []
            more = [*drawing.in_words(session, frozen), *more]
            message = results.summary(frozen, zone=chosen.zone, more=more)
            outbox.post(session, Post(f"{one.cause}:result", address, message), now=now)
            outbox.post(session, *to_leads(session, frozen), now=now)

    async def _erase(self, one: Round) -> None:
        database = self.deps.database
        some = partial(closing.erase_some, round_id=one.id, cause=one.cause)
        while await database.write(self.team, some):
            continue  # whoever waits to write comes between
        is_all = await self._erase_traces(one)
        await database.forget_erased(
            *closing.OF_PEOPLE, *traces.IN, besides=(RoundKey, OutboxRow, Invitation)
        )
        if not is_all:
            return  # it is looked at again soon
        await database.write(
            self.team, lambda session: closing.finish(session, one.id, now=self.deps.now())
        )
        del self._until[one.id]

    async def _erase_traces(self, one: Round) -> bool:
        """Erase what tells who was reminded; False where some of it is in use."""
        database, until = self.deps.database, self._until[one.id]
        some = partial(traces.erase_lanes, until=until, now=self.deps.now())
        while await database.write(self.team, some):
            continue
        await database.write(self.team, partial(traces.erase_marks, round_id=one.id))
        left = partial(traces.lanes_are_left, until=until)
        return not await database.read(self.team, left)
