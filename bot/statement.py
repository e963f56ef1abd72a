"""A statement that writes, compiled once, whose values then go straight to the driver.

SQLAlchemy prepares every execution anew, which costs more than SQLite needs for the row. What the
statement says and how its values are written is still asked of SQLAlchemy and its dialect.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import JSON, BindParameter, DateTime, Insert, Update
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import DBAPIError

Row = Mapping[str, Any]
Turn = Callable[[Any], Any]

KEPT_VALUES = 64  # one transaction writes the same instant into many rows

_dialects: dict[str, Dialect] = {}


def dialect_of(connection: Connection) -> Dialect:
    """Return the dialect that stands for all of its kind in this process.

    Every engine has one of its own, and what is compiled for each would be compiled several times.
    """
    return _dialects.setdefault(connection.dialect.name, connection.dialect)


def execute(connection: Connection, text: str, values: Any) -> Any:
    """Run the statement on the driver, once for each where there is a list of values.

    Returns the driver's cursor; raises what SQLAlchemy raises, without the values. Whoever watches
    the engine's cursors sees it.
    """
    cursor = connection.connection.cursor()
    many = isinstance(values, list)
    watched = connection.dispatch
    for watch in watched.before_cursor_execute:
        watch(connection, cursor, text, values, None, many)
    errors = connection.dialect.loaded_dbapi.Error
    try:
        if many:
            cursor.executemany(text, values)
        else:
            cursor.execute(text, values)
    except errors as error:
        raise DBAPIError.instance(
            text, None, error, errors, hide_parameters=True, dialect=connection.dialect
        ) from error
    for watch in watched.after_cursor_execute:
        watch(connection, cursor, text, values, None, many)
    return cursor


@dataclass(frozen=True)
class Statement:
    """The text of what writes certain columns, and how its values are put together.

    `constants` and `made` stand in for what a row does not say; `binds` are names, with what turns
    each value into the driver's; those in `documents` take long, as they make it JSON.
    """

    text: str
    constants: dict[str, Any]
    made: dict[str, Callable[[], Any]]
    binds: Sequence[tuple[str, Turn | None]]
    documents: frozenset[str]
    positional: bool

    @classmethod
    def of(
        cls, writing: Insert | Update, columns: Sequence[str] | None, dialect: Dialect
    ) -> "Statement":
        """Compile it for these columns, all that it names where there are none given.

        What an insert says nothing of has its default.
        """
        compiled: Any = writing.compile(dialect=dialect, column_keys=columns)
        binds: dict[str, BindParameter[Any]] = compiled.binds
        names = compiled.positiontup if compiled.positional else list(binds)
        missing: list[Any] = compiled.insert_prefetch if writing.is_insert else []
        return cls(
            compiled.string,
            {name: bind.value for name, bind in binds.items() if not bind.required}
            | {one.key: one.default.arg for one in missing if not _is_made(one)},
            {one.key: partial(one.default.arg, None) for one in missing if _is_made(one)},
            [(name, processor(binds[name], dialect)) for name in names],
            frozenset(name for name in names if isinstance(binds[name].type, JSON)),
            compiled.positional,
        )

    def run(self, connection: Connection, *rows: Row) -> Any:
        """Write these rows, of which there is at least one, and return the driver's cursor."""
        return execute(connection, self.text, self.values(*rows))

    def values(self, *rows: Row) -> Any:
        """Return what the driver takes for these rows, of which there is at least one."""
        if len(rows) == 1:
            return self._of_row(rows[0], self.binds)
        # Thousands are sent the same message.
        binds = [
            (name, _once_for_the_same(turn) if turn and name in self.documents else turn)
            for name, turn in self.binds
        ]
        return [self._of_row(row, binds) for row in rows]

    def _of_row(self, row: Row, binds: Sequence[tuple[str, Turn | None]]) -> Any:
        given = {**self.constants, **row}
        for name, make in self.made.items():
            given[name] = make()
        if self.positional:
            return tuple([turn(given[name]) if turn else given[name] for name, turn in binds])
        return {name: turn(given[name]) if turn else given[name] for name, turn in binds}


def _once_for_the_same(turn: Turn) -> Turn:
    """Turn an object once where it comes several times in a row."""
    last: tuple[object, Any] = (None, turn(None))

    def turned(value: Any) -> Any:
        nonlocal last
        if value is not last[0]:
            last = value, turn(value)
        return last[1]

    return turned


def _is_made(column: Any) -> bool:
    return bool(column.default.is_callable)


def processor(bind: BindParameter[Any], dialect: Dialect) -> Turn | None:
    """Return what turns a value into the driver's, None where it is that already."""
    process: Turn | None = bind.type.dialect_impl(dialect).bind_processor(dialect)
    if process is None or not isinstance(getattr(bind.type, "impl", bind.type), DateTime):
        return process
    kept = lru_cache(KEPT_VALUES)(process)
    # Elsewhere the same hour of the night comes twice, and both are equal to Python.
    return lambda at: kept(at) if at is not None and at.tzinfo is UTC else process(at)
