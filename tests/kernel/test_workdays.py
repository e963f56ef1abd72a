"""Working days: weekends and public holidays as each country has them."""

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.recurrence import DAYS, Weekly
from bot.workdays import (
    country_meant,
    country_name,
    is_working_day,
    nearest_country,
    next_in_hours,
    next_on_working_day,
    next_working_day,
)

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = Weekly(("tuesday",), time(10))
COUNTRIES = st.sampled_from([None, "DE", "US", "CN", "IL", "SA", "IR", "NP", "BR", "IN"])


@pytest.mark.parametrize(
    ("day", "country", "works"),
    [
        (date(2026, 11, 24), None, True),
        (date(2026, 11, 21), None, False),  # a Saturday
        (date(2026, 12, 25), None, True),  # nobody said which country
        (date(2026, 12, 25), "DE", False),
        (date(2026, 12, 25), "CN", True),
        (date(2026, 7, 4), "US", False),
        (date(2026, 7, 3), "US", False),  # kept on the Friday before
        (date(2026, 11, 20), "IR", False),  # a Friday
        (date(2026, 11, 22), "IR", True),  # a Sunday
        (date(2026, 2, 14), "CN", True),  # a Saturday on which people work instead
        (date(2024, 2, 29), "DE", True),
        (date(2024, 12, 31), "JP", True),
    ],
)
def test_who_works_when(day: date, country: str | None, works: bool) -> None:
    assert is_working_day(day, country) is works


@pytest.mark.parametrize(
    ("day", "country", "next_one"),
    [
        (date(2026, 11, 24), "DE", date(2026, 11, 24)),
        (date(2026, 4, 3), "DE", date(2026, 4, 7)),  # Good Friday to Easter Monday
        (date(2026, 12, 25), "DE", date(2026, 12, 28)),
        (date(2026, 12, 31), None, date(2026, 12, 31)),
        (date(2027, 1, 1), "DE", date(2027, 1, 4)),  # week 53
    ],
)
def test_the_next_working_day(day: date, country: str, next_one: date) -> None:
    assert next_working_day(day, country) == next_one


def at(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("after", "country", "next_one"),
    [
        ("2030-12-17T10:00", "DE", "2030-12-24T10:00"),
        ("2029-12-18T10:00", "DE", "2029-12-27T10:00"),  # Christmas Day is the Tuesday
        ("2029-12-25T12:00", "DE", "2029-12-27T10:00"),  # asked on the holiday itself
        ("2029-12-27T09:00", "DE", "2029-12-27T10:00"),
        ("2029-12-27T10:00", "DE", "2030-01-02T10:00"),  # New Year's Day is the next Tuesday
        ("2029-12-18T10:00", None, "2029-12-25T10:00"),
    ],
)
def test_a_holiday_moves_what_recurs_to_the_next_working_day(
    after: str, country: str | None, next_one: str
) -> None:
    assert next_on_working_day(TUESDAY, at(after), BERLIN, country) == at(next_one)


@given(
    st.dates(date(2015, 1, 1), date(2030, 1, 1)),
    st.lists(st.sampled_from(DAYS), min_size=1, unique=True).map(tuple),
    COUNTRIES,
)
def test_every_day_of_a_pattern_is_held_on_a_working_day_and_none_is_left_out(
    first: date, days: tuple[str, ...], country: str | None
) -> None:
    pattern, moment = Weekly(days, time(10)), datetime.combine(first, time(12), tzinfo=UTC)
    last = moment + timedelta(days=60)
    held = list[date]()
    while (moment := next_on_working_day(pattern, moment, BERLIN, country)) < last:
        held.append(moment.astimezone(BERLIN).date())
    every = (first + timedelta(days=passed) for passed in range(1, 40))
    asked = {next_working_day(day, country) for day in every if DAYS[day.weekday()] in days}
    assert asked <= set(held)
    assert held == sorted(set(held))
    assert all(is_working_day(day, country) for day in held)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Germany", "DE"),
        (" germany ", "DE"),
        ("de", "DE"),
        ("DEU", "DE"),
        ("United States", "US"),
        ("united-states", "US"),
        ("UK", "GB"),
        ("Isle of Man", "IM"),
        ("Germny", None),
        ("", None),
        ("42", None),
        ("ドイツ", None),
    ],
)
def test_a_country_is_known_by_its_name_and_by_its_codes(words: str, code: str | None) -> None:
    assert country_meant(words) == code


@pytest.mark.parametrize(
    ("words", "name"),
    [("Germny", "Germany"), ("Isle of Men", "Isle of Man"), ("Utopia", "Ethiopia"), ("42", None)],
)
def test_the_nearest_country_has_its_proper_name(words: str, name: str | None) -> None:
    assert nearest_country(words) == name


def test_every_name_means_the_country_that_it_names() -> None:
    for code in ("DE", "GB", "IM", "BQ", "CI", "US", "TT"):
        assert country_meant(country_name(code)) == code


def test_a_start_without_a_country_does_not_wait_for_the_calendars() -> None:
    asked = "import sys, app; print('holidays' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True, text=True)
    assert told.stdout.strip() == "False"


NINE, FIVE = time(9), time(17)


@pytest.mark.parametrize(
    ("moment", "zone", "country", "expected"),
    [
        ("2026-11-24T09:00", "UTC", None, "2026-11-24T09:00"),  # a Tuesday
        ("2026-11-24T16:59", "UTC", None, "2026-11-24T16:59"),
        ("2026-11-24T17:00", "UTC", None, "2026-11-25T09:00"),
        ("2026-11-24T08:59", "UTC", None, "2026-11-24T09:00"),
        ("2026-11-27T17:00", "UTC", None, "2026-11-30T09:00"),  # over the weekend
        ("2026-11-28T12:00", "UTC", None, "2026-11-30T09:00"),
        ("2026-11-24T12:00", "Asia/Seoul", None, "2026-11-25T00:00"),  # evening there
        ("2026-11-27T12:00", "Asia/Seoul", None, "2026-11-30T00:00"),
        ("2026-11-24T12:00", "America/New_York", None, "2026-11-24T14:00"),  # early there
        ("2026-12-24T20:00", "Europe/Berlin", "DE", "2026-12-28T08:00"),
        ("2026-03-28T12:00", "Europe/Berlin", None, "2026-03-30T07:00"),  # clocks go forward
    ],
)
def test_the_next_moment_within_working_hours(
    moment: str, zone: str, country: str | None, expected: str
) -> None:
    found = next_in_hours(_utc(moment), ZoneInfo(zone), country, begins=NINE, ends=FIVE)
    assert found == _utc(expected)


@given(
    st.integers(0, 1_000_000),
    st.sampled_from(["UTC", "Asia/Seoul", "America/New_York", "Pacific/Kiritimati"]),
    COUNTRIES,
)
def test_whoever_joins_is_reached_in_their_hours_and_no_later_than_has_to_be(
    minutes: int, zone: str, country: str | None
) -> None:
    moment = _utc("2026-01-01T00:00") + timedelta(minutes=minutes)
    there = ZoneInfo(zone)
    found = next_in_hours(moment, there, country, begins=NINE, ends=FIVE)
    local = found.astimezone(there)
    assert found >= moment
    assert is_working_day(local.date(), country)
    assert NINE <= local.time() < FIVE
    before = found - timedelta(minutes=30)
    if before >= moment:
        assert next_in_hours(before, there, country, begins=NINE, ends=FIVE) == found


def _utc(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)
