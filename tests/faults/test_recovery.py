"""Worse luck: killed again while coming back, while Slack refuses, and told everything twice."""

import pytest

from tests.faults.scenes import FORM, ONE_LINE, play, send_the_form
from tests.faults.steps import Plan
from tests.faults.world import World
from tests.support import BEN, KUDOS

RECOVERIES = [
    "before conversations.history",
    pytest.param("after conversations.history", marks=pytest.mark.soak),
    pytest.param("before COMMIT of outbox", marks=pytest.mark.soak),
    "after chat.update",
]


@pytest.mark.parametrize("step", RECOVERIES)
async def test_a_kill_while_coming_back_changes_nothing(world: World, step: str) -> None:
    outcome = await play(world, ONE_LINE, ONE_LINE.dying("after chat.postMessage", nth=1))
    await world.restart(Plan(named=step, nth=1))
    await world.settle()
    assert world.bot.steps[-1] == step, world.story()
    await world.restart()
    await world.settle()
    ONE_LINE.verify(world, outcome)


async def test_a_kill_while_slack_asks_to_slow_down_loses_nothing(world: World) -> None:
    world.slack.fault("chat.postMessage", "429", times=2, retry_after=3)
    outcome = await play(world, ONE_LINE, ONE_LINE.dying("after chat.postMessage", nth=1))
    await world.restart()
    await world.settle()
    assert outcome.acked
    ONE_LINE.verify(world, outcome)


async def test_a_kill_while_slack_does_not_answer_loses_nothing(world: World) -> None:
    world.slack.fault("chat.postMessage", "hang_after")
    await world.start()
    outcome = await ONE_LINE.act(world)
    await world.slack.until(lambda: world.slack.messages(KUDOS))
    await world.kill()
    await world.start()
    await world.settle()
    assert outcome.acked
    ONE_LINE.verify(world, outcome)


@pytest.mark.parametrize("step", ["received slash_commands", "after COMMIT of inbound"])
async def test_a_command_that_slack_delivers_again_has_one_effect(world: World, step: str) -> None:
    unanswered = await play(world, ONE_LINE, ONE_LINE.dying(step, nth=1))
    assert not unanswered.acked
    await world.restart()
    again = await world.slack.redeliver("slash_commands")
    assert again.acked, world.story()
    await world.settle()
    ONE_LINE.verify(world, again)


@pytest.mark.parametrize("step", ["received view_submission", "after COMMIT of inbound"])
async def test_a_form_that_somebody_sends_again_has_one_effect(world: World, step: str) -> None:
    unanswered = await play(world, FORM, FORM.dying(step, nth=1))
    assert not unanswered.acked
    assert world.slack.views(BEN), "what Ben typed is still in front of him"
    await world.restart()
    again = await send_the_form(world)
    assert again.closed, world.story()
    await world.settle()
    FORM.verify(world, again)
