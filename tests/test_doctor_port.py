"""The doctor looks at the port for those who watch over Truenorth, and at who has it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot import health, migrate
from bot.config import Settings
from bot.db import Database
from bot.health import Health
from bot.porthole import examine_port

CHOSEN = Settings(slack_bot_token="xoxb-1", slack_app_token="xapp-1")


async def said(settings: Settings) -> list[str]:
    return [str(finding) for finding in await examine_port(settings)]


@asynccontextmanager
async def listening(answer: bytes) -> AsyncIterator[Settings]:
    """Somebody who answers whatever they are asked, and settings that name their port."""

    async def reply(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(reply, "127.0.0.1", 0)
    async with server:
        yield replace(CHOSEN, health_port=server.sockets[0].getsockname()[1])


@pytest.fixture
async def free() -> Settings:
    """Settings that name a port which nobody has."""
    async with listening(b"") as settings:
        return settings


async def test_without_a_port_there_is_nothing_to_look_at() -> None:
    assert await said(CHOSEN) == ["ok     No port is opened for those who watch over Truenorth."]


async def test_a_port_that_nobody_has_is_fine(free: Settings) -> None:
    (line,) = await said(free)
    assert line.startswith(f"ok     Port {free.health_port} of 127.0.0.1 is free")


async def test_a_port_that_other_machines_reach_is_noted(free: Settings) -> None:
    _, line = await said(replace(free, health_host="0.0.0.0"))
    assert line.startswith("note   HEALTH_HOST is 0.0.0.0, so other machines")


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.0 200 OK\r\n\r\nWelcome", b"220 mail\r\n", b"", b"HTTP/1.0 200 OK\r\n\r\n\xff"],
)
async def test_a_port_that_somebody_else_has_is_wrong(answer: bytes) -> None:
    async with listening(answer) as settings:
        (line,) = await said(settings)
    assert line == f"wrong  {health.refused('127.0.0.1', health.ports(settings))}"


async def test_an_address_that_this_machine_does_not_have_is_wrong(free: Settings) -> None:
    line, _ = await said(replace(free, health_host="192.0.2.1"))
    assert line.startswith("wrong  Truenorth cannot listen on port")


async def test_a_truenorth_that_has_the_port_is_asked_how_it_fares(
    free: Settings, tmp_path: Path
) -> None:
    database = Database.open(f"sqlite:///{tmp_path}/north.db")
    migrate.migrate(database.writer)
    async with Health(free, str).served(database):
        (line,) = await said(free)
    database.close()
    unready = f"The Truenorth at work on port {free.health_port} is not ready: "
    assert line == f"wrong  {unready}database: ok, socket: connecting."


async def test_one_that_is_ready_is_fine() -> None:
    async with listening(b"HTTP/1.0 200 OK\r\n\r\ndatabase: ok\nsocket: ok\n") as settings:
        (line,) = await said(settings)
    assert line == f"ok     A Truenorth is at work on port {settings.health_port}, and ready."
