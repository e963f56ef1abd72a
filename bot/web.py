"""Where Slack's requests and those who install Truenorth arrive: starlette, served by uvicorn."""

import asyncio
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypedDict

import aiohttp
import uvicorn
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot import envelope, installations, migrate
from bot.aside import end_aside, kill_aside
from bot.clock import real_now
from bot.collecting import spare_what_stays
from bot.config import Settings
from bot.connection import SLACK_TIMEOUT, CannotStart
from bot.db import Database
from bot.deadline import count_from_now
from bot.ending import ended_in_time, ended_with_parent
from bot.engine import trouble
from bot.envelope import NotSlacksError
from bot.errors import NotSaved, Unconfirmed, UserError
from bot.gate import Gate, Refused
from bot.health import Health, ports, refused
from bot.httpmode import EVENTS, INSTALL, INSTALLED, HttpMode
from bot.oauth import Flow, flow, page
from bot.parts import Parts
from bot.vault import cipher_of
from bot.workspaces import Workspaces

log = logging.getLogger(__name__)

ENDING_SECONDS = 4  # that requests under way have to come to their end
_PRIVATE = {"cache-control": "no-store", "referrer-policy": "no-referrer"}


class _State(TypedDict):
    """What requests are answered with."""

    workspaces: Workspaces
    flow: Flow
    gate: Gate
    answered: Callable[[dict[str, Any], float], None]


def run(chosen: Settings, factory: str) -> int:
    """Serve every workspace until SIGTERM or Ctrl-C and return the exit code.

    Each process that answers gets its application from the `factory`, a module and a name in it.
    """
    assert chosen.http is not None  # noqa: S101 - another mode does not come here
    try:
        _check(chosen, chosen.http)
    except (CannotStart, NotSaved) as error:
        print(error, file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # which uvicorn passes on at its end
    uvicorn.run(
        factory,
        factory=True,
        host=chosen.http.host,
        port=chosen.http.port,
        workers=chosen.http.workers,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        http="h11",  # httptools would take headers of any length into memory
        ws="none",
        timeout_graceful_shutdown=ENDING_SECONDS,
    )
    return 0


def _check(chosen: Settings, http: HttpMode) -> None:
    """Bring the database up to date, and see that whoever watches can be answered.

    Raises NotSaved where the database, or one of its tokens, is no use, CannotStart where a port is
    taken.
    """
    _see_free(chosen)
    database = Database.open(chosen.database_url)
    try:
        migrate.migrate(database.writer)
        with database.readers.connect() as connection:
            installations.tokens(connection, cipher_of(http.keys))
    except DBAPIError as error:
        raise trouble(error, saving=False) or error from error
    finally:
        database.close()


def _see_free(chosen: Settings) -> None:
    among = ports(chosen)
    family = socket.AF_INET6 if ":" in chosen.health_host else socket.AF_INET
    for port in among:
        try:
            socket.create_server((chosen.health_host, port), family=family).close()
        except OSError as error:
            raise CannotStart(refused(chosen.health_host, among)) from error


def application(
    chosen: Settings, parts: Parts, *, now: Callable[[], datetime] = real_now
) -> Starlette:
    """Return what answers Slack and whoever installs Truenorth, at work while it is served."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[_State]:
        with ended_in_time(), ended_with_parent():
            async with _at_work(chosen, parts, now) as state:
                yield state

    routes = [
        Route(EVENTS, hear, methods=["POST"]),
        Route(INSTALL, begin_installing, methods=["GET"]),
        Route(INSTALLED, end_installing, methods=["GET"]),
    ]
    served = Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={NotSaved: _later, Unconfirmed: _later, Exception: _fault},
    )
    served.router.redirect_slashes = False  # to wherever the request says that it is
    return served


async def _later(_: Request, error: Exception) -> Response:
    """Say that it is to be tried again, as Slack does by itself."""
    assert isinstance(error, UserError)  # noqa: S101 - what this is registered for
    log.warning("not done: %s", error.message)
    return PlainTextResponse("Not now. Please try again.", status_code=503)


async def _fault(_: Request, _error: Exception) -> Response:
    """Say that it is Truenorth's fault; what it was is in the log."""
    words = "Please try again. Whoever runs Truenorth finds in its log what it was."
    return HTMLResponse(page("That did not work", words), status_code=500, headers=_PRIVATE)


@asynccontextmanager
async def _at_work(
    chosen: Settings, parts: Parts, now: Callable[[], datetime]
) -> AsyncIterator[_State]:
    http = chosen.http
    assert http is not None  # noqa: S101 - another mode does not come here
    database = Database.open(chosen.database_url)
    health = Health(chosen, parts.called, "workspaces")
    try:
        migrate.migrate(database.writer)
        async with (
            aiohttp.ClientSession(timeout=SLACK_TIMEOUT) as session,
            health.served(database),
        ):
            workspaces = Workspaces(
                chosen,
                database,
                session,
                parts=parts,
                cipher=cipher_of(http.keys),
                now=now,
                on_error=health.slack_error,
            )
            spare_what_stays()  # before there are workspaces, which may go again
            await workspaces.look()
            health.follow(workspaces.fare, workspaces.teams, kinds=parts.agenda, now=now)
            running = asyncio.create_task(workspaces.run())
            running.add_done_callback(_never_ends)
            try:
                yield {
                    "workspaces": workspaces,
                    "flow": flow(chosen, http, database, session, workspaces.look),
                    "gate": Gate(http.signing_secret, database),
                    "answered": health.answered,
                }
            finally:
                running.cancel()
                await asyncio.wait([running])
    finally:
        await end_aside()
        database.close()


def _never_ends(running: asyncio.Task[None]) -> None:
    if not running.cancelled() and (error := running.exception()):
        log.critical("workspaces are followed no more", exc_info=error)
        kill_aside()
        os._exit(1)  # as after a power cut; whoever started this starts it again


async def hear(request: Request) -> Response:
    """Answer what Slack sent; refuse whatever else comes before reading anything in it."""
    began, gate = time.monotonic(), request.state.gate
    try:
        async with gate.let_in(request, now=time.time()) as let_in:
            answer = let_in.answer = await _answer(request, let_in.body, began)
            return answer
    except Refused as refused:
        return Response(status_code=refused.status, headers={"connection": "close"})


async def _answer(request: Request, body: bytes, began: float) -> Response:
    count_from_now()
    said: dict[str, Any] | None = None
    try:
        said = envelope.read(body)
        envelope.check(said)
    except NotSlacksError as error:
        log.warning("this was not Slack's: %s", error)
        told = envelope.told_of_unread(said)
        return JSONResponse(told) if told else Response()
    if said.get("ssl_check"):
        return Response()
    if said.get("type") == "url_verification":
        return JSONResponse({"challenge": said.get("challenge")})
    bolt = AsyncBoltRequest(body=said, headers=dict(request.headers), mode="socket_mode")
    try:
        return to_starlette_response(await request.state.workspaces.answer(bolt))
    finally:
        request.state.answered(bolt.body, time.monotonic() - began)


async def begin_installing(request: Request) -> Response:
    """Send a browser to Slack, and remember which."""
    bolt = to_async_bolt_request(request, b"")
    return to_starlette_response(await request.state.flow.handle_installation(bolt))


async def end_installing(request: Request) -> Response:
    """Take a browser back that Slack sends with a code."""
    bolt = to_async_bolt_request(request, b"")
    shown = to_starlette_response(await request.state.flow.handle_callback(bolt))
    shown.headers.update(_PRIVATE)
    return shown
