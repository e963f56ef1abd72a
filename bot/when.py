"""When something is to come round, as an owner writes it into the settings."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from zoneinfo import available_timezones

from bot import workdays
from bot.errors import UserError, quoted
from bot.recurrence import DAYS, days_in

_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])", re.ASCII)


def when_problems(times: Mapping[str, str]) -> list[UserError]:
    """Return what is wrong with the settings that say when, each at its field.

    They are those of `settings.TIMES`, as they were written.
    """
    return [
        *_zone_problems(times["timezone"].strip()),
        *_country_problems(times["country"].strip()),
        *_day_problems(times),
        *_time_problems(times),
    ]


def saved_times(times: Mapping[str, str]) -> dict[str, str | None]:
    """Return settings without a problem as they are saved; without a country there is none."""
    saved: dict[str, str | None] = {name: words.strip() for name, words in times.items()}
    saved["country"] = workdays.country_meant(times["country"])
    for name in times:
        if name.endswith("_time"):
            saved[name] = _time(times[name])
    return saved


def _zone_problems(wanted: str) -> Iterator[UserError]:
    zones = available_timezones()
    if wanted in zones:
        return
    close = get_close_matches(wanted, zones, n=1, cutoff=0.5)
    hint = f" Did you mean {close[0]}?" if close else ""
    message = f"I do not know the time zone {quoted(wanted)}.{hint} Write it like Europe/Berlin."
    yield UserError(message, field="timezone")


def _country_problems(wanted: str) -> Iterator[UserError]:
    if not wanted or workdays.country_meant(wanted):
        return
    nearest = workdays.nearest_country(wanted)
    hint = f" Did you mean {nearest}?" if nearest else ""
    message = f"I do not know the country {quoted(wanted)}.{hint} Write it like Germany or DE."
    yield UserError(message, field="country")


def _day_problems(times: Mapping[str, str]) -> Iterator[UserError]:
    for name, words in times.items():
        days = days_in(words) if name == "reminder_day" else (words,)  # a pulse has one a week
        if name.endswith("_day") and not set(days) <= set(DAYS):
            said = f"{quoted(words)} is no day of the week." if words else ""
            yield UserError(f"{said} Choose a day from Monday to Sunday.".strip(), field=name)


def _time_problems(times: Mapping[str, str]) -> Iterator[UserError]:
    for name, words in times.items():
        if name.endswith("_time") and _time(words) is None:
            said = f"{quoted(words)} is no time of the day." if words.strip() else ""
            yield UserError(f"{said} Write it like 9:30 or 16:00.".strip(), field=name)


def _time(words: str) -> str | None:
    found = _TIME.fullmatch(words.strip())
    return f"{int(found[1]):02}:{found[2]}" if found else None
