"""The ground that both stand on: a database with a mission, and one recognition's very rows."""

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from benchmarks.payloads import ADMIN, CHANNEL, GIVER, LINE, MEMBERS, TEAM
from bot import charter, roster, settings
from bot.blocks import recognition as blocks
from bot.db import Database
from bot.deed import Draft
from bot.deps import Deps
from bot.migrate import migrate
from bot.rituals import mission
from handlers import recognition
from handlers.request import Request

VALUES = ":heart: Care — we notice who needs help\n:mag: Candour — we say what is"
TRIGGER = "recorded"
# In an order in which no row refers to a later one.
WRITTEN = ("inbound", "recognition", "recipient", "ledger", "outbox")


@dataclass(frozen=True)
class Recorded:
    """What one recognition wrote: its id, and for each row the statement and the values."""

    record: int
    rows: list[tuple[str, list[Any]]]

    def save(self, path: Path) -> None:
        """Write it for another process."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Recorded":
        """Read what `save` wrote."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Ground:
    """A database to be copied, what was recorded in it, and the form as it was opened."""

    database: Path
    recorded: Recorded
    form: dict[str, Any]


async def lay(folder: Path) -> Ground:
    """Make the database: a mission, everybody known, one recognition given."""
    path = folder / "ground.db"
    database = Database.open(f"sqlite:///{path}")
    try:
        migrate(database.writer)
        await database.write(TEAM, _set_up)
        before = _rows(path)
        await _recognize(database)
        form = await database.read(TEAM, _form)
    finally:
        database.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    rows = [row for row in _rows(path) if row not in before]
    record = next(values[0] for sql, values in rows if sql.startswith("INSERT INTO recognition "))
    return Ground(path, Recorded(record, rows), form)


def _set_up(session: Session) -> None:
    now = datetime.now(UTC)
    roster.remember(session, MEMBERS)
    mission.set_up(
        session, by=ADMIN, statement="We help clinics to book", values=VALUES, why="", now=now
    )
    settings.change(
        session, recognition_channel=CHANNEL, timezone="UTC", allowance=10**9, roster_loaded_at=now
    )


async def _recognize(database: Database) -> None:
    request = Request(
        Deps(database, lambda: datetime.now(UTC), AsyncWebClient()),
        TEAM,
        {"user_id": GIVER, "trigger_id": TRIGGER},
        AsyncAck(),  # type: ignore[no-untyped-call]
        datetime.now(UTC),
        LINE,
    )
    await recognition.recognize(request)


def _form(session: Session) -> dict[str, Any]:
    current = charter.in_force(session)
    assert current is not None
    return blocks.form(current, Draft())


def _rows(path: Path) -> list[tuple[str, list[Any]]]:
    with closing(sqlite3.connect(path)) as connection:
        return [
            (_insert(table, [column[0] for column in cursor.description]), list(row))
            for table in WRITTEN
            if (cursor := connection.execute(f"SELECT * FROM {table} ORDER BY id"))
            for row in cursor
        ]


def _insert(table: str, columns: list[str]) -> str:
    marks = ", ".join("?" * len(columns))
    names = ", ".join(f'"{column}"' for column in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({marks})"
