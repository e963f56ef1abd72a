"""Everything of an installation in another database: all of it, counted, or nothing."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Table, insert
from sqlalchemy.engine import Connection, Engine

import app
from bot import config, copying, migrate
from bot.chores import FILL, Chore
from bot.copying import NotCopied
from bot.counters import Counter
from bot.db import Database
from tests.kernel.dying import command, deaths
from tests.kernel.filled import MANY, TEAMS, everything, installation, rows_of
from tests.postgres import Server

DEATHS = (3, pytest.param(8, marks=pytest.mark.soak))
NOT_EMPTY = "is not empty. Name a new one."


@pytest.fixture(params=["SQLite", pytest.param("PostgreSQL", marks=pytest.mark.postgres)])
def new_url(request: pytest.FixtureRequest, tmp_path: Path, server: Server | None) -> Iterator[str]:
    """An empty database to copy to."""
    if request.param == "SQLite":
        yield f"sqlite:///{tmp_path}/new.db"
    else:
        assert server is not None
        with server.empty_database() as url:
            yield url


def test_what_somebody_began_to_use_meanwhile_is_left_as_it_is(
    full: str, new_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = migrate.migrate

    def begin_to_use(engine: Engine) -> None:
        whole(engine)
        with engine.begin() as connection:
            counted = {"id": 1, "team_id": "T0NEW", "name": "decision", "count": 7}
            connection.execute(insert(Counter), counted)

    monkeypatch.setattr(migrate, "migrate", begin_to_use)
    with pytest.raises(NotCopied, match=NOT_EMPTY):
        copying.copy(installation(full), new_url)
    assert {name: len(rows) for name, rows in everything(new_url).items() if rows} == {"counter": 1}


def test_every_row_is_there_as_it_was(full: str, new_url: str) -> None:
    before = everything(full)
    counts = copying.copy(installation(full), new_url)
    assert everything(new_url) == before == everything(full)
    assert counts == {name: len(rows) for name, rows in before.items()}
    assert all(counts.values())
    assert counts["ledger"] == MANY


def test_what_can_be_found_is_asked_to_be_put_in_there(full: str, new_url: str) -> None:
    copying.copy(installation(full), new_url)
    database = Database.open(new_url)
    with database.readers.connect() as connection:
        chores = rows_of(Chore.__table__, "team_id", "what")  # type: ignore[attr-defined]
        assert sorted(connection.execute(chores)) == [(f"T{one}", FILL) for one in range(TEAMS)]
    database.close()


def test_a_database_with_something_in_it_is_refused_and_left_alone(full: str, new_url: str) -> None:
    copying.copy(installation(full), new_url)
    before = everything(new_url)
    with pytest.raises(NotCopied, match=NOT_EMPTY):
        copying.copy(installation(full), new_url)
    assert everything(new_url) == before
    with pytest.raises(NotCopied, match=NOT_EMPTY):
        copying.copy(installation(full), full)


def test_a_database_of_something_else_is_refused(full: str, new_url: str) -> None:
    other = Database.open(new_url)
    with other.writer.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE theirs (name TEXT)")
    other.close()
    with pytest.raises(NotCopied, match=NOT_EMPTY):
        copying.copy(installation(full), new_url)


def test_what_is_broken_off_leaves_nothing_and_can_be_done_again(
    full: str, new_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = copying._copy_table

    def break_off(table: Table, there: Connection, here: Connection) -> int:
        if table.name == "story_credit":
            raise KeyboardInterrupt
        return whole(table, there, here)

    with monkeypatch.context() as broken:
        broken.setattr(copying, "_copy_table", break_off)
        with pytest.raises(KeyboardInterrupt):
            copying.copy(installation(full), new_url)
    assert not any(everything(new_url).values())
    assert copying.copy(installation(full), new_url)
    assert everything(new_url) == everything(full)


def test_a_row_that_is_lost_on_the_way_is_noticed(
    full: str, new_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = copying._some_at_a_time

    def lose_one(table: Table, there: Connection) -> Iterator[list[dict[str, object]]]:
        for rows in whole(table, there):
            yield rows[:-1] if table.name == "recognition" else rows

    monkeypatch.setattr(copying, "_some_at_a_time", lose_one)
    with pytest.raises(NotCopied, match="3 rows of recognition became 2"):
        copying.copy(installation(full), new_url)
    assert not any(everything(new_url).values())


def test_one_of_another_version_is_not_copied(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/old.db"
    old = Database.open(url)
    migrate.migrate(old.writer, to="0009")
    old.close()
    with pytest.raises(NotCopied, match="another version made this database"):
        copying.copy(installation(url), f"sqlite:///{tmp_path}/new.db")


def test_the_command_says_what_it_did_or_why_not(
    full: str, new_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = installation(full)
    assert copying.run(chosen, new_url) == 0
    assert "rows of 42 tables were copied and counted" in capsys.readouterr().out
    assert copying.run(chosen, new_url) == 1
    assert NOT_EMPTY in capsys.readouterr().err
    assert copying.run(chosen, "mysql://there") == 1
    assert "--to begins with mysql://" in capsys.readouterr().err
    missing = installation(f"sqlite:///{tmp_path}/missing.db")
    assert copying.run(missing, f"sqlite:///{tmp_path}/another.db") == 1
    assert "missing.db is not there" in capsys.readouterr().err
    assert not (tmp_path / "missing.db").exists()


def test_it_is_one_of_the_apps_commands(
    full: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "load", lambda: installation(full))
    assert app.main(["copy", "--to", f"sqlite:///{tmp_path}/copied.db"]) == 0
    assert everything(f"sqlite:///{tmp_path}/copied.db") == everything(full)


@pytest.mark.parametrize("at_most", DEATHS)
@pytest.mark.sqlite
def test_what_is_killed_leaves_nothing_and_can_be_done_again(
    full: str, tmp_path: Path, at_most: int
) -> None:
    folder = tmp_path / "new"
    folder.mkdir()
    to = f"sqlite:///{folder}/new.db"
    undisturbed = command("copy", "--to", to, url=full, folder=folder)
    assert undisturbed.exitcode == 0, undisturbed.said
    complete = everything(full)
    for nth in deaths(undisturbed, at_most=at_most):
        shutil.rmtree(folder)
        folder.mkdir()
        died = command("copy", "--to", to, url=full, folder=folder, nth=nth)
        assert died.was_killed, died.said
        again = command("copy", "--to", to, url=full, folder=folder)
        is_done = "is not empty" in again.said
        assert is_done or again.exitcode == 0, again.said
        assert everything(to) == complete
