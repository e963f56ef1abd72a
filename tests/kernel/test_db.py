"""Writing and reading: what is saved, what is not, and what cannot be known."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from bot import inbound
from bot.db import Database
from bot.errors import DatabaseTrouble, NotSaved, Unconfirmed
from bot.inbound import Inbound
from bot.rows import insert_once, insert_rows
from tests.stored import file_of
from tests.support import T0, TEAM

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def remember(key: str) -> Callable[[Session], bool]:
    return lambda session: inbound.first_time(session, key, at=T0)


def keys(session: Session) -> list[str]:
    return list(session.exec(select(Inbound.key)).all())


@contextmanager
def held_up(database: Database) -> Iterator[None]:
    """Another program writes and does not come to an end."""
    other = sqlite3.connect(file_of(database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


async def test_what_is_written_can_be_read(database: Database) -> None:
    assert await database.write(TEAM, remember("a"))
    assert await database.read(TEAM, keys) == ["a"]


async def test_a_write_that_raises_saves_nothing_and_raises_the_same(database: Database) -> None:
    def work(session: Session) -> None:
        remember("a")(session)
        raise KeyError("no such thing")

    with pytest.raises(KeyError, match="no such thing"):
        await database.write(TEAM, work)
    assert await database.read(TEAM, keys) == []


async def test_a_write_works_again_after_one_that_failed(database: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        await database.write(TEAM, lambda session: 1 / 0)
    assert await database.write(TEAM, remember("a"))


async def test_work_that_blocks_past_its_deadline_is_not_saved(database: Database) -> None:
    release = threading.Event()

    def work(session: Session) -> None:
        remember("a")(session)
        release.wait()

    with pytest.raises(NotSaved, match="Nothing was saved"):
        await database.write(TEAM, work, patience=0.05)
    release.set()
    assert await database.write(TEAM, keys) == []


async def test_work_behind_a_slow_writer_is_not_saved(database: Database) -> None:
    release = threading.Event()
    slow = asyncio.create_task(database.write(TEAM, lambda session: release.wait()))
    await asyncio.sleep(0)
    with pytest.raises(NotSaved):
        await database.write(TEAM, remember("behind"), patience=0.05)
    release.set()
    assert await slow
    assert await database.write(TEAM, keys) == []


async def test_a_statement_that_takes_too_long_is_interrupted(database: Database) -> None:
    with pytest.raises(NotSaved, match="busy for too long"):
        await database.write(TEAM, lambda session: session.execute(text(ENDLESS)), patience=0.05)
    assert await database.write(TEAM, remember("afterwards"))


async def test_a_read_that_takes_too_long_is_interrupted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.db.PATIENCE", 0.05)
    with pytest.raises(NotSaved):
        await database.read(TEAM, lambda session: session.execute(text(ENDLESS)).all())
    assert await database.read(TEAM, keys) == []


@pytest.mark.sqlite
async def test_a_lock_that_another_program_keeps_is_told(database: Database) -> None:
    with held_up(database), pytest.raises(NotSaved, match="busy for too long"):
        await database.write(TEAM, remember("a"), patience=0.05)
    assert await database.write(TEAM, remember("a"))


async def test_two_programs_write_one_after_the_other(
    database: Database, database_url: str
) -> None:
    other = Database.open(database_url)
    release = threading.Event()
    begun = threading.Event()

    def slow(session: Session) -> bool:
        begun.set()
        release.wait()
        return remember("first")(session)

    first = asyncio.create_task(database.write(TEAM, slow))
    await asyncio.to_thread(begun.wait)
    second = asyncio.create_task(other.write(TEAM, remember("second")))
    release.set()
    assert all(await asyncio.gather(first, second))
    other.close()
    assert await database.read(TEAM, keys) == ["first", "second"]


async def test_reading_goes_on_beside_a_write_and_sees_what_was_saved(database: Database) -> None:
    await database.write(TEAM, remember("before"))
    release = threading.Event()
    begun = threading.Event()

    def slow(session: Session) -> None:
        remember("unsaved")(session)
        begun.set()
        release.wait()

    writing = asyncio.create_task(database.write(TEAM, slow))
    await asyncio.to_thread(begun.wait)
    assert await database.read(TEAM, keys) == ["before"]
    release.set()
    await writing
    assert await database.read(TEAM, keys) == ["before", "unsaved"]


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DatabaseTrouble, match="read-only|cannot be written to"):
        await database.read(TEAM, remember("a"))
    assert await database.read(TEAM, keys) == []


async def test_a_commit_that_hangs_cannot_be_confirmed(database: Database) -> None:
    release = threading.Event()

    @event.listens_for(database.writer, "commit")
    def hang(_connection: object) -> None:
        release.wait()

    with pytest.raises(Unconfirmed, match="could not confirm"):
        await database.write(TEAM, remember("a"), patience=0.05)
    release.set()
    assert await database.write(TEAM, keys) == ["a"]


async def test_a_commit_that_hung_wakes_the_sender_when_it_comes_through(
    database: Database,
) -> None:
    release = threading.Event()
    woken = asyncio.Event()
    database.on_outgoing = lambda _team: woken.set()

    def work(session: Session) -> None:
        remember("a")(session)
        session.info["outgoing"] = True

    @event.listens_for(database.writer, "commit")
    def hang(_connection: object) -> None:
        release.wait()

    with pytest.raises(Unconfirmed):
        await database.write(TEAM, work, patience=0.05)
    assert not woken.is_set()
    release.set()
    async with asyncio.timeout(5):
        await woken.wait()


async def test_a_commit_that_fails_on_the_disk_cannot_be_confirmed(database: Database) -> None:
    @event.listens_for(database.writer, "commit")
    def fail(_connection: object) -> None:
        failed = sqlite3.OperationalError("disk I/O error")
        failed.sqlite_errorname = "SQLITE_IOERR_FSYNC"
        raise DatabaseError("COMMIT", None, failed)

    with pytest.raises(Unconfirmed):
        await database.write(TEAM, remember("a"))


async def test_a_fault_of_ours_in_a_statement_is_raised_as_it_is(database: Database) -> None:
    with pytest.raises(DatabaseError, match="no such table|does not exist"):
        await database.write(TEAM, lambda session: session.execute(text("SELECT 1 FROM nowhere")))


async def test_the_sender_is_woken_by_a_commit_with_messages_only(database: Database) -> None:
    woken: list[str] = []
    database.on_outgoing = woken.append
    await database.write(TEAM, remember("a"))
    assert woken == []
    await database.write(TEAM, lambda session: session.info.update(outgoing=True))
    assert woken == [TEAM]


@pytest.mark.sqlite
async def test_every_connection_has_its_pragmas(database: Database) -> None:
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    for engine in (database.writer, database.readers):
        with engine.connect() as connection:
            for pragma, value in wanted.items():
                assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


async def test_the_same_key_is_inserted_once(database: Database) -> None:
    def twice(session: Session) -> list[bool]:
        return [insert_once(session, Inbound, key="a", at=T0) for _ in range(2)]

    assert await database.write(TEAM, twice) == [True, False]


async def test_many_rows_get_ids_of_their_own_and_the_team(database: Database) -> None:
    rows = [{"key": key, "at": T0} for key in "abc"]
    await database.write(TEAM, lambda session: insert_rows(session, Inbound, rows))
    made = await database.read(TEAM, lambda session: session.exec(select(Inbound)).all())
    assert len({row.id for row in made}) == 3
    assert {row.team_id for row in made} == {TEAM}


async def test_a_time_comes_back_aware_and_one_without_a_zone_is_refused(
    database: Database,
) -> None:
    await database.write(TEAM, remember("a"))
    (at,) = await database.read(TEAM, lambda session: session.exec(select(Inbound.at)).all())
    assert at == T0
    assert at.tzinfo is UTC
    naive = datetime(2026, 1, 5)  # noqa: DTZ001 (that is the point)
    with pytest.raises(Exception, match="without a zone"):
        await database.write(TEAM, lambda session: insert_once(session, Inbound, key="b", at=naive))


@pytest.mark.sqlite
async def test_a_disk_that_is_full_while_something_is_erased_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def erase(_table: str) -> bool:
        full = sqlite3.OperationalError("database or disk is full")
        full.sqlite_errorname = "SQLITE_FULL"
        raise full

    monkeypatch.setattr(database.store, "erase", erase)
    with pytest.raises(DatabaseTrouble, match="is full"):
        await database.forget_erased("inbound")
