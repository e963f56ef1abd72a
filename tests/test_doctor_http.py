"""The doctor says of many workspaces over HTTP what is wrong with each."""

import asyncio
import socket
from dataclasses import replace

import pytest

from bot import doctor, migrate
from bot.checkup import Channel
from bot.config import Settings
from bot.db import Database
from bot.findings import Level
from bot.httpmode import HttpMode
from bot.installations import Installations
from bot.vault import cipher_of
from tests.kernel.installing import CLIENT, NEW, OLD, OURS, THEIRS, installation
from tests.test_doctor import Slack, settings, slack  # noqa: F401 - fixtures


@pytest.fixture
def over_http(settings: Settings) -> Settings:  # noqa: F811
    """Settings for many workspaces."""
    http = HttpMode(CLIENT, "PLANTEDsecret", "PLANTEDsigning", (OLD,))
    return replace(settings, slack_bot_token="", slack_app_token="", http=http)


async def install(chosen: Settings, *teams: str) -> None:
    database = Database.open(chosen.database_url)
    migrate.migrate(database.writer)
    store = Installations(database, client_id=CLIENT, cipher=cipher_of([OLD]))
    for team in teams:
        await store.async_save(installation(team))
    database.close()


async def said(chosen: Settings, level: Level, *channels: Channel) -> list[str]:
    findings = await doctor.examine(chosen, channels)
    assert "PLANTED" not in "".join(map(str, findings))
    return [found.text for found in findings if found.level is level]


async def test_where_nobody_has_installed_it_nothing_is_wrong(over_http: Settings) -> None:
    assert await said(over_http, Level.WRONG) == []
    assert await said(over_http, Level.NOTE) == ["Truenorth is installed in no workspace yet."]


async def test_each_workspace_is_looked_at(over_http: Settings) -> None:
    await install(over_http, OURS, THEIRS)
    fine = await said(over_http, Level.OK)
    assert "The settings can be read: they are for many workspaces, over HTTP." in fine
    assert "TOKEN_KEY opens every token." in fine
    for team in (OURS, THEIRS):
        assert f"The token of {team} works: truenorth in Acme." in fine


async def test_a_revoked_token_is_told_with_its_workspace(
    over_http: Settings,
    slack: Slack,  # noqa: F811
) -> None:
    await install(over_http, OURS)
    slack.refuse("auth.test", "token_revoked")
    (problem,) = await said(over_http, Level.WRONG)
    assert problem.startswith(f"The token of {OURS} does not work: it was revoked.")


async def test_another_key_is_told_of(over_http: Settings) -> None:
    await install(over_http, OURS)
    assert over_http.http is not None
    wrong = replace(over_http, http=replace(over_http.http, keys=(NEW,)))
    (problem,) = await said(wrong, Level.WRONG)
    assert problem.startswith("TOKEN_KEY does not open the tokens in this database")


async def test_the_channels_of_each_workspace_are_looked_at_with_its_own_token(
    over_http: Settings,
    slack: Slack,  # noqa: F811
) -> None:
    await install(over_http, OURS)
    slack.channel["is_archived"] = True
    chosen = [(team, "stories_channel", f"C0{team}") for team in (OURS, THEIRS)]
    (problem,) = await said(over_http, Level.WRONG, *chosen)
    assert problem.startswith("stories_channel: #praise is archived.")


async def test_the_port_for_slack_is_looked_at(over_http: Settings) -> None:
    assert over_http.http is not None
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        chosen = replace(over_http, http=replace(over_http.http, port=port))
        (problem,) = await said(chosen, Level.WRONG)
        assert problem.startswith(f"Truenorth cannot listen on port {port} of 127.0.0.1")
    assert f"Port {port} of 127.0.0.1 is free for what Slack sends." in await said(chosen, Level.OK)


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found"])
async def test_another_program_at_the_port_for_slack_is_no_truenorth(
    over_http: Settings, status: str
) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    assert over_http.http is not None
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as other:
        port = other.sockets[0].getsockname()[1]
        chosen = replace(over_http, http=replace(over_http.http, port=port))
        (problem,) = await said(chosen, Level.WRONG)
    assert problem.startswith(f"Truenorth cannot listen on port {port} of 127.0.0.1")
