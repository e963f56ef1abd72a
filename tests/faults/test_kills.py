"""The bot is killed at one step of each kind, started again, and everything is there once."""

import pytest

from tests.faults.scenes import (
    APPLAUSE,
    CORRECTION,
    FORM,
    ONE_LINE,
    STORY_TOLD,
    WITHDRAWAL,
    Scene,
    play,
)
from tests.faults.world import World

# Which step, and how often it comes before the bot dies at it.
DEATHS = {
    "before the transaction": ("received {}", 1),
    "inside the transaction": ("after INSERT recognition", 1),
    "before the commit": ("before COMMIT of inbound", 1),
    "after the commit": ("after COMMIT of inbound", 1),
    "before the acknowledgement": ("before ack", 1),
    "after the acknowledgement and before the post": ("before chat.postMessage", 1),
    "after Slack took the post and before its answer is stored": ("after chat.postMessage", 1),
    "while the post's answer is stored": ("before COMMIT of outbox", 1),
    "before a direct message": ("before chat.postMessage", 2),
    "after Slack took a direct message": ("after chat.postMessage", 2),
}
FORM_DEATHS = [
    "after the commit",
    pytest.param("inside the transaction", marks=pytest.mark.soak),
    pytest.param(
        "after Slack took the post and before its answer is stored", marks=pytest.mark.soak
    ),
]
CORRECTION_DEATHS = {
    "inside the transaction": ("before UPDATE recognition", 1),
    "after the commit": ("after COMMIT of inbound", 1),
    "after an update and before its answer is stored": ("after chat.update", 1),
    "before the last update": ("before chat.update", 3),
}
STORY_DEATHS = {
    "inside the transaction": ("after INSERT story", 1),
    "after the commit": ("after COMMIT of inbound", 1),
    "after Slack took the post and before its answer is stored": ("after chat.postMessage", 1),
    "before the last direct message": ("before chat.postMessage", 3),
}
APPLAUSE_DEATHS = {
    "inside the transaction of an applause": ("after INSERT applause", 1),
    "before an applause is shown": ("before chat.update", 1),
    "after an applause is shown": ("after chat.update", 1),
}


async def die_and_come_back(world: World, scene: Scene, named: str, nth: int) -> None:
    step = named.format(scene.since)
    outcome = await play(world, scene, scene.dying(step, nth=nth))
    assert world.bot.steps[-1] == step, world.story()
    await world.restart()
    await world.settle()
    scene.verify(world, outcome)


@pytest.mark.parametrize("death", DEATHS)
async def test_a_one_liner_survives_a_kill(world: World, death: str) -> None:
    await die_and_come_back(world, ONE_LINE, *DEATHS[death])


@pytest.mark.parametrize("death", FORM_DEATHS)
async def test_a_form_survives_a_kill(world: World, death: str) -> None:
    await die_and_come_back(world, FORM, *DEATHS[death])


@pytest.mark.parametrize("death", APPLAUSE_DEATHS)
async def test_an_applause_survives_a_kill(world: World, death: str) -> None:
    await die_and_come_back(world, APPLAUSE, *APPLAUSE_DEATHS[death])


@pytest.mark.parametrize("death", CORRECTION_DEATHS)
@pytest.mark.parametrize("scene", [CORRECTION, WITHDRAWAL], ids=lambda scene: str(scene.name))
async def test_a_correction_and_a_withdrawal_survive_a_kill(
    world: World, scene: Scene, death: str
) -> None:
    await die_and_come_back(world, scene, *CORRECTION_DEATHS[death])


@pytest.mark.parametrize("death", STORY_DEATHS)
async def test_a_story_survives_a_kill(world: World, death: str) -> None:
    await die_and_come_back(world, STORY_TOLD, *STORY_DEATHS[death])


async def test_without_a_kill_everything_is_there_once_too(world: World) -> None:
    outcome = await play(world, ONE_LINE, ONE_LINE.dying())
    assert outcome.ok
    ONE_LINE.verify(world, outcome)
    assert await world.bot.stop() == 0, world.story()
