"""What an earlier version wrote opens with today's code, and nothing of it is lost."""

import asyncio
import gzip
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

import app
from bot.config import Settings
from bot.db import Database
from bot.playground.server import FakeSlack
from tests.faults import truth
from tests.faults.truth import FAULTS, IN_SQLITE
from tests.process import START_SECONDS
from tests.stored import sound
from tests.support import (
    ANA,
    BEN,
    GENERAL,
    KIM,
    give,
    settings_for,
    text_of,
    told,
)

EARLIER = sorted(Path(__file__).parent.glob("*.db.gz"))
DEED = "stayed late so that the clinic could book again"
pytestmark = pytest.mark.sqlite

each_of_them = pytest.mark.parametrize("written", EARLIER, ids=lambda path: str(path.name[:4]))


@pytest.fixture
def database_url(tmp_path: Path, written: Path) -> str:
    """The database that was written then."""
    (tmp_path / "north.db").write_bytes(gzip.decompress(written.read_bytes()))
    return f"sqlite:///{tmp_path}/north.db"


def counted(url: str) -> dict[str, int]:
    """How many rows each table has that people's words are in."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        names = "SELECT name FROM sqlite_schema WHERE type = 'table'"
        tables = [name for (name,) in connection.execute(names)]
        kept = [name for name in KEPT if name in tables]
        count = 'SELECT count(*) FROM "{}"'
        return {name: connection.execute(count.format(name)).fetchone()[0] for name in kept}


KEPT = (
    *("charter_version", "charter_value", "recognition", "recipient", "applause", "story"),
    *("story_credit", "decision", "round", "answer", "participation", "ledger", "team_settings"),
)


WRONG = IN_SQLITE | {
    fault: FAULTS[fault]
    for fault in (
        *("record cannot be found", "what is gone can be found", "recipient of nothing"),
        *("ledger line of nothing", "message about nothing", "allowance does not add up"),
    )
}


def wrong(settings: Settings) -> list[str]:
    """What must not be there."""
    path = Path(str(settings.database_path))
    return [fault for fault, query in WRONG.items() if truth.rows(path, query)]


@asynccontextmanager
async def at_work(slack: FakeSlack, url: str) -> AsyncIterator[Settings]:
    """Today's bot on it, on the day on which it was written."""
    stop, settings = asyncio.Event(), settings_for(slack, url)
    task = asyncio.create_task(app.serve(settings, stop))
    await slack.until(lambda: task.done() or slack.sockets.connected, START_SECONDS)
    if task.done():
        task.result()
    yield settings
    stop.set()
    await task


def last_written(url: str) -> datetime:
    """When something was done last."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        (at,) = connection.execute("SELECT max(created_at) FROM outbox").fetchone()
    return datetime.fromisoformat(at).replace(tzinfo=UTC)


@each_of_them
async def test_what_was_written_then_is_there_found_and_goes_on(
    slack: FakeSlack, database_url: str
) -> None:
    before = counted(database_url)
    assert before["recognition"]
    assert before["ledger"]
    behind = last_written(database_url) - slack.now()
    if behind.total_seconds() > 0:
        await slack.jump(behind)
    async with at_work(slack, database_url) as settings:
        await give(slack, KIM, "@ben answered every question of the clinics #care")
        assert DEED in text_of(await slack.open_home(KIM) or {})
        assert "answered every question" in text_of(await slack.open_home(BEN) or {})
        await slack.until(lambda: wrong(settings) == [])  # what can be found is put together beside
        await slack.command(BEN, GENERAL, "/mission search clinic")
        assert "late" in told(slack, BEN)
        await slack.command(ANA, GENERAL, "/mission history")
        assert "Version 1" in told(slack, ANA)
    after = counted(database_url)
    assert {name: count for name, count in after.items() if count < before.get(name, 0)} == {}
    assert after["recognition"] == before["recognition"] + 1
    assert wrong(settings) == []
    database = Database.open(database_url)
    assert sound(database)
    database.close()
