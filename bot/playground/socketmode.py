"""Socket Mode: envelopes out, acknowledgements in."""

import asyncio
import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground.installation import Installation
from bot.playground.people import APP_ID
from bot.playground.records import Change
from bot.playground.store import Doc

CONNECTION_LIMIT = 10
ACK_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Reply:
    """How the app answered an envelope; `failure` is None, timeout or unconnected."""

    acked: bool
    payload: Any = None
    seconds: float = 0.0
    failure: str | None = None


class Sockets:
    """The app's connections; each envelope goes to one of them, in turn."""

    def __init__(self, installation: Installation, *, ack_seconds: float = ACK_SECONDS) -> None:
        self._here = installation
        self.ack_seconds = ack_seconds
        self.sent: list[Doc] = []
        self._open: list[WebSocket] = []
        self._waiting: dict[str, tuple[WebSocket, asyncio.Future[Any]]] = {}
        self._turn = 0

    @property
    def connected(self) -> bool:
        """Whether the app has a connection."""
        return bool(self._open)

    @property
    def count(self) -> int:
        """How many connections the app has, those included of whose end nobody has heard."""
        return len(self._open)

    @property
    def waiting(self) -> bool:
        """Whether an envelope is not acknowledged yet."""
        return bool(self._waiting)

    async def serve(self, socket: WebSocket) -> None:
        """One connection, from its ticket to its end."""
        ticket = socket.path_params["ticket"]
        if ticket not in self._here.tickets:
            await socket.close(4403)
            return
        self._here.tickets.discard(ticket)
        await socket.accept()
        if len(self._open) >= CONNECTION_LIMIT:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return
        await self._converse(socket)

    async def _converse(self, socket: WebSocket) -> None:
        self._open.append(socket)
        try:
            await socket.send_json(self._hello())
            self._here.workspace.tell(Change("state"))
            while True:
                self._acknowledge(json.loads(await socket.receive_text()))
        except WebSocketDisconnect:
            pass  # the usual end of a connection
        finally:
            self._lost(socket)

    def _hello(self) -> Doc:
        return {
            "type": "hello",
            "num_connections": len(self._open),
            "connection_info": {"app_id": APP_ID},
            "debug_info": {"host": "playground", "approximate_connection_time": 18060},
        }

    def _acknowledge(self, ack: Doc) -> None:
        _, waiter = self._waiting.get(ack.get("envelope_id", ""), (None, None))
        if waiter is not None and not waiter.done():
            waiter.set_result(ack.get("payload"))

    def _lost(self, socket: WebSocket) -> None:
        if socket in self._open:
            self._open.remove(socket)
        for holder, waiter in self._waiting.values():
            if holder is socket and not waiter.done():
                waiter.set_exception(ConnectionResetError())
        self._here.workspace.tell(Change("state"))

    async def request(self, kind: str, payload: Doc, **more: Any) -> Reply:
        """Send an envelope to the app and wait for its acknowledgement, 3 seconds at most."""
        envelope = {
            "envelope_id": secrets.token_hex(16),
            "type": kind,
            "accepts_response_payload": kind != "events_api",
            "payload": payload,
            **more,
        }
        return await self.send(envelope)

    async def send(self, envelope: Doc) -> Reply:
        """Send this envelope as it is; an unconnected app fails it at once."""
        if not self._open:
            return Reply(acked=False, failure="unconnected")
        self.sent.append(envelope)
        self._turn += 1
        socket = self._open[self._turn % len(self._open)]
        waiter: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = (socket, waiter)
        started = time.monotonic()
        try:
            await socket.send_text(json.dumps(envelope))
            async with asyncio.timeout(self.ack_seconds):
                payload = await waiter
        except (TimeoutError, ConnectionResetError, WebSocketDisconnect):
            failed = time.monotonic() - started
            return Reply(acked=False, seconds=failed, failure="timeout")
        finally:
            self._waiting.pop(envelope["envelope_id"], None)
        return Reply(acked=True, payload=payload, seconds=time.monotonic() - started)

    async def drop(self) -> None:
        """Break every connection without a word."""
        for socket in list(self._open):
            self._lost(socket)
            await socket.close(1011)

    async def ask_to_reconnect(self) -> None:
        """Announce that the connections will be closed, as Slack does from time to time."""
        for socket in list(self._open):
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested"})
