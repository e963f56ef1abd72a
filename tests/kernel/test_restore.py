"""What is put back is a whole backup, all of it, where nothing was; or nothing is put back."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from bot import backup, migrate, restore
from bot.db import Database
from bot.errors import NotSaved
from bot.restore import BESIDE
from tests.kernel.dying import command, deaths
from tests.kernel.filled import everything
from tests.kernel.test_backup import DEATHS, at, changed
from tests.kernel.test_backup import place as place
from tests.kernel.test_backup import saved as saved
from tests.stored import sound


def no_database(file: Path) -> None:
    file.write_text("dear diary\n" * 1000)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def somebody_elses(file: Path) -> None:
    file.unlink()
    changed(file, "CREATE TABLE theirs (name TEXT)")


def newer(file: Path) -> None:
    changed(file, "UPDATE alembic_version SET version_num = '9999'")


def damaged(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])


def tangled(file: Path) -> None:
    root = "(SELECT rootpage FROM sqlite_schema WHERE name = 'ix_ledger_order')"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute(
            f"UPDATE sqlite_schema SET rootpage = {root} WHERE name = 'ix_recipient_person'"
        )


def torn(file: Path) -> None:
    changed(file, "UPDATE recipient SET recognition_id = 12345")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (no_database, "is no database, or a damaged one"),
        (empty, "is no database of Truenorth"),
        (somebody_elses, "is no database of Truenorth"),
        (newer, "was made by a newer Truenorth"),
        (damaged, "damaged"),
        (tangled, "is damaged"),
        (torn, "some of its rows refer to nothing"),
        (Path.unlink, "is not there"),
    ],
)
def test_what_is_no_whole_backup_is_not_put_back(
    saved: Path, tmp_path: Path, spoil: Callable[[Path], None], sentence: str
) -> None:
    spoil(saved)
    (tmp_path / "new").mkdir()
    with pytest.raises(NotSaved, match=rf"saved\.db .*{sentence}|{sentence}"):
        restore.restore(at(tmp_path / "new" / "truenorth.db"), saved)
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.sqlite
def test_what_is_put_back_is_all_that_there_was(saved: Path, tmp_path: Path, full: str) -> None:
    new = tmp_path / "new.db"
    restore.restore(at(new), saved)
    assert everything(f"sqlite:///{new}") == everything(full)
    assert new.stat().st_mode & 0o777 == 0o600
    database = Database.open(f"sqlite:///{new}")
    assert sound(database)
    database.close()


@pytest.mark.sqlite
@pytest.mark.parametrize("end", ["", *BESIDE])
def test_nothing_is_put_back_over_anything(saved: Path, tmp_path: Path, end: str) -> None:
    there = tmp_path / f"new.db{end}"
    there.write_text("dear diary")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(NotSaved, match="is there already"):
        restore.restore(at(tmp_path / "new.db"), saved)
    assert there.read_text() == "dear diary"
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.sqlite
def test_a_file_with_changes_beside_it_is_no_backup(saved: Path, tmp_path: Path) -> None:
    saved.with_name("saved.db-wal").write_text("changes")
    with pytest.raises(NotSaved, match="may hold changes"):
        restore.restore(at(tmp_path / "new.db"), saved)


@pytest.mark.sqlite
def test_an_older_backup_is_brought_up_to_date(tmp_path: Path, place: Path) -> None:
    old = tmp_path / "old.db"
    database = Database.open(f"sqlite:///{old}")
    migrate.migrate(database.writer, to="0009")
    database.close()
    assert backup.back_up(at(old), place / "saved.db").schema == "0009"
    restore.restore(at(tmp_path / "new.db"), place / "saved.db")
    database = Database.open(f"sqlite:///{tmp_path}/new.db")
    with database.readers.connect() as connection:
        assert migrate.is_latest(connection)
    database.close()


@pytest.mark.parametrize("at_most", DEATHS)
@pytest.mark.sqlite
def test_what_is_put_back_is_killed_and_there_whole_or_not_at_all(
    saved: Path, full: str, tmp_path: Path, at_most: int
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    file, complete = folder / "truenorth.db", everything(full)
    url = f"sqlite:///{file}"
    undisturbed = command("restore", str(saved), url=url, folder=folder)
    assert undisturbed.exitcode == 0, undisturbed.said
    for nth in deaths(undisturbed, at_most=at_most):
        file.unlink(missing_ok=True)
        died = command("restore", str(saved), url=url, folder=folder, nth=nth)
        assert died.was_killed, died.said
        assert not [file for end in BESIDE if file.with_name(file.name + end).exists()]
        assert not file.exists() or everything(url) == complete, died.steps
    file.unlink(missing_ok=True)
    assert command("restore", str(saved), url=url, folder=folder).exitcode == 0
    assert everything(url) == complete
    assert list(folder.iterdir()) == [file]
