"""What can be found by its words: an index beside the records, written in their transactions.

Nobody but this, `bot.upkeep`, `bot.matching` and `bot.relevance` knows what is behind it. The index
has words and no text, so what was put in is needed to take it out again: whoever changes how a
record's words are put together empties the index in a migration. Who may see what is decided when
it is sought.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    DDL,
    BindParameter,
    ColumnElement,
    UniqueConstraint,
    and_,
    bindparam,
    column,
    delete,
    event,
    literal,
    not_,
    or_,
    table,
)
from sqlalchemy.engine import Connection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import NullType, String
from sqlmodel import Field, Session, col, select

from bot import chores, lexemes
from bot.lexemes import Sought
from bot.matching import TOKENIZER, Match, tidy
from bot.rows import ask, insert_rows
from bot.statement import execute
from bot.tenancy import TeamRow, Utc

MOST = 200  # records that are looked at for one search, the latest first

MADE = (
    "CREATE VIRTUAL TABLE search_index USING fts5"
    f"(title, words, content='', tokenize='{TOKENIZER}')",
    "CREATE VIRTUAL TABLE search_vocabulary USING fts5vocab(search_index, 'row')",
)
HIDDEN = ("search_index", "search_vocabulary")  # what the names of these tables begin with


class SearchEntry(TeamRow, table=True):
    """A record that can be found. It has the record's own id; its words are in the index alone."""

    __tablename__ = "search_entry"
    __table_args__ = (UniqueConstraint("team_id", "id"),)

    kind: str = Field(max_length=16)
    author: str = Field(max_length=32)
    value: str | None = Field(default=None, max_length=64)
    at: datetime = Field(sa_type=Utc)
    is_private: bool = False


for _name, _statements in {"sqlite": MADE, lexemes.NAME: lexemes.MADE}.items():
    for _statement in _statements:
        _made: Any = DDL(_statement).execute_if(dialect=_name)  # type: ignore[no-untyped-call]
        event.listen(SearchEntry.__table__, "after_create", _made)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Entry:
    """A record as it can be found; `value` is a slug, and a private one is its people's alone.

    Where it has a `name` and a `state` they are shown with it, and not sought.
    """

    id: int
    kind: str
    author: str
    at: datetime
    title: str
    words: str
    value: str | None = None
    is_private: bool = False
    name: str = field(default="", compare=False)
    state: str = field(default="", compare=False)


@dataclass(frozen=True)
class Filters:
    """What to keep to; None where anything will do."""

    kind: str | None = None
    author: str | None = None
    value: str | None = None
    after: datetime | None = None


_KEPT = ("id", "kind", "author", "value", "at", "is_private")
_ADD = "INSERT INTO search_index (rowid, title, words) VALUES (?, ?, ?)"
_REMOVE = "INSERT INTO search_index (search_index, rowid, title, words) VALUES ('delete', ?, ?, ?)"
_DROP = (
    delete(SearchEntry)
    .where(col(SearchEntry.id) == bindparam("record"))
    .execution_options(synchronize_session=False)
)


def put(session: Session, *entries: Entry) -> None:
    """Have the records found from this transaction on; they are new to the index."""
    if not entries:
        return
    insert_rows(
        session, SearchEntry, [{name: vars(one)[name] for name in _KEPT} for one in entries]
    )
    connection = session.connection()
    for one in entries:
        if connection.dialect.name == lexemes.NAME:
            lexemes.put(connection, one.id, one.title, one.words)
        else:
            _into_index(connection, _ADD, one)


def change(session: Session, before: Entry, after: Entry) -> None:
    """Have the record found by what it says now, and by nothing else."""
    if before == after:
        return
    was_there = _take_out(session, before)
    put(session, after)
    if was_there and not _only_grew(before, after):
        chores.ask_for(session, chores.FORGET)


def _only_grew(before: Entry, after: Entry) -> bool:
    began_so = not before.words or f"{after.words}\n".startswith(f"{before.words}\n")
    return after.title == before.title and began_so


def drop(session: Session, entry: Entry) -> None:
    """Have the record, which says what it said when it was put in, not be found any more."""
    if _take_out(session, entry):
        chores.ask_for(session, chores.FORGET)


def _take_out(session: Session, entry: Entry) -> bool:
    session.flush()
    if not session.execute(_DROP, {"record": entry.id}).rowcount:  # type: ignore[attr-defined]
        return False
    connection = session.connection()
    if connection.dialect.name == lexemes.NAME:
        lexemes.drop(connection, entry.id)
    else:
        _into_index(connection, _REMOVE, entry)
    return True


def _into_index(connection: Connection, statement: str, entry: Entry) -> None:
    execute(connection, statement, (entry.id, tidy(entry.title), tidy(entry.words)))


# What is sought

_INDEX = table("search_index", column("rowid"))
_VOCABULARY = table("search_vocabulary", column("term"))


class _Matches(ColumnElement[Any]):
    """Whether a record in the index matches what is sought."""

    inherit_cache = True
    type = NullType()  # with a boolean SQLite would be asked whether it is 1

    def __init__(self, sought: BindParameter[Match]) -> None:
        self.sought = sought


@compiles(_Matches)
def _in_sqlite(matches: _Matches, compiler: Any, **given: Any) -> str:
    return f"search_index MATCH {compiler.process(matches.sought, **given)}"


@compiles(_Matches, lexemes.NAME)
def _in_postgresql(matches: _Matches, compiler: Any, **given: Any) -> str:
    return f"search_index.words @@ {compiler.process(matches.sought, **given)}"


Readers = Mapping[str, tuple[Any, Any]]  # of a kind: a column of ids, and who sees them


class Finder:
    """Finds records that somebody may see: what is public, and what they can read."""

    def __init__(self, readers: Readers) -> None:
        wanted = select(SearchEntry.id).where(self._visible(readers), *_filters())
        self._latest = wanted.order_by(col(SearchEntry.id).desc()).limit(MOST)
        # By the sum SQLite begins with the index, and not with every entry that there is.
        found = wanted.join(_INDEX, _INDEX.c.rowid + literal(0) == col(SearchEntry.id))
        found = found.where(_Matches(bindparam("match", type_=Sought)))
        self._matching = found.order_by(_INDEX.c.rowid.desc()).limit(MOST)

    @staticmethod
    def _visible(readers: Readers) -> Any:
        of_kinds = [
            and_(
                col(SearchEntry.kind) == kind,
                select(record).where(record == SearchEntry.id, sees).exists(),
            )
            for kind, (record, sees) in readers.items()
        ]
        return or_(not_(col(SearchEntry.is_private)), *of_kinds)

    def ids(
        self, session: Session, match: Match | None, filters: Filters, *, asker: str
    ) -> list[int]:
        """Return the latest records that match; all where nothing has to."""
        given = vars(filters) | {"asker": asker}
        if match is None:
            return ask(session, self._latest, **given)
        return ask(session, self._matching, match=match, **given)


def _filters() -> list[Any]:
    columns = (col(SearchEntry.kind), col(SearchEntry.author), col(SearchEntry.value))
    same = [
        or_(bindparam(name, type_=String).is_(None), column == bindparam(name, type_=String))
        for name, column in zip(("kind", "author", "value"), columns, strict=True)
    ]
    after: BindParameter[datetime] = bindparam("after", type_=Utc)
    return [*same, or_(after.is_(None), col(SearchEntry.at) >= after)]


_term = _VOCABULARY.c.term
_KNOWN = select(_term).where(_term >= bindparam("low"), _term < bindparam("high"))
_AMONG = select(_term).where(_term.in_(bindparam("words", expanding=True)))


def known_from(session: Session, low: str, high: str) -> list[str]:
    """Return the stems in the index from one to before another.

    They are of every record, so none may be shown to anybody who cannot see where it stands.
    """
    return ask(session, _KNOWN, low=low, high=high)


def known_among(session: Session, words: Sequence[str]) -> list[str]:
    """Return which of these are stems in the index; the same holds for them."""
    return ask(session, _AMONG, words=list(words))
