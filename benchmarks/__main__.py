"""Measures what Truenorth promises of its speed: `make bench`, ARGS='--rounds 9' for more."""

import argparse
import asyncio
import tempfile
from pathlib import Path

from benchmarks import ground, report
from benchmarks.driver import Driver
from benchmarks.figures import Row
from benchmarks.process import Stage
from benchmarks.rounds import Round, promises

LEAST_ROUNDS = 5
SECONDS_A_ROUND = 60.0


async def measure(rounds: int) -> list[Row]:
    """Run the rounds and return what they found."""
    rows = promises()
    with tempfile.TemporaryDirectory(prefix="truenorth-bench-") as name:
        folder = Path(name)
        async with Driver().serving() as driver:
            stage = Stage(driver, await ground.lay(folder), folder)
            for number in range(1, rounds + 1):
                print(f"round {number} of {rounds}", flush=True)
                async with asyncio.timeout(SECONDS_A_ROUND):
                    await Round(number, stage, rows).run()
    return list(rows.values())


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
