"""The clock is set back by an hour: nothing of a round comes twice, and nothing is left out."""

from datetime import datetime

import pytest
from sqlmodel import select

from bot.playground.server import FakeSlack
from bot.responses import Answer
from tests.rituals.few import (
    A_MINUTE,
    AN_HOUR,
    CLOSES,
    LAST_ASKED,
    OPENS,
    answer_one,
    asked,
    at,
    everybody_asked,
    go,
    ledger,
    results,
)
from tests.rituals.test_mission import settle
from tests.support import ANA, BEN, GENERAL, KIM, Bot, soon, text_of, told

WEEK = [
    ["06 10:00", "08 10:00r", "09 10:00r"],
    ["06 15:00", "08 15:00r", "09 15:00r"],
    ["06 01:00", "08 01:00r", "09 01:00r"],
    ["06 10:00", "08 10:00r", "09 10:00r"],
]


async def set_back(slack: FakeSlack, when: datetime) -> None:
    """Have the clock say this time, and then an hour less."""
    await slack.pass_time(when - slack.now())
    await slack.jump(-AN_HOUR)


@pytest.mark.parametrize(
    "moment",
    [
        *("06 00:55", "06 01:01"),  # before and after the round opens and Kim is asked
        "08 01:01",  # after Kim's first reminder
        *("09 15:58", "09 16:01"),  # before and after it closes
    ],
)
async def test_a_week_in_which_the_clock_is_set_back_is_as_any_other(
    slack: FakeSlack, few: Bot, moment: str
) -> None:
    await set_back(slack, at(moment))
    await go(slack, CLOSES)
    await soon(slack, lambda: results(slack))
    await go(slack, at("13 01:00"))
    expected = [list(one) for one in WEEK]
    expected[2].append("13 01:00")
    assert everybody_asked(slack) == expected
    assert len(results(slack)) == 1
    lines = await ledger(few, "pulse.opened", "pulse.not_opened", "pulse.closed", "due.skipped")
    assert lines == ["pulse.opened", "pulse.closed", "pulse.opened"]


async def test_what_is_answered_in_the_hour_that_comes_again_is_kept(
    slack: FakeSlack, few: Bot
) -> None:
    await set_back(slack, at("06 10:01"))
    await answer_one(slack, ANA)
    assert await few.read(lambda session: session.exec(select(Answer.point)).all()) == [4]
    await go(slack, CLOSES)
    assert asked(slack, ANA) == ["06 10:00"]


async def test_settings_that_are_saved_in_it_open_nothing_again(slack: FakeSlack, few: Bot) -> None:
    await set_back(slack, OPENS + A_MINUTE)
    assert (await settle(slack, reminder_time="9:30")).closed
    await soon(slack, lambda: "Tue 13 Jan 10:00 Europe/Lisbon" in text_of(slack.dm(ANA)[-1]))
    await go(slack, LAST_ASKED)
    assert everybody_asked(slack) == [["06 10:00"], ["06 15:00"], ["06 01:00"], ["06 10:00"]]
    lines = await ledger(few, "pulse.opened", "pulse.not_opened", "due.skipped")
    assert lines == ["pulse.opened"]


async def test_nothing_is_open_again_once_it_has_closed(slack: FakeSlack, few: Bot) -> None:
    await set_back(slack, CLOSES + A_MINUTE)
    await slack.command(BEN, GENERAL, "/pulse")
    assert told(slack, BEN).startswith("Nothing is open for you to answer. The next round opens on")
    await answer_one(slack, BEN)
    assert "This round is closed, so nothing was stored" in told(slack, BEN)


async def test_what_is_to_be_said_in_it_is_said_in_it(slack: FakeSlack, few: Bot) -> None:
    await set_back(slack, OPENS + A_MINUTE)
    assert (await slack.command(ANA, GENERAL, "/pulse ask The move went well for me.")).ok
    await soon(slack, lambda: len(asked(slack, KIM)) == 2)
