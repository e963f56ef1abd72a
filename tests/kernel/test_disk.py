"""A disk or a file that does not do as it should is told in a sentence, never a traceback."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session

import app
from bot import inbound
from bot.db import Database
from bot.errors import DatabaseTrouble, NotSaved
from tests.stored import file_of
from tests.support import T0, TEAM

ROOT = Path(__file__).parents[2]
SECONDS = 60


def remember(key: str) -> Callable[[Session], bool]:
    return lambda session: inbound.first_time(session, key, at=T0)


def fill(database: Database) -> None:
    """Let the file grow no further."""
    with database.writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


@pytest.mark.sqlite
async def test_a_full_disk_is_told_and_nothing_is_saved(database: Database) -> None:
    fill(database)

    def much(session: Session) -> None:
        for number in range(1000):
            inbound.first_time(session, f"{number}", at=T0)

    with pytest.raises(DatabaseTrouble, match="Nothing was saved: the disk .* is full"):
        await database.write(TEAM, much)
    assert await database.write(TEAM, remember("0"))


@pytest.mark.sqlite
async def test_damage_that_shows_up_while_running_is_told(database: Database) -> None:
    corrupt(file_of(database))
    with pytest.raises(DatabaseTrouble, match="Nothing was saved: the database file is damaged"):
        await database.write(TEAM, remember("a"))


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatabaseTrouble, match="cannot be opened; check that its folder is there"):
        Database.open(f"sqlite:///{tmp_path}/nowhere/truenorth.db")


# What keeps the program itself from starting


def corrupt(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))


def no_database(path: Path) -> None:
    path.write_bytes(b"This is a letter, and no database at all.\n" * 100)


def newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def no_folder(path: Path) -> None:
    path.unlink()
    path.parent.rmdir()


def environment(database_url: str) -> dict[str, str]:
    """Settings with a Slack where nobody listens; it is not to be asked."""
    return {
        "SLACK_BOT_TOKEN": "xoxb-playground",
        "SLACK_APP_TOKEN": "xapp-playground",
        "SLACK_API_URL": "http://127.0.0.1:1/",
        "DATABASE_URL": database_url,
    }


def run_app(database_url: str, *, first: str = "") -> str:
    """Run the program as its user does, and return the line with which it ends.

    `first` is Python that it does once everything is imported.
    """
    script = f"import os, resource, sys, app; {first}; sys.exit(app.main(['run']))"
    command = ["-c", script] if first else ["app.py", "run"]
    ended = subprocess.run(
        [sys.executable, "-B", *command],
        cwd=ROOT,
        env=environment(database_url),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    assert "Traceback" not in ended.stderr
    assert ended.stdout == ""
    return ended.stderr.splitlines()[-1]


@pytest.fixture
def own_url(tmp_path: Path, migrated: Path) -> str:
    """A database in a folder of its own."""
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "truenorth.db").write_bytes(migrated.read_bytes())
    return f"sqlite:///{folder}/truenorth.db"


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (no_database, "is not a database; put a backup back, or name another file"),
        (newer, "was made by a newer Truenorth"),
        (a_folder, "cannot be opened"),
        (no_folder, "cannot be opened; check that its folder is there"),
    ],
)
def test_the_program_says_in_one_line_why_it_cannot_start(
    own_url: str,
    spoil: Callable[[Path], None],
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoil(Path(own_url.removeprefix("sqlite:///")))
    for name, value in environment(own_url).items():
        monkeypatch.setenv(name, value)
    assert app.main(["run"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert sentence in line


def test_the_program_ends_with_that_line_and_no_traceback(own_url: str) -> None:
    corrupt(Path(own_url.removeprefix("sqlite:///")))
    assert "is damaged; put a backup back" in run_app(own_url)


def test_the_program_says_that_its_disk_is_full(own_url: str) -> None:
    Path(own_url.removeprefix("sqlite:///")).unlink()
    little_room = "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))"
    assert "the disk where Truenorth keeps its data" in run_app(own_url, first=little_room)


def test_the_program_says_that_it_may_not_write(own_url: str) -> None:
    path = Path(own_url.removeprefix("sqlite:///"))
    _let_everybody_in(path.parent)
    path.chmod(0o444)
    path.parent.chmod(0o555)
    # Rights do not bind root, so it becomes nobody.
    line = run_app(own_url, first="os.geteuid() or os.setuid(65534)")
    assert "who may write to it" in line or "read-only" in line
    path.parent.chmod(0o755)


def _let_everybody_in(folder: Path) -> None:
    for each in (folder, *folder.parents):
        if each.stat().st_uid == os.geteuid() and not each.stat().st_mode & 0o001:
            each.chmod(each.stat().st_mode | 0o001)


def test_the_program_says_that_another_one_keeps_the_database(own_url: str) -> None:
    other = sqlite3.connect(own_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert "the database was busy for too long" in run_app(own_url)
    finally:
        other.close()


def test_a_lock_at_the_start_is_no_trouble_of_the_file(
    own_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.db.PATIENCE", 0.05)
    other = sqlite3.connect(own_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(NotSaved) as told:
            Database.open(own_url)
    finally:
        other.close()
    assert not isinstance(told.value, DatabaseTrouble)
