"""A socket that falls silent without a word is given up within a minute, and another is opened."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

import app
from bot import connection
from bot.playground.server import FakeSlack
from tests.proxy import Proxy, before
from tests.support import BEN, GENERAL, settings_for, started

MOST_SECONDS = 60.0
ENDING_SECONDS = 8.0  # the other side is not waited for until it closes the connection as well
FULL = connection.PING_SECONDS
# So many pings at most until it is noticed; a test does not wait for as long as the bot does.
hurried = pytest.mark.parametrize(
    "seconds",
    [0.5, pytest.param(FULL, marks=pytest.mark.soak)],
    ids=["short", "as it is"],
)


@pytest.fixture
def stop() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture
async def proxy(slack: FakeSlack, database_url: str, stop: asyncio.Event) -> AsyncIterator[Proxy]:
    """What stands between the bot and Slack's socket; the Web API is reached without it."""
    port = int(slack.url.rsplit(":", 1)[1])
    settings = settings_for(slack, database_url)
    async with before(port) as (proxy, address):
        slack.installation.base_url = address
        task = asyncio.create_task(app.serve(settings, stop))
        await started(slack, task)
        yield proxy
        stop.set()
        async with asyncio.timeout(ENDING_SECONDS):
            await task


def accepted(slack: FakeSlack) -> int:
    """How often the bot has connected: each address is good for once."""
    given: int = sum(call["method"] == "apps.connections.open" for call in slack.calls)
    return given - len(slack.installation.tickets)


@pytest.fixture
def pings(seconds: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "PING_SECONDS", seconds)
    patience = connection.CONNECT_TIMEOUT.total or 0
    shorter = aiohttp.ClientTimeout(total=patience * seconds / FULL)
    monkeypatch.setattr(connection, "CONNECT_TIMEOUT", shorter)


@hurried
@pytest.mark.usefixtures("pings")
async def test_a_socket_that_fell_silent_is_replaced(slack: FakeSlack, proxy: Proxy) -> None:
    proxy.fall_silent()
    await slack.until(lambda: accepted(slack) == 2, MOST_SECONDS)
    await heard_again(slack, proxy)


@hurried
@pytest.mark.usefixtures("pings")
async def test_one_that_is_silent_from_its_beginning_is_given_up_as_well(
    slack: FakeSlack, proxy: Proxy
) -> None:
    proxy.silent_for_all = True
    proxy.fall_silent()
    await slack.until(lambda: proxy.swallowed, MOST_SECONDS)
    proxy.silent_for_all = False
    await slack.until(lambda: accepted(slack) == 2, MOST_SECONDS)
    await heard_again(slack, proxy)


async def test_while_it_is_silent_the_bot_can_be_ended(proxy: Proxy, stop: asyncio.Event) -> None:
    proxy.fall_silent()
    stop.set()


async def heard_again(slack: FakeSlack, proxy: Proxy) -> None:
    """Have Slack hear of the end of what fell silent, and see the bot answer."""
    proxy.hang_up()
    await slack.until(lambda: slack.sockets.count == 1)
    assert (await slack.command(BEN, GENERAL, "/mission help")).ok
