"""Half a year of the weekly pulse on a moved clock, none of them left out."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session, col, select

from bot.playground.server import FakeSlack
from bot.rounds import Round, Status
from tests.rituals.asking import answer, card_of
from tests.rituals.spreading import CROWD
from tests.support import ANA, BEN, KIM, LOUNGE, PACE, Bot, Doc, open_form, pass_time, soon, text_of

WEEKS = 26
FIRST = date(2026, 1, 6)  # a Tuesday
HOLIDAY = date(2026, 6, 10)  # in Portugal, and a Wednesday; clocks change there on 29 March
ZONE, NEW_YORK, SEOUL = (ZoneInfo(n) for n in ("Europe/Lisbon", "America/New_York", "Asia/Seoul"))
ANSWERS = (5, 4, 4, 3, 2)


def opening_days() -> list[date]:
    """The Wednesdays of half a year, with a holiday's moved to the next day."""
    days = [FIRST + timedelta(days=1, weeks=week) for week in range(WEEKS)]
    return [day + timedelta(days=day == HOLIDAY) for day in days]


async def begin(slack: FakeSlack) -> None:
    chosen = {"updates_channel": LOUNGE, "country": "Portugal", "pulse_day": "wednesday"}
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], chosen)).closed
    # The clock stops at nothing on its way that it has not been told of.
    ahead = slack.workspace.clock.ahead
    await slack.until(lambda: "Weekly pulse" in str(ahead.shown(slack.now())))


async def week(slack: FakeSlack, number: int, day: date) -> None:
    """Go to the evening of the day, have most answer what they were asked, and go to its end."""
    evening = datetime.combine(day, time(21), ZONE)
    await pass_time(slack, evening - slack.now())
    people = [ANA, BEN, KIM, *CROWD]
    for place, who in enumerate(people[: len(people) - number % 4]):
        await soon(slack, partial(is_asked, slack, who, day))
        await answer(slack, who, ANSWERS[(place + number) % len(ANSWERS)])
    await pass_time(slack, timedelta(days=5))
    await soon(slack, lambda: f"Pulse {number}:" in str(posts(slack)))


def is_asked(slack: FakeSlack, who: str, day: date) -> bool:
    card = card_of(slack, who)
    return card is not None and at(card).date() >= day - timedelta(days=1)


def posts(slack: FakeSlack) -> list[Doc]:
    return [each for each in slack.messages(LOUNGE) if "Pulse" in each["text"]]


def at(message: Doc) -> datetime:
    return datetime.fromtimestamp(float(message["ts"]), UTC)


def first_asked(slack: FakeSlack, who: str, zone: ZoneInfo) -> list[tuple[date, int]]:
    """The days and hours at which this person was asked, but for reminders."""
    asked = [each for each in slack.dm(who) if "pulse_comment" in str(each)]
    local = [at(each).astimezone(zone) for each in asked]
    return [(each.date(), each.hour) for each in local]


def rounds_of(session: Session) -> Sequence[Round]:
    return session.exec(select(Round).order_by(col(Round.number))).all()


@pytest.mark.soak
async def test_each_week_of_half_a_year_has_one_round_and_one_post(
    slack: FakeSlack, crowd: Bot
) -> None:
    await begin(slack)
    days = opening_days()
    for number, day in enumerate(days, start=1):
        await week(slack, number, day)
    while (await crowd.read(rounds_of))[-1].status != Status.CLOSED:
        await slack.jump(PACE)  # each look lets the bot go on
    found = await crowd.read(rounds_of)
    assert [one.number for one in found] == list(range(1, WEEKS + 1))
    assert {one.status for one in found} == {Status.CLOSED}
    told = [each["text"].partition(":")[0] for each in posts(slack)]
    assert told == [f"Pulse {number}" for number in range(1, WEEKS + 1)]
    for who, zone in ((ANA, ZONE), (BEN, NEW_YORK), (KIM, SEOUL)):
        assert first_asked(slack, who, zone) == [(day, 10) for day in days], who
    for post in posts(slack):
        local = at(post).astimezone(ZONE)
        assert local.hour == 16, post["text"]
    assert "no clear change since Pulse 25" in text_of(posts(slack)[-1])
