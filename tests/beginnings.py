"""What a test begins with: a Slack and a database, as they were left by what was done once."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from bot import settings
from bot.db import Database
from bot.migrate import migrate
from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace
from tests.postgres import Server
from tests.support import MANIFEST, PACE, T0, Bot, at_work, set_up, small_organisation


@dataclass(frozen=True)
class Beginning:
    """A database to be copied, to which nobody is connected, and the workspace of that moment."""

    database_url: str
    workspace: Path | None = None  # where it is kept; the small organisation at T0 where nowhere
    at: datetime = T0

    def slack(self, *, rate_limits: bool = False) -> FakeSlack:
        """Return its Slack, in which it is that moment and which keeps nothing any more."""
        workspace = Workspace(self.workspace)
        if self.workspace is None:
            small_organisation(workspace)
        workspace.move_clock((self.at - workspace.clock.now()).total_seconds())
        slack = FakeSlack(workspace, manifest=MANIFEST, rate_limits=rate_limits)
        workspace.close()
        return slack


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database that every migration was applied to, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "empty.db"
    database = Database.open(f"sqlite:///{path}")
    migrate(database.writer)
    database.close()
    return path


@pytest.fixture(scope="session")
def untouched(migrated: Path, server: Server | None) -> Beginning:
    """The small organisation, of which Truenorth has not heard yet."""
    return Beginning(server.address(server.template) if server else f"sqlite:///{migrated}")


@pytest.fixture(scope="session")
def with_mission(
    untouched: Beginning, server: Server | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Beginning]:
    """The mission that Ana set up through the forms."""
    folder = tmp_path_factory.mktemp("with_mission")
    workspace = folder / "workspace.db"
    with copied(untouched, folder / "truenorth.db", server) as url:
        yield Beginning(url, workspace, asyncio.run(_set_up(workspace, url)))


async def _set_up(workspace: Path, database_url: str) -> datetime:
    """Do so, and return when it is done."""
    here = small_organisation(Workspace(workspace))
    slack = FakeSlack(here, manifest=MANIFEST, rate_limits=False)
    await slack.start()
    async with at_work(slack, database_url) as bot:
        await set_up(slack)
        await bot.has_sent_everything()
        await slack.jump(PACE)  # only now: a channel rests from when its last message was settled
        # So that whom a test adds before its own bot starts was always here.
        await bot.write(lambda session: settings.change(session, roster_loaded_at=None))
    await slack.stop()
    here.close()
    return slack.now()


@contextmanager
def copied(beginning: Beginning, path: Path, server: Server | None) -> Iterator[str]:
    """Copy its database to the path, or on the server, where it is taken away in the end."""
    if server:
        with server.copy(beginning.database_url) as url:
            yield url
        return
    shutil.copy(beginning.database_url.removeprefix("sqlite:///"), path)
    yield f"sqlite:///{path}"


@pytest.fixture
def beginning(request: pytest.FixtureRequest) -> Beginning:
    """What the test's Slack and database begin as."""
    name = "with_mission" if "mission" in request.fixturenames else "untouched"
    chosen: Beginning = request.getfixturevalue(name)
    return chosen


@pytest.fixture
async def slack(beginning: Beginning) -> AsyncIterator[FakeSlack]:
    """The small organisation's Slack, without rate limits, with no app connected."""
    fake = beginning.slack()
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
def database_url(tmp_path: Path, beginning: Beginning, server: Server | None) -> Iterator[str]:
    """A database of the test's own."""
    with copied(beginning, tmp_path / "truenorth.db", server) as url:
        yield url


@pytest.fixture
def another_database_url(
    tmp_path: Path, untouched: Beginning, server: Server | None
) -> Iterator[str]:
    """A second one, as every migration left it."""
    with copied(untouched, tmp_path / "another.db", server) as url:
        yield url


@pytest.fixture
async def bot(slack: FakeSlack, database_url: str) -> AsyncIterator[Bot]:
    """The real bot, connected to `slack` and knowing everybody."""
    async with at_work(slack, database_url) as running:
        yield running


@pytest.fixture
async def mission(bot: Bot) -> Bot:
    """The bot with a mission that Ana wrote, posting recognitions to #kudos."""
    await bot.has_read_everybody()
    return bot
