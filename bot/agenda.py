"""What runs when it is due: for each kind of date who runs it, and when it comes round again."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot import due
from bot.due import Due

# From the settings as they are and a moment to the first date after it; None while there is none.
NextDate = Callable[[Session, datetime], datetime | None]


@dataclass(frozen=True)
class Schedule:
    """Who runs a kind of date, in the transaction that claims it, and how late it may still run.

    A kind with `next_at` has a date of its own, without a subject, that comes round by itself. All
    other dates are planned by the rituals and are over once they ran, so their grace is to be long
    where something would stay open for ever. `name` is what people call it: those that have one
    are told to people, at the time that `told` makes of the date where it begins before.
    """

    run: Callable[[Session, Due, datetime], None]
    grace: timedelta
    next_at: NextDate | None = None
    name: str = ""
    told: Callable[[Session, Due], datetime] | None = None


Agenda = Mapping[str, Schedule]

BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
SET_BACK = timedelta(days=1)  # a date that is over and lies further ahead was of a wrong clock


@dataclass(frozen=True)
class Coming:
    """When something is next, by the name that people call it."""

    name: str
    at: datetime


def every(interval: timedelta) -> NextDate:
    """Return what comes round after each such interval, counted from a fixed beginning."""

    def next_at(session: Session, after: datetime) -> datetime:
        return after + interval - (after - BEGINNING) % interval

    return next_at


def next_date(
    schedule: Schedule, session: Session, claimed: Due, *, now: datetime
) -> datetime | None:
    """Return when this comes round after the date that is claimed; None where it is over.

    What was missed meanwhile is not made up for: it goes on from now.
    """
    if schedule.next_at is None or claimed.subject:
        return None
    return schedule.next_at(session, max(claimed.at, now))


def keep(session: Session, agenda: Agenda, *, now: datetime) -> None:
    """Have everything that comes round be next when the settings say.

    What is due already stays so, and no date that is over comes a second time, even where the
    clock was set back.
    """
    round_again = {kind: one.next_at for kind, one in agenda.items() if one.next_at is not None}
    standing = due.dates_of(session, round_again)
    for kind, next_at in round_again.items():
        _keep_one(session, kind, next_at, standing.get(kind), now=now)


def _keep_one(
    session: Session, kind: str, next_at: NextDate, standing: Due | None, *, now: datetime
) -> None:
    if standing is not None and standing.at <= now:
        return
    over = standing.last_at if standing else None
    wanted = next_at(session, over if over and now < over < now + SET_BACK else now)
    if standing is None:
        if wanted is not None:
            due.plan(session, kind, at=wanted)
    elif wanted is None:
        due.drop(session, kind)
    elif wanted != standing.at:
        due.move(session, kind, at=wanted)


def coming(session: Session, agenda: Agenda) -> list[Coming]:
    """Return when each thing that comes round and has a name is next, the first one first."""
    named = {kind: one for kind, one in agenda.items() if one.name and one.next_at}
    dates = due.dates_of(session, named)
    ahead = [told(session, one, dates[kind]) for kind, one in named.items() if kind in dates]
    return sorted(ahead, key=lambda each: each.at)


def told(session: Session, schedule: Schedule, date: Due) -> Coming:
    """Return the date as people are told it."""
    return Coming(schedule.name, schedule.told(session, date) if schedule.told else date.at)
