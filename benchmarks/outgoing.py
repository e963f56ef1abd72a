"""While messages go out: what one costs, and whether whoever acts meanwhile has to wait."""

import shutil
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from aiohttp import web

from benchmarks import payloads, sending
from benchmarks.figures import Row, percentile
from benchmarks.process import Stage
from benchmarks.rounds import each
from bot.db import Database

MESSAGES = 400
FAN_OUT = 10_000
TURNS, IN_A_TURN = 5, 40

CPU = "sender, CPU a message over TLS"
CLIENT = "slack_sdk's AsyncWebClient alone, CPU a message over TLS"
MEANWHILE = f"one-liner while {FAN_OUT:,} messages go out, alone, p99, against itself at rest"


def promises() -> dict[str, Row]:
    """Return the rows, still empty."""
    rows = [Row(MEANWHILE, goal=2)]
    if shutil.which("openssl") is None:
        print("there is no openssl here, so nothing is sent over TLS")
    else:
        rows += [Row(CPU, goal=2), Row(CLIENT, goal=None)]
    return {row.what: row for row in rows}


@dataclass(frozen=True)
class Outgoing:
    """A round with its number and the rows to add to."""

    number: int
    stage: Stage
    rows: dict[str, Row]

    async def run(self) -> None:
        """Measure everything once."""
        if CPU in self.rows:
            await self._cost()
        await self._meanwhile()

    async def _cost(self) -> None:
        async with _tls(self.stage.folder) as (url, certificate):
            floor, ours, client = [
                await self._of_one(kind, url, certificate) * 1000
                for kind in ("floor", "ours", "client")
            ]
        self.rows[CPU].add(ours, floor)
        self.rows[CLIENT].add(client, floor)

    async def _of_one(self, kind: str, url: str, certificate: Path) -> float:
        name = f"sending{self.number}{kind}"
        what = [kind, url, str(certificate), str(self.stage.copy(name)), str(MESSAGES)]
        command = [sys.executable, "-m", "benchmarks.sending", *what]
        async with self.stage.starting(name, command, {}) as child:
            if await child.wait():
                raise RuntimeError(f"{name} failed:\n{self.stage.said(name)}")
        return float(self.stage.said(name))

    async def _meanwhile(self) -> None:
        busy = self.stage.copy(f"busy{self.number}")
        database = Database.open(f"sqlite:///{busy}")
        await sending.fill(database, FAN_OUT)
        database.close()
        found: dict[str, list[float]] = {"rest": [], "busy": []}
        async with (
            self.stage.ours(f"rest{self.number}") as rested,
            self.stage.ours(f"busy{self.number}", busy) as sends,
        ):
            for _ in range(TURNS):
                for name, app in (("rest", rested), ("busy", sends)):
                    found[name] += await each(
                        app.link, payloads.recognize, IN_A_TURN, says="is saved"
                    )
        p99 = {name: percentile(seconds, 99) * 1000 for name, seconds in found.items()}
        self.rows[MEANWHILE].add(p99["busy"], p99["rest"])


@asynccontextmanager
async def _tls(folder: Path) -> AsyncIterator[tuple[str, Path]]:
    """Take messages over TLS on loopback, with a certificate that we signed ourselves."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    if not certificate.exists():
        _sign(key, certificate)
    stamps = count(1)

    async def take(request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"ok": True, "channel": "D1", "ts": f"1767600000.{next(stamps)}"})

    app = web.Application()
    app.router.add_post("/api/{method}", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, key)
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        yield f"https://127.0.0.1:{runner.addresses[0][1]}", certificate
    finally:
        await runner.cleanup()


def _sign(key: Path, certificate: Path) -> None:
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", "/CN=bench", "-addext"]
    command += ["subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)
