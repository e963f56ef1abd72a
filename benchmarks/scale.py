"""One process and three, SQLite and PostgreSQL, and what a million recognitions change.

How many people a machine carries: recognitions that are saved and acknowledged, so many at once.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

import psycopg

from benchmarks import history, payloads
from benchmarks.driver import Ack, Link, at_once
from benchmarks.figures import Row, percentile
from benchmarks.ground import Recorded
from benchmarks.process import Running, Stage
from bot import copying
from bot.config import Settings
from tests import postgres

SIZES = (1_000, 100_000, 1_000_000)
MANY, AT_ONCE = 480, 32
WARM = 64  # before it is measured: what is asked for the first time is compiled then
PROCESSES = 3
FEWEST = SIZES[0]
GROWN = ("recognition", "recipient", "outbox")

SQLITE, POSTGRES, FLEET = "SQLite", "PostgreSQL", f"PostgreSQL, {PROCESSES} processes"
SYSTEMS = {SQLITE: 1, POSTGRES: 1, FLEET: PROCESSES}


def rate(system: str, records: int) -> str:
    """What a row is called."""
    return f"{system}, {AT_ONCE} at once, at {records:,} recognitions, throughput"


def slowest(system: str, records: int) -> str:
    """What its other row is called."""
    return f"{system}, {AT_ONCE} at once, at {records:,} recognitions, p99"


def against(system: str, records: int) -> tuple[str, int]:
    """Return what a row is measured against: itself with few, or what is simplest with as many."""
    if records != FEWEST:
        return system, FEWEST
    return (POSTGRES if system == FLEET else SQLITE), FEWEST


def promises() -> dict[str, Row]:
    """Return the rows, still empty. What grows is to stay as fast; the rest is for comparison."""
    rows: dict[str, Row] = {}
    for system in SYSTEMS:
        for records in SIZES:
            has_floor, grows = (system, records) != (SQLITE, FEWEST), records != FEWEST
            goal = 0.67 if grows else None
            quick = Row(rate(system, records), goal, "a second", has_floor, at_least=True)
            slow = Row(slowest(system, records), 1.5 if grows else None, "ms", has_floor)
            rows |= {row.what: row for row in (quick, slow)}
    return rows


def why_no_server() -> str | None:
    """Say why PostgreSQL cannot be measured here, None where it can."""
    return None if list(postgres.PROGRAMS.glob("*/bin/initdb")) else "it is not installed"


@contextmanager
def laid(stage: Stage) -> Iterator[str]:
    """Make the databases, and a server for half of them; its address is what is asked for."""
    with postgres.started(fsync=True) as server:
        for records in SIZES:
            print(f"giving {records:,} recognitions on either database", flush=True)
            grown = stage.copy(f"scale{records}")
            history.grow(grown, stage.ground.recorded, records)
            _lay_on_server(stage, server.url, records)
        yield server.url


def address(server: str, records: int) -> str:
    """Return where so many are kept on the server."""
    return server.rpartition("/")[0] + f"/scale{records}"


def _lay_on_server(stage: Stage, server: str, records: int) -> None:
    plain = server.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE scale{records}")
    ground = Settings("", "", database_url=f"sqlite:///{stage.ground.database}")
    copying.copy(ground, address(server, records))
    with psycopg.connect(address(plain, records), autocommit=True) as connection:
        for table in GROWN:
            _copy_into(connection, table, stage.ground.recorded, records)
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _copy_into(
    connection: "psycopg.Connection[Any]", table: str, recorded: Recorded, records: int
) -> None:
    sql, values = next(r for r in recorded.rows if r[0].startswith(f"INSERT INTO {table} "))
    names: Sequence[str] = re.findall(r'"(\w+)"', sql)
    columns = ", ".join(f'"{name}"' for name in names)
    rows = history.rows_like(names, values, recorded.record, records)
    with connection.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


@dataclass(frozen=True)
class Scale:
    """A round with its number and the rows to add to."""

    number: int
    stage: Stage
    rows: dict[str, Row]
    server: str

    async def run(self) -> None:
        """Measure everything once."""
        found: dict[tuple[str, int], tuple[float, float]] = {}
        for records in SIZES:
            for system, processes in SYSTEMS.items():
                found[system, records] = await self._crowd(system, records, processes)
        for (system, records), (a_second, p99) in found.items():
            floor = found[against(system, records)]
            is_first = (system, records) == (SQLITE, FEWEST)
            self.rows[rate(system, records)].add(a_second, None if is_first else floor[0])
            self.rows[slowest(system, records)].add(p99, None if is_first else floor[1])

    async def _crowd(self, system: str, records: int, processes: int) -> tuple[float, float]:
        async with self._running(system, records, processes) as apps:
            links = [app.link for app in apps]
            await _many(links, WARM)
            acks, seconds = await _many(links, MANY)
        saved = [ack.must_say("is saved") for ack in acks]
        return MANY / seconds, percentile(saved, 99) * 1000

    @asynccontextmanager
    async def _running(
        self, system: str, records: int, processes: int
    ) -> AsyncIterator[list[Running]]:
        database = self.stage.folder / f"scale{records}.db"
        url = f"sqlite:///{database}" if system == SQLITE else address(self.server, records)
        async with AsyncExitStack() as stack:
            yield [
                await stack.enter_async_context(
                    self.stage.at(f"{system[:3]}{processes}-{records}-{self.number}-{nth}", url)
                )
                for nth in range(processes)
            ]


async def _many(links: Sequence[Link], number: int) -> tuple[list[Ack], float]:
    """Send so many, as many at once over all of the connections together."""
    share, each = number // len(links), AT_ONCE // len(links)
    made = [[payloads.recognize() for _ in range(share)] for _ in links]
    began = time.perf_counter()
    acks = await asyncio.gather(
        *(at_once(link, some, at_a_time=each) for link, some in zip(links, made, strict=True))
    )
    return list(chain.from_iterable(acks)), time.perf_counter() - began
