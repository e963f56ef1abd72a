"""An owner changes when the pulse is: the next date moves at once, is told, and is the only one."""

from typing import Any

import pytest

from bot.playground.server import FakeSlack
from tests.rituals.few import (
    LAST_ASKED,
    OPENS,
    PEOPLE,
    asked,
    at,
    go,
    ledger,
)
from tests.rituals.test_mission import settle
from tests.support import (
    ANA,
    BEN,
    GENERAL,
    KIM,
    LOUNGE,
    Bot,
    open_form,
    soon,
    text_of,
    told,
)

AN_HOUR_BEFORE = at("06 00:00")
CHANGES: list[tuple[dict[str, Any], str, str]] = [
    ({"pulse_day": "wednesday"}, "Wed 7 Jan 10:00 Europe/Lisbon", "07 01:00"),
    ({"pulse_time": "11.30"}, "Tue 6 Jan 11:30 Europe/Lisbon", "06 02:30"),
    ({"timezone": "Europe/Berlin"}, "Tue 6 Jan 10:00 Europe/Berlin", "06 01:00"),
    ({"country": "Austria"}, "Wed 7 Jan 10:00 Europe/Lisbon", "07 01:00"),  # Epiphany
    ({"pulse_time": "9:00"}, "Tue 13 Jan 09:00 Europe/Lisbon", "13 00:00"),  # was, in Seoul
    ({"pulse_day": "monday"}, "Mon 12 Jan 10:00 Europe/Lisbon", "12 01:00"),
]


async def next_told(slack: FakeSlack, words: str) -> None:
    """Wait until Ana is told, and see that the form says the same."""
    line = f"Weekly pulse, next: {words}"
    await soon(slack, lambda: line in text_of(slack.dm(ANA)[-1]))
    assert line in text_of(await open_form(slack, ANA, "/mission settings"))


@pytest.mark.parametrize(("chosen", "words", "kim"), CHANGES, ids=lambda one: str(one))
async def test_a_change_an_hour_before_moves_it_and_nobody_is_asked_at_the_old_time(
    slack: FakeSlack, few: Bot, chosen: dict[str, Any], words: str, kim: str
) -> None:
    await go(slack, AN_HOUR_BEFORE)
    assert (await settle(slack, **chosen)).closed
    await next_told(slack, words)
    if at(kim) > OPENS:
        await go(slack, OPENS)
        assert asked(slack, KIM) == []
    await slack.jump_to(at(kim))
    await slack.until(lambda: asked(slack, KIM))
    assert asked(slack, KIM) == [kim]


async def test_without_a_channel_for_updates_there_is_none_and_with_one_it_is_told(
    slack: FakeSlack, few: Bot
) -> None:
    await go(slack, AN_HOUR_BEFORE)
    assert (await settle(slack, updates_channel=None)).closed
    form = text_of(await open_form(slack, ANA, "/mission settings"))
    assert "Weekly pulse, next" not in form
    await slack.command(BEN, GENERAL, "/pulse")
    assert told(slack, BEN) == "Nothing is open for you to answer."
    await go(slack, LAST_ASKED)
    assert [asked(slack, who) for who in PEOPLE] == [[], [], [], []]
    assert (await settle(slack, updates_channel=LOUNGE)).closed
    await next_told(slack, "Tue 13 Jan 10:00 Europe/Lisbon")


async def test_while_a_round_is_open_the_next_is_after_its_close(
    slack: FakeSlack, few: Bot
) -> None:
    await go(slack, LAST_ASKED)
    assert (await settle(slack, pulse_day="thursday")).closed
    await next_told(slack, "Thu 15 Jan 10:00 Europe/Lisbon")
    await go(slack, at("08 15:00"))
    assert asked(slack, BEN) == ["06 15:00", "08 15:00r"]
    assert await ledger(few, "pulse.not_opened") == []
    await go(slack, at("15 01:00"))
    assert await ledger(few, "pulse.opened") == ["pulse.opened"] * 2


async def test_a_round_that_is_opened_by_hand_stands_for_that_weeks(
    slack: FakeSlack, few: Bot
) -> None:
    assert (await slack.command(ANA, GENERAL, "/pulse now")).ok
    form = await open_form(slack, ANA, "/mission settings")
    assert "Weekly pulse, next: Tue 13 Jan 10:00 Europe/Lisbon" in text_of(form)
    await go(slack, LAST_ASKED)
    assert len(asked(slack, BEN)) == 1
    assert await ledger(few, "pulse.opened", "pulse.not_opened") == ["pulse.opened"]
