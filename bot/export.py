"""Everything of one workspace in files that other programs read, but what must never leave."""

import base64
import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Select, Table, not_, or_, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from bot import migrate, whole
from bot.config import Settings
from bot.db import Database
from bot.deadline import Job
from bot.engine import at_work, trouble
from bot.errors import NotSaved
from bot.tenancy import EVERY_TEAM, teams

AT_ONCE = 1000  # rows
PATIENCE = 86_400.0  # seconds
# What a spreadsheet takes for the beginning of a formula (OWASP, CSV Injection).
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001


@dataclass(frozen=True)
class LeftOut:
    """What of a table stays where it is, and why: all of it, some columns, or the rows like this.

    `rows` are a column and how it begins in those rows.
    """

    why: str
    columns: Sequence[str] = ()
    rows: tuple[str, Sequence[str]] | None = None

    @property
    def is_all(self) -> bool:
        """Whether nothing of the table leaves."""
        return not self.columns and self.rows is None

    @property
    def what(self) -> str:
        """Say it in words."""
        if self.rows is not None:
            column, begins = self.rows
            return f"rows whose {column} begins with {' or '.join(begins)}"
        return ", ".join(self.columns) or "all of it"


_ANSWERS = "answers of a round of the pulse leave as its figures alone, once it is closed"
_REMINDED = "whoever was reminded has not answered, which nobody is told while a round is open"
_SIGNS_IN = "with it Truenorth signs in to Slack"
LEFT_OUT: Mapping[str, LeftOut] = {
    "round_key": LeftOut("with it the answers of an open round could be led back to people"),
    "answer": LeftOut(_ANSWERS),
    "comment": LeftOut(_ANSWERS),
    "participation": LeftOut("nobody is told who has answered"),
    "outbox": LeftOut(_REMINDED, rows=("cause", ["round:%:to:"])),
    "lane": LeftOut(_REMINDED, rows=("name", ["U", "W"])),
    "home": LeftOut("what a Home showed tells whether a question waited", columns=["shown"]),
    "invitation": LeftOut("of whoever is excused it tells who answered", columns=["is_excused"]),
    "installation": LeftOut(_SIGNS_IN),
    "installation_bot": LeftOut(_SIGNS_IN),
    "installation_state": LeftOut("it is of an installation that has only begun"),
}


@dataclass
class Exported:
    """What was written: how many rows of each table, of which workspace, as of when."""

    team: str
    schema: str
    at: datetime
    rows: dict[str, int] = field(default_factory=dict)

    def manifest(self) -> dict[str, Any]:
        """Return what the manifest says."""
        return {
            "team": self.team,
            "schema": self.schema,
            "at": self.at.isoformat(),
            "rows": self.rows,
            "left_out": {
                name: {"what": one.what, "why": one.why} for name, one in LEFT_OUT.items()
            },
            "csv": "A text that a spreadsheet could take for a formula begins with an apostrophe.",
        }


def run(chosen: Settings, folder: Path, team: str | None) -> int:
    """Export a workspace to a new folder and return the exit code."""
    try:
        exported = export(chosen, folder, team=team)
    except NotSaved as error:
        print(error, file=sys.stderr)
        return 1
    rows, tables = sum(exported.rows.values()), len(exported.rows)
    print(f"Exported to {folder}: {rows:,} rows of {tables} tables of {exported.team}.")
    print("It holds what people wrote in private, too. manifest.json says what was left out.")
    return 0


def export(chosen: Settings, folder: Path, *, team: str | None = None) -> Exported:
    """Write everything of a workspace, as of one moment, to a new folder.

    Raises NotSaved, and leaves no such folder, where that fails, and where it has to be said which
    of several workspaces is meant.
    """
    if chosen.database_path is not None and not chosen.database_path.is_file():
        raise NotSaved(f"Nothing was exported: {chosen.database_path} is not there.")
    with whole.made(folder) as place, _snapshot(chosen) as connection:
        if not migrate.is_latest(connection):
            raise NotSaved("Another version made this database. Start this one on it once before.")
        exported = Exported(
            _team(connection, team), str(migrate.scripts_known().get_current_head()), _now()
        )
        place.mkdir()
        for table in exported_tables():
            exported.rows[table.name] = _write(table, connection, place, team=exported.team)
        told = json.dumps(exported.manifest(), indent=2, ensure_ascii=False)
        (place / "manifest.json").write_text(f"{told}\n")
    return exported


def _now() -> datetime:
    return datetime.now(UTC)


def exported_tables() -> list[Table]:
    """Return every table that there is but those of which nothing leaves."""
    tables = SQLModel.metadata.sorted_tables
    return [one for one in tables if not (one.name in LEFT_OUT and LEFT_OUT[one.name].is_all)]


@contextmanager
def _snapshot(chosen: Settings) -> Iterator[Connection]:
    """Read what is there at one moment, while others go on writing."""
    database = Database.open(chosen.database_url)
    try:
        with at_work(Job(patience=PATIENCE)), database.readers.connect() as connection:
            yield connection.execution_options(**EVERY_TEAM)
    except DBAPIError as error:
        raise trouble(error, saving=False) or error from error
    finally:
        database.close()


def _team(connection: Connection, wanted: str | None) -> str:
    known = teams(connection)
    if wanted is None and len(known) == 1:
        return str(known[0])
    if wanted not in known:
        there = ", ".join(known) or "none"
        raise NotSaved(f"Nothing was exported: say with --team which workspace. There is {there}.")
    return str(wanted)


def selected(table: Table, *, team: str) -> Select[Any]:
    """Select what leaves of a table."""
    kept = LEFT_OUT.get(table.name, LeftOut(""))
    wanted = [column for column in table.columns if column.name not in kept.columns]
    found = select(*wanted).where(table.c.team_id == team).order_by(table.c.id)
    if kept.rows is None:
        return found
    column, begins = kept.rows
    return found.where(not_(or_(*[table.c[column].like(f"{start}%") for start in begins])))


def _write(table: Table, connection: Connection, place: Path, *, team: str) -> int:
    found = connection.execution_options(yield_per=AT_ONCE).execute(selected(table, team=team))
    names, count = list(found.keys()), 0
    lines = (place / f"{table.name}.jsonl").open("w", encoding="utf-8", newline="\n")
    # Spreadsheets know by the mark that it is UTF-8.
    cells = (place / f"{table.name}.csv").open("w", encoding="utf-8-sig", newline="")
    with lines, cells:
        rows = csv.writer(cells)
        rows.writerow(names)
        for row in found:
            count += 1
            values = [_value(each) for each in row]
            lines.write(json.dumps(dict(zip(names, values, strict=True)), ensure_ascii=False))
            lines.write("\n")
            rows.writerow([_cell(each) for each in values])
    return count


def _value(value: object) -> object:
    """Return what JSON can hold of a value."""
    if isinstance(value, date):  # a datetime is one too
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _cell(value: object) -> object:
    """Return what a spreadsheet takes as text, whoever wrote it."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return str(value).lower()
    return neutral(value) if isinstance(value, str) else value


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULAS) else text
