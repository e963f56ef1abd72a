"""How Truenorth fares, for whoever watches over it: a port of this machine, where it was chosen."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from sqlalchemy.exc import SQLAlchemyError

from bot.backlog import Backlog, backlog
from bot.config import Settings
from bot.connection import CannotStart
from bot.deps import Deps
from bot.errors import NotSaved

if TYPE_CHECKING:
    from bot.metrics import Metrics

WORKS = "ok"
LOOK_SECONDS = 2.0  # that the database may take; then it does not answer
CLOSING_SECONDS = 0.5

# From what Slack sent to what the listener in charge is called.
Naming = Callable[[dict[str, Any]], str]


class Health:
    """Keeps what is measured, and answers who asks; does neither where no port was chosen."""

    def __init__(self, chosen: Settings, called: Naming) -> None:
        self._host, self._port, self._called = chosen.health_host, chosen.health_port, called
        self._metrics = _metrics() if self._port else None
        self._client: SocketModeClient | None = None
        self._look: asyncio.Task[Backlog | None] | None = None
        self._deps: Deps
        self._team = ""

    def slack_error(self, method: str, error: str) -> None:
        """Count a call to Slack that failed."""
        if self._metrics:
            self._metrics.slack_error(method, error)

    def answered(self, payload: dict[str, Any], seconds: float) -> None:
        """Count what Slack sent and has its answer to."""
        if self._metrics:
            self._metrics.acknowledged(self._called(payload), seconds)

    def follow(self, client: SocketModeClient, deps: Deps, team: str) -> None:
        """Tell from now on how this connection fares, and what waits for the team."""
        self._client, self._deps, self._team = client, deps, team

    @asynccontextmanager
    async def served(self, deps: Deps) -> AsyncIterator[None]:
        """Answer whoever asks; raise CannotStart where the port cannot be had."""
        self._deps = deps
        if self._metrics is None:
            yield
            return
        runner = web.AppRunner(
            self._app(self._metrics), access_log=None, shutdown_timeout=CLOSING_SECONDS
        )
        await runner.setup()
        try:
            await self._listen(runner)
            yield
        finally:
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner) -> None:
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as error:
            raise CannotStart(refused(self._host, self._port)) from error

    def _app(self, metrics: "Metrics") -> web.Application:
        app = web.Application()
        app.router.add_get("/healthz", _healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", partial(self._show, metrics))
        return app

    async def _readyz(self, _request: web.Request) -> web.Response:
        parts = await self._parts(await self._looked())
        text = "".join(f"{part}: {state}\n" for part, state in parts.items())
        works = all(state == WORKS for state in parts.values())
        return web.Response(text=text, status=200 if works else 503)

    async def _show(self, metrics: "Metrics", _request: web.Request) -> web.Response:
        found = await self._looked()
        parts = {part: state == WORKS for part, state in (await self._parts(found)).items()}
        # Beside the loop: it takes a few milliseconds, for which nobody is to wait.
        text = await asyncio.to_thread(metrics.text, parts, found)
        return web.Response(body=text, headers={"Content-Type": metrics.CONTENT_TYPE})

    async def _parts(self, found: Backlog | None) -> dict[str, str]:
        return {"database": "silent" if found is None else WORKS, "socket": await self._socket()}

    async def _socket(self) -> str:
        if self._client is None:
            return "connecting"
        return WORKS if await self._client.is_connected() else "disconnected"

    async def _looked(self) -> Backlog | None:
        """Return what the database says, None where it does not; however many ask, it does once."""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._ask())
        await asyncio.wait([self._look], timeout=LOOK_SECONDS)
        return self._look.result() if self._look.done() else None

    async def _ask(self) -> Backlog | None:
        deps = self._deps
        query = partial(backlog, kinds=deps.agenda.keys(), now=deps.now())
        try:
            return await deps.database.read(self._team, query)
        except (NotSaved, SQLAlchemyError):
            return None


def _metrics() -> "Metrics":
    from bot.metrics import Metrics  # a hundredth of the start, where nobody needs it

    return Metrics()


async def _healthz(_request: web.Request) -> web.Response:
    return web.Response(text=f"{WORKS}\n")


def refused(host: str, port: int) -> str:
    """Return why the port cannot be had."""
    return (
        f"Truenorth cannot listen on port {port} of {host}: it is taken, or not Truenorth's to "
        "have. Choose another HEALTH_PORT, or 0 to open none."
    )
