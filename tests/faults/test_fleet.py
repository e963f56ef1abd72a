"""Several processes share a database and the work: nothing is lost, and nothing is done twice."""

import random
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Say
from tests.faults.fleet import sharing
from tests.faults.month import LIVES, TROUBLE, Month, counts
from tests.postgres import started

pytestmark = pytest.mark.postgres


async def _play(folder: Path, prepared: bytes, url: str, *, seed: int, **how: Any) -> str:
    async with sharing(folder, prepared, url) as fleet:
        length = {name: how.pop(name) for name in ("days", "kills", "acts") if name in how}
        month = Month(fleet, dice=random.Random(seed), **how)  # noqa: S311 - to be the same again
        await month.play(**length)
        wrong = await month.wrong()
        assert not wrong, "\n".join([*wrong, fleet.story()])
        assert month.acknowledged
        return counts(month)


async def test_some_days_on_which_processes_are_killed(
    tmp_path: Path, prepared: bytes, database_url: str
) -> None:
    await _play(tmp_path, prepared, database_url, seed=1, lives=LIVES, days=7, kills=9, acts=24)


async def test_some_days_on_which_connections_are_lost(
    tmp_path: Path, prepared: bytes, database_url: str
) -> None:
    await _play(tmp_path, prepared, database_url, seed=2, trouble=TROUBLE, days=2, acts=24)


@pytest.mark.soak
async def test_a_month_on_which_two_hundred_processes_are_killed(
    tmp_path: Path, prepared: bytes, database_url: str, say: Say
) -> None:
    how = {"lives": LIVES, "days": 31, "kills": 200, "acts": 400}
    say(await _play(tmp_path, prepared, database_url, seed=3, **how))


@pytest.mark.soak
async def test_a_month_on_which_everything_goes_wrong_at_once(
    tmp_path: Path, prepared: bytes, database_url: str, say: Say
) -> None:
    how = {"lives": LIVES, "trouble": TROUBLE, "days": 31, "kills": 60, "acts": 200}
    say(await _play(tmp_path, prepared, database_url, seed=4, **how))


@pytest.mark.soak
@pytest.mark.usefixtures("server")
async def test_some_days_on_which_the_server_is_restarted(
    tmp_path: Path, prepared: bytes, say: Say
) -> None:
    with started() as server:
        how = {"trouble": ("crash",), "server": server, "days": 5, "acts": 100}
        say(await _play(tmp_path, prepared, server.url, seed=5, **how))


SLACKS_TROUBLE = {
    "away for half an hour": {"trouble": ("go_away",), "days": 2, "acts": 12},
    "it wants no more of anything": {"trouble": ("storm",), "days": 3, "acts": 60},
}


@pytest.mark.soak
@pytest.mark.parametrize("how", SLACKS_TROUBLE.values(), ids=SLACKS_TROUBLE)
async def test_days_on_which_slack_is_of_no_use_again_and_again(
    tmp_path: Path, prepared: bytes, database_url: str, say: Say, how: dict[str, Any]
) -> None:
    say(await _play(tmp_path, prepared, database_url, seed=6, **how))
