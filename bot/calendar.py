"""When a round opens, reminds and closes: by the wall clock, on working days, for each at home."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from bot import due, roster, rounds, settings
from bot.due import Due
from bot.reach import IS_HERE
from bot.recurrence import at_local
from bot.roster import Person
from bot.rounds import Kind
from bot.rows import ask
from bot.settings import TeamSettings
from bot.workdays import is_working_day, next_on_working_day, next_working_day

OPENING = "pulse"  # the kind of its date
CLOSING_TIME = time(16)
OPEN_DAYS = 3  # from the day on which it opens to the one on which it closes, Tuesday to Friday
FIRST_REMINDER = 2  # days after the first
ZONES_APART = timedelta(hours=27)  # more than any two are


@dataclass(frozen=True)
class Days:
    """The days of one round, in the workspace's zone; people are asked at this time of theirs."""

    opens: date
    reminders: tuple[date, ...]
    closes: date
    time: time


_ZONES = select(Person.timezone).where(IS_HERE).distinct()


def zones(session: Session) -> list[ZoneInfo]:
    """Return the zones of everybody here; where one is unknown, it is the workspace's."""
    names: list[str | None] = [*ask(session, _ZONES)]
    return list({roster.zone_named(name) or settings.of_team(session).zone for name in names})


def next_opening(session: Session, after: datetime) -> datetime | None:
    """Return when the first people are asked after this moment.

    None while there is nobody to ask, or no channel in which to say what came of it. As long as
    people can answer the last round there is no other.
    """
    chosen, everywhere = settings.of_team(session), zones(session)
    if not everywhere or chosen.updates_channel is None:
        return None
    last = rounds.latest(session, Kind.WEEKLY)
    if last is not None and last.takes_answers(after):
        after = last.closes_at
    day = after - ZONES_APART  # what is past in the workspace may be ahead for all its people
    while True:
        nominal = next_on_working_day(chosen.pulse, day, chosen.zone, chosen.country)
        first = first_instant(nominal.astimezone(chosen.zone).date(), chosen.pulse.at, everywhere)
        if first > after:
            return first
        day = nominal


def announced(session: Session) -> datetime | None:
    """Return when the next round opens in the workspace's zone, None where none is planned."""
    date = due.date_of(session, OPENING)
    return nominal(session, date) if date else None


def first_instant(day: date, at: time, everywhere: Iterable[ZoneInfo]) -> datetime:
    """Return when it is this time of this day in the first of the zones."""
    return min(at_local(day, at, zone) for zone in everywhere)


def opening_day(session: Session, first: datetime) -> date:
    """Return the day on which people are asked who were asked first at this instant."""
    chosen = settings.of_team(session)
    nominal = next_on_working_day(chosen.pulse, first - ZONES_APART, chosen.zone, chosen.country)
    return nominal.astimezone(chosen.zone).date()


def nominal(session: Session, opening: Due) -> datetime:
    """Return when it is time in the workspace's zone for what opens when it is for the first."""
    return on_the_day(session, opening_day(session, opening.at))


def on_the_day(session: Session, day: date) -> datetime:
    """Return when it is time in the workspace's zone to ask or remind people on this day."""
    chosen = settings.of_team(session)
    return at_local(day, chosen.pulse.at, chosen.zone)


def days_of(chosen: TeamSettings, opens: date, *, everywhere: Collection[ZoneInfo]) -> Days:
    """Return the days of a round that opens on this one and asks people in these zones."""
    closes = _closing_day(chosen, opens, everywhere)
    first = next_working_day(opens + timedelta(days=FIRST_REMINDER), chosen.country)
    reminders = (first, closes) if first < closes else (closes,)
    return Days(opens, reminders, closes, chosen.pulse.at)


def _closing_day(chosen: TeamSettings, opens: date, everywhere: Collection[ZoneInfo]) -> date:
    """Return a working day: the next one, or the one before where the next round opens by then."""
    wanted = opens + timedelta(days=OPEN_DAYS)
    later = next_working_day(wanted, chosen.country)
    if later == wanted:
        return wanted
    end = at_local(wanted, time.max, chosen.zone)
    following = next_on_working_day(chosen.pulse, end, chosen.zone, chosen.country)
    day = following.astimezone(chosen.zone).date()
    if closing(later, chosen.zone) < first_instant(day, chosen.pulse.at, everywhere):
        return later
    between = (wanted - timedelta(days=back) for back in range(1, OPEN_DAYS))
    return next((each for each in between if is_working_day(each, chosen.country)), later)


def closing(day: date, zone: ZoneInfo) -> datetime:
    """Return the one instant at which a round closes on this day for everybody."""
    return at_local(day, CLOSING_TIME, zone)
