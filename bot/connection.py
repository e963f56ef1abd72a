"""The database and Slack, opened together, and what to do while Slack does not answer."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeVar, cast

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot import envelope, migrate
from bot.answers import Kind, answer_of
from bot.aside import end_aside
from bot.client import Client, OnError
from bot.clock import Clock
from bot.config import Settings
from bot.db import Database
from bot.deadline import count_from_now
from bot.deps import Deps
from bot.envelope import NotSlacksError

log = logging.getLogger(__name__)

T = TypeVar("T")

SLACK_TIMEOUT = aiohttp.ClientTimeout(total=10)  # seconds; shorter than a lane's lease
CONNECT_TIMEOUT = SLACK_TIMEOUT
RETRY_SECONDS = 5.0
PING_SECONDS = 10.0
ANSWERING_SECONDS = 3.0  # Slack waits no longer for an answer
CLOSING_SECONDS = 0.5
TURNS = 20  # of the loop, in far fewer of which what lies in the socket is read and begun


class CannotStart(Exception):
    """A sentence for whoever starts Truenorth."""


class Stopped(Exception):
    """Somebody ended Truenorth before it was connected."""


async def unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T:
    """Return what the work returns; raise Stopped where `stop` is set before."""
    working = asyncio.create_task(work)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Stopped
        return working.result()
    finally:
        working.cancel()
        stopping.cancel()


class UnderWay:
    """What Slack sent and has no answer to yet, so that stopping can wait for it."""

    def __init__(self, handle: Callable[..., Awaitable[None]]) -> None:
        self._handle = handle
        self._handling: set[asyncio.Task[Any]] = set()
        self.on_answered: Callable[[dict[str, Any], float], None] = lambda payload, seconds: None

    async def __call__(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Handle a request; it is under way until it is answered."""
        task, began = cast("asyncio.Task[Any]", asyncio.current_task()), time.monotonic()
        self._handling.add(task)
        count_from_now()
        try:
            await asyncio.sleep(0)  # whatever came with it begins to count before this is handled
            envelope.check(request.payload)
            await self._handle(client, request)
        except NotSlacksError as error:
            log.warning("this was not Slack's: %s", error)
            told = envelope.told_of_unread(request.payload)
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, told))
        finally:
            self._handling.discard(task)
            self.on_answered(request.payload, time.monotonic() - began)

    async def finish(self) -> None:
        """Wait until all that has arrived is answered, as long as Slack waits; end the rest."""
        for _ in range(TURNS):
            await asyncio.sleep(0)
        until = time.monotonic() + ANSWERING_SECONDS
        while self._handling and (left := until - time.monotonic()) > 0:
            await asyncio.wait(self._handling, timeout=left)
        for task in self._handling:
            task.cancel()


@asynccontextmanager
async def opened(
    chosen: Settings, on_error: OnError = lambda method, error: None
) -> AsyncIterator[tuple[Deps, Clock, AsyncWebClient]]:
    """Open the database and the connection to Slack; in the end close both, and what is aside."""
    database = Database.open(chosen.database_url)
    clock = Clock()
    try:
        migrate.migrate(database.writer)
        async with aiohttp.ClientSession(timeout=SLACK_TIMEOUT) as session:
            slack, socket = (
                Client(token, base_url=chosen.slack_api_url, session=session, on_error=on_error)
                for token in (chosen.slack_bot_token, chosen.slack_app_token)
            )
            yield Deps(database, clock.now, slack), clock, socket
    finally:
        await end_aside()
        database.close()


async def asked(call: Callable[[], Awaitable[object]], token: str) -> dict[str, Any]:
    """Return Slack's answer, for which it is asked until it gives one.

    Raises CannotStart where it refuses the token of this name.
    """
    while True:
        answer = await answer_of(call())
        if answer.kind is Kind.TAKEN and answer.data is not None:
            return answer.data
        if answer.kind in (Kind.TOKEN, Kind.NEVER):
            raise CannotStart(f"Slack refuses {token} ({answer.error}). `make doctor` says more.")
        log.warning("Slack does not answer (%s); trying again", answer.error)
        await asyncio.sleep(answer.after or RETRY_SECONDS)


async def authorize(slack: AsyncWebClient) -> AuthorizeResult:
    """Ask Slack who we are."""
    us = await asked(slack.auth_test, "SLACK_BOT_TOKEN")
    return AuthorizeResult.from_auth_test_response(bot_token=slack.token, auth_test_response=us)


async def socket_client(
    app: AsyncApp, slack: AsyncWebClient, *, token: str
) -> tuple[SocketModeClient, UnderWay]:
    """Return a client of Slack's socket that knows where to connect, and what it has under way."""
    open_socket = partial(slack.apps_connections_open, app_token=token)
    address = await asked(open_socket, "SLACK_APP_TOKEN")
    handler = AsyncSocketModeHandler(
        app, app_token=token, web_client=slack, ping_interval=PING_SECONDS
    )
    await impatient(handler.client)
    under_way = UnderWay(handler.handle)
    handler.client.socket_mode_request_listeners[:] = [under_way]
    handler.client.wss_uri = address["url"]
    return handler.client, under_way


async def fares(client: SocketModeClient) -> str:
    """Say how the connection is."""
    return "ok" if await client.is_connected() else "disconnected"


async def impatient(client: SocketModeClient) -> None:
    """Have an attempt to connect be given up as a call to Slack is; its own patience is minutes."""
    await client.aiohttp_client_session.close()
    client.aiohttp_client_session = aiohttp.ClientSession(timeout=CONNECT_TIMEOUT)


async def connect(client: SocketModeClient) -> None:
    """Connect to Slack's socket, however long that takes."""
    await client.connect()  # type: ignore[no-untyped-call]
    log.info("connected to %s", client.web_client.base_url)


async def stay_connected(client: SocketModeClient) -> None:
    """Have the client ask for a new address where it cannot connect.

    An address is good for one connection, and after an outage the client tries its last one
    for ever.
    """
    while True:
        await asyncio.sleep(PING_SECONDS)
        if not await client.is_connected():
            client.wss_uri = None


async def disconnect(client: SocketModeClient) -> None:
    """Close the connection; one that the other side does not close as well is dropped."""
    try:
        async with asyncio.timeout(CLOSING_SECONDS):
            await client.close()  # type: ignore[no-untyped-call]
    except TimeoutError:
        await client.close()  # type: ignore[no-untyped-call]
