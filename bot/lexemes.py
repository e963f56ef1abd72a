"""How PostgreSQL holds what can be found: the same stems as in SQLite, as lexemes of its own."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import TypeDecorator
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.types import String, TypeEngine
from sqlmodel import Session

from bot import relevance
from bot.matching import Match
from bot.statement import execute

NAME = "postgresql"
MADE = (
    "CREATE TABLE search_index (rowid BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
    "CREATE INDEX ix_search_index ON search_index USING gin (words)",
    'CREATE TABLE search_vocabulary (term TEXT COLLATE "C" PRIMARY KEY)',
    'CREATE TABLE search_dropped (term TEXT COLLATE "C" PRIMARY KEY)',
)
TABLES = ("search_index", "search_vocabulary", "search_dropped")
AT_ONCE = 20  # stems that are looked for in all records in one transaction
LONGEST = 255  # characters of a stem; PostgreSQL refuses very long ones
BETWEEN = 100  # places between the title and the other words, so that no phrase is in both
LAST = 16_383  # PostgreSQL knows no place after this one

_PUT = "INSERT INTO search_index (rowid, words) VALUES (%s, %s)"
_TELL = "INSERT INTO search_vocabulary (term) VALUES (%s) ON CONFLICT DO NOTHING"
_DROP = """WITH gone AS (DELETE FROM search_index WHERE rowid = %s RETURNING words)
 INSERT INTO search_dropped SELECT unnest(tsvector_to_array(words)) FROM gone
 ON CONFLICT DO NOTHING"""
_DROPPED = "SELECT term FROM search_dropped ORDER BY term LIMIT %s"
_FORGET = """DELETE FROM search_vocabulary WHERE term = %s AND NOT EXISTS
 (SELECT 1 FROM search_index WHERE words @@ %s::tsquery)"""
_FORGOTTEN = "DELETE FROM search_dropped WHERE term = %s"


def put(connection: Connection, record: int, title: str, words: str) -> None:
    """Have the record found by these words."""
    stems = relevance.standing({record: (title, words)})[record]
    execute(connection, _PUT, (record, _vector(stems)))
    # In one order, so that nobody waits for somebody who waits for them.
    terms = sorted({_short(stem) for stem, _, _ in stems})
    if terms:
        execute(connection, _TELL, [(term,) for term in terms])


def drop(connection: Connection, record: int) -> None:
    """Have the record not be found any more."""
    execute(connection, _DROP, (record,))


def forget_some(session: Session) -> bool:
    """Forget some of the stems that are in no record any more; False where none are left."""
    connection = session.connection()
    dropped = [term for (term,) in execute(connection, _DROPPED, (AT_ONCE,)).fetchall()]
    for term in dropped:
        execute(connection, _FORGET, (term, _quoted(term)))
        execute(connection, _FORGOTTEN, (term,))
    return bool(dropped)


def empty(connection: Connection) -> None:
    """Forget everything, of every team."""
    execute(connection, f"TRUNCATE {', '.join(TABLES)}, search_entry", ())


def _vector(stems: Iterable[tuple[str, bool, int]]) -> str:
    places: dict[str, list[str]] = {}
    for stem, is_title, offset in stems:
        place = min(offset + 1 + (0 if is_title else BETWEEN * 10), LAST)
        places.setdefault(_short(stem), []).append(f"{place}{'A' if is_title else ''}")
    return " ".join(f"{_quoted(stem)}:{','.join(at)}" for stem, at in places.items())


def _short(stem: str) -> str:
    return stem[:LONGEST]


def _quoted(stem: str) -> str:
    escaped = stem.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


class Sought(TypeDecorator[Match]):
    """What is matched, as the database's own index takes it."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return PostgreSQL's own type there."""
        return dialect.type_descriptor(TSQUERY() if dialect.name == NAME else String())

    def process_bind_param(self, value: Match | None, dialect: Dialect) -> str | None:
        """Say it in the database's own words."""
        if value is None:
            return None
        return _query(value) if dialect.name == NAME else str(value)


def _query(match: Match, *, in_title: bool = False) -> str:
    in_title = in_title or match.in_title
    if match.parts:
        between = " | " if match.is_any else " & "
        return between.join(f"({_query(one, in_title=in_title)})" for one in match.parts)
    (stems,) = relevance.stems(match.words)
    where = ":A" if in_title else ""
    return " <-> ".join(f"{_quoted(_short(stem))}{where}" for stem in stems)
