"""What the writer knows already when its next transaction begins."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from sqlalchemy.engine import Connection
from sqlmodel import Session


def driver_of(connection: Connection) -> sqlite3.Connection:
    """Return what SQLAlchemy wraps: for what costs ten times as much through it."""
    return cast(sqlite3.Connection, connection.connection.dbapi_connection)


class Memory:
    """What hardly ever changes, kept from one of our transactions to the next.

    It is forgotten when another process has written, and when a transaction fails.
    """

    KEPT = ("charter", "team_settings", "people")  # whoever writes them keeps `session.info` right

    def __init__(self) -> None:
        self._of_team: dict[str, dict[str, Any]] = {}
        self._seen = -1

    def forget(self) -> None:
        """Know nothing any more: what was remembered may not have been committed."""
        self._of_team.clear()

    def look(self, driver: sqlite3.Connection) -> None:
        """Forget everything where another process has written; nobody does while we may write."""
        (version,) = driver.execute("PRAGMA data_version").fetchone()
        if version != self._seen:  # it changes with every commit but our own
            self._of_team.clear()
            self._seen = version

    @contextmanager
    def of(self, session: Session, *, team: str) -> Iterator[None]:
        """Remember for the session, and from it once what is inside has committed."""
        known = self._of_team.pop(team, {})
        session.info.update(known)
        yield
        info = session.info
        self._of_team[team] = {key: info[key] for key in self.KEPT if key in info}
