"""Work that waits together is committed together, and nobody suffers for anybody else."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from bot.counters import Counter
from bot.db import Database
from bot.errors import DatabaseTrouble, Unconfirmed, UserError
from tests.kernel.test_db import keys, remember
from tests.support import TEAM

PATIENCE = 1.0  # seconds, after which a test that failed lets everything end


async def together(database: Database, *works: Callable[[Session], Any]) -> list[Any]:
    """Have all the works wait in the queue, so that they share a transaction."""
    release = threading.Event()
    begun = threading.Event()

    def first(_session: Session) -> None:
        begun.set()
        release.wait()

    ahead = asyncio.create_task(database.write(TEAM, first))
    await asyncio.to_thread(begun.wait)
    waiting = [asyncio.create_task(database.write(TEAM, work)) for work in works]
    await asyncio.sleep(0)  # each has stood in the queue once it has run up to its first pause
    release.set()
    await ahead
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_work_that_waits_shares_one_commit(database: Database) -> None:
    commits: list[object] = []
    event.listen(database.writer, "commit", commits.append)
    await together(database, *(remember(key) for key in "abc"))
    assert await database.read(TEAM, keys) == ["a", "b", "c"]
    assert len(commits) <= 2  # one with who was ahead, or one after


async def test_quick_work_does_not_wait_for_the_end_of_long_work(database: Database) -> None:
    begin, end = threading.Event(), threading.Event()
    ahead = asyncio.create_task(database.write(TEAM, lambda _session: begin.wait()))
    quick = asyncio.create_task(database.write(TEAM, remember("quick")))
    long = asyncio.create_task(database.write(TEAM, lambda _: end.wait(), alone=True))
    behind = asyncio.create_task(database.write(TEAM, remember("behind")))
    await asyncio.sleep(0)
    begin.set()
    (told,) = await asyncio.gather(quick, return_exceptions=True)
    end.set()
    assert told is True  # and not that it cannot be confirmed
    assert all(await asyncio.gather(ahead, long, behind))


async def test_every_loop_hears_of_its_own_work(database: Database) -> None:
    def elsewhere() -> bool:
        return asyncio.run(database.write(TEAM, remember("elsewhere")))

    begin = threading.Event()
    ahead = asyncio.create_task(database.write(TEAM, lambda _session: begin.wait()))
    here = asyncio.create_task(database.write(TEAM, remember("here")))
    there = asyncio.create_task(asyncio.to_thread(elsewhere))
    await asyncio.sleep(0)
    begin.set()
    assert all(await asyncio.gather(ahead, here, there))


async def test_a_loop_that_has_ended_keeps_nobody_from_writing(database: Database) -> None:
    begin = threading.Event()

    async def leave() -> None:
        asyncio.get_running_loop().create_task(database.write(TEAM, lambda _: begin.wait()))
        await asyncio.sleep(0)

    await asyncio.to_thread(asyncio.run, leave())
    begin.set()
    assert await database.write(TEAM, remember("afterwards"))


async def test_work_that_raises_what_no_future_takes_still_ends(database: Database) -> None:
    with pytest.raises(RuntimeError, match="StopIteration"):
        await database.write(TEAM, lambda _session: next(iter(())))


async def test_work_that_fails_undoes_nobody_elses(database: Database) -> None:
    def fails(session: Session) -> None:
        remember("b")(session)
        raise UserError("no")

    _, b, _ = await together(database, remember("a"), fails, remember("c"))
    assert isinstance(b, UserError)
    assert await database.read(TEAM, keys) == ["a", "c"]


@pytest.mark.sqlite
async def test_a_transaction_that_sqlite_undoes_is_run_again_without_the_culprit(
    database: Database,
) -> None:
    def undone(session: Session) -> None:
        remember("b")(session)
        session.connection().exec_driver_sql("ROLLBACK")  # as a full disk does
        full = sqlite3.OperationalError("database or disk is full")
        full.sqlite_errorname = "SQLITE_FULL"
        raise DatabaseError("INSERT", None, full)

    _, b, _ = await together(database, remember("a"), undone, remember("c"))
    assert isinstance(b, DatabaseTrouble)
    assert await database.read(TEAM, keys) == ["a", "c"]


@pytest.mark.postgres
@pytest.mark.parametrize("more", [True, False], ids=["in the work", "at its end"])
async def test_a_connection_that_is_cut_undoes_nobody_elses_work(
    database: Database, more: bool
) -> None:
    def cut_off(session: Session) -> None:
        remember("b")(session)
        mine = session.connection().exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with database.readers.connect() as another:
            another.exec_driver_sql(f"SELECT pg_terminate_backend({mine}, 5000)")
        if more:
            remember("never")(session)

    _, b, _ = await together(database, remember("a"), cut_off, remember("c"))
    assert isinstance(b, DatabaseTrouble)
    assert await database.read(TEAM, keys) == ["a", "c"]


async def test_a_commit_that_fails_fails_all_that_shared_it(database: Database) -> None:
    @event.listens_for(database.writer, "commit")
    def fail(_connection: object) -> None:
        failed = sqlite3.OperationalError("disk I/O error")
        failed.sqlite_errorname = "SQLITE_IOERR_FSYNC"
        raise DatabaseError("COMMIT", None, failed)

    release = threading.Event()
    ahead = asyncio.create_task(database.write(TEAM, lambda _session: release.wait()))
    waiting = [asyncio.create_task(database.write(TEAM, remember(key))) for key in "ab"]
    await asyncio.sleep(0)
    release.set()
    told = await asyncio.gather(ahead, *waiting, return_exceptions=True)
    assert [type(one) for one in told] == [Unconfirmed] * 3


@pytest.mark.postgres
async def test_processes_write_for_a_team_one_after_the_other(
    database: Database, database_url: str
) -> None:
    another = Database.open(database_url)
    begun, go_on = threading.Event(), threading.Event()

    def count(session: Session) -> int:
        found = session.exec(select(Counter)).first()
        begun.set()
        go_on.wait(PATIENCE)
        counter = found or Counter(name="decision", count=0)
        counter.count += 1
        session.add(counter)
        session.flush()
        return counter.count

    first = asyncio.create_task(database.write(TEAM, count))
    await asyncio.to_thread(begun.wait)
    second = asyncio.create_task(another.write(TEAM, count))
    assert await another.write("T0OTHER", remember("elsewhere"))  # who waits for nobody
    begun.clear()
    assert not await asyncio.to_thread(begun.wait, 0.3)
    go_on.set()
    assert [await first, await second] == [1, 2]
    another.close()
