"""Slack refuses, fails, or is not heard of again: nothing is lost and nothing is there twice."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.playground.outcome import Outcome
from tests.faults.scenes import ONE_LINE, applaud, applauded_once, recognition_is_there
from tests.faults.truth import half_saved
from tests.faults.world import World, living
from tests.reading import Doc, text_of
from tests.support import ANA, BEN, KUDOS

# What the bot's process waits for Slack here, instead of ten seconds.
PATIENCE = 0.5
TOO_LATE = PATIENCE + 0.4

FAULTS: dict[str, dict[str, Any]] = {
    "asks to slow down": {"kind": "429", "times": 2, "retry_after": 3},
    "fails": {"kind": "500"},
    "does not know whether it took it": {"kind": "error", "error": "internal_error"},
    "has revoked the token": {"kind": "error", "times": 2, "error": "token_revoked"},
    "hangs up before taking it": {"kind": "reset_before"},
    "hangs up after taking it": {"kind": "reset_after"},
    "takes it and never answers": {"kind": "hang_after"},
}
DIRECT_FAULTS = ["asks to slow down", "hangs up before taking it", "takes it and never answers"]
UPDATE_FAULTS = ["asks to slow down", "hangs up after taking it"]
HISTORY = frozenset({"channels:history", "im:history"})
POST_AGAIN = "post_again"


@pytest.fixture
async def world(tmp_path: Path, prepared: bytes) -> AsyncIterator[World]:
    """A world whose bot waits only shortly for Slack's answers."""
    async with living(tmp_path, prepared, patience=PATIENCE) as world:
        yield world


@pytest.fixture
async def blind(tmp_path: Path, prepared: bytes) -> AsyncIterator[World]:
    """A world whose bot may not look at what was posted."""
    async with living(tmp_path, prepared, patience=PATIENCE, without_scopes=HISTORY) as world:
        world.allowed.add("missing_scope")
        yield world


def let_go_wrong(world: World, method: str, fault: str, *, after: int = 0) -> None:
    """Let a call go wrong, `after` so many that do not."""
    if after:
        world.slack.fault(method, "slow", times=after, seconds=0)
    world.slack.fault(method, **FAULTS[fault])


async def settle(world: World, method: str) -> None:
    """Let everything be sent that can be, and fail where the fault was never met."""
    await world.settle()
    assert world.slack.faults.next(method) is None, world.story()


async def give(world: World) -> Outcome:
    """Have Ben recognise Ana and Kim, and let everything be sent that can be."""
    await world.start()
    outcome = await ONE_LINE.act(world)
    assert outcome.ok, world.story()
    await settle(world, "chat.postMessage")
    return outcome


def asked(world: World, person: str) -> list[Doc]:
    """The messages that ask the person whether to post again."""
    return [message for message in world.slack.dm(person) if POST_AGAIN in str(message["blocks"])]


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_post_is_there_once_though_slack(world: World, fault: str) -> None:
    let_go_wrong(world, "chat.postMessage", fault)
    ONE_LINE.verify(world, await give(world))


@pytest.mark.parametrize("fault", DIRECT_FAULTS)
async def test_a_direct_message_is_there_once_though_slack(world: World, fault: str) -> None:
    let_go_wrong(world, "chat.postMessage", fault, after=1)
    ONE_LINE.verify(world, await give(world))


@pytest.mark.parametrize("fault", UPDATE_FAULTS)
async def test_an_applause_is_shown_though_slack(world: World, fault: str) -> None:
    await world.start()
    await recognition_is_there(world)
    let_go_wrong(world, "chat.update", fault)
    outcome = await applaud(world)
    assert outcome.ok, world.story()
    await settle(world, "chat.update")
    applauded_once(world, outcome)


async def test_a_post_that_slack_takes_after_the_bot_gave_up_is_there_once(world: World) -> None:
    world.slack.fault("chat.postMessage", "slow", seconds=TOO_LATE)
    await world.start()
    outcome = await ONE_LINE.act(world)
    # Slack's work takes real time, which the bot's clock must not run ahead of.
    await world.slack.until(lambda: world.slack.messages(KUDOS))
    await world.settle()
    assert "TimeoutError" in world.bot.log
    ONE_LINE.verify(world, outcome)


async def test_a_post_into_a_channel_that_is_not_found_waits_until_that_is_mended(
    world: World,
) -> None:
    world.slack.workspace.channels[KUDOS]["is_private"] = True
    world.slack.workspace.kick_bot(KUDOS)
    world.allowed.add("channel_not_found")
    await give(world)
    assert world.slack.messages(KUDOS) == []
    assert "It is saved, and not posted yet" in text_of(world.slack.dm(BEN)[-1])
    assert any("Something waits to be posted" in text_of(each) for each in world.slack.dm(ANA))
    world.slack.workspace.invite_bot(KUDOS)
    await world.soon(lambda: world.slack.messages(KUDOS))
    await world.settle()
    world.check()


@pytest.mark.parametrize("fault", ["hangs up before taking it", "hangs up after taking it"])
async def test_where_nobody_can_look_the_giver_is_asked_and_nothing_is_sent_twice(
    blind: World, fault: str
) -> None:
    let_go_wrong(blind, "chat.postMessage", fault)
    await give(blind)
    assert len(asked(blind, BEN)) == 1, blind.story()
    assert len(blind.slack.messages(KUDOS)) == (fault == "hangs up after taking it")
    assert half_saved(blind.database) == []


async def test_what_was_not_there_is_posted_once_when_the_giver_says_so(blind: World) -> None:
    let_go_wrong(blind, "chat.postMessage", "hangs up before taking it")
    await give(blind)
    (question,) = asked(blind, BEN)
    dm = blind.slack.workspace.dm_id(BEN)
    for _ in range(2):  # a double click
        await blind.slack.click(
            BEN, channel=dm, ts=question["ts"], action_id=POST_AGAIN, message=question
        )
    await blind.soon(lambda: blind.slack.messages(KUDOS))
    await blind.settle()
    blind.check()


async def test_a_direct_message_that_nobody_can_look_for_is_asked_about_too(blind: World) -> None:
    let_go_wrong(blind, "chat.postMessage", "hangs up after taking it", after=1)
    await give(blind)
    (question,) = asked(blind, BEN)
    assert "direct message to @ana: please ask" in text_of(question)
    assert len(blind.slack.dm(ANA)) == 1
    assert half_saved(blind.database) == []
