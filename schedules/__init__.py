"""Time. Every schedule is a row that says when; here stands who runs it."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlmodel import Session

from bot import due, ledger
from bot.deps import Deps
from bot.due import Due
from bot.errors import NotSaved, Unconfirmed, UserError
from schedules import housekeeping, teams

log = logging.getLogger(__name__)

TICK_SECONDS = 5


@dataclass(frozen=True)
class Schedule:
    """What runs a kind of date, how often, and how late it may still run."""

    run: Callable[[Session, datetime], None]
    every: timedelta
    grace: timedelta


ALL = {
    "forget": Schedule(housekeeping.forget, every=timedelta(days=1), grace=timedelta(days=2)),
    "unblock": Schedule(housekeeping.unblock, every=timedelta(minutes=30), grace=timedelta(days=2)),
    "teams": Schedule(teams.read_anew, every=timedelta(days=1), grace=timedelta(days=2)),
}


def plan_all(session: Session, *, now: datetime) -> None:
    """Give every schedule its first date, where it has none yet."""
    for kind in ALL:
        due.plan(session, kind, at=now)


def start(deps: Deps, *, team: str) -> AsyncIOScheduler:
    """Look for due dates every few seconds."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(
        look,
        "interval",
        seconds=TICK_SECONDS,
        kwargs={"deps": deps, "team": team},
        coalesce=True,
        misfire_grace_time=None,
    )
    scheduler.start()
    return scheduler


async def look(deps: Deps, *, team: str) -> None:
    """Run what has come due; what the database keeps from running has its turn later."""
    try:
        await tick(deps, team=team)
    except (NotSaved, Unconfirmed) as error:
        log.warning("what is due has to wait: %s", error.message)


async def tick(deps: Deps, *, team: str) -> int:
    """Run what has come due, each in its own transaction; return how many ran.

    What fails is logged and stays due, and keeps nothing else from running.
    """
    ripe = await deps.database.read(team, lambda session: due.ripe(session, now=deps.now()))
    return sum([await _run_alone(one, deps, team=team) for one in ripe])


async def _run_alone(one: Due, deps: Deps, *, team: str) -> bool:
    work = deps.database.write(team, partial(_run, one=one, deps=deps))
    (outcome,) = await asyncio.gather(work, return_exceptions=True)
    if isinstance(outcome, UserError):
        log.warning("%s has to wait: %s", one.kind, outcome.message)
    elif isinstance(outcome, BaseException):
        log.error("%s failed: %s", one.kind, type(outcome).__name__, exc_info=outcome)
    return outcome is True


def _run(session: Session, *, one: Due, deps: Deps) -> bool:
    schedule, now = ALL[one.kind], deps.now()
    if not due.claim(session, one, next_at=now + schedule.every):
        return False
    if now - one.at > schedule.grace:
        ledger.append(session, "due.skipped", at=now, subject=one.id, due=one.kind)
        return False
    schedule.run(session, now)
    return True
