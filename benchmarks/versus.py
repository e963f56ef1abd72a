"""The same command over HTTP: Truenorth against bolt-js with better-sqlite3, in turn."""

import asyncio
from dataclasses import dataclass
from statistics import median

from benchmarks import payloads, web
from benchmarks.figures import Row, percentile
from benchmarks.process import Stage
from benchmarks.rounds import CROWD, IN_A_TURN, IN_THE_CROWD, PAUSE, TURNS, must_have, recognitions
from benchmarks.web import Server

ALONE = "over HTTP against bolt-js: one-liner, alone, p50"
CROWDED = f"over HTTP against bolt-js: {CROWD} at once, p99"
CPU = f"over HTTP against bolt-js: {CROWD} at once, CPU a command"
BARE = "bare Bolt for Python with the same rows, over HTTP against bolt-js: alone, p50"
SAYS = {"ours": "is saved", "peer": "", "bare": ""}


def promises() -> dict[str, Row]:
    """Return the rows, still empty."""
    rows = [Row(ALONE, goal=1), Row(BARE, goal=None), Row(CROWDED, goal=1), Row(CPU, goal=1.5)]
    return {row.what: row for row in rows}


@dataclass(frozen=True)
class Versus:
    """A round with its number and the rows to add to."""

    number: int
    stage: Stage
    rows: dict[str, Row]

    async def run(self) -> None:
        """Measure everything once."""
        async with (
            web.ours(self.stage, f"web{self.number}") as ours,
            web.peer(self.stage, f"peer{self.number}") as peer,
            web.bare(self.stage, f"bare{self.number}") as bare,
        ):
            servers = {"peer": peer, "ours": ours}
            await self._alone({**servers, "bare": bare})
            await self._crowd(servers)

    async def _alone(self, servers: dict[str, Server]) -> None:
        found: dict[str, list[float]] = {name: [] for name in servers}
        for _ in range(TURNS):
            for name, server in servers.items():
                for _ in range(IN_A_TURN):
                    ack = await server.ask(payloads.recognize())
                    found[name].append(ack.must_say(SAYS[name]))
                    await asyncio.sleep(PAUSE)
        for row, name in ((ALONE, "ours"), (BARE, "bare")):
            self.rows[row].add(median(found[name]) * 1000, median(found["peer"]) * 1000)

    async def _crowd(self, servers: dict[str, Server]) -> None:
        p99: dict[str, float] = {}
        cpu: dict[str, float] = {}
        for name, server in servers.items():
            before, spent = recognitions(server.app.database), server.app.cpu()
            envelopes = [payloads.recognize() for _ in range(IN_THE_CROWD)]
            acks = await server.ask_all(envelopes, at_a_time=CROWD)
            cpu[name] = (server.app.cpu() - spent) / IN_THE_CROWD * 1000
            p99[name] = percentile([ack.must_say(SAYS[name]) for ack in acks], 99) * 1000
            must_have(server.app.database, before + IN_THE_CROWD)
        self.rows[CROWDED].add(p99["ours"], p99["peer"])
        self.rows[CPU].add(cpu["ours"], cpu["peer"])
