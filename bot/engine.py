"""A database of either sort as the bot uses it, who is at work in it, and what its errors mean."""

import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.deadline import TOO_SLOW, Job
from bot.errors import DatabaseTrouble, NotSaved

PATIENCE = 2.5  # seconds; Slack gives up after 3
READERS = 4

# An error of the database goes into the log, and the parameters are what people wrote.
SMALL: dict[str, Any] = {"max_overflow": 0, "hide_parameters": True}

_running = threading.local()


class Store(ABC):
    """One database: an engine whose transactions may write, and one whose cannot.

    Whoever writes for a team takes turns with every other that does, in this process and in others,
    so that what is counted first and inserted after is no race.
    """

    writers = 1  # threads that write, each for teams of its own
    writer: Engine
    readers: Engine

    @abstractmethod
    def prepare(self) -> None:
        """Make it ready to be used; raise DBAPIError where it cannot be."""

    @abstractmethod
    def take_turn(self, connection: Connection, team: str) -> None:
        """Wait, in the transaction that has begun, until nobody else writes for the team."""

    @abstractmethod
    def begin_task(self, connection: Connection, job: Job) -> None:
        """Begin what can be undone by itself, and hold it to the job's deadline."""

    @abstractmethod
    def end_task(self, connection: Connection) -> None:
        """Keep what was done since the task began."""

    @abstractmethod
    def undo_task(self, connection: Connection) -> bool:
        """Undo what was done since the task began; False where the whole transaction is undone."""

    @abstractmethod
    def written_by_others(self, connection: Connection) -> int | None:
        """Return what changes whenever another process has written; None where nobody knows."""

    @abstractmethod
    def erase(self, table: str) -> bool:
        """Leave nothing of the table's deleted rows in it; False where somebody is in the way."""

    @abstractmethod
    def clear(self, table: str) -> bool:
        """Leave nothing of the table's deleted rows that deleting them has not taken with it."""

    @abstractmethod
    def empty_log(self) -> bool:
        """Leave nothing of deleted rows in the log; False where somebody is in the way."""

    @abstractmethod
    def copy_to(self, file: Path) -> dict[str, int] | None:
        """Copy everything committed so far to a new file; raise DBAPIError where that fails.

        Returns how many rows each table had then, None where nobody can say.
        """

    def close(self) -> None:
        """Close every connection."""
        self.readers.dispose()
        self.writer.dispose()


@contextmanager
def at_work(job: Job | None) -> Iterator[None]:
    """Hold what runs in this thread to the job's deadline; to none, where there is no job."""
    before = running()
    _running.job = job
    try:
        yield
    finally:
        _running.job = before


def running() -> Job | None:
    """Return the job that this thread is at work on."""
    job: Job | None = getattr(_running, "job", None)
    return job


def patience() -> float:
    """Return the seconds that what runs in this thread may still take."""
    job = running()
    return PATIENCE if job is None else job.remaining


_TOO_SLOW = (
    *("SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_INTERRUPT"),
    *("57014", "55P03", "40P01"),  # a statement or a lock that took too long, a deadlock
)
_FULL = "the disk where Truenorth keeps its data is full; free some space there"
_CANNOT_LOG_IN = "PostgreSQL does not let Truenorth in; check the user and password in DATABASE_URL"
NO_OPTION = "no option"  # a code of ours, where PostgreSQL has none
NO_ANSWER = "PostgreSQL does not answer; check that it runs, and where DATABASE_URL says it does"
_TROUBLES = {
    "SQLITE_FULL": _FULL,
    "SQLITE_READONLY": "the database file is read-only; give Truenorth the right to write to it",
    "SQLITE_CORRUPT": "the database file is damaged; put a backup back",
    "SQLITE_NOTADB": "the database file is not a database; put a backup back, or name another file",
    "SQLITE_CANTOPEN": "the database file cannot be opened; check that its folder is there, and"
    " who may write to it",
    "SQLITE_IOERR": "the disk where Truenorth keeps its data does not work as it should; check it",
    "53100": _FULL,
    "53300": "PostgreSQL has no connection left; let it have more, or run fewer processes",
    "25006": "this PostgreSQL is a copy that cannot be written to; name the one that can",
    "42501": "Truenorth's user has no right to that in PostgreSQL; have it own the database",
    "3D000": "there is no such database; make it, or mend DATABASE_URL",
    "28": _CANNOT_LOG_IN,
    "XX00": "the database is damaged; put a backup back",
    "58": "the disk where PostgreSQL keeps its data does not work as it should; check it",
    NO_OPTION: "DATABASE_URL ends with an option that PostgreSQL does not know; mend or remove it",
    "08": NO_ANSWER,
    "57P": NO_ANSWER,  # it ends, or begins
}


def trouble(error: DBAPIError, *, saving: bool = True) -> NotSaved | None:
    """Return what a database error means for people, or None where it is a bug of ours."""
    name = error_name(error)
    if name.startswith(_TOO_SLOW):
        return NotSaved(TOO_SLOW)
    for code, sentence in _TROUBLES.items():
        if name.startswith(code):
            start = "Nothing was saved" if saving else "Truenorth cannot use its database"
            return DatabaseTrouble(f"{start}: {sentence}.")
    return None


def error_name(error: DBAPIError) -> str:
    """Return SQLite's name of the error, or PostgreSQL's SQLSTATE; 08000 where it went away."""
    name = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    if name is None and "invalid connection option" in str(error.orig):
        return NO_OPTION
    if name is None and type(error.orig).__name__ == "OperationalError":
        return "08000"
    return str(name or "")


def is_unknown(error: DBAPIError) -> bool:
    """Say whether nobody knows if a commit that raised this has taken place."""
    return error_name(error).startswith(("SQLITE_IOERR", "08", "57P", "58"))
