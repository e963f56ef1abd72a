"""Whoever erases somebody is killed: then all of it is done, or nothing, and once more ends it."""

import asyncio
import shutil
from pathlib import Path

import pytest

from bot.db import Database
from tests.kernel.dying import command, deaths
from tests.stored import dump, everything, sound
from tests.visibility.organisation import ANN
from tests.visibility.shown import Unhurried
from tests.visibility.test_erased import EVERYTHING, left_of, names, own
from tests.visibility.test_everything import Play
from tests.visibility.test_everything import template as template

DEATHS = (3, pytest.param(8, marks=pytest.mark.soak))
ARGUMENTS = ("erase", ANN, "--yes")


@pytest.fixture
def busy(template: Path, tmp_path: Path) -> Path:
    """The organisation in which Ann did of everything something."""
    path = Path(shutil.copy(template, tmp_path / "busy.db"))
    asyncio.run(_play(f"sqlite:///{path}"))
    return path


async def _play(url: str) -> None:
    database = Unhurried.open(url)
    play = Play(database, EVERYTHING, ())
    for step in EVERYTHING.steps:
        await play._do(step)
        await play._deliver()
    database.close()


def on_disk(url: str) -> str:
    database = Database.open(url)
    assert sound(database)
    held = everything(database).decode("latin-1")
    database.close()
    return held


@pytest.mark.parametrize("at_most", DEATHS)
def test_whoever_is_killed_has_erased_all_or_nothing_and_ends_it_the_next_time(
    busy: Path, tmp_path: Path, at_most: int
) -> None:
    folder = tmp_path / "here"
    folder.mkdir()
    file, receipt = folder / "truenorth.db", folder / "receipt.txt"
    url = f"sqlite:///{file}"
    shutil.copy(busy, file)
    before = dump(url)
    undisturbed = command(*ARGUMENTS, "--receipt", str(receipt), url=url, folder=folder)
    assert undisturbed.exitcode == 0, undisturbed.said
    for nth in deaths(undisturbed, at_most=at_most):
        shutil.rmtree(folder)
        folder.mkdir()
        shutil.copy(busy, file)
        died = command(*ARGUMENTS, "--receipt", str(receipt), url=url, folder=folder, nth=nth)
        assert died.was_killed, died.said
        assert dump(url) == before or left_of(url, ANN) == []
        assert not receipt.exists() or "one person was erased" in receipt.read_text()
        again = command(*ARGUMENTS, url=url, folder=folder)
        assert again.exitcode == 0, again.said
        held = on_disk(url)
        assert not names(ANN, held)
        assert [words for words in own(EVERYTHING, ANN) if words in held] == []
