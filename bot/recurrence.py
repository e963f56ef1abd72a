"""What recurs by the wall clock: on which days, at which local time, and which instant that is."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_BETWEEN = ","


def days_in(words: str) -> tuple[str, ...]:
    """Return the days that `written` put into these words."""
    return tuple(words.split(_BETWEEN))


def written(days: Iterable[str]) -> str:
    """Return the days in one piece."""
    return _BETWEEN.join(days)


@dataclass(frozen=True)
class Weekly:
    """Every week on these of DAYS, at this local time."""

    days: tuple[str, ...]
    at: time


def at_local(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the instant at which it is this time on this day in the zone, in UTC.

    Of two such instants it is the first. Where clocks leave the time out, it is the moment at
    which they go on.
    """
    wall = datetime.combine(day, at.replace(fold=0), tzinfo=zone)
    first, second = wall.astimezone(UTC), wall.replace(fold=1).astimezone(UTC)
    if first <= second:
        return first
    # The zone has no such time: its clocks are put forward between the second and the first.
    offset = first.astimezone(zone).utcoffset()
    stretch = range(int((first - second).total_seconds()))
    passed = bisect_left(
        stretch,
        True,
        key=lambda seconds: (
            (second + timedelta(seconds=seconds)).astimezone(zone).utcoffset() == offset
        ),
    )
    return second + timedelta(seconds=passed)


def next_after(pattern: Weekly, moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the first instant of the pattern after this one in the zone, in UTC."""
    days = days_from(pattern, moment.astimezone(zone).date())
    found = (at_local(day, pattern.at, zone) for day in days)
    return next(instant for instant in found if instant > moment)


def days_from(pattern: Weekly, first: date) -> Iterator[date]:
    """Go through the pattern's days from this one on, without end."""
    # The trigger knows no zone: on one it is wrong wherever clocks are changed.
    trigger, last = _trigger(pattern), datetime.combine(first, time(), tzinfo=UTC)
    while True:
        fires: datetime = trigger.get_next_fire_time(None, last)
        yield fires.date()
        last = fires + timedelta(seconds=1)


@lru_cache
def _trigger(pattern: Weekly) -> CronTrigger:
    days = ",".join(day[:3] for day in pattern.days)
    return CronTrigger(
        day_of_week=days, hour=pattern.at.hour, minute=pattern.at.minute, timezone=UTC
    )
