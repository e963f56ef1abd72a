"""Whatever people do, and whenever processes die: what is published is what was answered."""

import asyncio
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from tests.pulse.plays import Play, Step
from tests.pulse.poll import opened

PEOPLE = ("answer", "answer", "answer_all", "answer_all", "answer_all", "comment", "comment")
EVENTS = ("redeliver", "leave", "come", "move", "refuse", "later", "later", "back", "die")
STEP = st.tuples(st.sampled_from([*PEOPLE, *EVENTS]), st.integers(0, 15), st.integers(0, 29))
CROWDED: list[Step] = [("answer_all", who, 20 + 5 * (who % 2)) for who in range(14)]
TALKING: list[Step] = [("comment", who, 1 + who % 3) for who in range(12)]
FEW = 25  # sequences


async def _play(steps: Sequence[Step], prepared: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copyfile(prepared, Path(folder) / "truenorth.db")
        async with opened(f"sqlite:///{path}") as poll:
            play = Play(poll)
            await play.run(steps)
            assert await play.wrong() == []


@settings(
    max_examples=FEW,
    phases=[Phase.explicit, Phase.generate],  # to shrink would take minutes
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, min_size=10, max_size=60))
@example(steps=[])
@example(steps=[*CROWDED, *TALKING])
@example(steps=[*CROWDED, ("later", 0, 29), ("leave", 3, 0), ("answer_all", 3, 0), *TALKING])
def test_what_is_published_is_what_was_answered_last(
    prepared_file: Path, steps: list[Step]
) -> None:
    asyncio.run(_play(steps, prepared_file))
