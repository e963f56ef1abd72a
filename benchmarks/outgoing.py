"""While messages go out: what one costs, and whether whoever acts meanwhile has to wait."""

import shutil
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

from aiohttp import web
from sqlmodel import Session

from benchmarks import payloads, sending
from benchmarks.figures import Row, percentile
from benchmarks.payloads import ADMIN, TEAM, Envelope
from benchmarks.process import Stage
from benchmarks.rounds import each
from bot.db import Database
from bot.rituals import pulse
from bot.rounds import Round

MESSAGES = 400
FAN_OUT = 10_000
QUESTION = "How do you like the new room?"
TURNS, IN_A_TURN = 5, 40

CPU = "sender, CPU a message over TLS"
CLIENT = "slack_sdk's AsyncWebClient alone, CPU a message over TLS"
WHILE = f"while {FAN_OUT:,} messages go out, alone, p99, against itself at rest"
MEANWHILE, TAPPED = f"one-liner {WHILE}", f"an answer to the pulse {WHILE}"


def promises() -> dict[str, Row]:
    """Return the rows, still empty."""
    rows = [Row(MEANWHILE, goal=2), Row(TAPPED, goal=2)]
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
        quiet, busy = [self.stage.copy(f"{name}{self.number}") for name in ("rest", "busy")]
        asked = {quiet: await _prepared(quiet, 0), busy: await _prepared(busy, FAN_OUT)}

        def tap(path: Path) -> Envelope:
            answers = f"{self.stage.driver.api_url(path.stem)}response"
            return payloads.tap(*asked[path], response_url=answers)

        kinds: dict[str, tuple[Callable[[Path], Envelope], str]] = {
            MEANWHILE: (lambda _: payloads.recognize(), "is saved"),
            TAPPED: (tap, ""),
        }
        async with (
            self.stage.ours(quiet.stem, quiet) as rested,
            self.stage.ours(busy.stem, busy) as sends,
        ):
            for what, (make, says) in kinds.items():
                found: dict[Path, list[float]] = {quiet: [], busy: []}
                for _ in range(TURNS):
                    for app in (rested, sends):
                        act = partial(make, app.database)
                        found[app.database] += await each(app.link, act, IN_A_TURN, says=says)
                p99 = {path: percentile(seconds, 99) * 1000 for path, seconds in found.items()}
                self.rows[what].add(p99[busy], p99[quiet])
        for path in (quiet, busy):
            _must_have_answered(path)


async def _prepared(path: Path, messages: int) -> tuple[int, str]:
    """Have a round be open, and so many messages wait; return the round and its question."""

    def ask(session: Session) -> Round:
        return pulse.ask_everybody(
            session, by=ADMIN, question=QUESTION, now=datetime.now(UTC)
        ).round

    database = Database.open(f"sqlite:///{path}")
    try:
        opened = await database.write(TEAM, ask)
        await sending.fill(database, messages)
        return opened.id, opened.asks()[0].slug
    finally:
        database.close()


def _must_have_answered(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        [(people, points)] = connection.execute("SELECT count(*), count(point) FROM answer")
    if (people, points) != (1, 1):
        raise AssertionError(
            f"one person should have answered; {people} did, {points} with a point"
        )


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
