"""How SQLite is opened, who is at work in it, and what its errors mean for people."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.deadline import TOO_SLOW, Job
from bot.errors import DatabaseTrouble, NotSaved
from bot.memory import driver_of

PATIENCE = 2.5  # seconds; Slack gives up after 3
READERS = 4
GIVES_WAY_AFTER = 50  # milliseconds that what is done beside the writer waits for a lock
OPERATIONS_BETWEEN_CHECKS = 20_000  # about a millisecond of SQLite's work

TROUBLES = {
    "SQLITE_FULL": "the disk where Truenorth keeps its data is full; free some space there",
    "SQLITE_READONLY": "the database file is read-only; give Truenorth the right to write to it",
    "SQLITE_CORRUPT": "the database file is damaged; put a backup back",
    "SQLITE_NOTADB": "the database file is not a database; put a backup back, or name another file",
    "SQLITE_CANTOPEN": "the database file cannot be opened; check that its folder is there, and"
    " who may write to it",
    "SQLITE_IOERR": "the disk where Truenorth keeps its data does not work as it should; check it",
}

_running = threading.local()


@contextmanager
def at_work(job: Job | None) -> Iterator[None]:
    """Hold what runs in this thread to the job's deadline; to none, where there is no job."""
    before = getattr(_running, "job", None)
    _running.job = job
    try:
        yield
    finally:
        _running.job = before


def _out_of_time() -> int:
    job: Job | None = getattr(_running, "job", None)
    return int(job is not None and job.remaining == 0.0)


def trouble(error: DBAPIError, *, saving: bool = True) -> NotSaved | None:
    """Return what a database error means for people, or None where it is a bug of ours."""
    name = error_name(error)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_INTERRUPT")):
        return NotSaved(TOO_SLOW)
    for code, sentence in TROUBLES.items():
        if name.startswith(code):
            start = "Nothing was saved" if saving else "Truenorth cannot use its database"
            return DatabaseTrouble(f"{start}: {sentence}.")
    return None


def error_name(error: DBAPIError) -> str:
    """Return SQLite's own name of the error."""
    return str(getattr(error.orig, "sqlite_errorname", ""))


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where pysqlite does
    connection.set_progress_handler(_out_of_time, OPERATIONS_BETWEEN_CHECKS)
    for pragma in ("foreign_keys=ON", "secure_delete=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_writing(connection: Connection) -> None:
    job: Job | None = getattr(_running, "job", None)
    patience = PATIENCE if job is None else job.remaining
    driver_of(connection).execute(f"PRAGMA busy_timeout={int(patience * 1000)}")
    # A deferred transaction that reads and then writes fails at once when another wrote meanwhile.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Connection) -> None:
    driver_of(connection).execute("BEGIN")  # takes no lock, so that nothing can go wrong


# An error of the database goes into the log, and the parameters are what people wrote.
_SMALL: dict[str, Any] = {"max_overflow": 0, "hide_parameters": True}


def open_writer(path: Path) -> Engine:
    """Return an engine of one connection whose transactions may write."""
    engine = create_engine(f"sqlite:///{path}", pool_size=1, **_SMALL)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_writing)
    return engine


def open_readers(path: Path) -> Engine:
    """Return an engine of connections that can only read."""
    address = f"sqlite:///file:{path}?mode=ro&uri=true"
    engine = create_engine(address, pool_size=READERS, **_SMALL)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin_reading)
    return engine


def empty_log(path: Path) -> bool:
    """Write everything into the file and empty the log; False where somebody still reads it.

    Deleted rows are overwritten in the file at once, but the log keeps what they were.
    """
    with _beside(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")  # most of the work, in nobody's way
        # While this one waits for readers nobody can write, so it hardly waits.
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


def write_anew(path: Path, table: str) -> bool:
    """Write what is left in the table into fresh pages; False where somebody else writes.

    Where a full page was divided its unused part still holds what moved, and goes on holding it
    when that is deleted. Only pages that are given back as a whole are overwritten throughout.
    """
    with _beside(path) as connection:
        # With foreign keys each row would be deleted by itself, and the first page not given back.
        for pragma in ("foreign_keys=OFF", "temp_store=MEMORY"):
            connection.execute(f"PRAGMA {pragma}")
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorname.startswith("SQLITE_BUSY"):
                return False
            raise
        connection.execute(f"CREATE TEMP TABLE kept AS SELECT * FROM main.{table}")
        connection.execute(f"DELETE FROM main.{table}")
        connection.execute(f"INSERT INTO main.{table} SELECT * FROM kept")
        connection.execute("COMMIT")
    return True


@contextmanager
def _beside(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a connection besides the writer's, which gives way to it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _prepare(connection, None)
        connection.execute(f"PRAGMA busy_timeout={GIVES_WAY_AFTER}")
        yield connection
