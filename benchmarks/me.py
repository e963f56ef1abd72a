"""Everything about one person among many: all that they got and gave, read and made plain."""

import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, cast

from sqlmodel import Session

from benchmarks import history
from benchmarks.figures import Row
from benchmarks.history import IDS_APART
from benchmarks.payloads import FIRST, SECOND, TEAM
from benchmarks.process import Stage
from bot.blocks.entries import Entry, Reader, entry
from bot.blocks.record import NAMED_APPLAUSE
from bot.db import Database
from bot.mine import Cursor
from bot.rituals import me

MANY = 100_000
ONE_GOT, ONE_GAVE = 100, 500  # of so many
GOT, GAVE = MANY // ONE_GOT, MANY // ONE_GAVE
LOOKS = 10
NAME = "everything"
PERSON, ADDRESS = "UREADER", "https://bench.slack.com/"

AGAINST_SQL = (
    f"everything of who got {GOT:,} and gave {GAVE:,} of {MANY:,}, against hand-written SQL, p50"
)

_THEIRS = "UPDATE recipient SET person = ? WHERE (? - recognition_id) / ? % ? = 1"
_OF_THEM = "UPDATE recognition SET author = ? WHERE (? - id) / ? % ? = 2"
_APPLAUD = """INSERT INTO applause (id, team_id, record_id, person, created_at)
 SELECT r.id * 2 + ?, r.team_id, r.id, ?, r.created_at FROM recognition r"""

_WHAT = """SELECT r.id, r.created_at, r.author, r.is_private, v.slug, v.emoji, v.name, v.meaning,
 v.weight, n.number, r.message, r.link, r.revision, r.withdrawn_at, r.withdrawn_by"""
_WORDED = " JOIN charter_value v ON v.id = r.value_id JOIN charter_version n ON n.id = v.version_id"
_GOT = f""" FROM recipient p JOIN recognition r ON r.id = p.recognition_id{_WORDED}
 WHERE p.team_id = ? AND p.person = ? ORDER BY p.created_at DESC, p.id DESC"""
_GAVE = f""" FROM recognition r{_WORDED}
 WHERE r.team_id = ? AND r.author = ? ORDER BY r.created_at DESC, r.id DESC"""
_NAMED = """SELECT recognition_id, person FROM recipient
 WHERE team_id = ? AND recognition_id IN (%s) ORDER BY position"""
_CLAPPED = """SELECT record_id, person FROM applause
 WHERE team_id = ? AND record_id IN (%s) ORDER BY id"""
_PLACES = "SELECT cause, channel, ts FROM outbox WHERE team_id = ? AND cause IN (%s)"
_NAMES = "SELECT slack_id, name FROM person WHERE team_id = ?"
_EMPTY = (
    "SELECT id FROM applause WHERE team_id = ? AND person = ?",
    "SELECT id FROM story WHERE team_id = ? AND author = ?",
    "SELECT story_id FROM story_credit WHERE team_id = ? AND person = ?",
    "SELECT decision_id FROM decision_role WHERE team_id = ? AND person = ?",
    "SELECT decision_id FROM decision_answer WHERE team_id = ? AND person = ?",
    "SELECT card FROM scoring WHERE team_id = ? AND person = ?",
)

_VALUE = ("slug", "emoji", "name", "meaning", "weight", "version")

Found = dict[str, list[Entry]]


def promises() -> dict[str, Row]:
    """Return the row, still empty."""
    return {AGAINST_SQL: Row(AGAINST_SQL, goal=1.5)}


def lay(stage: Stage) -> None:
    """Make the database that is read."""
    path, recorded = stage.copy(NAME), stage.ground.recorded
    print(f"giving {MANY:,} recognitions, one person's among them", flush=True)
    history.grow(path, recorded, MANY)
    give(path, recorded.record)


def give(path: Path, recorded: int) -> None:
    """Have the person get and give their share of what there is; two people applaud everything."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(_THEIRS, (PERSON, recorded, IDS_APART, ONE_GOT))
        connection.execute(_OF_THEM, (PERSON, recorded, IDS_APART, ONE_GAVE))
        for place, who in enumerate((FIRST, SECOND)):
            connection.execute(_APPLAUD, (place, who))
        connection.commit()


@dataclass(frozen=True)
class Me:
    """A round with its number and the row to add to."""

    number: int
    stage: Stage
    rows: dict[str, Row]

    async def run(self) -> None:
        """Measure everything once."""
        path = self.stage.folder / f"{NAME}.db"
        database = Database.open(f"sqlite:///{path}")
        with closing(database), closing(sqlite3.connect(path)) as connection:
            found = [
                (await database.read(TEAM, partial(_seconds, read)), _seconds(ask, connection))
                for _ in range(LOOKS + 1)
            ][1:]  # all is compiled by then, and the pages are read
        ours, by_hand = zip(*found, strict=True)
        self.rows[AGAINST_SQL].add(median(ours) * 1000, median(by_hand) * 1000)


def _seconds(look: Callable[[Any], Found], where: Any) -> float:
    began = time.perf_counter()
    found = look(where)
    seconds = time.perf_counter() - began
    assert (len(found["received"]), len(found["given"])) == (GOT, GAVE)
    return seconds


def read(session: Session) -> Found:
    """Return everything of the person, page by page."""
    return {name: list(_whole(session, each)) for name, each in me.SECTIONS.items()}


def _whole(session: Session, section: me.Reader) -> Iterable[Entry]:
    reader, before = Reader(PERSON, ADDRESS), cast(Cursor | None, me.LATEST)
    while before is not None:
        page = section(session, PERSON, before, me.PAGE)
        knowing = replace(reader, names=page.names)
        yield from (entry(item, knowing) for item in page.items)
        before = page.after


def ask(connection: sqlite3.Connection) -> Found:
    """Ask for the same with as few statements as it takes, and make the same of it."""
    names = dict(connection.execute(_NAMES, (TEAM,)).fetchall())
    for sql in _EMPTY:
        assert connection.execute(sql, (TEAM, PERSON)).fetchall() == []
    found = {"received": _entries(connection, _GOT, names, f":to:{PERSON}")}
    found["given"] = _entries(connection, _GAVE, names, ":copy")
    return {name: found.get(name, []) for name in me.SECTIONS}


def _entries(
    connection: sqlite3.Connection, theirs: str, names: dict[str, str], own: str
) -> list[Entry]:
    rows = connection.execute(_WHAT + theirs, (TEAM, PERSON)).fetchall()
    ids = [row[0] for row in rows]
    causes = [f"recognition:{one}{end}" for one in ids for end in ("", own)]
    named: dict[int, list[str]] = {one: [] for one in ids}
    clapped: dict[int, list[str]] = {one: [] for one in ids}
    for sql, of in ((_NAMED, named), (_CLAPPED, clapped)):
        for record, who in _among(connection, sql, ids):
            of[record].append(who)
    places = {
        cause: f"{ADDRESS}archives/{channel}/p{ts.replace('.', '')}"
        for cause, channel, ts in _among(connection, _PLACES, causes)
        if ts
    }
    return [
        {
            "id": str(row[0]),
            "at": _moment(row[1]),
            "by": {"id": row[2], "name": names.get(row[2], row[2])},
            "to": [{"id": who, "name": names.get(who, who)} for who in named[row[0]]],
            "private": bool(row[3]),
            "value": dict(zip(_VALUE, row[4:10], strict=True)),
            "message": None if row[13] else row[10],
            "about": row[11],
            "applause": {
                "by": [
                    {"id": who, "name": names.get(who, who)}
                    for who in clapped[row[0]][:NAMED_APPLAUSE]
                ],
                "more": max(len(clapped[row[0]]) - NAMED_APPLAUSE, 0),
            },
            "corrections": row[12],
            "withdrawn": row[13] and {"at": _moment(row[13]), "by": row[14]},
            "link": places.get(f"recognition:{row[0]}") or places.get(f"recognition:{row[0]}{own}"),
        }
        for row in rows
    ]


def _among(connection: sqlite3.Connection, sql: str, these: Sequence[Any]) -> list[Any]:
    return connection.execute(sql % ", ".join("?" * len(these)), (TEAM, *these)).fetchall()


def _moment(stored: str) -> str:
    return f"{stored[:10]}T{stored[11:19]}Z"
