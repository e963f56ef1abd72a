"""Which quarter /mission values tells of, and what belongs to it."""

from datetime import UTC, datetime, timedelta

import pytest

from bot import settings
from bot.playground.server import FakeSlack
from tests.rituals.spreading import asked, ring, thanks, write
from tests.support import BEN, KIM, T0, Bot


async def test_the_borders_are_midnight_where_the_workspace_is(
    slack: FakeSlack, crowd: Bot
) -> None:
    await crowd.write(lambda session: settings.change(session, timezone="Pacific/Kiritimati"))
    border = datetime(2026, 3, 31, 10, tzinfo=UTC)  # midnight on 1 April there
    await write(crowd, *ring(now=border - timedelta(microseconds=1)))
    await write(crowd, *ring(now=border), thanks(BEN, KIM, now=border))
    await slack.jump(border - T0 + timedelta(hours=1))
    assert "13 recognitions, by value" in await asked(slack)
    first = await asked(slack, "last")
    assert "12 recognitions, by value" in first
    assert "1 January to 31 March 2026, by the time of Pacific/Kiritimati." in first
    assert "12 of the 18 people who are here now were recognised" in first


async def test_every_recognition_is_in_one_quarter_only(slack: FakeSlack, crowd: Bot) -> None:
    end = datetime(2026, 6, 30, 22, 59, 59, 999999, tzinfo=UTC)  # Lisbon is an hour ahead
    await write(crowd, *ring(now=end))
    await slack.jump(timedelta(days=180))
    assert "12 recognitions" in await asked(slack, "2026-Q2")
    assert "Nothing was recognised in public" in await asked(slack, "Q3 2026")
    assert "Nothing was recognised in public" in await asked(slack, "q1")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("banana", "I cannot read “banana” as a quarter. Write it like this: /mission values 2026"),
        ("Q5 2026", "I cannot read “Q5 2026” as a quarter."),
        ("a < b", "I cannot read “a < b” as a quarter."),
        ("2026-Q2", "2026-Q2 has not begun yet. /mission values shows 2026-Q1."),
        ("9999-Q4", "9999-Q4 has not begun yet."),
        (
            "last",
            "There was no mission yet in 2025-Q4. /mission values 2026-Q1 is the first.",
        ),
        ("0000-Q1", "There was no mission yet in 0000-Q1."),
        ("q4", "There was no mission yet in 2025-Q4."),
    ],
)
async def test_a_quarter_that_cannot_be_told_gets_a_sentence(
    slack: FakeSlack, mission: Bot, words: str, said: str
) -> None:
    assert said in await asked(slack, words)


async def test_what_was_typed_in_vain_comes_back(slack: FakeSlack, mission: Bot) -> None:
    assert "/mission values of last year" in await asked(slack, "of last year")
