"""A round in a database of its own, without Slack: what the tests of the pulse share."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.pulse.poll import Poll, opened, prepare


@pytest.fixture(scope="session")
def prepared_file(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Path:
    """The database of an organisation with a mission and two teams, to be copied."""
    path = tmp_path_factory.mktemp("poll") / "prepared.db"
    path.write_bytes(migrated.read_bytes())
    asyncio.run(prepare(path))
    return path


@pytest.fixture
async def poll(tmp_path: Path, prepared_file: Path) -> AsyncIterator[Poll]:
    """The organisation on the Tuesday at ten, whose round is open."""
    async with opened(tmp_path / "truenorth.db", prepared_file) as poll:
        await poll.begin()
        yield poll
