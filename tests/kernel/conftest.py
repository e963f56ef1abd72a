"""A database of one's own, and a clock that stands still until it is moved."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta

import pytest

from bot import manifest
from bot.db import Database
from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace
from tests.support import T0, small_organisation


class Hand:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self.at = T0

    def now(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The bot's database, as every migration left it."""
    opened = Database.open(database_url)
    yield opened
    opened.close()


@pytest.fixture
async def still(hand: Hand) -> AsyncIterator[FakeSlack]:
    """The small organisation's Slack, whose clock the hand moves."""
    workspace = small_organisation(Workspace(now=hand.now))
    fake = FakeSlack(workspace, manifest=manifest.load(), rate_limits=False)
    await fake.start()
    yield fake
    await fake.stop()
