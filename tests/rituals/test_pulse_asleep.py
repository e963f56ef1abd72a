"""The machine is off for days around a round's dates: each is kept once and in order, or left out.

Off is either: no process, or one that stood still with its machine and finds it is days later.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime

import pytest

from bot.playground.server import FakeSlack
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
    rounds_of,
)
from tests.rituals.sleeping import Machine
from tests.rituals.sleeping import machine as machine
from tests.support import ANA, BEN, GIL, KIM, told

Sleep = Callable[[Machine, datetime, datetime], Awaitable[None]]
NOBODY: list[list[str]] = [[], [], [], []]
ON_TIME = [["06 10:00"], ["06 15:00"], ["06 01:00"], ["06 10:00"]]
NEXT_WEEK = ["13 10:00", "13 15:00", "13 01:00", "13 10:00"]
TOO_FEW = "Pulse {} is closed. Too few people answered to say anything."


async def off(machine: Machine, since: datetime, until: datetime) -> None:
    await machine.slack.pass_time(since - machine.slack.now())
    await machine.sleep()
    await machine.slack.jump_to(until)
    await machine.wake()
    await machine.settle()


async def standing_still(machine: Machine, since: datetime, until: datetime) -> None:
    await machine.slack.pass_time(since - machine.slack.now())
    await machine.slack.jump_to(until)
    await machine.settle()


HOW = pytest.mark.parametrize("sleep", [off, standing_still])


async def opens_next_week(machine: Machine, *, number: int, so_far: list[list[str]]) -> None:
    """See that the week after is as usual, and that nothing came between."""
    await go(machine.slack, at("13 15:00"))
    expected = [[*before, new] for before, new in zip(so_far, NEXT_WEEK, strict=True)]
    assert everybody_asked(machine.slack) == expected
    assert [one.number for one in await rounds_of(machine.bot)] == list(range(1, number + 1))


async def ends(machine: Machine) -> None:
    """See that the one round is closed, its result posted once, and nobody can answer."""
    assert results(machine.slack) == [TOO_FEW.format(1)]
    assert await ledger(machine.bot, "pulse.closed") == ["pulse.closed"]


@HOW
async def test_an_opening_that_is_three_days_late_is_left_out(
    slack: FakeSlack, machine: Machine, sleep: Sleep
) -> None:
    await sleep(machine, OPENS - AN_HOUR, at("09 00:00"))
    assert everybody_asked(slack) == NOBODY
    assert await ledger(machine.bot, "due.skipped") == ["pulse"]
    await go(slack, at("10 00:00"))
    assert everybody_asked(slack) == NOBODY
    assert results(slack) == []
    await opens_next_week(machine, number=1, so_far=NOBODY)


@HOW
async def test_an_opening_that_is_hours_late_asks_each_at_their_hour_or_now(
    slack: FakeSlack, machine: Machine, sleep: Sleep
) -> None:
    await sleep(machine, OPENS - AN_HOUR, at("06 09:30"))
    assert everybody_asked(slack) == [[], [], ["06 09:30"], []]
    await go(slack, LAST_ASKED)
    assert everybody_asked(slack) == [["06 10:00"], ["06 15:00"], ["06 09:30"], ["06 10:00"]]
    assert await ledger(machine.bot, "due.skipped", "pulse.opened") == ["pulse.opened"]


@HOW
async def test_what_waited_for_its_hour_is_asked_late_and_only_the_late_reminder_left_out(
    slack: FakeSlack, machine: Machine, sleep: Sleep
) -> None:
    """From Tuesday noon, before it is ten for Ben, to the noon of the last day."""
    await sleep(machine, at("06 12:00"), at("09 12:00"))
    await go(slack, LAST_ASKED.replace(day=9))
    late = "09 12:00"
    assert everybody_asked(slack) == [
        ["06 10:00", f"{late}r"],
        [late, "09 15:00r"],
        ["06 01:00", f"{late}r"],
        ["06 10:00", f"{late}r"],
    ]
    assert await ledger(machine.bot, "due.skipped") == ["pulse_remind"]
    await go(slack, CLOSES)
    await ends(machine)


@HOW
async def test_nobody_is_reminded_of_a_round_that_is_over(
    slack: FakeSlack, machine: Machine, sleep: Sleep
) -> None:
    """From Thursday noon, when Ben's reminder waits for his ten o'clock, to Sunday noon."""
    await sleep(machine, at("08 12:00"), at("11 12:00"))
    reminded = [["06 10:00", "08 10:00r"], ["06 15:00"], ["06 01:00", "08 01:00r"]]
    so_far = [*reminded, ["06 10:00", "08 10:00r"]]
    assert everybody_asked(slack) == so_far
    assert await ledger(machine.bot, "due.skipped") == ["pulse_remind", "digest"]
    await ends(machine)
    await opens_next_week(machine, number=2, so_far=so_far)


@HOW
async def test_nobody_is_asked_in_a_round_that_is_over(
    slack: FakeSlack, machine: Machine, sleep: Sleep
) -> None:
    """From shortly after Kim was asked, before it is ten for anybody else, to after the close."""
    await sleep(machine, at("06 02:00"), CLOSES + A_MINUTE)
    so_far = [[], [], ["06 01:00"], []]
    assert everybody_asked(slack) == so_far
    await ends(machine)
    await opens_next_week(machine, number=2, so_far=so_far)


@HOW
async def test_a_close_that_is_three_days_late_still_closes_at_its_time(
    slack: FakeSlack, machine: Machine, sleep: Sleep
) -> None:
    await go(slack, LAST_ASKED)
    for who in (BEN, KIM, GIL):
        await answer_one(slack, who)
    await go(slack, at("09 10:00"))
    await sleep(machine, at("09 15:55"), at("12 15:55"))
    await answer_one(slack, ANA)
    assert "This round is closed, so nothing was stored" in told(slack, ANA)
    await ends(machine)
    assert asked(slack, ANA) == ["06 10:00", "08 10:00r", "09 10:00r"]
    so_far = everybody_asked(slack)
    assert so_far[1:] == ON_TIME[1:]
    await opens_next_week(machine, number=2, so_far=so_far)
