"""Every step of every scene, killed once: takes minutes, so `make soak` runs it."""

import time
from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import Say
from tests.faults.scenes import (
    APPLAUSE,
    CORRECTION,
    FORM,
    ONE_LINE,
    OPENING,
    STORY_TOLD,
    WITHDRAWAL,
    Scene,
    play,
)
from tests.faults.steps import AT_START, Plan
from tests.faults.world import World, living

MOST_DEATHS = 400  # of one scene
MOST_SECONDS = 600.0  # for one scene
STRIDE = 3  # while coming back, one step of so many

SAVING = {
    f"{when} {what}"
    for when in ("before", "after")
    for what in ("INSERT inbound", "COMMIT of inbound", "ack", "UPDATE outbox", "COMMIT of outbox")
}
POSTING = {"before chat.postMessage", "after chat.postMessage"}
UPDATING = {"before chat.update", "after chat.update"}
OPENING_IT = {"before views.open", "after views.open", "before ack", "after ack"}

# The scene, and steps that must be among those at which the bot died.
SCENES = [
    (ONE_LINE, SAVING | POSTING),
    (FORM, SAVING | POSTING),
    (OPENING, OPENING_IT),
    (APPLAUSE, SAVING | UPDATING),
    (STORY_TOLD, SAVING | POSTING),
    (CORRECTION, SAVING | UPDATING),
    (WITHDRAWAL, SAVING | UPDATING),
]


class Sweep:
    """Plays a scene once for each of its steps, within bounds, and counts."""

    def __init__(self, folder: Path, prepared: bytes) -> None:
        self.folder = folder
        self.prepared = prepared
        self.died = Counter[str]()
        self._end = time.monotonic() + MOST_SECONDS
        self._worlds = 0

    @property
    def cut_short(self) -> bool:
        """Whether the bounds are reached."""
        return self._worlds >= MOST_DEATHS or time.monotonic() > self._end

    async def die_at_each(self, scene: Scene, *first: Plan, since: str, by: int = 1) -> None:
        """Die at each step that comes in an undisturbed run, after the first deaths."""
        steps = await self.die(scene, *first, Plan(since))
        # By name, since what runs beside each other numbers them differently each time.
        plans = [Plan(since, step, steps[: at + 1].count(step)) for at, step in enumerate(steps)]
        for plan in plans[::by]:
            if not self.cut_short:
                await self.die(scene, *first, plan)

    async def die(self, scene: Scene, *plans: Plan) -> list[str]:
        """Play the scene, dying by each plan in turn, and see that all is well in the end.

        Returns the steps of the last life.
        """
        self._worlds += 1
        folder = self.folder / str(self._worlds)
        folder.mkdir()
        async with living(folder, self.prepared) as world:
            outcome = await play(world, scene, plans[0])
            for plan in (*plans[1:], Plan()):
                if not world.bot.alive:
                    await self.come_back(world, plan)
            scene.verify(world, outcome)
            return world.bot.steps

    async def come_back(self, world: World, plan: Plan) -> None:
        """Note the death, start again, and let everything be sent."""
        self.died[world.bot.steps[-1]] += 1
        await world.restart(plan)
        await world.settle()

    def report(self, name: str) -> str:
        """The counts."""
        end = ", cut short" if self.cut_short else ""
        deaths, kinds = self.died.total(), len(self.died)
        return f"{name}: {self._worlds} worlds, {deaths} deaths at {kinds} kinds of step{end}"


@pytest.mark.soak
@pytest.mark.parametrize(("scene", "steps"), SCENES, ids=[scene.name for scene, _ in SCENES])
async def test_no_step_is_one_too_many(
    tmp_path: Path, prepared: bytes, say: Say, scene: Scene, steps: set[str]
) -> None:
    sweep = Sweep(tmp_path, prepared)
    await sweep.die_at_each(scene, since=scene.since)
    say(sweep.report(scene.name))
    assert sweep.cut_short or sweep.died.keys() >= steps


@pytest.mark.soak
async def test_no_step_of_coming_back_is_one_too_many(
    tmp_path: Path, prepared: bytes, say: Say
) -> None:
    sweep = Sweep(tmp_path, prepared)
    first = ONE_LINE.dying("after chat.postMessage", nth=1)
    await sweep.die_at_each(ONE_LINE, first, since=AT_START, by=STRIDE)
    say(sweep.report("coming back"))
    assert sweep.died.total() > sweep.died[first.named]
