"""Slack's end over HTTP: signed requests, and the servers that answer them."""

import asyncio
import hashlib
import hmac
import json
import shutil
import socket
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import psutil

from benchmarks.driver import CONNECTING_SECONDS, Ack, Link
from benchmarks.ground import Recorded
from benchmarks.payloads import Envelope
from benchmarks.process import ROOT, Running, Stage

SECRET = "bench"  # noqa: S105
PEER = ROOT / "benchmarks" / "peer"
RETRY_SECONDS = 0.02
MOST_EXACT = 2**53  # of JavaScript's numbers


@dataclass(frozen=True)
class Server:
    """A server that answers, and the process it is."""

    app: Running
    url: str
    session: aiohttp.ClientSession

    async def ask(self, envelope: Envelope) -> Ack:
        """Send the command, signed, and wait for its acknowledgement."""
        body = urlencode(json.loads(envelope.text)["payload"])
        headers = signed(body)
        began = time.perf_counter()
        async with self.session.post(self.url, data=body, headers=headers) as response:
            said = await response.text()
            seconds = time.perf_counter() - began
        return Ack(seconds, said if response.status == 200 else None)

    async def ask_all(self, envelopes: Iterable[Envelope], *, at_a_time: int) -> list[Ack]:
        """Send all of them, so many under way at any moment."""
        waiting = iter(envelopes)
        acks: list[Ack] = []

        async def keep_asking() -> None:
            for envelope in waiting:
                acks.append(await self.ask(envelope))

        await asyncio.gather(*(keep_asking() for _ in range(at_a_time)))
        return acks


def signed(body: str) -> dict[str, str]:
    """Return the headers with which Slack sends the body."""
    at = str(int(time.time()))
    digest = hmac.new(SECRET.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={digest}",
    }


def why_no_peer() -> str | None:
    """Say why the peer cannot be measured, None where it can."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "there is no npm here"
    if not list((PEER / "node_modules").glob("*.done")):
        return "it is not installed, which `make bench` tries"
    return None


@asynccontextmanager
async def ours(stage: Stage, name: str) -> AsyncIterator[Server]:
    """Run Truenorth over HTTP."""
    port, database = _free_port(), stage.copy(name)
    command = [sys.executable, "-m", "benchmarks.front", str(port)]
    settings = stage.settings(name, f"sqlite:///{database}")
    async with _serving(stage, name, command, settings, database, port) as server:
        yield server


@asynccontextmanager
async def peer(stage: Stage, name: str) -> AsyncIterator[Server]:
    """Run the peer, which writes the same rows."""
    port, database = _free_port(), stage.copy(name)
    recorded = stage.folder / "recorded-peer.json"
    recorded.write_text(json.dumps(_exact(stage.ground.recorded)), encoding="utf-8")
    command = ["node", str(PEER / "server.js"), stage.driver.api_url(name)]
    command += [str(database), str(recorded), str(port)]
    settings = {"SLACK_SIGNING_SECRET": SECRET, "NODE_ENV": "production"}
    async with _serving(stage, name, command, settings, database, port) as server:
        yield server


@asynccontextmanager
async def bare(stage: Stage, name: str) -> AsyncIterator[Server]:
    """Run bare Bolt for Python, which writes the same rows."""
    port, database = _free_port(), stage.copy(name)
    recorded = stage.folder / "recorded.json"
    stage.ground.recorded.save(recorded)
    what = [stage.driver.api_url(name), str(database), str(recorded), str(port)]
    command = [sys.executable, "-m", "benchmarks.bare", *what]
    async with _serving(stage, name, command, {}, database, port) as server:
        yield server


def _exact(recorded: Recorded) -> dict[str, Any]:
    def exact(value: Any) -> Any:
        is_id = isinstance(value, int) and abs(value) >= MOST_EXACT
        return {"id": str(value)} if is_id else value

    rows = [(sql, [exact(value) for value in values]) for sql, values in recorded.rows]
    return {"record": exact(recorded.record), "rows": rows}


@asynccontextmanager
async def _serving(
    stage: Stage, name: str, command: list[str], settings: dict[str, str], database: Path, port: int
) -> AsyncIterator[Server]:
    began = time.perf_counter()
    async with stage.starting(name, command, settings) as child:
        async with asyncio.timeout(CONNECTING_SECONDS):
            while not await _listens(port):
                if child.returncode is not None:
                    raise RuntimeError(f"{name} ended:\n{stage.said(name)}")
                await asyncio.sleep(RETRY_SECONDS)
        app = Running(Link(), psutil.Process(child.pid), database, time.perf_counter() - began)
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
            yield Server(app, f"http://127.0.0.1:{port}/slack/events", session)


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionError:
        return False
    writer.close()
    return True


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
