"""Truenorth over HTTP, and two workspaces with the same ids inside."""

import io
import logging
import warnings
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

import aiohttp
import pytest
from starlette.applications import Starlette

import app
from bot import httpmode, manifest, web
from bot.clock import real_now
from bot.config import Settings
from bot.httpmode import HttpMode
from bot.playground.grid import Grid
from bot.playground.serving import Serving
from bot.playground.workspace import Workspace
from bot.workspaces import Workspaces
from tests.support import ANA, small_organisation

KEY = "k" * 43 + "="
OURS, THEIRS = "T0OURS", "T0THEIRS"


@dataclass
class Served:
    """Truenorth as it is served, by this process or by others."""

    grid: Grid
    settings: Settings
    url: str = ""
    ahead: timedelta = field(default_factory=timedelta)
    process: Process | None = None
    workspaces: Workspaces | None = None

    async def install(self, team: str, user: str = ANA) -> str:
        """Install it as a browser does, and return the page that is shown at the end."""
        async with browser() as session:
            query = self.grid.allow(team, user, await self.begin(session))
            return await self.come_back(session, query)

    async def begin(self, session: aiohttp.ClientSession) -> str:
        """Begin to install it, and return the address at Slack to which the browser is sent."""
        address = f"{self.url}{httpmode.INSTALL}"
        async with session.get(address, allow_redirects=False) as page:
            assert page.status == 302
        session.cookie_jar.update_cookies({n: c.value for n, c in page.cookies.items()})
        return page.headers["location"]

    async def come_back(self, session: aiohttp.ClientSession, query: str) -> str:
        """Come back from Slack."""
        cookies = "; ".join(f"{c.key}={c.value}" for c in session.cookie_jar)
        address = f"{self.url}{httpmode.INSTALLED}?{query}"
        async with session.get(address, headers={"cookie": cookies}) as page:
            return f"{page.status} {await page.text()}"


def browser() -> aiohttp.ClientSession:
    """One that keeps cookies of an address, too."""
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


@asynccontextmanager
async def serving(served: Starlette, made: Served | None = None) -> AsyncIterator[str]:
    """Serve the app on a port of its own."""
    async with served.router.lifespan_context(served) as state:
        if made:
            made.workspaces = dict(state or {})["workspaces"]
        asked = Stateful(served, dict(state or {}))
        server = Serving(asked)
        try:
            yield f"http://127.0.0.1:{await server.start(0)}"
        finally:
            await server.stop()


class Stateful:
    """Hands on what the app's lifespan made, as uvicorn does."""

    def __init__(self, app: Starlette, state: dict[str, object]) -> None:
        self._app, self._state = app, state

    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        await self._app({**scope, "state": dict(self._state)}, receive, send)


@pytest.fixture(autouse=True)
def how_slack_sdk_signs_in() -> Iterator[None]:
    """slack_sdk asks for tokens in a way that aiohttp 4 will not have any more; both are pinned."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "BasicAuth is deprecated", DeprecationWarning)
        yield


@pytest.fixture
async def grid() -> AsyncIterator[Grid]:
    """Two workspaces in which the same people have the same ids, in the real time."""
    made = Grid(manifest.load(address="https://north.example"))
    for team in (OURS, THEIRS):
        workspace = small_organisation(Workspace(name=team))
        workspace.move_clock((real_now() - workspace.clock.now()).total_seconds())
        made.add(team, workspace)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def http_settings(grid: Grid, database_url: str) -> Settings:
    given = grid.credentials
    http = HttpMode(given.client_id, given.client_secret, given.signing_secret, (KEY,))
    return Settings("", "", slack_api_url=grid.api_url, database_url=database_url, http=http)


@pytest.fixture
async def served(grid: Grid, http_settings: Settings) -> AsyncIterator[Served]:
    """Truenorth at work, installed nowhere."""
    made = Served(grid, http_settings)
    served_app = web.application(
        http_settings, app.parts(http_settings), now=lambda: real_now() + made.ahead
    )
    async with serving(served_app, made) as url:
        made.url, grid.line.url = url, f"{url}{httpmode.EVENTS}"
        assert urlsplit(url).hostname == "127.0.0.1"
        yield made


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    """All that any logger says, each at its lowest level."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    level = logging.root.level
    logging.root.addHandler(handler)
    logging.root.setLevel(logging.DEBUG)
    yield text
    logging.root.removeHandler(handler)
    logging.root.setLevel(level)
