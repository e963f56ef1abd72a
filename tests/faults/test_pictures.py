"""The bot is killed around the picture of a result: it is there once, or left out for good."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlmodel import Session

from bot import outbox
from bot.db import Database
from bot.outbox import Address, Post
from tests.faults.scenes import ONE_LINE
from tests.faults.steps import Plan
from tests.faults.world import World, living
from tests.kernel.test_trend import SOME, closed
from tests.support import KUDOS, T0, TEAM, Doc

LOOKED = "after SELECT attachment"
DRAWING_SECONDS = 30  # what draws has to be loaded first


def two_results(session: Session) -> None:
    """Two rounds that were counted; the second one's result is to be sent."""
    rounds = [closed(number, SOME) for number in (1, 2)]
    for one in rounds:
        one.key_destroyed_at = one.erased_at = one.closes_at
        one.status = "closed"
        session.add(one)
    message = {"text": "the result"}
    outbox.post(session, Post(f"{rounds[1].cause}:result", Address(KUDOS), message), now=T0)


async def with_results(world: World) -> World:
    database = Database.open(f"sqlite:///{world.database}")
    await database.write(TEAM, two_results)
    database.close()
    return world


@pytest.fixture
async def counted(world: World) -> World:
    """The world with a result that is to be sent, and no bot yet."""
    return await with_results(world)


def pictures(world: World) -> list[Doc]:
    return [each for each in world.slack.messages(KUDOS) if each.get("files")]


async def looked(world: World) -> None:
    """Wait until this life has looked whether a picture is to be begun, and again after that."""
    here = world.bot
    await world.slack.until(lambda: LOOKED in here.steps, DRAWING_SECONDS)
    before = here.steps.count(LOOKED)
    await ONE_LINE.act(world)  # whoever looks is woken by it
    await world.slack.until(lambda: here.steps.count(LOOKED) > before, DRAWING_SECONDS)
    await world.settle()


async def die_at(world: World, step: str) -> None:
    await world.start(Plan(named=step, nth=1))
    await world.slack.until(lambda: not world.bot.alive, DRAWING_SECONDS)
    await world.restart()
    await world.settle()


@pytest.mark.parametrize(
    "step",
    [
        "after chat.postMessage",
        pytest.param("before INSERT attachment", marks=pytest.mark.soak),
        "before COMMIT of attachment",
    ],
)
async def test_what_was_not_begun_is_begun_after_a_restart(counted: World, step: str) -> None:
    await die_at(counted, step)
    await counted.slack.until(lambda: pictures(counted), DRAWING_SECONDS)
    await looked(counted)
    (picture,) = pictures(counted)
    (post,) = [each for each in counted.slack.messages(KUDOS) if each["text"] == "the result"]
    assert picture["thread_ts"] == post["ts"]
    counted.check()


@pytest.mark.parametrize(
    ("step", "there"),
    [
        ("after COMMIT of attachment", 0),
        pytest.param("after files.getUploadURLExternal", 0, marks=pytest.mark.soak),
        pytest.param("before files.completeUploadExternal", 0, marks=pytest.mark.soak),
        ("after files.completeUploadExternal", 1),
    ],
)
async def test_what_was_begun_is_never_begun_again(counted: World, step: str, there: int) -> None:
    await die_at(counted, step)
    await looked(counted)
    assert len(pictures(counted)) == there
    assert counted.count("attachment") == 1
    counted.check()


@pytest.mark.parametrize(
    ("fault", "there"), [("reset_after", 1), pytest.param("500", 0, marks=pytest.mark.soak)]
)
async def test_a_picture_of_an_unknown_fate_is_left_as_it_is(
    counted: World, fault: str, there: int
) -> None:
    counted.slack.fault("files.completeUploadExternal", fault)
    await counted.start()
    await counted.slack.until(lambda: "is left out" in counted.bot.log, DRAWING_SECONDS)
    await looked(counted)
    assert len(pictures(counted)) == there


async def test_a_bot_that_is_told_to_stop_while_it_shares_ends(counted: World) -> None:
    counted.slack.fault("upload", "hang_after")
    await counted.start()
    await counted.slack.until(
        lambda: "after files.getUploadURLExternal" in counted.bot.steps, DRAWING_SECONDS
    )
    assert await counted.bot.stop() == 0
    assert pictures(counted) == []


async def test_a_bot_that_is_told_to_stop_shares_what_it_began(counted: World) -> None:
    counted.slack.fault("files.completeUploadExternal", "slow", seconds=1)
    await counted.start()
    is_met = counted.slack.faults.is_met
    await counted.slack.until(lambda: is_met("files.completeUploadExternal"), DRAWING_SECONDS)
    assert await counted.bot.stop() == 0
    assert len(pictures(counted)) == 1


async def test_what_was_being_drawn_is_drawn_at_the_next_start(counted: World) -> None:
    await counted.start()
    shown = counted.slack.messages
    await counted.slack.until(lambda: any(e["text"] == "the result" for e in shown(KUDOS)), 10)
    assert await counted.bot.stop() == 0
    assert pictures(counted) == []
    await counted.start()
    await counted.slack.until(lambda: pictures(counted), DRAWING_SECONDS)
    await looked(counted)
    assert len(pictures(counted)) == 1


@pytest.fixture
async def without_scope(tmp_path: Path, prepared: bytes) -> AsyncIterator[World]:
    """A workspace that was installed before pictures were shared."""
    async with living(tmp_path, prepared, without_scopes=frozenset(["files:write"])) as world:
        yield await with_results(world)


async def test_without_the_scope_the_result_stands_and_the_log_says_why(
    without_scope: World,
) -> None:
    world = without_scope
    world.allowed.add("missing_scope")
    await world.start()
    await world.slack.until(lambda: "missing_scope" in world.bot.log, DRAWING_SECONDS)
    assert "result is left out: missing_scope" in world.bot.log
    assert "the result" in [each["text"] for each in world.slack.messages(KUDOS)]
    await looked(world)
    assert len(world.slack.refusals) == 1
    world.check()
