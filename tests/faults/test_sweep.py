"""Every step of every scene, killed once: takes minutes, so `make soak` runs it."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.scenes import APPLAUSE, FORM, ONE_LINE, OPENING, Scene, play
from tests.faults.steps import Plan
from tests.faults.world import World, living

MOST_DEATHS = 400  # of one scene
MOST_SECONDS = 900.0  # for one scene
EVERY_SECOND_DEATH = 4  # while coming back, one step of so many

Say = Callable[[str], None]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Print where whoever waits can read it."""

    def aloud(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}", flush=True)  # noqa: T201

    return aloud


class Sweep:
    """Plays a scene once for each of its steps, within bounds, and counts."""

    def __init__(self, folder: Path, prepared: bytes) -> None:
        self.folder = folder
        self.prepared = prepared
        self.died = Counter[str]()
        self.survived = 0
        self._end = time.monotonic() + MOST_SECONDS
        self._lives = 0

    @property
    def over(self) -> bool:
        """Whether the bounds are reached."""
        return self._lives >= MOST_DEATHS or time.monotonic() > self._end

    def place(self) -> Path:
        """A folder for one more world."""
        self._lives += 1
        folder = self.folder / str(self._lives)
        folder.mkdir()
        return folder

    async def steps(self, scene: Scene) -> int:
        """Play the scene undisturbed and count its steps."""
        async with living(self.place(), self.prepared) as world:
            scene.verify(world, await play(world, scene, scene.dying()))
            return len(world.bot.steps)

    async def die(self, scene: Scene, *plans: Plan) -> int:
        """Play the scene, dying by each plan in turn; return the steps of the last death's life."""
        async with living(self.place(), self.prepared) as world:
            outcome = await play(world, scene, plans[0])
            for plan in (*plans[1:], Plan()):
                if not world.bot.alive:
                    await self.come_back(world, plan)
            scene.verify(world, outcome)
            return len(world.bot.steps)

    async def come_back(self, world: World, plan: Plan) -> None:
        """Note the death and start again."""
        await world.restart(plan)
        self.died[world.lives[-2].steps[-1]] += 1
        await world.settle()

    def report(self, scene: Scene, total: int) -> str:
        """The counts."""
        kinds = len(self.died)
        return f"{scene.name}: {self.died.total()} deaths at {kinds} kinds of step, of {total}"


@pytest.mark.soak
@pytest.mark.parametrize("scene", [ONE_LINE, FORM, OPENING, APPLAUSE], ids=lambda it: it.name)
async def test_no_step_is_one_too_many(
    tmp_path: Path, prepared: bytes, say: Say, scene: Scene
) -> None:
    sweep = Sweep(tmp_path, prepared)
    total = await sweep.steps(scene)
    for nth in range(1, total + 1):
        if sweep.over:
            break
        await sweep.die(scene, scene.dying(nth=nth))
    say(sweep.report(scene, total))
    # What runs beside each other differs from one time to the next, so the last few may not come.
    assert sweep.died.total() >= min(total, MOST_DEATHS) * 0.9
