"""Time. Every date is a row that says when; here stands who runs it."""

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot import agenda, calendar, due, ledger, nudges
from bot.agenda import Agenda, Schedule, every
from bot.deps import Deps
from bot.due import Due
from bot.errors import NotSaved, Unconfirmed, UserError
from bot.rituals.welcome import KIND as WELCOME
from schedules import decision, digest, housekeeping, pulse, reminder, retention, teams, welcome
from schedules.worker import Worker

log = logging.getLogger(__name__)

TICK_SECONDS = 5.0
PATIENCE = 60.0  # seconds
HOWEVER_LATE = timedelta(days=3650)

ALL: Agenda = {
    "forget": Schedule(housekeeping.forget, grace=HOWEVER_LATE, next_at=every(timedelta(days=1))),
    "unblock": Schedule(
        housekeeping.unblock, grace=HOWEVER_LATE, next_at=every(timedelta(minutes=30))
    ),
    "pulse": Schedule(
        pulse.open_weekly,
        grace=timedelta(days=1),
        next_at=calendar.next_opening,
        name="Weekly pulse",
        told=calendar.nominal,
    ),
    "pulse_remind": Schedule(
        pulse.remind, grace=timedelta(hours=12), name="Pulse reminder", told=pulse.reminds
    ),
    "pulse_close": Schedule(pulse.close, grace=HOWEVER_LATE, name="Pulse closes"),
    nudges.REMINDING: Schedule(decision.remind, grace=HOWEVER_LATE, name="Reminder of a decision"),
    nudges.REVIEWING: Schedule(
        decision.ask_review, grace=HOWEVER_LATE, name="Review of a decision"
    ),
    "reminder": Schedule(
        reminder.remind,
        grace=timedelta(hours=8),
        next_at=reminder.next_at,
        name="Reminder of the mission",
    ),
    digest.KIND: Schedule(
        partial(digest.sum_up, agenda=lambda: ALL),
        grace=timedelta(hours=8),
        next_at=digest.next_at,
        name="Digest of the week",
    ),
    WELCOME: Schedule(welcome.greet, grace=HOWEVER_LATE, name="Welcome"),
    "teams": Schedule(teams.read_anew, grace=HOWEVER_LATE, next_at=every(timedelta(days=1))),
}


def agenda_of(kept: Mapping[str, int]) -> Agenda:
    """Return all that comes round, where these kinds of record are kept for so many days only."""
    if not kept:
        return ALL
    run = partial(retention.let_go, kept=kept)
    # Some at a time, so that nobody has to wait for it.
    often = Schedule(run, grace=HOWEVER_LATE, next_at=every(timedelta(hours=1)))
    return {**ALL, "retention": often}


class Ticker(Worker):
    """Looks every few seconds for due dates, however far the machine's clock is moved."""

    name = "looking for what is due"
    looks_again = TICK_SECONDS

    async def work(self) -> float:
        """Run what has come due."""
        await tick(self.deps, team=self.team)
        return self.looks_again


async def look(deps: Deps, *, team: str) -> None:
    """Run what has come due; what the database keeps from running has its turn later."""
    try:
        await tick(deps, team=team)
    except (NotSaved, Unconfirmed) as error:
        log.warning("what is due has to wait: %s", error.message)


async def tick(deps: Deps, *, team: str) -> int:
    """Run what has come due in its order, each in its own transaction; return how many ran.

    What one of them plans for a time that has passed has its turn among the rest. What fails is
    logged and stays due, and keeps nothing else from running.
    """
    ran, missed = 0, set[int]()
    while (one := await _first_ripe(deps, team, missed)) is not None:
        if await _run_alone(one, deps, team=team):
            ran += 1
        else:
            missed.add(one.id)
    return ran


async def _first_ripe(deps: Deps, team: str, missed: set[int]) -> Due | None:
    def query(session: Session) -> Due | None:
        return due.first_ripe(session, deps.agenda.keys(), now=deps.now(), besides=missed)

    return await deps.database.read(team, query)


async def _run_alone(one: Due, deps: Deps, *, team: str) -> bool:
    # Nobody waits for it, and what asks thousands of people takes its time.
    work = deps.database.write(
        team, partial(_run, one=one, deps=deps), patience=PATIENCE, alone=True
    )
    (outcome,) = await asyncio.gather(work, return_exceptions=True)
    if isinstance(outcome, UserError):
        log.warning("%s has to wait: %s", one.kind, outcome.message)
    elif isinstance(outcome, BaseException):
        log.error("%s failed: %s", one.kind, type(outcome).__name__, exc_info=outcome)
    return outcome is True


def _run(session: Session, *, one: Due, deps: Deps) -> bool:
    schedule, now = deps.agenda[one.kind], deps.now()
    next_at = agenda.next_date(schedule, session, one, now=now)
    if not due.claim(session, one, next_at=next_at):
        return False
    if now - one.at > schedule.grace:
        _skip(session, one, now=now)
        return False
    schedule.run(session, one, now)
    return True


def _skip(session: Session, one: Due, *, now: datetime) -> None:
    log.warning("%s of %s came too late and is left out", one.kind, one.at)
    which = {"due": one.kind, "about": one.subject, "was": one.at.isoformat()}
    ledger.append(session, "due.skipped", at=now, subject=one.id, **which)
