"""No sequence of giving, correcting, applauding, withdrawing, redelivery and death disagrees."""

import asyncio
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.faults.sequences import Play, Step, disagreements, homes_disagree
from tests.faults.truth import not_once
from tests.faults.world import living

ACTS = ("give", "give", "give", "correct", "correct", "withdraw", "applaud", "applaud")
EVENTS = ("redeliver", "jump", "kill")
STEP = st.tuples(st.sampled_from([*ACTS, *EVENTS]), st.integers(0, 2), st.integers(0, 9))
FEW = 6  # sequences; each is a world of its own


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory: pytest.TempPathFactory, prepared: bytes) -> Path:
    """The prepared database under a name, since hypothesis prints what a test is given."""
    path = tmp_path_factory.mktemp("sequences") / "prepared.db"
    path.write_bytes(prepared)
    return path


async def _play(steps: list[Step], prepared: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        async with living(Path(folder), prepared) as world:
            play = Play(world)
            await play.run([("give", 1, 0), *steps])
            wrong = disagreements(world, play.acknowledged) + await homes_disagree(world)
            wrong += not_once(world.database, world.slack)
            assert not wrong, "\n".join([*wrong, world.story()])


@settings(
    max_examples=FEW,
    phases=[Phase.explicit, Phase.generate],  # each try takes seconds: shrinking takes too long
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=4, max_size=14))
def test_post_home_counts_and_ledger_agree(prepared_file: Path, steps: list[Step]) -> None:
    asyncio.run(_play(steps, prepared_file.read_bytes()))
