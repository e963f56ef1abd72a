"""SQLite: how its file is opened, written to by one at a time, and rid of what was erased."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import cast

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection

from bot.deadline import Job
from bot.engine import READERS, SMALL, Store, patience, running

GIVES_WAY_AFTER = 50  # milliseconds that what is done beside the writer waits for a lock
OPERATIONS_BETWEEN_CHECKS = 20_000  # about a millisecond of SQLite's work


class Sqlite(Store):
    """A file in WAL mode: one transaction writes at a time, and readers do not wait for it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.writer = create_engine(f"sqlite:///{path}", pool_size=1, **SMALL)
        event.listen(self.writer, "connect", _prepare)
        event.listen(self.writer, "begin", _begin_writing)
        address = f"sqlite:///file:{path}?mode=ro&uri=true"
        self.readers = create_engine(address, pool_size=READERS, **SMALL)
        event.listen(self.readers, "connect", _prepare)
        event.listen(self.readers, "begin", _begin_reading)

    def prepare(self) -> None:
        """Have readers not wait for the writer, from now on and for good."""
        _make_for_us_alone(self.path)
        with self.writer.connect() as connection:
            connection.exec_driver_sql("ROLLBACK")
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    def take_turn(self, connection: Connection, team: str) -> None:
        """Do nothing: the transaction began with its turn."""

    def begin_task(self, connection: Connection, job: Job) -> None:
        """Set a savepoint: a session's own would cost as much as an insert."""
        _driver_of(connection).execute("SAVEPOINT task")

    def end_task(self, connection: Connection) -> None:
        """Keep what was done since."""
        _driver_of(connection).execute("RELEASE task")

    def undo_task(self, connection: Connection) -> bool:
        """Go back to the savepoint; a full disk or an interrupted change has undone everything."""
        driver = _driver_of(connection)
        if not driver.in_transaction:
            return False
        driver.execute("ROLLBACK TO task")
        driver.execute("RELEASE task")
        return True

    def written_by_others(self, connection: Connection) -> int:
        """Return what changes with every commit but our own; nobody else's comes while we write."""
        (version,) = _driver_of(connection).execute("PRAGMA data_version").fetchone()
        return int(version)

    def erase(self, table: str) -> bool:
        """Write what is left in the table into fresh pages.

        Where a full page was divided its unused part still holds what moved, and goes on holding it
        when that is deleted. Only pages that are given back as a whole are overwritten throughout.
        """
        with self._beside() as connection:
            # With foreign keys each row would be deleted by itself, and the first page not given
            # back.
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

    def clear(self, table: str) -> bool:
        """Do nothing: each deleted row is overwritten with nought."""
        return True

    def empty_log(self) -> bool:
        """Write everything into the file and empty the log.

        Deleted rows are overwritten in the file at once, but the log keeps what they were.
        """
        with self._beside() as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")  # most of it, in nobody's way
            # While this one waits for readers nobody can write, so it hardly waits.
            busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy

    def copy_to(self, file: Path) -> dict[str, int] | None:
        """Copy what a reader sees, without what was erased; None where others wrote meanwhile."""
        _make_for_us_alone(file)
        with self.readers.connect() as connection:
            connection.begin()  # what is counted is of one moment
            rows = count_rows(_driver_of(connection))
            before = self.written_by_others(connection)
            connection.exec_driver_sql("COMMIT")  # VACUUM runs in no transaction
            connection.exec_driver_sql("VACUUM INTO ?", (str(file),))
            unchanged = before == self.written_by_others(connection)
            connection.exec_driver_sql("BEGIN")
        return rows if unchanged else None

    @contextmanager
    def _beside(self) -> Iterator[sqlite3.Connection]:
        """Open a connection besides the writer's, which gives way to it."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            _prepare(connection, None)
            connection.execute(f"PRAGMA busy_timeout={GIVES_WAY_AFTER}")
            yield connection


_TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL TABLE%'"


def count_rows(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    names = [name for (name,) in connection.execute(_TABLES).fetchall()]
    counts = {name: connection.execute(f'SELECT count(*) FROM "{name}"') for name in names}
    return {name: int(found.fetchone()[0]) for name, found in counts.items()}


def _make_for_us_alone(path: Path) -> None:
    """Make the file where it is not there: for no other user of this machine, as its log is then.

    One that is there keeps its rights, which somebody may have chosen.
    """
    with suppress(OSError):  # SQLite says what is in the way
        path.touch(mode=0o600, exist_ok=False)


def _driver_of(connection: Connection) -> sqlite3.Connection:
    """Return what SQLAlchemy wraps: for what costs ten times as much through it."""
    return cast(sqlite3.Connection, connection.connection.dbapi_connection)


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # transactions begin where we say, not where pysqlite does
    connection.set_progress_handler(_out_of_time, OPERATIONS_BETWEEN_CHECKS)
    for pragma in ("foreign_keys=ON", "secure_delete=ON", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _out_of_time() -> int:
    job = running()
    return int(job is not None and job.remaining == 0.0)


def _begin_writing(connection: Connection) -> None:
    _driver_of(connection).execute(f"PRAGMA busy_timeout={int(patience() * 1000)}")
    # A deferred transaction that reads and then writes fails at once when another wrote meanwhile.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin_reading(connection: Connection) -> None:
    _driver_of(connection).execute("BEGIN")  # takes no lock, so that nothing can go wrong
