"""Search after years: many recognitions, sought by words that many have or few."""

import asyncio
import random
import shutil
import sqlite3
import string
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from benchmarks.figures import Row, percentile
from benchmarks.ground import Recorded
from benchmarks.history import IDS_APART, PEOPLE
from benchmarks.payloads import TEAM
from benchmarks.process import Stage
from bot import fulltext, recognitions
from bot.db import Database
from bot.recognitions import Recognition
from bot.rituals import search
from bot.seeking import Sought
from schedules.search import forget

MANY = 200_000
KNOWN = 30_000  # words, the commonest in nearly every text and the rarest in a few
LENGTH = 40  # words of a text
PRIVATE = 20  # one of so many is
ASKED = 60  # searches by each person
NAME = f"searched{MANY}"

AGAINST_RAW = f"search in {MANY:,} records, against raw FTS5 for the same words, p95"
USUALLY = "the same, p50"
HELD = f"forgetting a recognition among {MANY:,}: the longest that anybody waits to write"
MOST_HELD = 250  # ms
PATIENCE = 60.0  # seconds
PAUSE = 0.002  # seconds until somebody writes again

_RAW = "SELECT rowid FROM search_index WHERE search_index MATCH ? ORDER BY rank LIMIT 10"
_PUT = "INSERT INTO search_index (rowid, title, words) VALUES (?, '', ?)"
_ENTRY = """INSERT INTO search_entry (id, team_id, kind, author, value, at, is_private)
 VALUES (?, ?, 'recognition', ?, 'care', ?, ?)"""


def promises() -> dict[str, Row]:
    """Return the rows, still empty."""
    held = Row(HELD, goal=MOST_HELD, has_floor=False)
    chosen = [Row(AGAINST_RAW, goal=2), Row(USUALLY, goal=None), held]
    return {row.what: row for row in chosen}


def vocabulary() -> list[str]:
    """Return the same words each time, the commonest first."""
    chosen = random.Random(36)  # noqa: S311
    lengths = (chosen.randint(3, 9) for _ in range(KNOWN))
    return ["".join(chosen.choices(string.ascii_lowercase, k=length)) for length in lengths]


def texts(records: int) -> Iterator[str]:
    """Return texts in which words are as common as in any language."""
    chosen, words = random.Random(37), vocabulary()  # noqa: S311
    weights = list(accumulate(1 / place for place in range(1, KNOWN + 1)))
    for _ in range(records):
        yield " ".join(chosen.choices(words, cum_weights=weights, k=LENGTH))


def searches() -> list[list[str]]:
    """Return one to three words each, from all over the vocabulary by how often they are used."""
    chosen, words = random.Random(38), vocabulary()  # noqa: S311
    places = [int(KNOWN ** chosen.random()) for _ in range(ASKED * 2)]
    several = [chosen.choice((1, 1, 2, 2, 3)) for _ in range(ASKED)]
    asked = iter(words[place - 1] for place in places * 3)
    return [[next(asked) for _ in range(many)] for many in several]


def lay(stage: Stage) -> None:
    """Make the database that is searched."""
    print(f"having {MANY:,} records found", flush=True)
    grow(stage.copy(NAME), stage.ground.recorded, MANY)


def grow(path: Path, recorded: Recorded, records: int) -> None:
    """Give so many recognitions before the recorded one, each of other words."""
    sql, values = next(
        row for row in recorded.rows if row[0].startswith("INSERT INTO recognition ")
    )
    names = [name.strip('" ') for name in sql.split("(")[1].split(")")[0].split(",")]
    given = dict(zip(names, values, strict=True))
    # The latest first, so their ids fall; the index takes rising ones.
    rows = [
        _row(given, recorded.record, number, text) for number, text in enumerate(texts(records))
    ]
    rows.reverse()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("BEGIN")
        connection.executemany(sql, [list(row.values()) for row in rows])
        entries = (
            (row["id"], TEAM, row["author"], row["created_at"], row["is_private"]) for row in rows
        )
        connection.executemany(_ENTRY, entries)
        connection.executemany(_PUT, ((row["id"], row["message"]) for row in rows))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _row(given: dict[str, Any], recorded: int, number: int, text: str) -> dict[str, Any]:
    return given | {
        "id": recorded - (number + 1) * IDS_APART,
        "author": PEOPLE[number % len(PEOPLE)],
        "message": text,
        "is_private": number % PRIVATE == 0,
    }


@dataclass(frozen=True)
class Search:
    """A round with its number and the rows to add to."""

    number: int
    stage: Stage
    rows: dict[str, Row]

    async def run(self) -> None:
        """Measure everything once."""
        path, asked = self.stage.folder / f"{NAME}.db", searches()
        raw, ours = by_hand(path, asked), await by_us(path, asked)
        for what, percent in ((AGAINST_RAW, 95), (USUALLY, 50)):
            self.rows[what].add(percentile(ours, percent), percentile(raw, percent))
        self.rows[HELD].add(await forgetting(copied(path)))


def by_hand(path: Path, asked: list[list[str]]) -> list[float]:
    """Return the milliseconds that FTS5 takes by itself for the ten best of everybody's."""
    found = []
    with closing(sqlite3.connect(path)) as connection:
        for words in asked * 2:
            began = time.perf_counter()
            connection.execute(_RAW, (" AND ".join(f'"{word}"' for word in words),)).fetchall()
            found.append((time.perf_counter() - began) * 1000)
    return found[len(asked) :]


async def by_us(path: Path, asked: list[list[str]]) -> list[float]:
    """Return the milliseconds that we take for a page of what somebody may see."""
    database = Database.open(f"sqlite:///{path}")

    def look(session: Session, words: list[str]) -> float:
        began = time.perf_counter()
        search.search(session, [Sought(word) for word in words], {}, asker=PEOPLE[1])
        return (time.perf_counter() - began) * 1000

    try:
        found = [await database.read(TEAM, partial(look, words=words)) for words in asked * 2]
    finally:
        database.close()
    return found[len(asked) :]  # all is compiled by then, and the pages are read


def copied(path: Path) -> Path:
    """Return another one like it, in which something may be forgotten."""
    copy = path.with_name(f"forgetful-{path.name}")
    shutil.copy(path, copy)
    return copy


async def forgetting(path: Path) -> float:
    """Withdraw the latest; return the most milliseconds that whoever writes meanwhile waits."""
    database = Database.open(f"sqlite:///{path}")
    try:
        await database.write(TEAM, _withdraw, patience=PATIENCE)
        forgets = asyncio.create_task(forget(database, TEAM))
        longest = 0.0
        while not forgets.done():
            began = time.perf_counter()
            await database.write(TEAM, lambda session: None, patience=PATIENCE)
            longest = max(longest, time.perf_counter() - began)
            await asyncio.sleep(PAUSE)
        await forgets
    finally:
        database.close()
    return longest * 1000


def _withdraw(session: Session) -> None:
    latest = select(Recognition.id).order_by(col(Recognition.id).desc()).limit(1)
    (entry,) = recognitions.entries(session, [session.exec(latest).one()])
    fulltext.drop(session, entry)
