"""The page and its API under `/_/`: a thin layer over the driver."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.playground import sight
from bot.playground.errors import CannotActError
from bot.playground.files import PNG
from bot.playground.looking import Looking
from bot.playground.outcome import Outcome
from bot.playground.store import Doc

PAGE = Path(__file__).parent / "page"
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".json": "application/json",
}


def routes(fake: Looking) -> list[BaseRoute]:
    """All of the page's routes."""
    api = PageApi(fake)
    posts = (
        ("command", api.command),
        ("message", api.message),
        ("shortcut", api.shortcut),
        ("click", api.click),
        ("submit", api.submit),
        ("close", api.close),
        ("home", api.home),
        ("clock", api.clock),
    )
    return [
        Route("/", page),
        Route("/page/{name:path}", page),
        Route("/_/state", api.state),
        Route("/_/messages", api.messages),
        Route("/_/file/{id}", api.file),
        WebSocketRoute("/_/live", api.live),
        *(Route(f"/_/{name}", _post(work), methods=["POST"]) for name, work in posts),
    ]


async def page(request: Request) -> Response:
    """A file of the page, which may load nothing from elsewhere."""
    path = (PAGE / request.path_params.get("name", "index.html")).resolve()
    known = path.suffix in TYPES and path.is_relative_to(PAGE.resolve()) and path.is_file()
    if not known:
        return Response("Not found", status_code=404)
    live = f"ws://{request.headers['host']}"
    policy = (
        f"default-src 'self'; connect-src 'self' {live}; base-uri 'none'; object-src 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    )
    headers = {"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff"}
    return Response(path.read_bytes(), media_type=TYPES[path.suffix], headers=headers)


def _post(work: Callable[[Doc], Awaitable[Doc]]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return JSONResponse(await work(await request.json()))
        except KeyError as missing:
            problem = f"missing {missing}"
            return JSONResponse({"ok": False, "error": problem}, status_code=400)
        except (CannotActError, LookupError) as cannot:
            return JSONResponse({"ok": False, "outcome": "failed", "error": str(cannot)})
        except (ValueError, TypeError) as wrong:
            return JSONResponse({"ok": False, "error": str(wrong)}, status_code=400)

    return endpoint


class PageApi:
    """What the page reads and does as the person named in `as`."""

    def __init__(self, fake: Looking) -> None:
        self._fake = fake

    def _me(self, given: str | None) -> str:
        return given if given in self._fake.workspace.persons else sight.first(self._fake)

    async def state(self, request: Request) -> Response:
        """Everything but the messages."""
        me = self._me(request.query_params.get("as"))
        return JSONResponse(sight.state(self._fake, me))

    async def messages(self, request: Request) -> Response:
        """A channel's messages, oldest first."""
        me = self._me(request.query_params.get("as"))
        channel = request.query_params.get("channel", "")
        if not self._fake.workspace.can_see(me, channel):
            return JSONResponse({"ok": False, "error": "channel_not_found"}, status_code=404)
        found = self._fake.messages(channel, seen_by=me)
        return JSONResponse({"messages": [sight.message(self._fake, channel, m) for m in found]})

    async def file(self, request: Request) -> Response:
        """A picture or a text that was shared, for those who see the channel."""
        me = self._me(request.query_params.get("as"))
        try:
            channel, content = self._fake.workspace.files.shared(request.path_params["id"])
        except LookupError:
            return Response("Not found", status_code=404)
        if not self._fake.workspace.can_see(me, channel):
            return Response("Not found", status_code=404)
        kind = "image/png" if content.startswith(PNG) else "text/plain"
        return Response(content, media_type=kind)

    async def live(self, socket: WebSocket) -> None:
        """Tell of every change that this person may see, until the page goes."""
        me = self._me(socket.query_params.get("as"))
        queue: asyncio.Queue[Doc] = asyncio.Queue()

        def watcher(change: Any) -> None:
            if (told := sight.push(self._fake, me, change)) is not None:
                queue.put_nowait(told)

        unwatch = self._fake.workspace.watch(watcher)  # before the page thinks that it hears
        await socket.accept()
        telling = asyncio.create_task(_tell(socket, queue))
        try:
            while True:
                await socket.receive_text()
        except WebSocketDisconnect:
            pass  # the page was closed
        finally:
            unwatch()
            telling.cancel()
            await asyncio.wait([telling])

    async def command(self, body: Doc) -> Doc:
        """Type a command."""
        return _said(await self._fake.command(body["as"], body["channel"], body["text"]))

    async def message(self, body: Doc) -> Doc:
        """Write a message."""
        await self._fake.message(body["as"], body["channel"], body["text"])
        return {"ok": True}

    async def shortcut(self, body: Doc) -> Doc:
        """Press a shortcut: of the message `ts` in `channel` where they are named."""
        me, callback_id = body["as"], body["callback_id"]
        if "ts" in body:
            where = body["channel"], body["ts"]
            return _said(await self._fake.message_shortcut(me, *where, callback_id))
        return _said(await self._fake.shortcut(me, callback_id))

    async def click(self, body: Doc) -> Doc:
        """Press a button or choose an option; `values` are what a form holds meanwhile."""
        if body.get("view_id") and body.get("values"):
            self._keep(body["as"], body["view_id"], body["values"])
        return _said(
            await self._fake.click(
                body["as"],
                action_id=body["action_id"],
                block_id=body.get("block_id"),
                channel=body.get("channel"),
                ts=body.get("ts"),
                view=body.get("view_id"),
                value=body.get("value"),
                option=body.get("option"),
            )
        )

    def _keep(self, me: str, view_id: str, values: Doc) -> None:
        """Remember what a form holds; the app may have taken some of its inputs away meanwhile."""
        there = {b["block_id"] for view in self._fake.views(me) for b in view["blocks"]}
        self._fake.fill(me, view_id, {name: values[name] for name in values if name in there})

    async def submit(self, body: Doc) -> Doc:
        """Send a form."""
        done = await self._fake.submit(body["as"], body["view_id"], body.get("values") or {})
        said = {"outcome": done.result, "errors": done.errors}
        return said | ({"error": done.error} if done.error else {})

    async def close(self, body: Doc) -> Doc:
        """Close a form."""
        await self._fake.close_view(body["as"], body["view_id"])
        return {"ok": True}

    async def home(self, body: Doc) -> Doc:
        """Open the Home tab."""
        return {"view": await self._fake.open_home(body["as"])}

    async def clock(self, body: Doc) -> Doc:
        """Move the clock: forward with everything that happens on the way."""
        if "to" in body:
            by = datetime.fromisoformat(body["to"]) - self._fake.now()
        else:
            by = timedelta(seconds=float(body["seconds"]))
        await (self._fake.pass_time(by) if by > timedelta() else self._fake.jump(by))
        return sight.clock(self._fake)


def _said(done: Outcome) -> Doc:
    return {"ok": True} if done.error is None else {"ok": False, "error": done.error}


async def _tell(socket: WebSocket, queue: asyncio.Queue[Doc]) -> None:
    while True:
        await socket.send_json(await queue.get())
