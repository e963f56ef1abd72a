"""The database: one writer that queues fairly, readers beside it, a deadline for both."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar, cast
from zlib import crc32

from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlmodel import Session, SQLModel

from bot.deadline import Job
from bot.engine import PATIENCE, READERS, Store, at_work, error_name, trouble
from bot.errors import DatabaseTrouble, NotSaved
from bot.postgres import Postgres
from bot.sqlite import Sqlite
from bot.task import Result, Task
from bot.tenancy import EVERY_TEAM, TeamRow, team_bound
from bot.writer import Writer

T = TypeVar("T")

RETRY_SECONDS = 0.2  # until what gave way to others is tried again
BESIDE = 2  # threads for what is of every workspace
GRACE = 0.2  # seconds that a statement may take to notice that its time is over


class Database:
    """What is kept: `write` runs a team's work one at a time, `read` beside it without waiting."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.writer, self.readers = store.writer, store.readers
        self.on_outgoing: Callable[[str], None] = lambda team: None
        self._writing = [Writer(store) for _ in range(store.writers)]
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="reader")
        self._beside = ThreadPoolExecutor(BESIDE, thread_name_prefix="beside")

    @classmethod
    def open(cls, url: str) -> "Database":
        """Open what the address names; raise DatabaseTrouble where it cannot be used."""
        database = cls(_store(url))
        try:
            database.store.prepare()
        except DBAPIError as error:
            database.close()
            raise trouble(error, saving=False) or error from error
        except DatabaseTrouble:
            database.close()
            raise
        return database

    async def write(
        self,
        team: str,
        work: Callable[[Session], T],
        *,
        patience: float = PATIENCE,
        alone: bool = False,
    ) -> T:
        """Run the work in one transaction and return its result once that is committed.

        Work that may take long is to be `alone`: nobody else's then waits for its commit. Raises
        NotSaved (with DatabaseTrouble below it) where nothing was committed, Unconfirmed where
        that cannot be known, and whatever the work raises, after a rollback.
        """
        job = Job(patience=patience)
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._writer_of(team).submit(Task(team, work, job, future, alone))
        try:
            await asyncio.wait([future], timeout=job.remaining + GRACE)
        finally:
            if not future.done():
                future.add_done_callback(partial(self._come_late, team))
        if not future.done():
            raise job.give_up()
        written, outgoing = future.result()
        if outgoing:
            self.on_outgoing(team)
        return cast(T, written)

    def _writer_of(self, team: str) -> Writer:
        return self._writing[crc32(team.encode()) % len(self._writing)]

    def _come_late(self, team: str, future: "asyncio.Future[Result]") -> None:
        # Nobody waits for the result any more, but the messages in it have to be sent.
        if future.exception() is None and future.result()[1]:
            self.on_outgoing(team)

    async def read(self, team: str, query: Callable[[Session], T]) -> T:
        """Run the query beside the writer, on what was committed before, and return its result."""
        loop, job = asyncio.get_running_loop(), Job(patience=PATIENCE)
        return await loop.run_in_executor(self._reading, self._read, team, query, job)

    def _read(self, team: str, query: Callable[[Session], T], job: Job) -> T:
        try:
            with at_work(job), team_bound(team), Session(self.readers) as session:
                return query(session)
        except DatabaseError as error:
            raise trouble(error) or error from error

    async def look(self, query: Callable[[Connection], T]) -> T:
        """Run a query over every workspace, beside, and return its result.

        Raises NotSaved where the database is not there for it, and whatever the query raises.
        """
        loop, job = asyncio.get_running_loop(), Job(patience=PATIENCE)
        return await loop.run_in_executor(self._beside, self._look, query, job)

    def _look(self, query: Callable[[Connection], T], job: Job) -> T:
        try:
            with at_work(job), self.readers.connect() as connection:
                return query(connection.execution_options(**EVERY_TEAM))
        except DBAPIError as error:
            raise trouble(error) or error from error

    def copy_to(self, file: Path) -> dict[str, int] | None:
        """Copy everything committed so far to a new file; raise NotSaved where that fails.

        Returns how many rows each table had then, None where nobody can say.
        """
        try:
            return self.store.copy_to(file)
        except DatabaseError as error:
            if error_name(error).startswith(("SQLITE_FULL", "SQLITE_IOERR")):
                raise NotSaved(f"{file} was not made: its disk is full, or broken.") from error
            raise trouble(error) or error from error

    async def forget_erased(
        self, *tables: type[TeamRow] | str, besides: Sequence[type[TeamRow]] = ()
    ) -> None:
        """Return once nothing that was erased in these tables stands in the file or in its log.

        What lies in the same pages is written anew, so large tables are `besides`: of those only
        what was deleted is cleared. Whoever reads is in the way, so it is tried until nobody does.
        Raises DatabaseTrouble where the database is not there for it.
        """
        for large in besides:
            await self._until(partial(self.store.clear, _name_of(large)))
        for table in tables:
            await self._until(partial(self.store.erase, _name_of(table)))
        await self._until(self.store.empty_log)

    async def _until(self, done: Callable[[], bool]) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                if await loop.run_in_executor(self._beside, done):
                    return
            except DBAPIError as error:
                raise trouble(error, saving=False) or error from error
            except sqlite3.Error as error:  # what works on the file itself speaks to no SQLAlchemy
                told = trouble(DatabaseError("", None, error), saving=False)
                raise told or error from error
            await asyncio.sleep(RETRY_SECONDS)

    def close(self) -> None:
        """Wait for the work under way, then close every connection."""
        for writer in self._writing:
            writer.close()
        self._reading.shutdown()
        self._beside.shutdown()
        self.store.close()


def _store(url: str) -> Store:
    address = make_url(url)
    if address.get_backend_name() == "postgresql":
        return Postgres(url)
    return Sqlite(Path(str(address.database)).absolute())


def _name_of(table: type[TeamRow] | str) -> str:
    """Return what a table is called."""
    return str(getattr(table, "__tablename__", table))


def create_tables(engine: Engine) -> None:
    """Make every table as the models say, for comparison with what the migrations make."""
    SQLModel.metadata.create_all(engine)
