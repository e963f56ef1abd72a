"""Several processes share a database and the work: nothing is lost, and nothing is done twice."""

import random
from pathlib import Path

import pytest

from tests.faults.fleet import Month, counts, sharing

pytestmark = pytest.mark.postgres


async def _play(
    folder: Path, prepared: bytes, url: str, *, days: int, kills: int, seed: int
) -> str:
    async with sharing(folder, prepared, url) as fleet:
        month = Month(fleet, dice=random.Random(seed))  # noqa: S311 - to be the same again
        await month.play(days=days, kills=kills)
        wrong = await month.wrong()
        assert not wrong, "\n".join([*wrong, fleet.story()])
        assert fleet.kills >= kills
        return counts(month)


async def test_some_days_on_which_processes_are_killed(
    tmp_path: Path, prepared: bytes, database_url: str
) -> None:
    await _play(tmp_path, prepared, database_url, days=3, kills=6, seed=1)
