"""Working days of a country: not its weekend, and none of its public holidays."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from difflib import get_close_matches
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.recurrence import Weekly, at_local, days_from

if TYPE_CHECKING:
    from holidays import HolidayBase

# Imported where a country is asked about: with its first calendar that takes over half a second,
# which a start without one need not wait.

SATURDAY = 5
YEARS = 32  # of calendars that are kept
LONGEST_REST = timedelta(days=31)  # more than any country's holidays last on end


def is_working_day(day: date, country: str | None) -> bool:
    """Say whether people work on this day; without a country, from Monday to Friday.

    `country` is a code as `country_meant` returns it.
    """
    if country is None:
        return day.weekday() < SATURDAY
    return _calendar(country, day.year).is_working_day(day)


def next_working_day(day: date, country: str | None) -> date:
    """Return this day where it is a working day, else the first one after it."""
    while not is_working_day(day, country):
        day += timedelta(days=1)
    return day


def last_working_day(day: date, country: str | None) -> date:
    """Return this day where it is a working day, else the last one before it."""
    while not is_working_day(day, country):
        day -= timedelta(days=1)
    return day


def next_on_working_day(
    pattern: Weekly, moment: datetime, zone: ZoneInfo, country: str | None
) -> datetime:
    """Return the first instant after this one at which the pattern comes round, in UTC.

    A day of it that is no working day is moved on to the next one that is.
    """
    # What was moved here may belong to a day long before.
    days = days_from(pattern, moment.astimezone(zone).date() - LONGEST_REST)
    moved = (at_local(next_working_day(day, country), pattern.at, zone) for day in days)
    return next(instant for instant in moved if instant > moment)


def next_in_hours(
    moment: datetime, zone: ZoneInfo, country: str | None, *, begins: time, ends: time
) -> datetime:
    """Return this instant where it is within these hours of a working day, else the next that is.

    That is the hour at which they begin, on the first working day on which they do not lie behind.
    """
    local = moment.astimezone(zone)
    if begins <= local.time() < ends and is_working_day(local.date(), country):
        return moment
    day = local.date() if local.time() < begins else local.date() + timedelta(days=1)
    return at_local(next_working_day(day, country), begins, zone)


def country_meant(words: str) -> str | None:
    """Return the code of the country that somebody wrote by its name or code, else None."""
    return _codes().get(_letters(words))


def get_ready() -> None:
    """Have calendars at hand, which takes long the first time, before somebody waits for one."""
    _calendar("DE", 2000)  # any will do


def country_name(code: str) -> str:
    """Return how a country is called."""
    return _names()[code]


def nearest_country(words: str) -> str | None:
    """Return the name of the country that somebody who wrote this may have meant."""
    known = {_letters(name): name for name in _names().values()}
    close = get_close_matches(_letters(words), known, n=1, cutoff=0.6)
    return known[close[0]] if close else None


# One year at a time and never more: a calendar that grows while it is read by another thread
# would for a moment have none of the new year's holidays.
@lru_cache(YEARS)
def _calendar(country: str, year: int) -> "HolidayBase":
    from holidays import country_holidays

    return country_holidays(country, years=year, expand=False)


@cache
def _names() -> Mapping[str, str]:
    from holidays.registry import COUNTRIES

    return {codes[1]: _spelled(name) for name, codes in COUNTRIES.items()}


@cache
def _codes() -> Mapping[str, str]:
    from holidays.registry import COUNTRIES

    every = {"uk": "GB"}
    for name, (_, code, longer, *_) in COUNTRIES.items():
        every |= {_letters(word): code for word in (name, code, longer)}
    return every


def _spelled(name: str) -> str:
    small = ("of", "and", "the")
    return " ".join(word if word in small else word.capitalize() for word in name.split("_"))


def _letters(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalpha())
