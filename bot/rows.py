"""Rows: asked for, inserted, counted up and swapped by statements that are compiled once."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar, TypeVarTuple, cast, overload

from sqlalchemy import Select as SelectOfColumns
from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlmodel import Session
from sqlmodel.sql.expression import Select, SelectOfScalar

from bot.ids import LARGEST
from bot.query import rows_of
from bot.statement import Statement, dialect_of
from bot.tenancy import TeamRow, current_team

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

KEPT_STATEMENTS = 256  # far more than there are


def _insert_into(table: type[TeamRow], dialect: Dialect) -> Any:
    """Return an insert that can say what to do where the row is there already."""
    of = postgresql if dialect.name == postgresql.dialect.name else sqlite
    return of.insert(table)


@lru_cache(KEPT_STATEMENTS)
def _insert(table: type[TeamRow], columns: tuple[str, ...], dialect: Dialect) -> Statement:
    return Statement.of(_insert_into(table, dialect).on_conflict_do_nothing(), columns, dialect)


def insert_once(session: Session, table: type[TeamRow], **values: Any) -> bool:
    """Insert the row unless its unique key is there already; say whether it was inserted.

    `id` and `team_id` are filled in where they are not given.
    """
    connection = session.connection()
    statement = _insert(table, tuple(values), dialect_of(connection))
    return bool(statement.run(connection, values).rowcount)


def insert_rows(session: Session, table: type[TeamRow], rows: list[dict[str, Any]]) -> None:
    """Insert rows with the same columns, without making an object of each.

    Rows whose unique key is there already are left as they are.
    """
    if not rows:
        return
    if any(row.keys() != rows[0].keys() for row in rows):
        raise ValueError(f"rows of {table.__tablename__} with different columns")
    connection = session.connection()
    _insert(table, tuple(rows[0]), dialect_of(connection)).run(connection, *rows)


@lru_cache(KEPT_STATEMENTS)
def _count_up(
    table: type[TeamRow], counter: str, key: tuple[str, ...], dialect: Dialect
) -> Statement:
    insert = _insert_into(table, dialect)
    column = insert.table.c[counter]
    counting = insert.on_conflict_do_update(
        index_elements=["team_id", *key],
        set_={counter: column + 1},
        where=column < bindparam("limit"),
    ).returning(column)
    return Statement.of(counting, (*key, counter), dialect)


def count_up(
    session: Session, table: type[TeamRow], counter: str, *, limit: int, **key: Any
) -> int | None:
    """Count one more in the row with this unique key, made on its first use.

    Returns the new count, or None where the limit is reached already.
    """
    if limit < 1:
        return None
    connection = session.connection()
    statement = _count_up(table, counter, tuple(key), dialect_of(connection))
    counted = statement.run(connection, {**key, counter: 1, "limit": limit}).fetchone()
    return None if counted is None else int(counted[0])


@lru_cache(KEPT_STATEMENTS)
def _swap(
    table: type[TeamRow], seen: tuple[str, ...], changed: tuple[str, ...], dialect: Dialect
) -> Statement:
    columns: Any = table.__table__.c  # type: ignore[attr-defined]
    changing = (
        update(table.__table__)  # type: ignore[attr-defined]
        .where(columns.team_id == bindparam("seen_team_id"))
        .where(*[columns[name] == bindparam(f"seen_{name}") for name in seen])
        .values({name: bindparam(name) for name in changed})
    )
    if "version" in columns:
        changing = changing.values(version=columns.version + 1)
    return Statement.of(changing, None, dialect)


def swap(
    session: Session, table: type[TeamRow], seen: Mapping[str, object], **changed: object
) -> bool:
    """Change the team's row that still has the values seen; say whether there was one.

    Its version, where it has one, is counted up: of several who saw the same one, one succeeds.
    What the session has loaded of the row stays as it was.
    """
    session.flush()
    connection = session.connection()
    statement = _swap(table, tuple(seen), tuple(changed), dialect_of(connection))
    values = {f"seen_{name}": value for name, value in seen.items()}
    done = statement.run(connection, {"seen_team_id": current_team(), **values, **changed})
    return bool(done.rowcount)


@overload
def ask(  # type: ignore[overload-overlap]  # the more particular one comes first
    session: Session, select: SelectOfScalar[T], **values: object
) -> list[T]: ...


@overload
def ask(session: Session, select: Select[*Ts], **values: object) -> list[tuple[*Ts]]: ...


@overload
def ask(session: Session, select: SelectOfColumns[*Ts], **values: object) -> list[tuple[*Ts]]: ...


def ask(session: Session, select: Any, **values: object) -> list[Any]:
    """Return what a select that is kept in a module finds, the values of an IN as a list.

    Its objects are of no session: they show how it is, and what is changed in them is not saved.
    """
    session.flush()
    return rows_of(session.connection(), select, values)


def first(session: Session, select: SelectOfScalar[T], **values: object) -> T | None:
    """Return the first of what the select finds, None where it finds nothing."""
    return next(iter(ask(session, select, **values)), None)


def with_id(session: Session, select: SelectOfScalar[T], number: int) -> T | None:
    """Return the one with this id: none where no database takes it, as anybody can forge a button.

    The select calls the id `one`.
    """
    return first(session, select, one=number) if number <= LARGEST else None


@lru_cache(KEPT_STATEMENTS)
def _upsert(
    table: type[TeamRow], columns: tuple[str, ...], key: tuple[str, ...], dialect: Dialect
) -> Statement:
    insert = _insert_into(table, dialect)
    changed = {name: insert.excluded[name] for name in columns}
    upsert = insert.on_conflict_do_update(index_elements=["team_id", *key], set_=changed)
    return Statement.of(upsert, columns, dialect)


def write_over(
    session: Session, table: type[TeamRow], rows: list[dict[str, Any]], *, key: tuple[str, ...]
) -> None:
    """Insert rows with the same columns, over those of the team that have the same key."""
    connection = session.connection()
    _upsert(table, tuple(rows[0]), key, dialect_of(connection)).run(connection, *rows)


def remembered(session: Session, key: str, load: Callable[[], T]) -> T:
    """Return what `load` returns, asking the database only once in this transaction."""
    if key not in session.info:
        session.info[key] = load()
    return cast(T, session.info[key])
