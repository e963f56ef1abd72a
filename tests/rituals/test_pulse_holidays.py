"""Holidays and odd days of the calendar: the round moves, and all that tell of it agree."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot import calendar
from bot.playground.server import FakeSlack
from bot.settings import TeamSettings
from bot.workdays import is_working_day, next_on_working_day
from tests.rituals.asking import card_of
from tests.rituals.few import (
    A_DAY,
    A_WEEK,
    AN_HOUR,
    OPENS,
    asked,
    at,
    go,
    ledger,
    results,
    rounds_of,
)
from tests.rituals.test_mission import settle
from tests.support import ANA, BEN, GENERAL, KIM, TEAM, Bot, open_form, soon, text_of, told

ZONES = [ZoneInfo(name) for name in ("Europe/Lisbon", "Asia/Seoul", "America/New_York")]
FROM, UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)


def openings(chosen: TeamSettings) -> list[date]:
    days, moment = [], FROM
    while moment < UNTIL:
        moment = next_on_working_day(chosen.pulse, moment, chosen.zone, chosen.country)
        days.append(moment.date())
    return days


@pytest.mark.parametrize("country", [None, "DE", "JP", "PT"])
def test_each_round_closes_on_a_working_day_before_the_next_one_opens(country: str | None) -> None:
    chosen = TeamSettings(team_id=TEAM, timezone="Europe/Lisbon", country=country)
    all_days = openings(chosen)
    for opens, following in zip(all_days, all_days[1:], strict=False):
        days = calendar.days_of(chosen, opens, everywhere=ZONES)
        assert is_working_day(days.closes, country)
        assert days.closes > opens
        end = calendar.closing(days.closes, chosen.zone)
        assert end < calendar.first_instant(following, chosen.pulse.at, ZONES)
        assert days.reminders[-1] == days.closes
        if is_working_day(opens + timedelta(days=3), country):
            assert days.closes == opens + timedelta(days=3)


async def agrees(slack: FakeSlack, settings: str, pulse: str) -> None:
    """See that the settings and /pulse tell the same next round."""
    form = text_of(await open_form(slack, ANA, "/mission settings"))
    assert f"Weekly pulse, next: {settings}" in form
    await slack.command(ANA, GENERAL, "/pulse")
    assert f"The next round opens on {pulse}." in told(slack, ANA)


async def test_a_holiday_on_its_day_moves_it_to_the_next_working_day(
    slack: FakeSlack, few: Bot
) -> None:
    assert (await settle(slack, country="Austria")).closed  # the Tuesday is Epiphany
    await agrees(slack, "Wed 7 Jan 10:00 Europe/Lisbon", "Wednesday 7 January, 10:00")
    await go(slack, OPENS)
    assert asked(slack, KIM) == []
    assert await rounds_of(few) == []
    await go(slack, at("07 15:00"))
    assert [asked(slack, who) for who in (ANA, BEN, KIM)] == [
        ["07 10:00"],
        ["07 15:00"],
        ["07 01:00"],
    ]
    # Three days later is a Saturday.
    assert "until Monday 12 January, 16:00, your time" in text_of(card_of(slack, ANA) or {})
    await go(slack, at("12 16:00"))
    await soon(slack, lambda: results(slack))
    await agrees(slack, "Tue 13 Jan 10:00 Europe/Lisbon", "Tuesday 13 January, 10:00")
    await go(slack, at("13 01:00"))
    assert asked(slack, KIM)[-1] == "13 01:00"


async def odd_week(slack: FakeSlack, bot: Bot, day: date, *, closes: datetime) -> None:
    """Let the week of this Tuesday pass, and see it open, close, and the next one open."""
    opens = datetime.combine(day, time(1), UTC)
    await slack.jump_to(opens - AN_HOUR)
    await go(slack, opens)
    assert asked(slack, KIM) == [f"{opens:%d %H:%M}"]
    local = closes.astimezone(ZONES[1])
    said = f"until {local:%A %-d %B, %H:%M}, your time"
    assert said in text_of(card_of(slack, KIM) or {})
    await go(slack, closes)
    await soon(slack, lambda: results(slack))
    await go(slack, opens + A_WEEK)
    await slack.until(lambda: asked(slack, KIM)[-1] == f"{opens + A_WEEK:%d %H:%M}")
    assert await ledger(bot, "pulse.opened", "pulse.not_opened") == ["pulse.opened"] * 2


def utc(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "day", "closes"),
    [
        (None, date(2028, 2, 29), utc("2028-03-03T16:00")),
        # Four days of Easter would last into the next round; it is summer time.
        ("Germany", date(2026, 3, 31), utc("2026-04-02T15:00")),
        # Week 53, which ends with a holiday of the next year.
        ("Portugal", date(2026, 12, 29), utc("2027-01-04T16:00")),
    ],
)
async def test_an_odd_week_is_one_week(
    slack: FakeSlack, few: Bot, country: str | None, day: date, closes: datetime
) -> None:
    if country:
        assert (await settle(slack, country=country)).closed
    await slack.jump_to(datetime.combine(day, time(), UTC) - 2 * A_DAY)
    await odd_week(slack, few, day, closes=closes)
