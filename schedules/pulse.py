"""When the pulse opens, reminds and closes, and what is done after the close, step by step."""

import asyncio
import logging
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot import calendar, closing, outbox, rounds, settings
from bot.blocks import asking, results
from bot.deps import Deps
from bot.due import Due
from bot.errors import NotSaved, Unconfirmed
from bot.outbox import Address, Post
from bot.rituals import pulse
from bot.rounds import Round, Status
from schedules import drawing

log = logging.getLogger(__name__)

LOOK_SECONDS = 5.0


def next_at(session: Session, after: datetime) -> datetime | None:
    """Return when it is time to ask the first people."""
    return calendar.next_opening(session, after)


def open_weekly(session: Session, due: Due, now: datetime) -> None:
    """Open the week's round and have everybody asked at the same hour of their own day."""
    opened = pulse.open_weekly(session, first=due.at, now=now)
    if opened is not None:
        when = opened.days.opens, opened.days.time
        outbox.post(session, *asking.posts(opened.round, opened.invited, when=when), now=now)


def remind(session: Session, due: Due, now: datetime) -> None:
    """Remind those who have not answered anything."""
    round_id, _, number = due.subject.partition(":")
    asked, silent = pulse.to_remind(session, int(round_id), now=now)
    chosen = settings.of_team(session)
    day = max(due.at.astimezone(zone).date() for zone in calendar.zones(session))
    when = day, chosen.pulse.at
    posts = asking.posts(asked, silent, when=when, reminder=int(number))
    outbox.post(session, *posts, now=now)


def close(session: Session, due: Due, now: datetime) -> None:
    """Take no more answers; the rest follows step by step."""
    pulse.stop(session, int(due.subject))
    session.info["outgoing"] = True  # whoever counts is woken by this commit


class Closer:
    """Counts the rounds that take no more answers, and erases what leads to a person.

    Each step is done once, however often the process dies between them.
    """

    def __init__(self, deps: Deps, team: str) -> None:
        self.deps = deps
        self.team = team
        self._awake = asyncio.Event()

    def wake(self) -> None:
        """Look soon whether a round is to be counted."""
        self._awake.set()

    async def run(self) -> None:
        """Do what is to be done, until cancelled; what goes wrong is tried again."""
        while True:
            self._awake.clear()
            (outcome,) = await asyncio.gather(self.close_all(), return_exceptions=True)
            if isinstance(outcome, (NotSaved, Unconfirmed)):
                log.warning("a round has to wait: %s", outcome.message)
            elif isinstance(outcome, BaseException):
                log.error("closing failed: %s", type(outcome).__name__, exc_info=outcome)
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._awake.wait()
            except TimeoutError:
                continue

    async def close_all(self) -> None:
        """Bring every round that is closing to its end."""
        database = self.deps.database
        waiting = await database.read(
            self.team, lambda session: rounds.with_status(session, Status.CLOSING)
        )
        for one in waiting:
            if one.key_destroyed_at is None:
                await self._count(one)
            await self._erase(one)

    async def _count(self, one: Round) -> None:
        counted = await self.deps.database.read(
            self.team, lambda session: closing.count(session, one)
        )
        shown = closing.result(one, counted)
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
            message = results.summary(
                frozen, zone=chosen.zone, more=drawing.in_words(session, frozen)
            )
            outbox.post(session, Post(f"{one.cause}:result", address, message), now=now)

    async def _erase(self, one: Round) -> None:
        database = self.deps.database
        some = partial(closing.erase_some, round_id=one.id, cause=one.cause)
        while await database.write(self.team, some):
            continue  # whoever waits to write comes between
        await database.forget_erased()
        await database.write(
            self.team, lambda session: closing.finish(session, one.id, now=self.deps.now())
        )
