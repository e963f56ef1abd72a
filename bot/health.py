"""How Truenorth fares, for whoever watches over it: a port of this machine, where it was chosen."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from bot.backlog import Backlog, backlog, together
from bot.clock import real_now
from bot.config import Settings
from bot.connection import CannotStart
from bot.db import Database
from bot.errors import NotSaved
from bot.tenancy import NOBODY

if TYPE_CHECKING:
    from bot.metrics import Metrics

WORKS = "ok"
LOOK_SECONDS = 2.0  # that the database may take; then it does not answer
CLOSING_SECONDS = 0.5

# From what Slack sent to what the listener in charge is called.
Naming = Callable[[dict[str, Any]], str]
# What is said of a part: WORKS, or what is wrong with it.
Part = Callable[[], Awaitable[str]]


async def _connecting() -> str:
    return "connecting"


def _no_teams() -> Collection[str]:
    return ()


class Health:
    """Keeps what is measured, and answers who asks; does neither where no port was chosen.

    `part` is what connects to Slack, beside the database.
    """

    def __init__(self, chosen: Settings, called: Naming, part: str = "socket") -> None:
        self._host, self._called, self._part = chosen.health_host, called, part
        self._ports = ports(chosen)
        self._metrics = _metrics() if self._ports else None
        self._fares: Part = _connecting
        self._teams: Callable[[], Collection[str]] = _no_teams
        self._kinds: Collection[str] = ()
        self._now: Callable[[], datetime] = real_now
        self._look: asyncio.Task[Backlog | None] | None = None
        self._database: Database

    def slack_error(self, method: str, error: str) -> None:
        """Count a call to Slack that failed."""
        if self._metrics:
            self._metrics.slack_error(method, error)

    def answered(self, payload: dict[str, Any], seconds: float) -> None:
        """Count what Slack sent and has its answer to."""
        if self._metrics:
            self._metrics.acknowledged(self._called(payload), seconds)

    def follow(
        self,
        fares: Part,
        teams: Callable[[], Collection[str]],
        *,
        kinds: Collection[str],
        now: Callable[[], datetime],
    ) -> None:
        """Tell from now on how the part fares, and what waits for these teams, by kind."""
        self._fares, self._teams, self._kinds, self._now = fares, teams, kinds, now

    @asynccontextmanager
    async def served(self, database: Database) -> AsyncIterator[None]:
        """Answer whoever asks; raise CannotStart where no port can be had."""
        self._database = database
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
        for port in self._ports:
            try:
                return await web.TCPSite(runner, self._host, port).start()
            except OSError:
                continue  # of several processes each has one of its own
        raise CannotStart(refused(self._host, self._ports))

    def _app(self, metrics: "Metrics") -> web.Application:
        app = web.Application()
        app.router.add_get("/healthz", _healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", partial(self._show, metrics))
        return app

    async def _readyz(self, _request: web.Request) -> web.Response:
        parts = await self._parts(await self._looked())
        text = "".join(f"{part}: {state}\n" for part, state in parts.items())
        works = all(state.startswith(WORKS) for state in parts.values())
        return web.Response(text=text, status=200 if works else 503)

    async def _show(self, metrics: "Metrics", _request: web.Request) -> web.Response:
        found = await self._looked()
        states = await self._parts(found)
        parts = {part: state.startswith(WORKS) for part, state in states.items()}
        # Beside the loop: it takes a few milliseconds, for which nobody is to wait.
        text = await asyncio.to_thread(metrics.text, parts, found)
        return web.Response(body=text, headers={"Content-Type": metrics.CONTENT_TYPE})

    async def _parts(self, found: Backlog | None) -> dict[str, str]:
        database = "silent" if found is None else WORKS
        return {"database": database, self._part: await self._fares()}

    async def _looked(self) -> Backlog | None:
        """Return what the database says, None where it does not; however many ask, it does once."""
        if self._look is None or self._look.done():
            self._look = asyncio.create_task(self._ask())
        await asyncio.wait([self._look], timeout=LOOK_SECONDS)
        return self._look.result() if self._look.done() else None

    async def _ask(self) -> Backlog | None:
        query = partial(backlog, kinds=self._kinds, now=self._now())
        try:
            teams = list(self._teams()) or [NOBODY]
            reading = (self._database.read(team, query) for team in teams)
            return together(await asyncio.gather(*reading))
        except (NotSaved, SQLAlchemyError):
            return None


def _metrics() -> "Metrics":
    from bot.metrics import Metrics  # a hundredth of the start, where nobody needs it

    return Metrics()


async def _healthz(_request: web.Request) -> web.Response:
    return web.Response(text=f"{WORKS}\n")


def ports(chosen: Settings) -> range:
    """Return the ports of which each process has one, none where none was chosen."""
    first, processes = chosen.health_port, chosen.http.workers if chosen.http else 1
    return range(first, first + processes) if first else range(0)


def refused(host: str, among: range) -> str:
    """Return why no port can be had."""
    which = f"port {among[0]}" if len(among) == 1 else f"ports {among[0]} to {among[-1]}"
    return (
        f"Truenorth cannot listen on {which} of {host}: taken, or not Truenorth's to have. "
        "Choose another HEALTH_PORT, or 0 to open none."
    )
