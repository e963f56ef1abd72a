"""Where Slack's requests and those who install Truenorth arrive: starlette, served by uvicorn."""

import asyncio
import logging
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TypedDict

import aiohttp
import uvicorn
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from sqlalchemy.exc import DBAPIError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot import commands, config, gate, installations, logs, migrate
from bot.aside import end_aside
from bot.clock import real_now
from bot.config import Settings
from bot.connection import SLACK_TIMEOUT
from bot.db import Database
from bot.deadline import count_from_now
from bot.engine import trouble
from bot.errors import NotSaved, Unconfirmed, UserError
from bot.httpmode import EVENTS, INSTALL, INSTALLED, HttpMode
from bot.vault import cipher_of
from serving.many import Workspaces
from serving.oauth import Flow, flow
from serving.workspace import spare_what_stays

log = logging.getLogger(__name__)

ENDING_SECONDS = 4  # that requests under way have to come to their end


class _State(TypedDict):
    """What requests are answered with."""

    workspaces: Workspaces
    flow: Flow
    secret: str


def run(chosen: Settings) -> int:
    """Serve every workspace until SIGTERM or Ctrl-C and return the exit code."""
    assert chosen.http is not None  # noqa: S101 - another mode does not come here
    try:
        _check(chosen, chosen.http)
    except NotSaved as error:
        print(error, file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # which uvicorn passes on at its end
    uvicorn.run(
        f"{__name__}:from_environment",
        factory=True,
        host=chosen.http.host,
        port=chosen.http.port,
        workers=chosen.http.workers,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=ENDING_SECONDS,
    )
    return 0


def _check(chosen: Settings, http: HttpMode) -> None:
    """Bring the database up to date; raise NotSaved where it, or one of its tokens, is no use."""
    database = Database.open(chosen.database_url)
    try:
        migrate.migrate(database.writer)
        with database.readers.connect() as connection:
            installations.tokens(connection, cipher_of(http.keys))
    except DBAPIError as error:
        raise trouble(error, saving=False) or error from error
    finally:
        database.close()


def from_environment() -> Starlette:
    """Return what a process of several serves."""
    chosen = config.load()
    commands.use_prefix(chosen.command_prefix)
    logs.start(chosen.log_level, chosen.log_format)
    return application(chosen)


def application(chosen: Settings, *, now: Callable[[], datetime] = real_now) -> Starlette:
    """Return what answers Slack and whoever installs Truenorth, at work while it is served."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[_State]:
        async with _at_work(chosen, now) as state:
            yield state

    routes = [
        Route(EVENTS, hear, methods=["POST"]),
        Route(INSTALL, begin_installing, methods=["GET"]),
        Route(INSTALLED, end_installing, methods=["GET"]),
    ]
    return Starlette(
        routes=routes,
        lifespan=lifespan,
        exception_handlers={NotSaved: _later, Unconfirmed: _later},
    )


async def _later(_: Request, error: Exception) -> Response:
    """Say that it is to be tried again, as Slack does by itself."""
    assert isinstance(error, UserError)  # noqa: S101 - what this is registered for
    log.warning("not done: %s", error.message)
    return PlainTextResponse("Not now. Please try again.", status_code=503)


@asynccontextmanager
async def _at_work(chosen: Settings, now: Callable[[], datetime]) -> AsyncIterator[_State]:
    http = chosen.http
    assert http is not None  # noqa: S101 - another mode does not come here
    database = Database.open(chosen.database_url)
    try:
        migrate.migrate(database.writer)
        async with aiohttp.ClientSession(timeout=SLACK_TIMEOUT) as session:
            workspaces = Workspaces(chosen, database, session, cipher=cipher_of(http.keys), now=now)
            spare_what_stays()  # before there are workspaces, which may go again
            await workspaces.look()
            running = asyncio.create_task(workspaces.run())
            running.add_done_callback(_never_ends)
            try:
                installing = flow(chosen, http, database, session, workspaces.look)
                yield {"workspaces": workspaces, "flow": installing, "secret": http.signing_secret}
            finally:
                running.cancel()
                await asyncio.wait([running])
    finally:
        await end_aside()
        database.close()


def _never_ends(running: asyncio.Task[None]) -> None:
    if not running.cancelled() and (error := running.exception()):
        log.critical("workspaces are followed no more", exc_info=error)
        signal.raise_signal(signal.SIGTERM)  # whoever started this starts it again


async def hear(request: Request) -> Response:
    """Answer what Slack sent; refuse whatever else comes before reading anything in it."""
    try:
        body = await gate.let_in(request, secret=request.state.secret, now=time.time())
    except gate.Refused as refused:
        return Response(status_code=refused.status, headers={"connection": "close"})
    count_from_now()
    bolt = to_async_bolt_request(request, body)
    if bolt.body.get("type") == "url_verification":
        return JSONResponse({"challenge": bolt.body.get("challenge")})
    return to_starlette_response(await request.state.workspaces.answer(bolt))


async def begin_installing(request: Request) -> Response:
    """Send a browser to Slack, and remember which."""
    bolt = to_async_bolt_request(request, b"")
    return to_starlette_response(await request.state.flow.handle_installation(bolt))


async def end_installing(request: Request) -> Response:
    """Take a browser back that Slack sends with a code."""
    bolt = to_async_bolt_request(request, b"")
    page = to_starlette_response(await request.state.flow.handle_callback(bolt))
    page.headers.update({"cache-control": "no-store", "referrer-policy": "no-referrer"})
    return page
