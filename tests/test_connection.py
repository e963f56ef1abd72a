"""The bot's connection to Slack: what ends it, and how it comes back."""

import asyncio
import os
import sqlite3
from typing import Any

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

import app
from bot import connection
from bot.aside import aside
from bot.connection import CannotStart
from bot.playground.server import FakeSlack
from tests.support import BEN, GENERAL, MANIFEST, Bot, set_up, settings_for, started, told


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(connection, "PING_SECONDS", 0.2)


async def outage(slack: FakeSlack) -> FakeSlack:
    """End this Slack, and put another in its place that knows nothing of the old connection."""
    port = int(slack.url.rsplit(":", 1)[1].strip("/"))
    await slack.stop()
    again = FakeSlack(slack.workspace, manifest=MANIFEST, rate_limits=False)
    await again.start(port)
    return again


def addresses(slack: FakeSlack) -> int:
    return sum(call["method"] == "apps.connections.open" for call in slack.calls)


@pytest.mark.usefixtures("impatient")
async def test_after_an_outage_it_comes_back_by_itself(slack: FakeSlack, database_url: str) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(app.serve(settings_for(slack, database_url), stop))
    await started(slack, task)
    again = await outage(slack)
    await again.until(lambda: again.sockets.connected, 20)
    assert (await again.command(BEN, GENERAL, "/mission help")).ok
    stop.set()
    await task
    await again.stop()


@pytest.mark.usefixtures("impatient")
async def test_an_address_that_is_spent_is_not_tried_for_ever(slack: FakeSlack) -> None:
    web_client = AsyncWebClient(token=slack.app_token, base_url=slack.api_url)
    client = SocketModeClient(slack.app_token, web_client=web_client, ping_interval=0.1)
    client.wss_uri = slack.url.replace("http", "ws").rstrip("/") + "/socket/spent"
    connecting = asyncio.create_task(client.connect())  # type: ignore[no-untyped-call]
    staying = asyncio.create_task(connection.stay_connected(client))
    await slack.until(lambda: slack.sockets.connected)
    await connecting
    staying.cancel()
    await client.close()  # type: ignore[no-untyped-call]
    await client.aiohttp_client_session.close()


@pytest.mark.sqlite
async def test_what_is_under_way_is_answered_before_it_ends(
    slack: FakeSlack, database_url: str
) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(app.serve(settings_for(slack, database_url), stop))
    await started(slack, task)
    await set_up(slack)
    other = sqlite3.connect(database_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    deed = "/recognize @kim stayed late so that the clinic could book again #care"
    typed = asyncio.create_task(slack.command(BEN, GENERAL, deed))
    await slack.until(lambda: slack.sockets.waiting)
    stop.set()
    other.rollback()
    assert (await typed).ok
    assert "You recognised" in told(slack, BEN)
    await task
    other.close()


async def test_it_can_be_ended_while_slack_does_not_answer(
    slack: FakeSlack,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(connection, "RETRY_SECONDS", 3600)
    slack.fault("auth.test", "500")
    stop = asyncio.Event()
    task = asyncio.create_task(app.serve(settings_for(slack, database_url), stop))
    await slack.until(lambda: "trying again" in caplog.text)
    stop.set()
    with pytest.raises(connection.Stopped):
        await task


async def test_a_dropped_socket_is_opened_again(slack: FakeSlack, mission: Bot) -> None:
    await slack.drop_sockets()
    await slack.until(lambda: slack.sockets.connected, 20)
    assert (await slack.command(BEN, GENERAL, "/mission")).ok
    assert "Our mission" in told(slack, BEN)


async def test_slack_asking_to_reconnect_loses_nothing(slack: FakeSlack, mission: Bot) -> None:
    opened = addresses(slack)
    await slack.sockets.ask_to_reconnect()
    await slack.until(lambda: addresses(slack) > opened and slack.sockets.connected)
    assert (await slack.command(BEN, GENERAL, "/mission")).ok


@pytest.mark.parametrize(
    ("method", "token"),
    [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")],
)
async def test_a_token_that_slack_refuses_ends_the_start_with_a_sentence(
    slack: FakeSlack, database_url: str, method: str, token: str
) -> None:
    slack.fault(method, "error", error="invalid_auth")
    with pytest.raises(CannotStart, match=rf"Slack refuses {token} \(invalid_auth\)\."):
        await app.serve(settings_for(slack, database_url), asyncio.Event())


@pytest.mark.usefixtures("impatient")
async def test_slack_not_answering_yet_is_waited_for(slack: FakeSlack, database_url: str) -> None:
    slack.fault("auth.test", "500", times=2)
    slack.fault("apps.connections.open", "reset_before", times=2)
    stop = asyncio.Event()
    task: asyncio.Task[Any] = asyncio.create_task(
        app.serve(settings_for(slack, database_url), stop)
    )
    await started(slack, task)
    stop.set()
    await task


async def test_what_was_begun_aside_ends_with_the_bot(slack: FakeSlack, database_url: str) -> None:
    async with connection.opened(settings_for(slack, database_url)):
        pid = await aside(os.getpid)
        os.kill(pid, 0)  # it is there
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
