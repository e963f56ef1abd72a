"""Whom the files of a database are for."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.db import Database
from bot.migrate import migrate

pytestmark = pytest.mark.sqlite


@pytest.fixture
def generous() -> Iterator[None]:
    """Whatever is made is for everybody, unless somebody says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("generous")
def test_a_new_database_its_log_and_its_backup_are_for_nobody_else(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/truenorth.db")
    migrate(database.writer)
    database.copy_to(tmp_path / "backup.db")
    made = {path.name: rights(path) for path in tmp_path.iterdir()}
    database.close()
    names = ("truenorth.db", "truenorth.db-wal", "truenorth.db-shm", "backup.db")
    assert made == dict.fromkeys(names, 0o600)


def test_a_database_that_is_there_keeps_the_rights_that_it_has(tmp_path: Path) -> None:
    path = tmp_path / "truenorth.db"
    path.touch()
    path.chmod(0o640)
    Database.open(f"sqlite:///{path}").close()
    assert rights(path) == 0o640
