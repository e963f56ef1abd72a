"""A real browser with the page open, before a small real app or before Truenorth itself."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace
from tests.beginnings import Beginning
from tests.support import GENERAL, serving, settings_for

from .app import Small

Visit = Callable[..., Awaitable[Page]]

WIDE: ViewportSize = {"width": 1280, "height": 800}
NARROW: ViewportSize = {"width": 400, "height": 800}
# The first is the same without windows of its own, and takes half the work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
]
SCOPES = (
    "commands chat:write im:history users:read channels:read groups:read channels:history "
    "files:write"
)
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Truenorth"},
    "features": {
        "app_home": {"home_tab_enabled": True},
        "bot_user": {"display_name": "Truenorth"},
        "slash_commands": [
            {
                "command": "/recognize",
                "description": "Thank a colleague",
                "usage_hint": "@person what they did",
                "should_escape": True,
            },
            {"command": "/fail", "description": "Nobody answers", "should_escape": True},
        ],
        "shortcuts": [
            {
                "type": kind,
                "name": name,
                "callback_id": callback_id,
                "description": "Thank a colleague",
            }
            for kind, name, callback_id in (
                ("message", "Recognize this", "recognize_this"),
                ("message", "Fail", "fail_this"),
                ("global", "Recognize someone", "recognize"),
                ("global", "Fail anywhere", "fail"),
            )
        ],
    },
    "oauth_config": {"scopes": {"bot": SCOPES.split()}},
    "settings": {"event_subscriptions": {"bot_events": ["app_home_opened"]}},
}


def small_workspace() -> Workspace:
    """People of every kind; channels to read, to write in and neither."""
    workspace = Workspace()
    workspace.name = "Valley Clinic"
    workspace.add_person(id="UANA", name="ana", real_name="Ana Souza", tz="Europe/Lisbon")
    workspace.add_person(
        id="UBEN", name="ben", real_name="Ben Okafor", tz="Asia/Kolkata", is_admin=True
    )
    workspace.add_person(id="UCLEO", name="cleo", real_name="Cleo Martin")
    workspace.add_person(id="UGONE", name="olga", real_name="Olga Petrova", deleted=True)
    workspace.add_person(
        id="UEVE", name="eve", real_name="Eve Ray", team_id="T2", is_stranger=True, partner="Harbor"
    )
    workspace.add_usergroup("S1", "nurses", "Nurses", members=["UBEN", "UCLEO"])
    workspace.add_channel("C1", "general", members=["UANA", "UBEN", "UCLEO", "UEVE"])
    workspace.add_channel("C2", "care-team", members=["UANA", "UBEN"])
    workspace.add_channel("C3", "leads", is_private=True, members=["UBEN"])
    workspace.add_channel("C4", "attic", is_archived=True, members=["UANA"])
    return workspace


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests; they are skipped where none is installed."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium is installed")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=path, args=QUIET)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def fake() -> AsyncIterator[FakeSlack]:
    """A fake Slack to which nobody is connected."""
    slack = FakeSlack(small_workspace(), manifest=MANIFEST, rate_limits=False, ack_seconds=0.5)
    await slack.start()
    yield slack
    await slack.stop()


@pytest.fixture
def client(fake: FakeSlack) -> AsyncWebClient:
    """The app's client."""
    return AsyncWebClient(token=fake.bot_token, base_url=fake.api_url, retry_handlers=[])


@pytest_asyncio.fixture(loop_scope="session")
async def app(fake: FakeSlack, client: AsyncWebClient) -> AsyncIterator[Small]:
    """The small app, connected."""
    small = Small(client)
    web = AsyncWebClient(token=fake.app_token, base_url=fake.api_url)
    handler: Any = AsyncSocketModeHandler(small.bolt, app_token=fake.app_token, web_client=web)
    await handler.connect_async()
    await fake.connected()
    yield small
    await handler.close_async()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser, fake: FakeSlack) -> AsyncIterator[Page]:
    """The page as Ana, in #general; a test fails when the page reports an error."""
    context = await browser.new_context(viewport=WIDE, reduced_motion="reduce")
    context.set_default_timeout(8000)
    opened = await context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    await opened.goto(f"{fake.url}/#as=UANA&in=C1")
    await opened.get_by_role("heading", name="general").wait_for()
    await opened.locator("html[data-settled]").wait_for()
    yield opened
    await context.close()
    assert errors == []


@asynccontextmanager
async def the_bot(slack: FakeSlack, database_url: str) -> AsyncIterator[None]:
    """The real bot in the browser's own event loop; nothing it asks for may be refused."""
    async with serving(settings_for(slack, database_url), slack):
        yield
    assert slack.refusals == []


@pytest.fixture
def beginning(with_mission: Beginning) -> Beginning:
    """The mission, and #kudos for recognitions."""
    return with_mission


@pytest_asyncio.fixture(loop_scope="session")
async def slack(beginning: Beginning, database_url: str) -> AsyncIterator[FakeSlack]:
    """A workspace with the bot in it, a mission, and #kudos for recognitions."""
    fake = beginning.slack()
    await fake.start()
    async with the_bot(fake, database_url):
        yield fake
    await fake.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, slack: FakeSlack) -> AsyncIterator[Visit]:
    """Opens pages; in the end none may have complained, or have asked another host."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    hosts: set[str] = set()

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        page.on("websocket", lambda socket: hosts.add(urlsplit(socket.url).netloc))

    async def opened(who: str, where: str = GENERAL, *, size: ViewportSize = WIDE) -> Page:
        context = await browser.new_context(viewport=size, reduced_motion="reduce")
        contexts.append(context)
        page = await context.new_page()
        watch(page)
        await page.goto(f"{slack.url}/#as={who}&in={where}")
        await page.get_by_role("textbox", name="Message").wait_for()
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert complaints == []
    assert hosts == {urlsplit(slack.url).netloc}
