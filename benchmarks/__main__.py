"""Measures what Truenorth promises of its speed: `make bench`, ARGS='--rounds 9' for more."""

import argparse
import asyncio
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Protocol

from benchmarks import (
    ground,
    history,
    hour,
    me,
    outgoing,
    pulse,
    report,
    rounds,
    scale,
    search,
    versus,
    web,
)
from benchmarks.driver import Driver
from benchmarks.figures import Row
from benchmarks.history import History
from benchmarks.hour import Hour
from benchmarks.me import Me
from benchmarks.outgoing import Outgoing
from benchmarks.process import Stage
from benchmarks.pulse import Pulse
from benchmarks.rounds import Round
from benchmarks.scale import Scale
from benchmarks.search import Search
from benchmarks.versus import Versus

LEAST_ROUNDS = 5
SECONDS_A_PART = 180.0


class Part(Protocol):
    """What measures some of the promises once."""

    async def run(self) -> None: ...


Make = Callable[[int, Stage, dict[str, Row]], Part]


def parts() -> dict[Make, dict[str, Row]]:
    """Return what is measured in each round, with its rows, still empty."""
    chosen: dict[Make, dict[str, Row]] = {Round: rounds.promises()}
    if absent := web.why_no_peer():
        print(f"bolt-js is not measured: {absent}")
    else:
        chosen[Versus] = versus.promises()
    chosen[Outgoing] = outgoing.promises()
    chosen[History] = history.promises()
    chosen[Me] = me.promises()
    chosen[Search] = search.promises()
    chosen[Pulse] = pulse.promises()
    chosen[Hour] = hour.promises()
    return chosen


async def measure(times: int) -> list[Row]:
    """Run the rounds and return what they found."""
    chosen = parts()
    with tempfile.TemporaryDirectory(prefix="truenorth-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        async with Driver().serving() as driver:
            stage = Stage(driver, await ground.lay(folder), folder)
            await asyncio.to_thread(history.lay, stage)
            await asyncio.to_thread(me.lay, stage)
            await asyncio.to_thread(search.lay, stage)
            await _rounds(times, stage, chosen)
            # Last, since a server is at work beside whatever else is measured while it is there.
            if absent := scale.why_no_server():
                print(f"PostgreSQL is not measured: {absent}")
            else:
                server = stack.enter_context(scale.laid(stage))
                on_server: dict[Make, dict[str, Row]]
                on_server = {partial(Scale, server=server): scale.promises()}
                await _rounds(times, stage, on_server)
                chosen |= on_server
    return [row for rows in chosen.values() for row in rows.values()]


async def _rounds(times: int, stage: Stage, chosen: dict[Make, dict[str, Row]]) -> None:
    for number in range(1, times + 1):
        print(f"round {number} of {times}", flush=True)
        for make, rows in chosen.items():
            async with asyncio.timeout(SECONDS_A_PART):
                await make(number, stage, rows).run()


def main() -> int:
    """Measure, print, write the results; 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--rounds", type=int, default=LEAST_ROUNDS)
    asked = parser.parse_args()
    rows = asyncio.run(measure(asked.rounds))
    print(report.write(rows, rounds=asked.rounds))
    return 0 if all(row.met for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
