"""A small workspace with a small real app in it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace

from .app import build


def shortcut(kind: str, callback_id: str) -> dict[str, Any]:
    name = callback_id.replace("_", " ").capitalize()
    return {"name": name, "type": kind, "callback_id": callback_id, "description": name}


MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Truenorth"},
    "features": {
        "app_home": {"home_tab_enabled": True},
        "bot_user": {"display_name": "Truenorth"},
        "slash_commands": [
            {"command": f"/{name}", "description": name, "should_escape": True}
            for name in ("echo", "form", "silent", "fail", "loud", "wrong")
        ],
        "shortcuts": [
            shortcut("message", "echo_this"),
            shortcut("message", "wrong_this"),
            shortcut("message", "silent_this"),
            shortcut("global", "open_form"),
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "commands",
                "chat:write",
                "im:history",
                "users:read",
                "usergroups:read",
                "channels:read",
                "channels:join",
                "groups:read",
                "channels:history",
                "files:write",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "user_change",
                "team_join",
                "member_joined_channel",
                "message.im",
                "message.groups",
            ]
        }
    },
}


def small_workspace(workspace: Workspace) -> Workspace:
    """Ana, Ben and some whom nobody may thank; a public, a private and an archived channel."""
    workspace.add_person(id="UANA", name="ana", real_name="Ana Souza", tz="Europe/Lisbon")
    workspace.add_person(id="UBEN", name="ben", real_name="Ben Okafor", is_admin=True)
    workspace.add_person(id="UGONE", name="gone", real_name="Gone Girl", deleted=True)
    workspace.add_person(
        id="UEXT", name="eve", team_id="T0OTHER", is_stranger=True, partner="Harbor"
    )
    workspace.add_channel("C1", "general", members=["UANA", "UBEN", "UEXT"])
    workspace.add_channel("C2", "secret", is_private=True, members=["UBEN"], bot=False)
    workspace.add_channel("C3", "old", is_archived=True, members=["UANA"])
    workspace.add_channel("C4", "open", members=["UANA"], bot=False)
    return workspace


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    """A fake Slack that nobody is connected to, without rate limits."""
    slack = FakeSlack(small_workspace(Workspace()), manifest=MANIFEST, rate_limits=False)
    await slack.start()
    yield slack
    await slack.stop()


@pytest.fixture
def client(fake: FakeSlack) -> AsyncWebClient:
    """The app's client, which never tries again by itself."""
    return AsyncWebClient(token=fake.bot_token, base_url=fake.api_url, retry_handlers=[])


@pytest.fixture
async def app(fake: FakeSlack, client: AsyncWebClient) -> AsyncIterator[AsyncApp]:
    """A small real app, connected over its socket."""
    bolt = build(client)
    web = AsyncWebClient(token=fake.app_token, base_url=fake.api_url)
    handler: Any = AsyncSocketModeHandler(bolt, app_token=fake.app_token, web_client=web)
    await handler.connect_async()
    await fake.connected()
    yield bolt
    await handler.close_async()
