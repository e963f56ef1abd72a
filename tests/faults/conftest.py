"""A world for each test, from a database that was prepared once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.faults.world import World, living, prepare


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The database of an organisation that has set up its mission."""
    return asyncio.run(prepare(tmp_path_factory.mktemp("prepared")))


@pytest.fixture
async def world(tmp_path: Path, prepared: bytes) -> AsyncIterator[World]:
    """Slack and the mission; start the bot yourself."""
    async with living(tmp_path, prepared) as world:
        yield world
