"""A database of one's own, and a clock that stands still until it is moved."""

from collections.abc import AsyncIterator, Callable, Iterator

import pytest

from bot.db import Database
from bot.installations import Installations
from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace
from bot.vault import cipher_of
from tests.kernel.filled import fill_all
from tests.kernel.hand import Hand
from tests.kernel.installing import CLIENT
from tests.kernel.office import Office
from tests.support import MANIFEST, small_organisation


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
def full(database_url: str) -> str:
    """An installation with something in each column of each table."""
    fill_all(database_url)
    return database_url


@pytest.fixture
async def office(database: Database, still: FakeSlack, hand: Hand) -> AsyncIterator[Office]:
    """An outbox that sends into `still` when told to."""
    async with Office(database, still, hand) as opened:
        yield opened


@pytest.fixture
async def still(hand: Hand) -> AsyncIterator[FakeSlack]:
    """The small organisation's Slack, whose clock the hand moves."""
    workspace = small_organisation(Workspace(now=hand.now))
    fake = FakeSlack(workspace, manifest=MANIFEST, rate_limits=False)
    await fake.start()
    yield fake
    await fake.stop()


@pytest.fixture
def store_with(database: Database) -> Callable[..., Installations]:
    """Makes the stores that have these keys."""

    def make(*keys: str) -> Installations:
        return Installations(database, client_id=CLIENT, cipher=cipher_of(keys))

    return make
