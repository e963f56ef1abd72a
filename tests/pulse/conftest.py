"""A round in a database of its own, without Slack: what the tests of the pulse share."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.postgres import Server
from tests.pulse.poll import Poll, opened, prepare


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Path:
    """The database of an organisation with a mission and two teams, to be copied."""
    path = tmp_path_factory.mktemp("poll") / "prepared.db"
    path.write_bytes(migrated.read_bytes())
    asyncio.run(prepare(f"sqlite:///{path}"))
    return path


@pytest.fixture
async def prepared_url(database_url: str, prepared_file: Path, server: Server | None) -> str:
    """A database of the test's own with that organisation."""
    return await _prepared(database_url, prepared_file, server)


@pytest.fixture
async def another_prepared_url(
    another_database_url: str, prepared_file: Path, server: Server | None
) -> str:
    """A second one."""
    return await _prepared(another_database_url, prepared_file, server)


async def _prepared(url: str, prepared: Path, server: Server | None) -> str:
    if server is None:
        shutil.copyfile(prepared, url.removeprefix("sqlite:///"))
    else:
        await prepare(url)
    return url


@pytest.fixture
async def poll(prepared_url: str) -> AsyncIterator[Poll]:
    """The organisation on the Tuesday at ten, whose round is open."""
    async with opened(prepared_url) as poll:
        await poll.begin()
        yield poll
