"""Slack's end of Socket Mode at the least cost: it answers at once, and times acknowledgements."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import WSMsgType, web

from benchmarks.payloads import BOT, CHANNEL, MEMBERS, TEAM, Envelope

SLACK_WAITS = 3.0  # seconds; an acknowledgement after them is none
CONNECTING_SECONDS = 20.0
_stamps = count(1)


@dataclass(frozen=True)
class Ack:
    """How long it took and what was said; `payload` is None where nothing came in time."""

    seconds: float
    payload: str | None

    def must_say(self, words: str) -> float:
        """Return the seconds; a refusal that came quickly is no result."""
        if self.payload is None or words not in self.payload:
            raise AssertionError(f"expected {words!r}, got {self.payload!r}")
        return self.seconds


@dataclass
class Link:
    """One app's connection."""

    connected: asyncio.Event = field(default_factory=asyncio.Event)
    at: float = 0.0  # when it connected, by time.perf_counter
    _socket: web.WebSocketResponse | None = None
    _waiting: dict[str, asyncio.Future[tuple[float, str]]] = field(default_factory=dict)

    async def ask(self, envelope: Envelope) -> Ack:
        """Send the envelope and wait for its acknowledgement, as long as Slack does."""
        if self._socket is None:
            raise RuntimeError("the app is not connected")
        answer = asyncio.get_running_loop().create_future()
        self._waiting[envelope.id] = answer
        began = time.perf_counter()
        await self._socket.send_str(envelope.text)
        try:
            async with asyncio.timeout(SLACK_WAITS):
                at, payload = await answer
        except TimeoutError:
            return Ack(SLACK_WAITS, None)
        finally:
            del self._waiting[envelope.id]
        return Ack(at - began, payload)

    async def converse(self, socket: web.WebSocketResponse) -> None:
        """Take acknowledgements until the connection ends."""
        await socket.send_str('{"type": "hello", "num_connections": 1}')
        self._socket, self.at = socket, time.perf_counter()
        self.connected.set()
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            at = time.perf_counter()
            answer = self._waiting.get(json.loads(message.data)["envelope_id"])
            if answer is not None and not answer.done():
                answer.set_result((at, message.data))


async def at_once(link: Link, envelopes: Iterable[Envelope], *, at_a_time: int) -> list[Ack]:
    """Send all of them, so many under way at any moment, and return their acknowledgements."""
    waiting = iter(envelopes)
    acks: list[Ack] = []

    async def keep_asking() -> None:
        for envelope in waiting:
            acks.append(await link.ask(envelope))

    await asyncio.gather(*(keep_asking() for _ in range(at_a_time)))
    return acks


class Driver:
    """A Slack on a free port of this machine; every app has an address of its own."""

    def __init__(self) -> None:
        self.links: dict[str, Link] = {}
        self.port = 0

    def api_url(self, name: str) -> str:
        """Where the app of this name finds Slack."""
        return f"http://127.0.0.1:{self.port}/{name}/api/"

    def link(self, name: str) -> Link:
        """Expect an app of this name."""
        return self.links.setdefault(name, Link())

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["Driver"]:
        """Listen; the port is one that nobody else answers on."""
        app = web.Application()
        app.router.add_get("/{name}/socket", self._socket)
        app.router.add_post("/{name}/api/{method}", self._call)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            self.port = runner.addresses[0][1]
            yield self
        finally:
            await runner.cleanup()

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await self.link(request.match_info["name"]).converse(socket)
        return socket

    async def _call(self, request: web.Request) -> web.Response:
        await request.read()
        name, method = request.match_info["name"], request.match_info["method"]
        return web.json_response({"ok": True, **self._answer(name, method)})

    def _answer(self, name: str, method: str) -> dict[str, Any]:
        match method:
            case "auth.test":
                return {"team_id": TEAM, "user_id": BOT, "bot_id": "B1", "user": "truenorth"}
            case "apps.connections.open":
                return {"url": f"ws://127.0.0.1:{self.port}/{name}/socket"}
            case "users.list":
                return {"members": MEMBERS, "response_metadata": {"next_cursor": ""}}
            case "chat.postMessage" | "chat.update":
                return {"channel": CHANNEL, "ts": f"1767600000.{next(_stamps):06}"}
        return {}
