"""PostgreSQL: how it is opened, written to by one at a time for a team, rid of what was erased."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError

from bot.deadline import Job
from bot.engine import READERS, SMALL, Store, error_name, patience
from bot.errors import DatabaseTrouble, NotSaved

WRITERS = 4
GIVES_WAY_AFTER = 50  # milliseconds that what is done beside the writers waits for a lock
SMALL_TABLE = 16 * 1024 * 1024  # bytes
LOCKED = "55P03"
_SIZE = "SELECT pg_table_size(%s::regclass)"
_STILL_DEAD = "SELECT pg_stat_get_dead_tuples(%s::regclass)"  # as the VACUUM before left it
# Whoever is stopped in the middle of a transaction keeps nobody from writing for longer.
OPTIONS = "-c idle_in_transaction_session_timeout=10s -c timezone=UTC"
KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
OTHER_ENCODING = (
    "Truenorth cannot use its database: its encoding is {}, which does not hold every letter. "
    "Make one with CREATE DATABASE truenorth ENCODING 'UTF8' LOCALE 'C.UTF-8' TEMPLATE template0."
)


class Postgres(Store):
    """A server, for any number of processes."""

    writers = WRITERS

    def __init__(self, url: str) -> None:
        address = make_url(url)
        # It is asked whether a connection still stands before each use: the server may have ended.
        common: dict[str, Any] = {**SMALL, "pool_pre_ping": True}
        asked = {"options": OPTIONS, "connect_timeout": 2, "client_encoding": "UTF8"}
        common["connect_args"] = {**asked, **KEEPALIVE}
        self.writer = create_engine(address, pool_size=WRITERS + 1, **common)
        # What is read is of one moment, as in SQLite.
        reading = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        self.readers = create_engine(
            address, pool_size=READERS, execution_options=reading, **common
        )
        event.listen(self.readers, "begin", _begin_reading)

    def prepare(self) -> None:
        """Have a connection; raise DatabaseTrouble where the database cannot hold any text."""
        with self.writer.connect() as connection:
            driver: Any = connection.connection.dbapi_connection
            encoding = driver.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise DatabaseTrouble(OTHER_ENCODING.format(encoding))

    def take_turn(self, connection: Connection, team: str) -> None:
        """Wait for the team's lock, which ends with the transaction; then all before is seen."""
        hold = _milliseconds(patience())
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout={hold}; SET LOCAL statement_timeout={hold}"
        )
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (team,))

    def begin_task(self, connection: Connection, job: Job) -> None:
        """Set a savepoint."""
        hold = _milliseconds(job.remaining)
        connection.exec_driver_sql(f"SET LOCAL statement_timeout={hold}; SAVEPOINT task")

    def end_task(self, connection: Connection) -> None:
        """Keep what was done since."""
        connection.exec_driver_sql("RELEASE task")

    def undo_task(self, connection: Connection) -> bool:
        """Go back to the savepoint; a connection that was lost has undone everything."""
        if connection.invalidated:  # it would not even say what it was
            return False
        driver: Any = connection.connection.dbapi_connection
        if driver is None or driver.closed:
            return False
        connection.exec_driver_sql("ROLLBACK TO task; RELEASE task")
        return True

    def written_by_others(self, connection: Connection) -> None:
        """Know nothing."""

    def erase(self, table: str) -> bool:
        """Clear the table of what is deleted, and write what is left into a fresh file.

        Not a large one, which would keep everybody waiting: what was deleted there stands in the
        unused parts of its pages until they are needed.
        """
        with self._beside() as connection:
            try:
                connection.exec_driver_sql(f'VACUUM "{table}"')
                if connection.exec_driver_sql(_STILL_DEAD, (table,)).scalar_one():
                    return False  # somebody reads what was there before
                if connection.exec_driver_sql(_SIZE, (table,)).scalar_one() <= SMALL_TABLE:
                    connection.exec_driver_sql(f'VACUUM (FULL) "{table}"')
            except DBAPIError as error:
                if error_name(error) == LOCKED:
                    return False
                raise
        return True

    def clear(self, table: str) -> bool:
        """Do the same: deleting a row leaves all of it."""
        return self.erase(table)

    def empty_log(self) -> bool:
        """Leave the log to the server, which writes over it in its own time."""
        return True

    def copy_to(self, file: Path) -> None:
        """Refuse: a server's backups are its own."""
        raise NotSaved(f"Nothing was copied to {file}: PostgreSQL makes its own backups.")

    @contextmanager
    def _beside(self) -> Iterator[Connection]:
        """Open a connection in no transaction, which gives way to everybody."""
        with self.writer.connect() as pooled:
            connection = pooled.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql(f"SET lock_timeout={GIVES_WAY_AFTER}")
            yield connection
            connection.exec_driver_sql("RESET lock_timeout")


def _milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))  # 0 would be for ever


def _begin_reading(connection: Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL statement_timeout={_milliseconds(patience())}")
