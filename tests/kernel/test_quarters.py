"""Quarters as people type them, and their borders in every zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quarters import Quarter, meant, quarter_of

CURRENT = Quarter(2026, 2)
QUARTERS = st.builds(Quarter, st.integers(1, 9998), st.integers(1, 4))
MOMENTS = st.integers(0, 3_786_912_000).map(lambda s: datetime.fromtimestamp(s, UTC))
ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)
LORD_HOWE, KIRITIMATI = ZoneInfo("Australia/Lord_Howe"), ZoneInfo("Pacific/Kiritimati")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", CURRENT),
        ("  ", CURRENT),
        ("last", Quarter(2026, 1)),
        ("LAST", Quarter(2026, 1)),
        ("2025-Q3", Quarter(2025, 3)),
        ("2025 q3", Quarter(2025, 3)),
        ("2025Q3", Quarter(2025, 3)),
        ("Q3 2025", Quarter(2025, 3)),
        ("q3-2025", Quarter(2025, 3)),
        ("q3/2025", Quarter(2025, 3)),
        ("q1", Quarter(2026, 1)),
        ("q2", CURRENT),
        ("Q3", Quarter(2025, 3)),
        ("2027-Q1", Quarter(2027, 1)),
        ("0000-Q1", Quarter(0, 1)),
    ],
)
def test_a_quarter_is_read_however_people_write_it(typed: str, expected: Quarter) -> None:
    assert meant(typed, current=CURRENT) == expected


@pytest.mark.parametrize(
    "typed",
    ["2026", "q5", "q0", "3", "q", "26-Q3", "20260-Q3", "Q3 2026 please", "Q3 26", "2026-Q3-2026"]
    + ["the last one", "2026-Q٣", "²026-Q3", "-2026-Q3", "q"],
)
def test_whatever_else_is_not_guessed_at(typed: str) -> None:
    assert meant(typed, current=CURRENT) is None


@given(QUARTERS)
def test_it_can_be_typed_as_it_is_called(quarter: Quarter) -> None:
    assert meant(quarter.typed, current=CURRENT) == quarter


@given(QUARTERS)
def test_quarters_follow_each_other_without_a_gap(quarter: Quarter) -> None:
    assert quarter.after.before == quarter < quarter.after
    assert quarter.last_day + timedelta(days=1) == quarter.after.first_day


@given(MOMENTS, ZONES)
def test_every_instant_lies_within_its_quarter(moment: datetime, zone: ZoneInfo) -> None:
    quarter = quarter_of(moment, zone)
    assert quarter.begins(zone).astimezone(UTC) <= moment
    assert moment < quarter.after.begins(zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("zone", "begins"),
    [
        (KIRITIMATI, datetime(2026, 3, 31, 10, tzinfo=UTC)),
        (LORD_HOWE, datetime(2026, 3, 31, 13, tzinfo=UTC)),
        (ZoneInfo("Pacific/Pago_Pago"), datetime(2026, 4, 1, 11, tzinfo=UTC)),
    ],
)
def test_it_begins_at_midnight_where_the_workspace_is(zone: ZoneInfo, begins: datetime) -> None:
    assert Quarter(2026, 2).begins(zone) == begins
    assert quarter_of(begins, zone) == Quarter(2026, 2)
    assert quarter_of(begins - timedelta(microseconds=1), zone) == Quarter(2026, 1)


def test_it_knows_its_days() -> None:
    assert (Quarter(2026, 4).first_day, Quarter(2026, 4).last_day) == (
        date(2026, 10, 1),
        date(2026, 12, 31),
    )
