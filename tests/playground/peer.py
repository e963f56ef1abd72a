"""The app's end of a socket, by hand."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace

from .conftest import MANIFEST, small_workspace


class Peer:
    """The app's end of a socket, by hand."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(await self.socket.receive_str())
        return found

    async def ack(self, envelope: dict[str, Any], **payload: Any) -> None:
        answer = {"payload": payload} if payload else {}
        await self.socket.send_json({"envelope_id": envelope["envelope_id"], **answer})


async def address(fake: FakeSlack) -> str:
    client = AsyncWebClient(base_url=fake.api_url)
    return str((await client.apps_connections_open(app_token=fake.app_token))["url"])


@asynccontextmanager
async def connected(fake: FakeSlack) -> AsyncIterator[Peer]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(await address(fake)) as socket,
    ):
        peer = Peer(socket)
        assert (await peer.next())["type"] == "hello"
        yield peer


@pytest.fixture(name="fake")
async def impatient() -> AsyncIterator[FakeSlack]:
    """A fake Slack that has little patience with the app."""
    workspace = small_workspace(Workspace())
    slack = FakeSlack(workspace, manifest=MANIFEST, rate_limits=False, ack_seconds=0.2)
    await slack.start()
    yield slack
    await slack.stop()
