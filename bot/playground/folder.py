"""Where the demo keeps its data."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

SIDE_FILES = ("", "-wal", "-shm", "-journal")


class FolderError(Exception):
    """A sentence why the folder cannot be used."""


@dataclass(frozen=True)
class Folder:
    """The bot's database, the fake workspace, and a mark that its history is whole."""

    path: Path

    @property
    def database(self) -> Path:
        """The bot's own."""
        return self.path / "truenorth.db"

    @property
    def workspace(self) -> Path:
        """What the fake Slack knows."""
        return self.path / "slack.db"

    @property
    def log(self) -> Path:
        """What the bot said since it was started last."""
        return self.path / "bot.log"

    @property
    def _mark(self) -> Path:
        return self.path / "complete"

    @property
    def is_complete(self) -> bool:
        """Whether the whole history is there."""
        return self._mark.is_file() and self.database.is_file() and self.workspace.is_file()

    def complete(self) -> None:
        """Note that the whole history is there."""
        self._mark.touch()

    def clear(self) -> None:
        """Remove what the demo made, and nothing else."""
        self._mark.unlink(missing_ok=True)
        for database in (self.database, self.workspace):
            for suffix in SIDE_FILES:
                database.with_name(database.name + suffix).unlink(missing_ok=True)
        self.log.unlink(missing_ok=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep every other demo out, for as long as this process lives.

        Raises FolderError where another one is in.
        """
        try:
            self.path.mkdir(exist_ok=True)
            lock = sqlite3.connect(self.path / "lock.db", timeout=0, isolation_level=None)
            with closing(lock):
                self._lock(lock)
                yield
        except OSError as error:
            reason = error.strerror or str(error)
            raise FolderError(f"The folder {self.path} cannot be used: {reason}.") from error

    def _lock(self, lock: sqlite3.Connection) -> None:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise FolderError(
                f"Another demo is running with the data in {self.path.resolve()}; end it first."
            ) from error
