"""An insert compiled once, whose values then go straight to the driver.

SQLAlchemy prepares every execution anew, which costs more than SQLite needs for the row. What the
statement says and how its values are written is still asked of SQLAlchemy and its dialect.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import BindParameter, Insert
from sqlalchemy.engine import Dialect

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Statement:
    """The text of an insert for rows with certain columns, and how its values are put together.

    `constants` and `made` stand in for what a row does not say; `binds` are names, with what turns
    each value into the driver's.
    """

    text: str
    constants: dict[str, Any]
    made: dict[str, Callable[[], Any]]
    binds: Sequence[tuple[str, Callable[[Any], Any] | None]]
    positional: bool

    @classmethod
    def of(cls, insert: Insert, columns: Sequence[str], dialect: Dialect) -> "Statement":
        """Compile the insert for rows with these columns; the others have their defaults."""
        compiled: Any = insert.compile(dialect=dialect, column_keys=list(columns))
        binds: dict[str, BindParameter[Any]] = compiled.binds
        names = compiled.positiontup if compiled.positional else list(binds)
        missing: list[Any] = compiled.insert_prefetch
        return cls(
            compiled.string,
            {name: bind.value for name, bind in binds.items() if not bind.required}
            | {one.key: one.default.arg for one in missing if not _is_made(one)},
            {one.key: partial(one.default.arg, None) for one in missing if _is_made(one)},
            [(name, _processor(binds[name], dialect)) for name in names],
            compiled.positional,
        )

    def values(self, *rows: Row) -> Any:
        """Return what the driver takes for these rows, of which there is at least one."""
        values = [self._of_row(row) for row in rows]
        return values if len(values) > 1 else values[0]

    def _of_row(self, row: Row) -> Any:
        given = {**self.constants, **row}
        for name, make in self.made.items():
            given[name] = make()
        if self.positional:
            return tuple([turn(given[name]) if turn else given[name] for name, turn in self.binds])
        return {name: turn(given[name]) if turn else given[name] for name, turn in self.binds}


def _is_made(column: Any) -> bool:
    return bool(column.default.is_callable)


def _processor(bind: BindParameter[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    process: Callable[[Any], Any] | None = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return process
