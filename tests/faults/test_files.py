"""The bot is killed around a file that somebody asked for: it comes, or they are told."""

from datetime import timedelta

import pytest

from schedules.exporting import UNHEARD_OF
from tests.faults.steps import Plan
from tests.faults.world import World
from tests.reading import text_of
from tests.support import BEN, GENERAL, Doc

UNKNOWN = "Slack did not say whether the file of decision 1 arrived."
SECONDS = 30  # what packs them has to be loaded first


def files(world: World) -> list[Doc]:
    return [each for each in world.slack.dm(BEN) if each.get("files")]


def told(world: World) -> list[str]:
    return [text for each in world.slack.dm(BEN) if UNKNOWN in (text := text_of(each))]


async def ask(world: World) -> None:
    """Have a decision, and its file asked for."""
    await world.slack.command(BEN, GENERAL, "/decide Ship the new booking page on Friday?")
    await world.slack.command(BEN, GENERAL, "/decide export 1")


@pytest.mark.parametrize(
    ("step", "is_there", "is_told"),
    [
        ("before INSERT attachment", True, False),
        ("after COMMIT of attachment", False, True),
        ("before files.completeUploadExternal", False, True),
        ("after files.completeUploadExternal", True, True),
    ],
)
async def test_whoever_asked_gets_it_or_hears_of_it(
    world: World, step: str, is_there: bool, is_told: bool
) -> None:
    await world.start(Plan(named=step, nth=1))
    await ask(world)
    await world.slack.until(lambda: not world.bot.alive, SECONDS)
    await world.restart()
    await world.settle()
    if step.startswith("before INSERT"):
        await world.slack.until(lambda: files(world), SECONDS)
    await world.slack.jump(UNHEARD_OF + timedelta(minutes=1))
    await world.settle()
    assert bool(files(world)) is is_there
    assert bool(told(world)) is is_told


async def test_whoever_got_it_hears_nothing_else(world: World) -> None:
    await world.start()
    await ask(world)
    await world.slack.until(lambda: files(world), SECONDS)
    await world.slack.jump(UNHEARD_OF + timedelta(minutes=1))
    await world.settle()
    assert not told(world)
    assert len(files(world)) == 1
