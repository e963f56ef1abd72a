"""An hour of a company of thousands: whether memory stays as it was."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle

from benchmarks import payloads
from benchmarks.driver import at_once
from benchmarks.figures import Row
from benchmarks.payloads import Envelope
from benchmarks.process import Stage

A_SECOND = 5  # things that people do
TENTHS = 10
IN_A_TENTH = 3600 * A_SECOND // TENTHS
AT_ONCE = 8
SETTLING_SECONDS = 1.0

FLAT = f"memory after an hour with {A_SECOND} things done a second, against after its first tenth"


def promises() -> dict[str, Row]:
    """Return the row, still empty."""
    return {FLAT: Row(FLAT, goal=1.1, unit="MB")}


@dataclass(frozen=True)
class Hour:
    """A round with its number and the rows to add to. One hour is enough for all rounds."""

    number: int
    stage: Stage
    rows: dict[str, Row]

    async def run(self) -> None:
        """Have all of it happen, as fast as it is answered, and look at each tenth."""
        if self.number > 1:
            return
        ground, memory = self.stage.ground, list[float]()
        kinds: list[Callable[[], Envelope]] = [
            payloads.recognize,
            payloads.glance,
            lambda: payloads.command("/mission"),
            lambda: payloads.applaud(ground.recorded.record),
            lambda: payloads.command("/mission", "search clinic"),
            lambda: payloads.submission(ground.form),
        ]
        making = cycle(kinds)
        async with self.stage.ours("hour") as app:
            for _ in range(TENTHS):
                some = (next(making)() for _ in range(IN_A_TENTH))
                acks = await at_once(app.link, some, at_a_time=AT_ONCE)
                assert all(ack.payload is not None for ack in acks)
                await asyncio.sleep(SETTLING_SECONDS)
                memory.append(app.memory())
        print(f"  memory in each tenth of an hour, in MB: {[round(one) for one in memory]}")
        self.rows[FLAT].add(memory[-1], memory[0])
