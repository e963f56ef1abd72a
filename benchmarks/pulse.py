"""The pulse of ten thousand: a round opens, closes, and is read after ten years of rounds."""

import sqlite3
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import cast

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from benchmarks import crowd
from benchmarks.crowd import NOW, OWNER, PEOPLE, ROUNDS
from benchmarks.figures import Row
from benchmarks.payloads import TEAM
from benchmarks.process import Stage
from bot import outbox, wholes
from bot.blocks import asking, trend
from bot.db import Database
from bot.deps import Deps
from bot.questions import bank
from bot.rituals import pulse
from bot.rounds import Kind, Round
from bot.writer import Writer
from schedules.pulse import Closer

LOOKS = 40
PATIENCE = 60.0  # seconds
MOST_HELD = 250  # ms
QUESTION = "How do you like the new room?"

OPENING = f"opening a round of {PEOPLE:,}, against executemany of the same rows"
CLOSING = f"closing a round of {PEOPLE:,} until its result is posted, against reading it once"
ERASING = f"erasing a round of {PEOPLE:,} for good, against reading it once"
HELD = f"closing a round of {PEOPLE:,}: the longest that the writer is held"
TREND = f"the trend's figures after {ROUNDS} rounds, against hand-written SQL, p50"

_WHOLES = """SELECT closes_at, (SELECT json_extract(value, '$.text') FROM json_each(questions)
 WHERE json_extract(value, '$.slug') = ?), json_extract(result, ?) FROM round
 WHERE team_id = ? AND kind = 'weekly' AND key_destroyed_at IS NOT NULL
 ORDER BY number DESC LIMIT ?"""


def promises() -> dict[str, Row]:
    """Return the rows, still empty."""
    held = Row(HELD, goal=MOST_HELD, has_floor=False)
    erasing = Row(ERASING, goal=None)
    chosen = [Row(OPENING, goal=4), Row(CLOSING, goal=10), erasing, held, Row(TREND, goal=1.5)]
    return {row.what: row for row in chosen}


@dataclass(frozen=True)
class Pulse:
    """A round with its number and the rows to add to."""

    number: int
    stage: Stage
    rows: dict[str, Row]

    async def run(self) -> None:
        """Measure everything once."""
        path = self.stage.copy(f"pulse{self.number}")
        database = Database.open(f"sqlite:///{path}")
        try:
            await database.write(TEAM, crowd.employ, patience=PATIENCE)
            opened = await self._open(database, path)
            await self._close(database, path, opened)
            await self._trend(database, path, opened)
        finally:
            database.close()

    async def _open(self, database: Database, path: Path) -> Round:
        def work(session: Session) -> Round:
            opened = pulse.ask_everybody(session, by=OWNER, question=QUESTION, now=NOW)
            posts = asking.posts(opened.round, opened.invited)
            outbox.post(session, *posts, now=NOW)
            return opened.round

        began = time.perf_counter()
        opened = await database.write(TEAM, work, patience=PATIENCE)
        ours = (time.perf_counter() - began) * 1000
        self.rows[OPENING].add(ours, _again(path, "outbox", "invitation"))
        return opened

    async def _close(self, database: Database, path: Path, opened: Round) -> None:
        await database.write(TEAM, lambda session: crowd.answer(session, opened), patience=PATIENCE)
        reading = _timed_read(path, "SELECT respondent, question, point FROM answer")
        await database.write(TEAM, lambda session: crowd.before(session, opened))
        await database.write(TEAM, lambda session: pulse.stop(session, opened.id, now=NOW))
        deps = Deps(database, lambda: NOW + timedelta(days=4), cast(AsyncWebClient, None))
        with _Watch() as watch:
            closer = Closer(deps, TEAM)
            began = time.perf_counter()
            await closer.count_all()
            counted = time.perf_counter()
            await closer.close_all()
            erased = time.perf_counter()
        self.rows[CLOSING].add((counted - began) * 1000, reading)
        self.rows[ERASING].add((erased - counted) * 1000, reading)
        self.rows[HELD].add(watch.longest * 1000)

    async def _trend(self, database: Database, path: Path, opened: Round) -> None:
        await database.write(
            TEAM, lambda session: crowd.ten_years(session, opened), patience=PATIENCE
        )
        mission = bank().mission.slug

        def look(session: Session) -> float:
            began = time.perf_counter()
            found = wholes.last(session, Kind.WEEKLY, mission, most=trend.MOST)
            seconds = time.perf_counter() - began
            assert len([one for one in found if one.text and one.figure]) == trend.MOST
            return seconds

        looks = [await database.read(TEAM, look) for _ in range(2 * LOOKS)]
        ours = median(looks[LOOKS:]) * 1000  # it is compiled by then
        self.rows[TREND].add(ours, _by_hand(path, mission))


class _Watch:
    """Takes the time of each of the writer's transactions."""

    def __enter__(self) -> "_Watch":
        self.longest = 0.0
        self._together = together = Writer._together

        def timed(writer: Writer, *given: object, **more: object) -> object:
            began = time.perf_counter()
            try:
                return together(writer, *given, **more)  # type: ignore[arg-type]
            finally:
                self.longest = max(self.longest, time.perf_counter() - began)

        Writer._together = timed  # type: ignore[method-assign, assignment]
        return self

    def __exit__(self, *_: object) -> None:
        Writer._together = self._together  # type: ignore[method-assign]


def _by_hand(path: Path, question: str) -> float:
    shown = f'$.questions."{question}".whole'
    found = []
    with closing(sqlite3.connect(path)) as connection:
        for _ in range(2 * LOOKS):
            began = time.perf_counter()
            rows = connection.execute(_WHOLES, (question, shown, TEAM, trend.MOST)).fetchall()
            found.append(time.perf_counter() - began)
            assert len(rows) == trend.MOST
    return median(found[LOOKS:]) * 1000


def _again(path: Path, *tables: str) -> float:
    """Write the same rows once more, raw, and return the milliseconds that it took."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("foreign_keys=ON", "secure_delete=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}")
        kept = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
        for table in tables:
            connection.execute(f"DELETE FROM {table}")
        began = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        for table, rows in kept.items():
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        connection.execute("COMMIT")
        return (time.perf_counter() - began) * 1000


def _timed_read(path: Path, query: str) -> float:
    with closing(sqlite3.connect(path)) as connection:
        began = time.perf_counter()
        connection.execute(query).fetchall()
        return (time.perf_counter() - began) * 1000
