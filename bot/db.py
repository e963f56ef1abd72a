"""The database: one writer that queues fairly, readers beside it, a deadline for both."""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple, cast, overload

from sqlalchemy import Select as SelectOfColumns
from sqlalchemy import bindparam, update
from sqlalchemy.dialects.sqlite import insert as insert_or_nothing
from sqlalchemy.engine import Dialect, Engine, make_url
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlmodel import Session, SQLModel
from sqlmodel.sql.expression import Select, SelectOfScalar

from bot.deadline import Job
from bot.engine import (
    PATIENCE,
    READERS,
    at_work,
    empty_log,
    open_readers,
    open_writer,
    trouble,
    write_anew,
)
from bot.query import rows_of
from bot.statement import Statement
from bot.task import Result, Task
from bot.tenancy import TeamRow, current_team, team_bound
from bot.writer import Writer

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

KEPT_STATEMENTS = 256  # far more than there are; tests open many databases
RETRY_SECONDS = 0.2  # until what gave way to others is tried again
GRACE = 0.2  # seconds that a statement may take to notice that its time is over


class Database:
    """SQLite in WAL mode: `write` runs work one at a time, `read` beside it without waiting."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer = open_writer(path)
        self.readers = open_readers(path)
        self.on_outgoing: Callable[[], None] = lambda: None
        self._writing = Writer(self.writer)
        self._reading = ThreadPoolExecutor(READERS, thread_name_prefix="reader")

    @classmethod
    def open(cls, url: str) -> "Database":
        """Open the file that the address names; raise DatabaseTrouble where it cannot be used."""
        database = cls(Path(str(make_url(url).database)).absolute())
        try:
            with database.writer.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA journal_mode=WAL")
                connection.exec_driver_sql("BEGIN IMMEDIATE")
        except DBAPIError as error:
            database.close()
            raise trouble(error, saving=False) or error from error
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
        self._writing.submit(Task(team, work, job, future, alone))
        try:
            await asyncio.wait([future], timeout=job.remaining + GRACE)
        finally:
            if not future.done():
                future.add_done_callback(self._come_late)
        if not future.done():
            raise job.give_up()
        written, outgoing = future.result()
        if outgoing:
            self.on_outgoing()
        return cast(T, written)

    def _come_late(self, future: "asyncio.Future[Result]") -> None:
        # Nobody waits for the result any more, but the messages in it have to be sent.
        if future.exception() is None and future.result()[1]:
            self.on_outgoing()

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

    def copy_to(self, file: Path) -> None:
        """Copy everything committed so far to a new file; raise NotSaved where that fails."""
        try:
            with self.readers.connect() as connection:
                connection.exec_driver_sql("COMMIT")  # VACUUM runs in no transaction
                connection.exec_driver_sql("VACUUM INTO ?", (str(file),))
                connection.exec_driver_sql("BEGIN")
        except DatabaseError as error:
            raise trouble(error) or error from error

    async def forget_erased(self, *tables: type[TeamRow]) -> None:
        """Return once nothing that was erased in these tables stands in the file or in its log.

        Whoever reads keeps the log from being emptied, so it is tried until nobody does.
        """
        for table in tables:
            await _until(partial(write_anew, self.path, str(table.__tablename__)))
        await _until(partial(empty_log, self.path))

    def close(self) -> None:
        """Wait for the work under way, then close every connection."""
        self._writing.close()
        self._reading.shutdown()
        self.readers.dispose()
        self.writer.dispose()


async def _until(done: Callable[[], bool]) -> None:
    while True:
        if await asyncio.to_thread(done):
            return
        await asyncio.sleep(RETRY_SECONDS)


@lru_cache(KEPT_STATEMENTS)
def _insert(table: type[TeamRow], columns: tuple[str, ...], dialect: Dialect) -> Statement:
    return Statement.of(insert_or_nothing(table).on_conflict_do_nothing(), columns, dialect)


def insert_once(session: Session, table: type[TeamRow], **values: Any) -> bool:
    """Insert the row unless its unique key is there already; say whether it was inserted.

    `id` and `team_id` are filled in where they are not given.
    """
    connection = session.connection()
    statement = _insert(table, tuple(values), connection.dialect)
    return bool(statement.run(connection, values).rowcount)


def insert_rows(session: Session, table: type[TeamRow], rows: list[dict[str, Any]]) -> None:
    """Insert rows with the same columns, without making an object of each.

    Rows whose unique key is there already are left as they are.
    """
    if not rows:
        return
    if any(row.keys() != rows[0].keys() for row in rows):
        raise ValueError(f"rows of {table.__tablename__} with different columns")
    connection = session.connection()
    _insert(table, tuple(rows[0]), connection.dialect).run(connection, *rows)


@lru_cache(KEPT_STATEMENTS)
def _count_up(
    table: type[TeamRow], counter: str, key: tuple[str, ...], dialect: Dialect
) -> Statement:
    insert = insert_or_nothing(table)
    column = insert.table.c[counter]
    counting = insert.on_conflict_do_update(
        index_elements=["team_id", *key],
        set_={counter: column + 1},
        where=column < bindparam("limit"),
    ).returning(column)
    return Statement.of(counting, (*key, counter), dialect)


def count_up(
    session: Session, table: type[TeamRow], counter: str, *, limit: int, **key: Any
) -> int | None:
    """Count one more in the row with this unique key, made on its first use.

    Returns the new count, or None where the limit is reached already.
    """
    if limit < 1:
        return None
    connection = session.connection()
    statement = _count_up(table, counter, tuple(key), connection.dialect)
    counted = statement.run(connection, {**key, counter: 1, "limit": limit}).fetchone()
    return None if counted is None else int(counted[0])


@lru_cache(KEPT_STATEMENTS)
def _swap(
    table: type[TeamRow], seen: tuple[str, ...], changed: tuple[str, ...], dialect: Dialect
) -> Statement:
    columns: Any = table.__table__.c  # type: ignore[attr-defined]
    changing = (
        update(table.__table__)  # type: ignore[attr-defined]
        .where(columns.team_id == bindparam("seen_team_id"))
        .where(*[columns[name] == bindparam(f"seen_{name}") for name in seen])
        .values({name: bindparam(name) for name in changed})
    )
    if "version" in columns:
        changing = changing.values(version=columns.version + 1)
    return Statement.of(changing, None, dialect)


def swap(
    session: Session, table: type[TeamRow], seen: Mapping[str, object], **changed: object
) -> bool:
    """Change the team's row that still has the values seen; say whether there was one.

    Its version, where it has one, is counted up: of several who saw the same one, one succeeds.
    What the session has loaded of the row stays as it was.
    """
    session.flush()
    connection = session.connection()
    statement = _swap(table, tuple(seen), tuple(changed), connection.dialect)
    values = {f"seen_{name}": value for name, value in seen.items()}
    done = statement.run(connection, {"seen_team_id": current_team(), **values, **changed})
    return bool(done.rowcount)


@overload
def ask(  # type: ignore[overload-overlap]  # the more particular one comes first
    session: Session, select: SelectOfScalar[T], **values: object
) -> list[T]: ...


@overload
def ask(session: Session, select: Select[*Ts], **values: object) -> list[tuple[*Ts]]: ...


@overload
def ask(session: Session, select: SelectOfColumns[*Ts], **values: object) -> list[tuple[*Ts]]: ...


def ask(session: Session, select: Any, **values: object) -> list[Any]:
    """Return what a select that is kept in a module finds, the values of an IN as a list.

    Its objects are of no session: they show how it is, and what is changed in them is not saved.
    """
    session.flush()
    return rows_of(session.connection(), select, values)


@lru_cache(KEPT_STATEMENTS)
def _upsert(
    table: type[TeamRow], columns: tuple[str, ...], key: tuple[str, ...], dialect: Dialect
) -> Statement:
    insert = insert_or_nothing(table)
    changed = {name: insert.excluded[name] for name in columns}
    upsert = insert.on_conflict_do_update(index_elements=["team_id", *key], set_=changed)
    return Statement.of(upsert, columns, dialect)


def write_over(
    session: Session, table: type[TeamRow], rows: list[dict[str, Any]], *, key: tuple[str, ...]
) -> None:
    """Insert rows with the same columns, over those of the team that have the same key."""
    connection = session.connection()
    _upsert(table, tuple(rows[0]), key, connection.dialect).run(connection, *rows)


def remembered(session: Session, key: str, load: Callable[[], T]) -> T:
    """Return what `load` returns, asking the database only once in this transaction."""
    if key not in session.info:
        session.info[key] = load()
    return cast(T, session.info[key])


def create_tables(engine: Engine) -> None:
    """Make every table as the models say, for comparison with what the migrations make."""
    SQLModel.metadata.create_all(engine)
