"""A crowd that recognises each other at any time, and what /mission values says of it."""

from collections.abc import Callable
from datetime import datetime

import pytest
from sqlmodel import Session

from bot.deed import Deed
from bot.playground.server import FakeSlack
from bot.quarters import Quarter
from bot.rituals import recognition, reports
from bot.rituals.recognition import Given
from bot.rituals.reports import Balance
from tests.support import BEN, GENERAL, Bot, T, told

CROWD = [f"U0P{number:02}" for number in range(14)]
QUARTER = Quarter(2026, 1)  # that of T0
LATER = T(3600)
DEED = "stayed late so that the clinic could book again"


@pytest.fixture
async def crowd(slack: FakeSlack, mission: Bot) -> Bot:
    """The bot with a mission, and fourteen more people: eighteen are here."""
    for person in CROWD:
        slack.workspace.join(person, name=person.lower(), real_name=person)
    await slack.events.settled()
    return mission


def thanks(
    giver: str,
    *people: str,
    value: str = "care",
    now: datetime = LATER,
    private: bool = False,
) -> Callable[[Session], Given]:
    """One recognition, to be written."""
    deed = Deed(giver, people, DEED, value, is_private=private)
    return lambda session: recognition.give(session, deed, now=now)


def ring(
    count: int = 12, *, steps: int = 2, now: datetime = LATER
) -> list[Callable[[Session], Given]]:
    """Have each of so many recognise the next ones round the ring; each third for candour."""
    return [
        thanks(
            CROWD[place],
            *(CROWD[(place + step) % count] for step in range(1, steps + 1)),
            value="care" if place % 3 else "candour",
            now=now,
        )
        for place in range(count)
    ]


async def write(bot: Bot, *all_thanks: Callable[[Session], Given]) -> list[int]:
    """Write them in one transaction, and return their ids."""
    return await bot.write(lambda session: [give(session).recognition.id for give in all_thanks])


async def asked(slack: FakeSlack, words: str = "", *, who: str = BEN) -> str:
    """What /mission values answers to who asks."""
    outcome = await slack.command(who, GENERAL, f"/mission values {words}".strip())
    assert outcome.ok, outcome.error
    return told(slack, who)


async def figures(bot: Bot, quarter: Quarter = QUARTER) -> Balance:
    """What the answer is made of."""
    return await bot.read(lambda session: reports.balance(session, quarter, now=LATER))


def counts(balance: Balance) -> dict[str, int]:
    """How often each value was served."""
    assert balance.spread is not None
    return {served.tenure.value.slug: served.count for served in balance.spread.values}
