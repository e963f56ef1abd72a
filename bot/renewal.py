"""Writes the index into fresh pages, some at a time, while people go on searching and writing.

Where a full page was divided its unused part still holds what moved, and goes on holding it when
that is deleted; a table's pages are overwritten throughout when the table goes. So what the index
consists of is copied into a table beside it, which then takes its place, and the old one goes.
What is written meanwhile is written to both.
"""

from sqlmodel import Session

from bot.statement import execute

RENEWED = "search_index_data"  # the table with the words, as FTS5 makes it
FRESH, STALE = "search_index_fresh", "search_index_stale"
ROWS_AT_ONCE = 200  # each is a page

_KEEP = f"INSERT OR REPLACE INTO {FRESH} VALUES (new.id, new.block)"
_TRIGGERS = {
    "insert": _KEEP,
    "update": _KEEP,
    "delete": f"DELETE FROM {FRESH} WHERE id = old.id",
}
_IS_THERE = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = ?"
_NEXT = f"SELECT id FROM {RENEWED} WHERE id > ? ORDER BY id LIMIT ?"
# What is there already is newer.
_COPY = f"INSERT OR IGNORE INTO {FRESH} SELECT id, block FROM {RENEWED} WHERE id > ? AND id <= ?"


def clear_some(session: Session) -> bool:
    """Delete some of what a renewal has left; False where it has left nothing.

    One that is under way ends there.
    """
    connection = session.connection()
    _mirror_no_more(session)
    for table in (FRESH, STALE):
        if not execute(connection, _IS_THERE, (table,)).fetchone()[0]:
            continue
        some = f"DELETE FROM {table} WHERE id IN (SELECT id FROM {table} ORDER BY id LIMIT ?)"
        if not execute(connection, some, (ROWS_AT_ONCE,)).rowcount:
            execute(connection, f"DROP TABLE {table}", ())
        return True
    return False


def begin(session: Session) -> int:
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
