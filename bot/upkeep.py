"""Keeps the index in order: forgets what was taken out of it, empties it, counts what is in it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, column, func, table
from sqlalchemy.engine import Connection
from sqlmodel import Session, col, select

from bot.fulltext import SearchEntry
from bot.rows import ask
from bot.statement import execute

PAGES_AT_ONCE = 64  # of the index that are merged in one transaction
WITH_FIRST_WORDS = "search_index_idx"  # the table with those at which the index's pages begin

_MERGE = "INSERT INTO search_index (search_index, rank) VALUES ('merge', ?)"
_EMPTY = (
    "INSERT INTO search_index (search_index) VALUES ('delete-all')",
    "DELETE FROM search_entry",  # of every team, as the index is
    # The chore's id has only to be unlike any other.
    "INSERT OR IGNORE INTO search_chore (id, team_id, what)"
    " SELECT min(id), team_id, 'fill' FROM charter_version GROUP BY team_id",
)
_TEAMS = "SELECT DISTINCT charter_version.team_id FROM charter_version"


def merge_some(session: Session, *, first: bool) -> bool:
    """Merge some of the index, which leaves out what was deleted; False where all of it is.

    The first time everything that there is now is marked to be merged.
    """
    connection = session.connection()
    before = _changes(connection)
    execute(connection, _MERGE, (-PAGES_AT_ONCE if first else PAGES_AT_ONCE,))
    return _changes(connection) - before >= 2  # as FTS5 says that there was nothing left to do


def _changes(connection: Connection) -> int:
    return int(execute(connection, "SELECT total_changes()", ()).fetchone()[0])


def empty(session: Session) -> None:
    """Have nothing found any more, in any team, and ask for all of it to be put in again."""
    session.flush()
    for statement in _EMPTY:
        execute(session.connection(), statement, ())


def teams(connection: Connection) -> list[str]:
    """Return every team that has something to be found."""
    return [team for (team,) in execute(connection, _TEAMS, ()).fetchall()]


_KNOWN = select(SearchEntry.id).where(col(SearchEntry.id).in_(bindparam("ids", expanding=True)))
_SIZES = table("search_index_docsize", column("id"))
_COUNT = (
    select(func.count()).select_from(SearchEntry).join(_SIZES, _SIZES.c.id == col(SearchEntry.id))
)


def unknown(session: Session, ids: Sequence[int]) -> list[int]:
    """Return which of these records cannot be found, each once, in their order."""
    known = set(ask(session, _KNOWN, ids=list(ids)))
    return [one for one in dict.fromkeys(ids) if one not in known]


def count(session: Session) -> int:
    """Return how many records of the team are in the index."""
    return ask(session, _COUNT)[0]


def how_many(session: Session, record: Any, *standing: Any) -> int:
    """Return how many records of a kind stand, and so should be in the index."""
    return session.scalars(select(func.count()).select_from(record).where(*standing)).one()
