"""Home after years: many recognitions, given at once and outside of what is measured."""

import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from sqlmodel import Session

from benchmarks.figures import Row
from benchmarks.ground import Recorded
from benchmarks.payloads import MEMBERS, TEAM
from benchmarks.process import Stage
from bot.db import Database
from bot.rituals import home
from bot.rituals.home import LATEST

MANY, FEW = 1_000_000, 1_000
LOOKS = 40  # at Home, each another person's
PEOPLE = [str(member["id"]) for member in MEMBERS]
IDS_APART = 8
STORED = "%Y-%m-%d %H:%M:%S.%f"
BEFORE = "2026-01-01 00:00:00.000000"  # nothing waits to be looked back upon

AGAINST_SQL = f"Home at {MANY:,} recognitions, against hand-written SQL, p50"
AGAINST_FEW = f"Home at {MANY:,} recognitions, against itself at {FEW:,}, p50"

_GOT = """SELECT r.*, v.* FROM recipient p JOIN recognition r ON r.id = p.recognition_id
 JOIN charter_value v ON v.id = r.value_id
 WHERE p.team_id = ? AND p.person = ? AND r.withdrawn_at IS NULL
 ORDER BY p.created_at DESC, p.id DESC LIMIT ?"""
_GAVE = """SELECT r.*, v.* FROM recognition r JOIN charter_value v ON v.id = r.value_id
 WHERE r.team_id = ? AND r.author = ? AND r.withdrawn_at IS NULL
 ORDER BY r.created_at DESC, r.id DESC LIMIT ?"""
_NAMED = "SELECT recognition_id, person FROM recipient WHERE team_id = ? AND recognition_id IN (%s)"
_STORIES = """SELECT * FROM story WHERE team_id = ? AND withdrawn_at IS NULL
 ORDER BY created_at DESC LIMIT ?"""
_OWN_STORIES = """SELECT * FROM story WHERE team_id = ? AND author = ? AND withdrawn_at IS NULL
 ORDER BY created_at DESC LIMIT ?"""
_MESSAGES = "SELECT cause, status, channel, ts FROM outbox WHERE team_id = ? AND cause IN (%s)"
_MISSION = "SELECT * FROM charter_version WHERE team_id = ? ORDER BY number DESC LIMIT 1"
_VALUES = "SELECT * FROM charter_value WHERE team_id = ? AND version_id = ? ORDER BY position"
_READ = "SELECT id FROM acknowledgement WHERE team_id = ? AND version_id = ? AND person = ?"
_CHOSEN = "SELECT * FROM team_settings WHERE team_id = ?"
_PERSON = "SELECT * FROM person WHERE team_id = ? AND slack_id = ?"
_DECISIONS = """SELECT * FROM decision WHERE team_id = ? AND number IS NOT NULL
 AND status <> 'withdrawn' ORDER BY id DESC LIMIT ?"""
_OPEN = """SELECT * FROM decision WHERE team_id = ? AND status = 'open' AND id IN
 (SELECT decision_id FROM decision_role WHERE team_id = decision.team_id AND person = ?
 AND role IN ('driver', 'approver')) ORDER BY id"""
_TO_REVIEW = """SELECT * FROM decision WHERE team_id = ? AND status = 'decided' AND driver = ?
 AND review_at <= ? ORDER BY id"""
_ROUNDS = """SELECT r.* FROM round r JOIN invitation i ON i.round_id = r.id
 WHERE r.team_id = ? AND r.status = 'open' AND i.person = ?"""
_UNKNOWN = "SELECT * FROM outbox WHERE team_id = ? AND status = 'unknown' AND owner = ?"


def promises() -> dict[str, Row]:
    """Return the rows, still empty."""
    return {what: Row(what, goal=1.5) for what in (AGAINST_SQL, AGAINST_FEW)}


def lay(stage: Stage) -> None:
    """Make the databases that are looked at."""
    for records in (MANY, FEW):
        print(f"giving {records:,} recognitions", flush=True)
        grow(stage.copy(f"history{records}"), stage.ground.recorded, records)


def grow(path: Path, recorded: Recorded, records: int) -> None:
    """Give so many recognitions before the recorded one, a minute apart, each with its post."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        for table in ("recognition", "recipient", "outbox"):
            sql, values = next(row for row in recorded.rows if row[0].startswith(_into(table)))
            names = re.findall(r'"(\w+)"', sql)
            connection.executemany(sql, rows_like(names, values, recorded.record, records))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _into(table: str) -> str:
    return f"INSERT INTO {table} "


def rows_like(
    names: Sequence[str], values: Sequence[Any], recorded: int, records: int
) -> Iterator[list[Any]]:
    """Return so many rows like a recorded one, each a minute before the last."""
    places = {name: place for place, name in enumerate(names)}
    began = datetime.strptime(values[places["created_at"]], STORED)  # noqa: DTZ007 (SQLite's UTC)
    told: dict[str, Callable[[int], Any]] = {
        "id": lambda number: recorded - number * IDS_APART,
        "recognition_id": lambda number: recorded - number * IDS_APART,
        "created_at": lambda number: (began - timedelta(minutes=number)).strftime(STORED),
        "author": lambda number: PEOPLE[number % len(PEOPLE)],
        "person": lambda number: PEOPLE[(number * 5 + 1) % len(PEOPLE)],
        "cause": lambda number: f"recognition:{recorded - number * IDS_APART}",
        "status": lambda _number: "sent",
        "message": lambda _number: "{}",
    }
    changing = [(places[name], tell) for name, tell in told.items() if name in places]
    for number in range(1, records + 1):
        row = list(values)
        for place, tell in changing:
            row[place] = tell(number)
        yield row


@dataclass(frozen=True)
class History:
    """A round with its number and the rows to add to."""

    number: int
    stage: Stage
    rows: dict[str, Row]

    async def run(self) -> None:
        """Measure everything once."""
        people = PEOPLE[:LOOKS]
        many, few = (self.stage.folder / f"history{records}.db" for records in (MANY, FEW))
        by_hand = _by_hand(many, people)
        ours, of_few = [await _looks(path, people) for path in (many, few)]
        self.rows[AGAINST_SQL].add(ours, by_hand)
        self.rows[AGAINST_FEW].add(ours, of_few)


async def _looks(path: Path, people: list[str]) -> float:
    database = Database.open(f"sqlite:///{path}")

    def look(session: Session, person: str) -> float:
        began = time.perf_counter()
        content = home.content(session, person=person, now=datetime.now(UTC))
        seconds = time.perf_counter() - began
        assert len(content.got) == len(content.gave) == LATEST
        return seconds

    try:
        found = [await database.read(TEAM, partial(look, person=person)) for person in people * 2]
    finally:
        database.close()
    return median(found[len(people) :]) * 1000  # all is compiled by then, and the pages are read


def _by_hand(path: Path, people: list[str]) -> float:
    with closing(sqlite3.connect(path)) as connection:
        for person in people:
            ask(connection, person)
        found = []
        for person in people:
            began = time.perf_counter()
            ask(connection, person)
            found.append(time.perf_counter() - began)
    return median(found) * 1000


def ask(connection: sqlite3.Connection, person: str) -> tuple[list[int], list[int]]:
    """Ask what Home asks; return the ids of what the person got and gave."""
    got, gave = (
        [row[0] for row in connection.execute(sql, (TEAM, person, LATEST))] for sql in (_GOT, _GAVE)
    )
    causes = [
        f"recognition:{record}{end}"
        for record in got + gave
        for end in ("", f":to:{person}", ":copy")
    ]
    for sql, these in ((_NAMED, got + gave), (_MESSAGES, causes)):
        marks = ", ".join("?" * len(these))
        connection.execute(sql % marks, (TEAM, *these)).fetchall()
    connection.execute(_STORIES, (TEAM, LATEST)).fetchall()
    connection.execute(_OWN_STORIES, (TEAM, person, LATEST)).fetchall()
    connection.execute(_DECISIONS, (TEAM, LATEST)).fetchall()
    for sql in (_ROUNDS, _OPEN, _UNKNOWN):
        connection.execute(sql, (TEAM, person)).fetchall()
    connection.execute(_TO_REVIEW, (TEAM, person, BEFORE)).fetchall()
    ((version, *_),) = connection.execute(_MISSION, (TEAM,)).fetchall()
    connection.execute(_VALUES, (TEAM, version)).fetchall()
    connection.execute(_READ, (TEAM, version, person)).fetchall()
    connection.execute(_CHOSEN, (TEAM,)).fetchall()
    connection.execute(_PERSON, (TEAM, person)).fetchall()
    return got, gave
