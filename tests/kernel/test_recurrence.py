"""What recurs: at the local time that was asked for, never twice, never left out."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.recurrence import DAYS, Weekly, at_local, next_after

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")  # half an hour
SAO_PAULO = ZoneInfo("America/Sao_Paulo")  # at midnight, until 2019
APIA = ZoneInfo("Pacific/Apia")  # left out a whole day in 2011
NORTH = (BERLIN, NEW_YORK, ZoneInfo("Africa/Cairo"), ZoneInfo("Asia/Kolkata"))
SOUTH = (LORD_HOWE, SAO_PAULO, APIA, ZoneInfo("Pacific/Auckland"), ZoneInfo("America/Santiago"))
HARD = [*NORTH, *SOUTH, ZoneInfo("Africa/Casablanca"), ZoneInfo("Antarctica/Troll")]

FIRST, LAST = date(2010, 1, 1), date(2029, 12, 31)
STRETCH = 40  # days that one example looks at
EXAMPLES, SOAK = 100, 10_000

TUESDAY = Weekly(("tuesday",), time(10))
DAILY_AT_HALF_PAST_TWO = Weekly(DAYS, time(2, 30))

days = st.dates(FIRST, LAST - timedelta(days=STRETCH))
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
patterns = st.builds(
    Weekly, st.lists(st.sampled_from(DAYS), min_size=1, unique=True).map(tuple), times
)


def utc(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


def local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%a %Y-%m-%d %H:%M}"


def first_that_is_shown(wall: datetime, zone: ZoneInfo) -> str:
    """The wanted time, or the first one after it that the zone's clocks show, minute by minute."""
    minute = wall
    while (
        minute.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != minute
    ):
        minute += timedelta(minutes=1)
    return f"{minute:%a %Y-%m-%d %H:%M}"


def check(pattern: Weekly, first: date, zone: ZoneInfo) -> None:
    """Go through forty days: every day of the pattern has its instant, and there is no other."""
    begin = at_local(first, time(), zone) - timedelta(seconds=1)
    end = at_local(first + timedelta(days=STRETCH), time(), zone)
    found, moment = list[datetime](), begin
    while (moment := next_after(pattern, moment, zone)) < end:
        found.append(moment)
    all_days = (first + timedelta(days=passed) for passed in range(STRETCH))
    asked = [day for day in all_days if DAYS[day.weekday()] in pattern.days]
    walls = [datetime.combine(day, pattern.at.replace(fold=0)) for day in asked]
    wanted = [first_that_is_shown(wall, zone) for wall in walls]
    # The day that Apia left out comes with the next one, which at midnight is the same instant.
    assert [local(moment, zone) for moment in found] == list(dict.fromkeys(wanted))
    assert all(one < other for one, other in pairwise(found))
    assert all(moment.tzinfo is UTC for moment in found)


@settings(max_examples=EXAMPLES)
@given(patterns, days, st.sampled_from(HARD))
@example(DAILY_AT_HALF_PAST_TWO, date(2026, 3, 10), BERLIN)
@example(DAILY_AT_HALF_PAST_TWO, date(2026, 10, 10), BERLIN)
@example(Weekly(DAYS, time(2, 0, fold=1)), date(2026, 3, 10), BERLIN)
@example(Weekly(DAYS, time(2, 10)), date(2026, 9, 20), LORD_HOWE)
@example(Weekly(DAYS, time(1, 45)), date(2026, 3, 20), LORD_HOWE)
@example(Weekly(DAYS, time(0)), date(2018, 10, 20), SAO_PAULO)
@example(Weekly(DAYS, time(23, 30)), date(2019, 2, 1), SAO_PAULO)
@example(Weekly(DAYS, time(0)), date(2011, 12, 10), APIA)
@example(Weekly(DAYS, time(17, 45)), date(2011, 12, 10), APIA)
def test_it_comes_round_on_its_days_once_at_the_time_asked_or_the_next_that_exists(
    pattern: Weekly, first: date, zone: ZoneInfo
) -> None:
    check(pattern, first, zone)


@pytest.mark.soak
@settings(max_examples=SOAK)
@given(patterns, days, st.sampled_from(sorted(available_timezones())).map(ZoneInfo))
def test_it_does_so_in_every_zone_there_is(pattern: Weekly, first: date, zone: ZoneInfo) -> None:
    check(pattern, first, zone)


@pytest.mark.parametrize("zone", HARD, ids=str)
def test_twenty_years_of_tuesdays_have_one_instant_each(zone: ZoneInfo) -> None:
    moment, shown = at_local(FIRST, time(), zone), list[str]()
    while (moment := next_after(TUESDAY, moment, zone)) < at_local(LAST, time(), zone):
        shown.append(local(moment, zone))
    mondays = (LAST - FIRST).days // 7
    tuesdays = [date(2010, 1, 5) + timedelta(weeks=passed) for passed in range(mondays)]
    assert shown == [f"{day:%a %Y-%m-%d} 10:00" for day in tuesdays]


@pytest.mark.parametrize(
    ("after", "next_one"),
    [
        ("2028-02-22T09:00", "Tue 2028-02-29 10:00"),  # the 29th of February
        ("2028-02-29T09:00", "Tue 2028-03-07 10:00"),
        ("2027-02-23T09:00", "Tue 2027-03-02 10:00"),
        ("2026-03-24T09:00", "Tue 2026-03-31 10:00"),  # a 31st
        ("2026-12-22T09:00", "Tue 2026-12-29 10:00"),  # week 53
        ("2026-12-29T09:00", "Tue 2027-01-05 10:00"),
    ],
)
def test_odd_days_of_the_calendar_are_days_like_any_other(after: str, next_one: str) -> None:
    assert local(next_after(TUESDAY, utc(after), BERLIN), BERLIN) == next_one


def test_the_moment_itself_is_not_after_it() -> None:
    begin = utc("2026-11-24T09:00")
    assert next_after(TUESDAY, begin - timedelta(seconds=1), BERLIN) == begin
    assert next_after(TUESDAY, begin, BERLIN) == begin + timedelta(weeks=1)


@pytest.mark.parametrize(
    ("day", "at", "zone", "instant"),
    [
        (date(2026, 3, 29), time(2, 30), BERLIN, "2026-03-29T01:00"),  # clocks show 03:00 then
        (date(2026, 3, 29), time(2, 0), BERLIN, "2026-03-29T01:00"),
        (date(2026, 3, 29), time(3, 0), BERLIN, "2026-03-29T01:00"),
        (date(2026, 10, 25), time(2, 30), BERLIN, "2026-10-25T00:30"),  # the first of two
        (date(2026, 10, 4), time(2, 15), LORD_HOWE, "2026-10-03T15:30"),
        (date(2018, 11, 4), time(0, 0), SAO_PAULO, "2018-11-04T03:00"),
        (date(2011, 12, 30), time(17, 45), APIA, "2011-12-30T10:00"),
    ],
)
def test_a_persons_own_hour_where_clocks_are_changed(
    day: date, at: time, zone: ZoneInfo, instant: str
) -> None:
    assert at_local(day, at, zone) == utc(instant)
