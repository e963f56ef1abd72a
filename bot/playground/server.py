"""The fake Slack as a server on a loopback port."""

import asyncio
import json
from collections.abc import Callable
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute

from bot.playground import pageapi
from bot.playground.errors import SlackError
from bot.playground.events import Events
from bot.playground.faults import Fault, Faults
from bot.playground.guard import Guard
from bot.playground.installation import Installation
from bot.playground.limits import Limits
from bot.playground.looking import Looking
from bot.playground.outcome import Outcome, of
from bot.playground.records import Change
from bot.playground.serving import Serving
from bot.playground.socketmode import ACK_SECONDS, Sockets
from bot.playground.store import Doc
from bot.playground.webapi import Call, WebApi
from bot.playground.workspace import Workspace


class FakeSlack(Looking):
    """One workspace with one app in it, as its manifest says."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        manifest: Doc,
        rate_limits: bool = True,
        ack_seconds: float = ACK_SECONDS,
    ) -> None:
        self.workspace = workspace
        self.installation = Installation(workspace, manifest)
        self.sockets = Sockets(self.installation, ack_seconds=ack_seconds)
        self.events = Events(self.installation, self.sockets)
        self.faults = Faults()
        self.webapi = WebApi(self.installation, Limits(workspace.clock, enabled=rate_limits))
        self._serving = Serving(Guard(self._app()))
        self._over = asyncio.Event()
        self._unwatch: Callable[[], None] | None = None

    @property
    def url(self) -> str:
        """Where the page is."""
        return self.installation.base_url

    @property
    def api_url(self) -> str:
        """The base of the Web API, as the SDK takes it."""
        return f"{self.url}/api/"

    @property
    def clock_url(self) -> str:
        """Where the workspace's clock is read."""
        return f"{self.url}/clock"

    @property
    def bot_token(self) -> str:
        """The app's bot token."""
        return self.installation.bot_token

    @property
    def app_token(self) -> str:
        """The app's token for Socket Mode."""
        return self.installation.app_token

    @property
    def refusals(self) -> list[Doc]:
        """Every request that Slack would have refused."""
        return self.installation.refusals

    @property
    def calls(self) -> list[Doc]:
        """Every accepted call: {method, args}."""
        return self.webapi.calls

    def published(self, user: str) -> list[Doc]:
        """Every Home tab that the app published for a person, oldest first."""
        made = [call["args"] for call in self.calls if call["method"] == "views.publish"]
        return [args["view"] for args in made if args["user_id"] == user]

    async def start(self, port: int = 0) -> None:
        """Listen; raises OSError when the port is taken."""
        self._over = asyncio.Event()
        real = await self._serving.start(port)
        self.installation.base_url = f"http://127.0.0.1:{real}"
        self._unwatch = self.workspace.watch(self._on_change)

    async def stop(self) -> None:
        """End everything that was started; the workspace stays as it is."""
        if self._unwatch is not None:
            self._unwatch()
            self._unwatch = None
        self._over.set()
        await self.events.stop()
        self.workspace.clock.release()
        await self._serving.stop()

    def fault(self, method: str, kind: str, times: int = 1, **details: Any) -> None:
        """Let the next calls of a method (or "response_url", "upload") go wrong.

        Raises ValueError for an unknown kind.
        """
        self.faults.plan(method, kind, times=times, details=details)

    async def redeliver(self, kind: str = "last") -> Outcome:
        """Send the last envelope (of a type) once more with the same ids; the answer is dropped."""
        sent = [each for each in self.sockets.sent if kind in ("last", each["type"])]
        if not sent:
            raise LookupError(f"nothing to deliver again: {kind}")
        again = {"retry_attempt": sent[-1].get("retry_attempt", 0) + 1, "retry_reason": "timeout"}
        return of(await self.sockets.send({**sent[-1], **again}))

    async def drop_sockets(self) -> None:
        """Break the app's connections."""
        await self.sockets.drop()

    def _on_change(self, change: Change) -> None:
        if change.kind == "event" and change.event is not None:
            self.events.send(change.event)

    # Routes

    def _app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/api/{method}", self._api, methods=["GET", "POST"]),
                WebSocketRoute("/socket/{ticket}", self.sockets.serve),
                Route("/response/{token}", self._response, methods=["POST"]),
                Route("/upload/{ticket}", self._upload, methods=["POST"]),
                Route("/clock", self._clock),
                Route("/clock", self._hear_ahead, methods=["POST"]),
                *pageapi.routes(self),
            ]
        )

    async def _api(self, request: Request) -> Response:
        call = Call.of(request, await request.body())
        return await self._unless_faulty(request, call.method, partial(self._answer, call))

    def _answer(self, call: Call) -> Response:
        answer = self.webapi.answer(call)
        return JSONResponse(answer.body, status_code=answer.status, headers=answer.headers)

    async def _unless_faulty(
        self, request: Request, name: str, apply: Callable[[], Response]
    ) -> Response:
        fault = self.faults.next(name)
        return apply() if fault is None else await self._faulty(request, fault, apply)

    async def _faulty(
        self, request: Request, fault: Fault, apply: Callable[[], Response]
    ) -> Response:
        details = fault.details
        match fault.kind:
            case "429":
                wait = {"Retry-After": str(details.get("retry_after", 1))}
                body = {"ok": False, "error": "ratelimited"}
                return JSONResponse(body, status_code=429, headers=wait)
            case "500":
                return Response("Internal Server Error", status_code=details.get("status", 500))
            case "error":
                return JSONResponse({"ok": False, "error": details["error"]})
            case "slow":
                await self._pause(details["seconds"])
            case "reset_before":
                return await self._reset(request)
        answer = apply()
        if fault.kind == "reset_after":
            return await self._reset(request)
        if fault.kind == "hang_after":
            await self._over.wait()
        return answer

    async def _reset(self, request: Request) -> Response:
        self._serving.break_connection(request.scope)
        await asyncio.sleep(0)  # so that the server learns of it before this answer
        return Response(status_code=500)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._over.wait()
        except TimeoutError:
            return

    async def _response(self, request: Request) -> Response:
        token, body = request.path_params["token"], await request.body()
        return await self._unless_faulty(
            request, "response_url", lambda: self._respond(token, body)
        )

    async def _upload(self, request: Request) -> Response:
        ticket, body = request.path_params["ticket"], await request.body()
        return await self._unless_faulty(request, "upload", lambda: self._receive(ticket, body))

    def _receive(self, ticket: str, body: bytes) -> Response:
        try:
            self.workspace.files.receive(ticket, body)
        except SlackError as refused:
            self.installation.refuse("upload", refused)
            return Response(refused.error, status_code=_status(refused))
        return Response(f"OK - {len(body)}")

    def _respond(self, token: str, body: bytes) -> Response:
        try:
            self.installation.responses.use(token, json.loads(body))
        except (SlackError, ValueError) as refused:
            if not isinstance(refused, SlackError):
                refused = SlackError("invalid_payload", str(refused))
            self.installation.refuse("response_url", refused)
            return JSONResponse(refused.body(), status_code=_status(refused))
        return JSONResponse({"ok": True})

    async def _clock(self, request: Request) -> Response:
        seen = request.query_params.get("seen", "")
        if not seen.isdecimal():
            return JSONResponse(self.workspace.clock.state())
        return JSONResponse(await self.workspace.clock.poll(int(seen)))

    async def _hear_ahead(self, request: Request) -> Response:
        try:
            self.workspace.clock.ahead.hear(await request.json())
        except (KeyError, TypeError, ValueError) as wrong:
            return JSONResponse({"ok": False, "error": str(wrong)}, status_code=400)
        self.workspace.tell(Change("clock"))
        return JSONResponse({"ok": True})


def _status(refused: SlackError) -> int:
    return 404 if refused.error in ("invalid_url", "expired_url", "used_url") else 400
