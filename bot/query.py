"""A select compiled once, whose rows become objects that no session keeps account of.

As with `bot.statement`, what it says and how its values are read is asked of SQLAlchemy; the
team's condition is in its text.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.engine import Connection, Dialect

from bot.statement import dialect_of, execute, processor
from bot.tenancy import TeamRow, current_team, of_one_team

KEPT_QUERIES = 512  # far more than there are, each for some lengths of its lists
BOUND_TEAM = "bound_team"

Values = Mapping[str, Any]
Selecting = Any  # a select: SQLModel types its own more closely than SQLAlchemy
Turn = Callable[[Any], Any]


@dataclass(frozen=True)
class Made:
    """One thing of a row: a column where there are no `keys`, else an object with these."""

    first: int  # column
    keys: Sequence[str]
    new: Callable[[], Any] | None

    def of(self, row: Sequence[Any]) -> Any:
        """Return it, made of the row."""
        if self.new is None:
            return row[self.first]
        one = self.new()
        one.__dict__.update(zip(self.keys, row[self.first :], strict=False))
        return one


@dataclass(frozen=True)
class Query:
    """The text of a select, where its values come from, and what its rows are made into."""

    text: str
    given: Sequence[tuple[str, Callable[[Values], Any]]]
    turns: Sequence[tuple[int, Turn]]
    made: Sequence[Made]
    positional: bool

    @classmethod
    def of(cls, select: Selecting, values: Values, dialect: Dialect) -> "Query":
        """Compile the select for values like these: the lists are as long whenever it is used."""
        columns, made = _flattened(select)
        flat = of_one_team(select.with_only_columns(*columns, maintain_column_froms=True))
        compiled: Any = flat.params(**values).compile(
            dialect=dialect, compile_kwargs={"render_postcompile": True}
        )
        types = [column.type for column in compiled._result_columns]
        turns = [(place, _reading(kind, dialect)) for place, kind in enumerate(types)]
        return cls(
            compiled.string,
            _given(compiled, values, dialect),
            [(place, turn) for place, turn in turns if turn is not None],
            made,
            compiled.positional,
        )

    def rows(self, connection: Connection, values: Values) -> list[Any]:
        """Return what it selects: objects or values, and tuples where it selects several."""
        found = execute(connection, self.text, self._bound(values)).fetchall()
        if self.turns:
            found = [self._turned(row) for row in found]
        if all(one.new is None for one in self.made):
            return [row[0] for row in found] if len(self.made) == 1 else list(map(tuple, found))
        if len(self.made) == 1:
            (only,) = self.made
            return [only.of(row) for row in found]
        return [tuple([one.of(row) for one in self.made]) for row in found]

    def _bound(self, values: Values) -> Any:
        if self.positional:
            return tuple([tell(values) for _, tell in self.given])
        return {name: tell(values) for name, tell in self.given}

    def _turned(self, row: Sequence[Any]) -> list[Any]:
        turned = list(row)
        for place, turn in self.turns:
            turned[place] = turn(turned[place])
        return turned


def _flattened(select: Selecting) -> tuple[list[Any], list[Made]]:
    columns: list[Any] = []
    made: list[Made] = []
    for described in select.column_descriptions:
        what = described["expr"]
        if isinstance(what, type) and issubclass(what, TeamRow):
            mapper: Any = inspect(what)
            keys = [attribute.key for attribute in mapper.column_attrs]
            made.append(Made(len(columns), keys, mapper.class_manager.new_instance))
            columns += [getattr(what, key) for key in keys]
        else:
            made.append(Made(len(columns), (), None))
            columns.append(what)
    return columns, made


def _given(
    compiled: Any, values: Values, dialect: Dialect
) -> list[tuple[str, Callable[[Values], Any]]]:
    state = compiled._post_compile_expanded_state
    lists = state.parameter_expansion if state else {}
    places = {one: (name, at) for name, ones in lists.items() for at, one in enumerate(ones)}
    constants = state.parameters if state else compiled.construct_params()
    names = compiled.positiontup if compiled.positional else list(constants)
    return [(name, _tells(name, places, values, constants, compiled, dialect)) for name in names]


def _tells(
    name: str,
    places: Mapping[str, tuple[str, int]],
    values: Values,
    constants: Mapping[str, Any],
    compiled: Any,
    dialect: Dialect,
) -> Callable[[Values], Any]:
    if name == BOUND_TEAM:
        return lambda _: current_team()
    of, at = places.get(name, (name, None))
    turn = processor(compiled.binds[of], dialect) or _as_it_is
    if of not in values:
        constant = turn(constants[name])
        return lambda _: constant
    if at is None:
        return lambda given: turn(given[of])
    place = at
    return lambda given: turn(given[of][place])


def _as_it_is(value: Any) -> Any:
    return value


def _reading(kind: Any, dialect: Dialect) -> Turn | None:
    turn: Turn | None = kind.dialect_impl(dialect).result_processor(dialect, None)
    return turn


def rows_of(connection: Connection, select: Selecting, values: Values) -> list[Any]:
    """Ask the select, which has to be one that is kept, with these values; lists are for IN."""
    shape = tuple([(name, len(one) if type(one) is list else None) for name, one in values.items()])
    dialect = dialect_of(connection)
    kept = _kept(select, shape, dialect)
    if not kept:
        kept.append(Query.of(select, values, dialect))
    return kept[0].rows(connection, values)


@lru_cache(KEPT_QUERIES)
def _kept(
    select: Selecting, shape: tuple[tuple[str, int | None], ...], dialect: Dialect
) -> list[Query]:
    return []  # the place of the one, which is made with the first values and keeps none of them
