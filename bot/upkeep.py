"""Keeps the index in order: forgets what was taken out of it, empties it, counts what is in it."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, column, func, table
from sqlalchemy import select as select_columns
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean
from sqlmodel import Session, col, select

from bot import lexemes
from bot.chores import FILL, FORGET, Chore
from bot.fulltext import SearchEntry
from bot.ids import new_id
from bot.rows import ask, insert_rows
from bot.statement import execute
from bot.tenancy import current_team, team_bound

PAGES_AT_ONCE = 64  # of the index that are merged in one transaction
ROWS_AT_ONCE = 200  # of the index, each of about a page, that are copied or deleted in one
SLIM_AT_ONCE = 4000  # of what is kept beside its words, of which a page has dozens
WITH_FIRST_WORDS = "search_index_idx"  # the table with those at which the index's pages begin

_MERGE = "INSERT INTO search_index (search_index, rank) VALUES ('merge', ?)"
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


# How the index comes into fresh pages, some at a time, while people go on searching and writing.
# Where a full page was divided its unused part still holds what moved, and goes on holding it when
# that is deleted; a table's pages are overwritten throughout when the table goes. So what the index
# consists of is copied into a table beside it, which then takes its place, and the old one goes.
# What is written meanwhile is written to both.
RENEWED = "search_index_data"  # the table with the words, as FTS5 makes it
FRESH, STALE = "search_index_fresh", "search_index_stale"

_KEEP = f"INSERT OR REPLACE INTO {FRESH} VALUES (new.id, new.block)"
_TRIGGERS = {
    "insert": _KEEP,
    "update": _KEEP,
    "delete": f"DELETE FROM {FRESH} WHERE id = old.id",
}
_NAMED = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB ?"
_NEXT = f"SELECT id FROM {RENEWED} WHERE id > ? ORDER BY id LIMIT ?"
# What is there already is newer.
_COPY = f"INSERT OR IGNORE INTO {FRESH} SELECT id, block FROM {RENEWED} WHERE id > ? AND id <= ?"


def clear_some(session: Session) -> bool:
    """Delete some of what a renewal or an emptying has left; False where nothing is left.

    A renewal that is under way ends there.
    """
    _mirror_no_more(session)
    left = {FRESH: ROWS_AT_ONCE, STALE: ROWS_AT_ONCE}
    return _delete_some(session, left) or clear_emptied(session)


def _delete_some(session: Session, left: Mapping[str, int]) -> bool:
    connection = session.connection()
    for pattern, most in left.items():
        for (name,) in execute(connection, _NAMED, (pattern,)).fetchall():
            some = f"DELETE FROM {name} WHERE id IN (SELECT id FROM {name} ORDER BY id LIMIT ?)"
            if not execute(connection, some, (most,)).rowcount:
                execute(connection, f"DROP TABLE {name}", ())
            return True
    return False


def begin_anew(session: Session) -> int:
    """Write to both from now on; return what the renewal is known by."""
    connection = session.connection()
    execute(connection, f"CREATE TABLE {FRESH} (id INTEGER PRIMARY KEY, block BLOB)", ())
    for what, then in _TRIGGERS.items():
        on = f"AFTER {what} ON {RENEWED}"
        execute(connection, f"CREATE TRIGGER {FRESH}_{what} {on} BEGIN {then}; END", ())
    return _known_by(session)


def copy_some(session: Session, *, renewal: int, after: int) -> int | None:
    """Copy some with ids above one, and return the last of them; the first time above 0.

    Where there are none any more the fresh table takes the old one's place, and it returns None.
    Raises RuntimeError where this renewal has ended.
    """
    if _known_by(session) != renewal:  # another process may have begun its own
        raise RuntimeError("this renewal of the index has ended")
    connection = session.connection()
    ids = execute(connection, _NEXT, (after, ROWS_AT_ONCE)).fetchall()
    if not ids:
        _take_place(session)
        return None
    last = int(ids[-1][0])
    execute(connection, _COPY, (after, last))
    return last


def _known_by(session: Session) -> int:
    """Return what changes whenever a table or a trigger is made or goes."""
    return int(execute(session.connection(), "PRAGMA schema_version", ()).fetchone()[0])


def _take_place(session: Session) -> None:
    connection = session.connection()
    _mirror_no_more(session)
    execute(connection, f"ALTER TABLE {RENEWED} RENAME TO {STALE}", ())
    execute(connection, f"ALTER TABLE {FRESH} RENAME TO {RENEWED}", ())


def _mirror_no_more(session: Session) -> None:
    for what in _TRIGGERS:
        execute(session.connection(), f"DROP TRIGGER IF EXISTS {FRESH}_{what}", ())


# How all of it is emptied at once, however much there is: it is put aside under other names, beside
# empty tables that take its place, and deleted some at a time.
_OLD = {
    RENEWED: "search_index_old_pages_",
    "search_index_docsize": "search_index_old_rows_",
    "search_entry": "search_index_old_rows_",  # of every team, as the index is
}
_MADE_BY = "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?"
HEAD = 10  # the ids of the rows without which FTS5 opens no index, and that hold no words
_KEEP_HEAD = f"INSERT INTO {RENEWED} SELECT id, block FROM"
_EMPTY = "INSERT INTO search_index (search_index) VALUES ('delete-all')"


def empty(session: Session) -> None:
    """Have nothing found any more, in any team, and ask for all of it to be put in again.

    The words that it had are to be forgotten: those of a record that is withdrawn before it is put
    in again stand among them. A renewal that is under way ends there.
    """
    session.flush()
    connection = session.connection()
    if connection.dialect.name == lexemes.NAME:
        lexemes.empty(connection)
    else:
        _put_aside(session)
    for team in teams(connection):
        with team_bound(team):
            insert_rows(session, Chore, [{"what": what} for what in (FILL, FORGET)])


def _put_aside(session: Session) -> None:
    connection = session.connection()
    _mirror_no_more(session)
    put_aside = {name: f"{old}{new_id()}" for name, old in _OLD.items()}
    for name, aside in put_aside.items():
        (made_by,) = execute(connection, _MADE_BY, (name,)).fetchone()
        execute(connection, f"ALTER TABLE {name} RENAME TO {aside}", ())
        execute(connection, made_by, ())
    execute(connection, f"{_KEEP_HEAD} {put_aside[RENEWED]} WHERE id <= {HEAD}", ())
    execute(connection, _EMPTY, ())


def clear_emptied(session: Session) -> bool:
    """Delete some of what an emptying has left; False where nothing is left."""
    if session.connection().dialect.name == lexemes.NAME:
        return False
    pages, rows = _OLD[RENEWED], _OLD["search_entry"]
    return _delete_some(session, {f"{pages}*": ROWS_AT_ONCE, f"{rows}*": SLIM_AT_ONCE})


def teams(connection: Connection) -> list[str]:
    """Return every team that has something to be found."""
    return [team for (team,) in execute(connection, _TEAMS, ()).fetchall()]


_KNOWN = select(SearchEntry.id).where(col(SearchEntry.id).in_(bindparam("ids", expanding=True)))
_INDEXED = {"sqlite": ("search_index_docsize", "id"), lexemes.NAME: ("search_index", "rowid")}


def _count(name: str, record: str) -> Any:
    indexed = table(name, column(record))
    both = select(func.count()).select_from(SearchEntry)
    return both.join(indexed, indexed.c[record] == col(SearchEntry.id))


_COUNTS = {dialect: _count(*indexed) for dialect, indexed in _INDEXED.items()}


def unknown(session: Session, ids: Sequence[int]) -> list[int]:
    """Return which of these records cannot be found, each once, in their order."""
    known = set(ask(session, _KNOWN, ids=list(ids)))
    return [one for one in dict.fromkeys(ids) if one not in known]


class _Likely(FunctionElement[bool]):
    """What SQLite is told that it holds of most rows."""

    inherit_cache = True
    type = Boolean()


@compiles(_Likely)
def _as_it_is(likely: _Likely, compiler: Any, **given: Any) -> str:
    return str(compiler.process(likely.clauses, **given))


@compiles(_Likely, "sqlite")
def _as_likely(likely: _Likely, compiler: Any, **given: Any) -> str:
    return f"likely({compiler.process(likely.clauses, **given)})"


def some_below(record: Any, *, most: int) -> Any:
    """Select the highest ids of a team's records below one, no more than this."""
    records = record.__table__.c
    # Told so, SQLite begins with the ids, and does not sort all that the team has each time.
    ours = _Likely(records.team_id == bindparam("team"))
    below = select_columns(records.id).where(records.id < bindparam("below"), ours)
    return below.order_by(records.id.desc()).limit(most)


def ids_below(session: Session, some: Any, *, below: int) -> list[int]:
    """Return what `some_below` selects, the highest first."""
    return ask(session, some, below=below, team=current_team())


def count(session: Session) -> int:
    """Return how many records of the team are in the index."""
    found: int = ask(session, _COUNTS[session.connection().dialect.name])[0]
    return found


def how_many(session: Session, record: Any, *standing: Any) -> int:
    """Return how many records of a kind stand, and so should be in the index."""
    return session.scalars(select(func.count()).select_from(record).where(*standing)).one()
