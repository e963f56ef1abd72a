"""One round: every promise measured once, the floor and ours in turn."""

import asyncio
import sqlite3
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks import payloads
from benchmarks.driver import Ack, Link, at_once
from benchmarks.figures import Row, percentile
from benchmarks.payloads import Envelope
from benchmarks.process import Running, Stage, importing

TURNS, IN_A_TURN = 4, 20  # of what is measured alone
PAUSE = 0.012  # seconds between two things that people do alone: what follows the first is over
CROWD, IN_THE_CROWD = 32, 480
BURST = 1000
GLANCES = 200
IDLE_SECONDS = 5.0  # as long as it is from one look for due dates to the next
SETTLING_SECONDS = 6.0  # past the first look for what is due

ONE_LINER = "`/recognize` one-liner, alone, p50"
CROWDED = f"the same, {CROWD} at once, p99"
THROUGHPUT = f"the same, {CROWD} at once, throughput"
UNACKED = f"{BURST:,} envelopes at once, unacknowledged within 3 s"
CARD, FORM, CLICK = "`/mission`, p50", "form submission, p50", "Applaud, p50"
ROUTING = "routing: an event, every ritual registered, p50"
START, MEMORY = "start until connected, against importing", "memory, connected and idle"
IDLE = "CPU, connected and idle"


def promises() -> dict[str, Row]:
    """Return the rows, still empty."""
    rows = [
        Row(ONE_LINER, goal=4),
        Row(CROWDED, goal=3),
        Row(THROUGHPUT, goal=0.4, unit="a second", at_least=True),
        Row(UNACKED, goal=0, unit="envelopes", has_floor=False),
        Row(CARD, goal=5),
        Row(FORM, goal=5),
        Row(CLICK, goal=5),
        Row(ROUTING, goal=1.3),
        Row(START, goal=1.3, unit="s"),
        Row(MEMORY, goal=1.3, unit="MB"),
        Row(IDLE, goal=2, unit="ms a second", has_floor=False),
    ]
    return {row.what: row for row in rows}


@dataclass(frozen=True)
class Round:
    """A round with its number and the rows to add to."""

    number: int
    stage: Stage
    rows: dict[str, Row]

    async def run(self) -> None:
        """Measure everything once."""
        async with AsyncExitStack() as stack:
            enter, n = stack.enter_async_context, self.number
            imported = await importing()
            ours = await enter(self.stage.ours(f"ours{n}"))
            self.rows[START].add(ours.start, imported)
            idle = await enter(self.stage.floor(f"idle{n}", "idle"))
            raw = await enter(self.stage.floor(f"raw{n}", "raw"))
            await self._rest(ours, idle)
            await self._routing(ours, idle)
            await self._alone(ours, raw)
            await self._crowd(ours, raw)
            await self._burst(ours)

    async def _rest(self, ours: Running, idle: Running) -> None:
        await asyncio.sleep(SETTLING_SECONDS)
        before = ours.cpu()
        await asyncio.sleep(IDLE_SECONDS)
        self.rows[IDLE].add((ours.cpu() - before) * 1000 / IDLE_SECONDS)
        self.rows[MEMORY].add(ours.memory(), idle.memory())

    async def _routing(self, ours: Running, idle: Running) -> None:
        mine: list[float] = []
        floor: list[float] = []
        for _ in range(TURNS):
            for link, found in ((idle.link, floor), (ours.link, mine)):
                found += await each(link, payloads.glance, GLANCES // TURNS, says="", pause=0)
        self.rows[ROUTING].add(median(mine) * 1000, median(floor) * 1000)

    async def _alone(self, ours: Running, raw: Running) -> None:
        ground = self.stage.ground
        kinds: dict[str, tuple[Callable[[], Envelope], str]] = {
            ONE_LINER: (payloads.recognize, "is saved"),
            CARD: (lambda: payloads.command("/mission"), "Our mission"),
            FORM: (lambda: payloads.submission(ground.form), ""),
            CLICK: (lambda: payloads.applaud(ground.recorded.record), ""),
        }
        before = recognitions(ours.database)
        found: dict[str, list[float]] = {what: [] for what in kinds}
        floor: list[float] = []
        for _ in range(TURNS):
            floor += await each(raw.link, payloads.recognize, IN_A_TURN)
            for what, (make, says) in kinds.items():
                found[what] += await each(ours.link, make, IN_A_TURN, says=says)
        for what in kinds:
            self.rows[what].add(median(found[what]) * 1000, median(floor) * 1000)
        must_have(ours.database, before + 2 * TURNS * IN_A_TURN)

    async def _crowd(self, ours: Running, raw: Running) -> None:
        found: dict[str, tuple[float, float]] = {}
        for name, app in (("floor", raw), ("ours", ours)):
            before = recognitions(app.database)
            acks, seconds = await _many(app, IN_THE_CROWD, at_a_time=CROWD)
            must_have(app.database, before + IN_THE_CROWD)
            p99 = percentile([ack.must_say("") for ack in acks], 99)
            found[name] = (p99 * 1000, IN_THE_CROWD / seconds)
        self.rows[CROWDED].add(found["ours"][0], found["floor"][0])
        self.rows[THROUGHPUT].add(found["ours"][1], found["floor"][1])

    async def _burst(self, ours: Running) -> None:
        before = recognitions(ours.database)
        acks, _ = await _many(ours, BURST, at_a_time=BURST)
        saved = sum("is saved" in (ack.payload or "") for ack in acks)
        told = sum("Nothing was saved" in (ack.payload or "") for ack in acks)
        must_have(ours.database, before + saved, or_more=True)
        self.rows[UNACKED].add(sum(ack.payload is None for ack in acks))
        print(f"  {BURST:,} at once: {saved} saved, {told} told that nothing was, in time")


async def each(
    link: Link, make: Callable[[], Envelope], times: int, *, says: str = "", pause: float = PAUSE
) -> list[float]:
    """Ask so many times, one after the other, and return the seconds of each."""
    found = []
    for _ in range(times):
        found.append((await link.ask(make())).must_say(says))
        if pause:
            await asyncio.sleep(pause)
    return found


async def _many(app: Running, number: int, *, at_a_time: int) -> tuple[list[Ack], float]:
    envelopes = [payloads.recognize() for _ in range(number)]
    began = time.perf_counter()
    acks = await at_once(app.link, envelopes, at_a_time=at_a_time)
    return acks, time.perf_counter() - began


def recognitions(database: Path) -> int:
    """Count what was saved."""
    with closing(sqlite3.connect(database)) as connection:
        return int(connection.execute("SELECT count(*) FROM recognition").fetchone()[0])


def must_have(database: Path, expected: int, *, or_more: bool = False) -> None:
    """Raise where not so many were saved: what is lost was quick, but it is no result."""
    found = recognitions(database)
    if found < expected or (found > expected and not or_more):
        raise AssertionError(f"{expected} recognitions should be saved, {found} are")
