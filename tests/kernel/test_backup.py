"""A backup is there whole and was opened again, or it is not there; so is what is put back."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot import backup, config, migrate, restore, sqlite
from bot.backup import Copy
from bot.config import Settings
from bot.errors import NotSaved
from tests.kernel.dying import command, deaths
from tests.kernel.filled import everything, installation

DEATHS = (6, pytest.param(24, marks=pytest.mark.soak))
SCHEMA = str(migrate.scripts_known().get_current_head())


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder that is nothing else's."""
    folder = tmp_path / "safe"
    folder.mkdir()
    return folder


@pytest.fixture
def saved(full: str, place: Path) -> Path:
    """A backup of an installation with something in each column of each table."""
    backup.back_up(installation(full), place / "saved.db")
    return place / "saved.db"


def at(path: Path) -> Settings:
    return installation(f"sqlite:///{path}")


def changed(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


@pytest.mark.sqlite
def test_a_backup_holds_every_row_and_is_its_owners_alone(full: str, place: Path) -> None:
    made = backup.back_up(installation(full), place / "saved.db")
    assert everything(f"sqlite:///{place}/saved.db") == everything(full)
    assert made.compared
    assert made.schema == SCHEMA
    assert made.rows["ledger"] == len(everything(full)["ledger"])
    assert (place / "saved.db").stat().st_mode & 0o777 == 0o600


@pytest.mark.sqlite
def test_a_backup_says_where_rows_were_added_meanwhile(
    full: str,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    count = sqlite.count_rows

    def count_and_write(connection: sqlite3.Connection) -> dict[str, int]:
        counted = count(connection)
        changed(Path(full.removeprefix("sqlite:///")), "DELETE FROM inbound")
        return counted

    monkeypatch.setattr(sqlite, "count_rows", count_and_write)
    made = backup.back_up(installation(full), place / "saved.db")
    assert not made.compared
    assert made.rows["inbound"] == 0


@pytest.mark.sqlite
def test_a_copy_that_lacks_a_row_is_not_kept(
    full: str,
    place: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = backup.verified

    def lose_one(file: Path, *, called: Path) -> Copy:
        changed(file, "DELETE FROM inbound WHERE id = 1")
        return found(file, called=called)

    monkeypatch.setattr(backup, "verified", lose_one)
    with pytest.raises(NotSaved, match="other rows than the original"):
        backup.back_up(installation(full), place / "saved.db")
    assert list(place.iterdir()) == []


@pytest.mark.sqlite
def test_what_was_erased_is_in_no_backup(full: str, place: Path) -> None:
    path = Path(full.removeprefix("sqlite:///"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA secure_delete=OFF")
        connection.execute('UPDATE outbox SET message = \'{"text": "unmistakable"}\'')
        connection.commit()
        connection.execute("DELETE FROM outbox")
    backup.back_up(installation(full), place / "saved.db")
    assert b"unmistakable" in path.read_bytes()
    assert b"unmistakable" not in (place / "saved.db").read_bytes()


@pytest.mark.sqlite
def test_a_file_that_is_there_is_left_alone(full: str, place: Path) -> None:
    (place / "saved.db").write_text("dear diary")
    with pytest.raises(NotSaved, match="is there already"):
        backup.back_up(installation(full), place / "saved.db")
    assert (place / "saved.db").read_text() == "dear diary"
    assert list(place.iterdir()) == [place / "saved.db"]


def test_a_backup_of_nothing_makes_nothing(place: Path) -> None:
    with pytest.raises(NotSaved, match=r"none\.db is not there"):
        backup.back_up(at(place / "none.db"), place / "saved.db")
    assert list(place.iterdir()) == []


@pytest.mark.sqlite
def test_a_folder_that_is_missing_is_told(full: str, place: Path) -> None:
    with pytest.raises(NotSaved, match="was not made: No such file or directory"):
        backup.back_up(installation(full), place / "nowhere" / "saved.db")


@pytest.mark.parametrize("at_most", DEATHS)
@pytest.mark.sqlite
def test_a_backup_survives_no_kill_or_survives_it_whole(
    full: str, place: Path, at_most: int
) -> None:
    file = place / "saved.db"
    undisturbed = command("backup", str(file), url=full, folder=place)
    assert undisturbed.exitcode == 0, undisturbed.said
    complete = everything(full)
    for nth in deaths(undisturbed, at_most=at_most):
        file.unlink(missing_ok=True)
        died = command("backup", str(file), url=full, folder=place, nth=nth)
        assert died.was_killed, died.said
        assert not file.exists() or everything(f"sqlite:///{file}") == complete, died.steps
    assert command("backup", str(place / "last.db"), url=full, folder=place).exitcode == 0
    assert everything(f"sqlite:///{place}/last.db") == complete


@pytest.mark.sqlite
def test_a_disk_that_is_full_leaves_no_backup(full: str, place: Path) -> None:
    ended = command("backup", str(place / "saved.db"), url=full, folder=place, room=40_000)
    assert ended.exitcode == 1
    assert "was not made" in ended.said
    assert "Traceback" not in ended.said
    assert list(place.iterdir()) == []


def test_a_server_is_left_to_its_own_programs(place: Path) -> None:
    url = "postgresql+psycopg://ana:secret@db.example:5433/north?sslmode=require"
    with pytest.raises(NotSaved) as told:
        backup.back_up(installation(url), place / "it's.dump")
    said = told.value.message.splitlines()[-1]
    server = "--dbname='postgresql://ana@db.example:5433/north?sslmode=require'"
    assert said == f"""pg_dump --format=custom --file='{place}/it'"'"'s.dump' {server}"""
    with pytest.raises(NotSaved) as told:
        restore.restore(installation(url), place / "a.dump")
    assert f"{server} {place}/a.dump" in told.value.message
    assert "secret" not in told.value.message


def test_the_commands_say_what_they_did_or_why_not(
    tmp_path: Path,
    migrated: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chosen = at(tmp_path / "truenorth.db")
    monkeypatch.setattr(config, "load", lambda: chosen)
    (tmp_path / "truenorth.db").write_bytes(migrated.read_bytes())
    assert backup.run(chosen, tmp_path / "saved.db") == 0
    assert f"rows, as many as in the original, of schema {SCHEMA}." in capsys.readouterr().out
    assert backup.run(chosen, tmp_path / "saved.db") == 1
    assert "saved.db is there already" in capsys.readouterr().err
    assert restore.run(at(tmp_path / "new.db"), tmp_path / "saved.db") == 0
    assert "saved.db is back as" in capsys.readouterr().out
    assert restore.run(at(tmp_path / "new.db"), tmp_path / "saved.db") == 1
    assert "new.db is there already" in capsys.readouterr().err
