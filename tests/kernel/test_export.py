"""Everything of a workspace in files: every row of every table, but what must never leave."""

import base64
import csv
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import SQLModel

from bot import config, export
from bot.db import Database
from bot.errors import NotSaved
from bot.export import LEFT_OUT
from bot.tenancy import EVERY_TEAM
from tests.kernel.dying import command, deaths
from tests.kernel.filled import everything, installation, rows_of

TEAM = "T1"
DEATHS = (6, pytest.param(24, marks=pytest.mark.soak))
ALL_TABLES = SQLModel.metadata.sorted_tables
NOTHING_LEAVES = {"round_key", "answer", "comment", "participation"}
NOTHING_LEAVES |= {"installation", "installation_bot", "installation_state"}


def lines_of(folder: Path, table: str) -> list[dict[str, Any]]:
    written = (folder / f"{table}.jsonl").read_text().splitlines()
    return [json.loads(line) for line in written]


def stored(url: str, table: Any, *, team: str = TEAM) -> list[dict[str, Any]]:
    """The rows of a team, as JSON can hold them."""
    database = Database.open(url)
    with database.readers.connect() as connection:
        found = connection.execute(rows_of(table).where(table.c.team_id == team))
        rows = [{name: plain(value) for name, value in row.items()} for row in found.mappings()]
    database.close()
    return sorted(rows, key=lambda row: int(row["id"]))


def plain(value: object) -> object:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.isoformat() if isinstance(value, date | datetime) else value


def without(rows: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


def change(url: str, statement: str) -> None:
    database = Database.open(url)
    with database.writer.begin() as connection:
        connection.execution_options(**EVERY_TEAM).exec_driver_sql(statement)
    database.close()


@pytest.fixture
def exported(full: str, tmp_path: Path) -> Path:
    export.export(installation(full), tmp_path / "out", team=TEAM)
    return tmp_path / "out"


def test_every_row_of_every_table_leaves_as_it_is(full: str, exported: Path) -> None:
    for table in ALL_TABLES:
        if table.name in NOTHING_LEAVES:
            continue
        columns = LEFT_OUT[table.name].columns if table.name in LEFT_OUT else ()
        assert lines_of(exported, table.name) == without(stored(full, table), *columns), table.name
        if table.name not in ("search_entry", "search_chore"):  # which the installation lacks
            assert lines_of(exported, table.name), table.name


def test_both_files_of_a_table_hold_the_same_rows(exported: Path) -> None:
    for table in ALL_TABLES:
        if table.name in NOTHING_LEAVES:
            continue
        with (exported / f"{table.name}.csv").open(encoding="utf-8-sig", newline="") as file:
            cells = list(csv.DictReader(file))
        lines = lines_of(exported, table.name)
        assert [row["id"] for row in cells] == [str(row["id"]) for row in lines]
        for row, line in zip(cells, lines, strict=True):
            assert row == {name: as_cell(value) for name, value in line.items()}


def as_cell(value: object) -> str:
    if isinstance(value, bool | dict | list):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)


def test_the_manifest_counts_what_left_and_says_what_did_not(full: str, exported: Path) -> None:
    told = json.loads((exported / "manifest.json").read_text())
    files = {path.name for path in exported.iterdir()} - {"manifest.json"}
    assert files == {f"{name}.{kind}" for name in told["rows"] for kind in ("csv", "jsonl")}
    assert {*told["rows"], *NOTHING_LEAVES} == {table.name for table in ALL_TABLES}
    assert told["rows"] == {name: len(lines_of(exported, name)) for name in told["rows"]}
    assert told["left_out"].keys() == LEFT_OUT.keys()
    assert all(one["why"] for one in told["left_out"].values())
    assert (told["team"], len(told["schema"])) == (TEAM, 4)
    assert datetime.fromisoformat(told["at"]).tzinfo is not None


def test_nothing_of_another_workspace_leaves(exported: Path) -> None:
    for path in exported.glob("*.jsonl"):
        assert {row["team_id"] for row in lines_of(exported, path.stem)} <= {TEAM}, path


@pytest.mark.parametrize("who", ["U0BEN", "W0BEN"])
def test_nothing_tells_who_was_reminded(full: str, tmp_path: Path, who: str) -> None:
    change(full, f"UPDATE outbox SET cause = 'round:7:to:5ab:reminder1', lane = '{who}'")
    change(full, f"UPDATE lane SET name = '{who}'")
    export.export(installation(full), tmp_path / "out", team=TEAM)
    assert lines_of(tmp_path / "out", "outbox") == []
    assert lines_of(tmp_path / "out", "lane") == []
    assert not any(who in path.read_text() for path in (tmp_path / "out").iterdir())


def test_what_is_left_out_is_what_there_is() -> None:
    tables = {table.name: table for table in ALL_TABLES}
    for name, one in LEFT_OUT.items():
        columns = [*one.columns, *([one.rows[0]] if one.rows else [])]
        assert set(columns) <= set(tables[name].columns.keys())
        assert one.is_all == (name in NOTHING_LEAVES)


@pytest.mark.parametrize("start", [*"=+-@\t\r\n＝＋－＠"])  # noqa: RUF001
def test_no_cell_is_taken_for_a_formula(full: str, tmp_path: Path, start: str) -> None:
    wrote = f"{start}HYPERLINK(1)"
    database = Database.open(full)
    with database.writer.begin() as connection:
        table = SQLModel.metadata.tables["recognition"]
        connection.execute(table.update().where(table.c.team_id == TEAM).values(message=wrote))
    database.close()
    export.export(installation(full), tmp_path / "out", team=TEAM)
    with (tmp_path / "out" / "recognition.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["message"] for row in csv.DictReader(file)} == {f"'{wrote}"}
    assert {row["message"] for row in lines_of(tmp_path / "out", "recognition")} == {wrote}


@given(st.text())
def test_what_is_made_neutral_begins_like_no_formula(text: str) -> None:
    assert not export.neutral(text).startswith(export.FORMULAS)
    assert export.neutral(text).removeprefix("'") == text.removeprefix("'")


def test_a_workspace_has_to_be_named_where_there_are_several(full: str, tmp_path: Path) -> None:
    for wanted in (None, "T9"):
        with pytest.raises(NotSaved, match=r"say with --team which .* There is T0, T1, T2\."):
            export.export(installation(full), tmp_path / "out", team=wanted)
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_there_is_left_alone(full: str, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(NotSaved, match="is there already"):
        export.export(installation(full), tmp_path / "out", team=TEAM)
    assert list((tmp_path / "out").iterdir()) == []


def test_all_of_it_is_of_one_moment(
    full: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, write = everything(full), export._write

    def write_and_change(table: Any, *others: Any, **more: Any) -> int:
        written = write(table, *others, **more)
        if table.name == "applause":
            change(full, "UPDATE recognition SET message = 'later'")
            change(full, "DELETE FROM story_credit")
        return written

    monkeypatch.setattr(export, "_write", write_and_change)
    done = export.export(installation(full), tmp_path / "out", team=TEAM)
    assert done.rows["story_credit"] == 1
    assert "later" not in (tmp_path / "out" / "recognition.jsonl").read_text()
    assert everything(full) != before


def test_an_export_is_its_owners_alone(exported: Path) -> None:
    assert exported.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in exported.iterdir()} == {0o600}


def files_in(folder: Path) -> dict[str, str]:
    told = {path.name: path.read_text() for path in folder.iterdir()}
    told["manifest.json"] = json.dumps(json.loads(told["manifest.json"]) | {"at": None})
    return told


@pytest.mark.parametrize("at_most", DEATHS)
def test_an_export_that_is_killed_is_there_whole_or_not_at_all(
    full: str, exported: Path, tmp_path: Path, at_most: int
) -> None:
    place = tmp_path / "safe"
    place.mkdir()
    arguments = ("export", str(place / "out"), "--team", TEAM)
    undisturbed = command(*arguments, url=full, folder=place)
    assert undisturbed.exitcode == 0, undisturbed.said
    complete = files_in(exported)
    for nth in deaths(undisturbed, at_most=at_most):
        if (place / "out").exists():
            (place / "out").rename(tmp_path / f"moved{nth}")
        died = command(*arguments, url=full, folder=place, nth=nth)
        assert died.was_killed, died.said
        assert not (place / "out").exists() or files_in(place / "out") == complete
    assert command("export", str(place / "last"), "--team", TEAM, url=full, folder=place).said
    assert files_in(place / "last") == complete


def test_a_disk_that_is_full_leaves_no_export(full: str, tmp_path: Path) -> None:
    place = tmp_path / "safe"
    place.mkdir()
    ended = command("export", str(place / "o"), "--team", TEAM, url=full, folder=place, room=40_000)
    assert (ended.exitcode, list(place.iterdir())) == (1, [])
    assert "was not made: File too large" in ended.said


@pytest.mark.parametrize("prepare", [Path.mkdir, Path.touch])
def test_an_export_of_nothing_makes_nothing(
    tmp_path: Path, prepare: Callable[[Path], None]
) -> None:
    prepare(tmp_path / "other")
    with pytest.raises(NotSaved, match=r"none\.db is not there"):
        export.export(installation(f"sqlite:///{tmp_path}/none.db"), tmp_path / "out")
    assert list(tmp_path.iterdir()) == [tmp_path / "other"]


def test_the_command_says_what_it_did_or_why_not(
    full: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config, "load", lambda: installation(full))
    assert export.run(installation(full), tmp_path / "out", TEAM) == 0
    assert f"tables of {TEAM}." in capsys.readouterr().out
    assert export.run(installation(full), tmp_path / "out", TEAM) == 1
    assert "is there already" in capsys.readouterr().err
