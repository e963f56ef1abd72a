"""Two processes on one database through whole rounds: each thing is done exactly once."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from threading import Barrier
from typing import Any

import pytest

from bot import changes
from bot.aside import aside
from bot.playground.server import FakeSlack
from tests.reading import text_of
from tests.rituals.asking import answer
from tests.rituals.few import (
    A_WEEK,
    CLOSES,
    LAST_ASKED,
    REMINDS_LAST,
    asked,
    at,
    go,
    ledger,
    results,
    rounds_of,
)
from tests.rituals.naming_teams import name
from tests.rituals.test_mission import settle
from tests.rituals.weekly import pictures
from tests.support import (
    ANA,
    BEN,
    GIL,
    KIM,
    LOUNGE,
    PACE,
    Bot,
    serving,
    set_up,
    settings_for,
    soon,
)

PICTURE_SECONDS = 30  # what draws has to be loaded first
COUNT_SECONDS = 20
MAX, LIZ, TOM = "U0MAX", "U0LIZ", "U0TOM"
EVERYBODY = [ANA, BEN, KIM, GIL, MAX, LIZ, TOM]
ANSWERING = EVERYBODY[1:]  # who is reminded is Ana
SUPPORT = "C0SUPPORT"


@asynccontextmanager
async def process(bot: Bot) -> AsyncIterator[None]:
    """One more process of the bot, until the end."""
    clock, before = bot.slack.workspace.clock, bot.slack.workspace.clock.polling
    async with serving(bot.settings, bot.slack):
        await bot.slack.until(lambda: clock.polling > before)
        yield


def in_step() -> Callable[..., Awaitable[Any]]:
    """What computes, where neither of two processes goes on before the other has computed too."""
    both = asyncio.Barrier(2)

    async def compute(*what: Any) -> Any:
        found = await aside(*what)
        await both.wait()
        return found

    return compute


def both_counted() -> Callable[..., changes.Since]:
    """What looks for earlier figures, where neither goes on before the other has counted too."""
    both = Barrier(2, timeout=COUNT_SECONDS)

    def earlier(*what: Any) -> changes.Since:
        both.wait()
        return since(*what)

    since = changes.earlier
    return earlier


@pytest.fixture
async def two(
    slack: FakeSlack, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Bot]:
    """Two of them that look very often, and the seven people of the team that Ben leads."""
    monkeypatch.setattr("schedules.worker.Worker.looks_again", 0.05)
    monkeypatch.setattr("schedules.drawing.aside", in_step())
    monkeypatch.setattr("bot.changes.earlier", both_counted())
    for person in (MAX, LIZ, TOM):
        slack.workspace.add_person(id=person, name=person[2:].lower(), tz="Europe/Lisbon")
    slack.workspace.add_channel(SUPPORT, "support", members=EVERYBODY, bot=False)
    bot = Bot(settings_for(slack, database_url), slack)
    async with AsyncExitStack() as both:
        await both.enter_async_context(process(bot))
        await both.enter_async_context(process(bot))
        await set_up(slack)
        assert (await settle(slack, updates_channel=LOUNGE)).closed
        await name(slack, bot, name="Support", channel=SUPPORT)
        await bot.has_sent_everything()
        await slack.jump(PACE)
        yield bot
    bot.close()
    bot.check()


async def week(slack: FakeSlack, number: int) -> None:
    """Have six of seven answer in this week's round, counted from 0, and let it close."""
    later = number * A_WEEK
    await go(slack, LAST_ASKED + later)
    for place, who in enumerate(ANSWERING):
        await answer(slack, who, 4 if place < 4 else 2)
    await go(slack, REMINDS_LAST + later)
    await go(slack, CLOSES + later)
    await soon(slack, lambda: len(results(slack)) > number)
    await soon(slack, lambda: len(to_lead(slack)) > number)


def to_lead(slack: FakeSlack) -> list[str]:
    return [each for each in map(text_of, slack.dm(BEN)) if each.startswith("Support, Pulse")]


async def test_two_weeks_in_two_processes_are_as_in_one(slack: FakeSlack, two: Bot) -> None:
    await week(slack, 0)
    await week(slack, 1)
    await slack.until(lambda: pictures(slack), PICTURE_SECONDS)
    await go(slack, at("18 00:00"))
    for who in ANSWERING:
        assert len(asked(slack, who)) == 2, who
    reminders = ["08 10:00r", "09 10:00r"]
    assert asked(slack, ANA) == ["06 10:00", *reminders, "13 10:00", "15 10:00r", "16 10:00r"]
    assert [text.partition(":")[0] for text in results(slack)] == ["Pulse 1", "Pulse 2"]
    assert "6 of 7 answered" in results(slack)[1]
    first, second = to_lead(slack)
    assert first.startswith("Support, Pulse 1\n6 of 7 answered")
    assert second.startswith("Support, Pulse 2\n6 of 7 answered")
    assert len(pictures(slack)) == 1
    assert [one.number for one in await rounds_of(two)] == [1, 2]
    lines = Counter(await ledger(two, "pulse.opened", "pulse.not_opened", "pulse.closed"))
    assert lines == {"pulse.opened": 2, "pulse.closed": 2}
