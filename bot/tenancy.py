"""Every row belongs to a team: what binds a piece of work to one, and a table to that rule."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import (
    BigInteger,
    BindParameter,
    DateTime,
    Executable,
    bindparam,
    event,
    select,
    union,
)
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql import visitors
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, Session, SQLModel

from bot.ids import new_id

# Options of what means the rows of every team, and says so: nothing that runs for a person does.
EVERY_TEAM = {"every_team": True}
NOBODY = "-"  # whose rows are no workspace's yet, as an installation that has begun

_team: ContextVar[str] = ContextVar("team")


class NoTeamBound(RuntimeError):
    """A statement ran outside `team_bound`, so nobody can say whose rows it means."""


def current_team() -> str:
    """Return the team that the running work is bound to; raise NoTeamBound where there is none."""
    try:
        return _team.get()
    except LookupError:
        raise NoTeamBound("no team is bound to this work") from None


@contextmanager
def team_bound(team: str) -> Iterator[None]:
    """Bind everything inside to the team."""
    token = _team.set(team)
    try:
        yield
    finally:
        _team.reset(token)


def teams(connection: Connection) -> list[str]:
    """Return every team of which anything is kept."""
    named = [select(table.c.team_id).distinct() for table in SQLModel.metadata.sorted_tables]
    found = connection.execute(union(*named), execution_options=EVERY_TEAM)
    return sorted({str(team) for team in found.scalars()} - {NOBODY})


class Utc(TypeDecorator[datetime]):
    """An instant: aware in Python, refused when naive, stored as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware time into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone is no instant")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back that SQLite does not store."""
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


class TeamRow(SQLModel):
    """A row of one team: it is written for the bound team and seen by that team alone."""

    id: int = Field(default_factory=new_id, primary_key=True, sa_type=BigInteger)
    team_id: str = Field(default_factory=current_team, max_length=32)


_BOUND_TEAM: BindParameter[str] = bindparam("bound_team", callable_=current_team)


@cache
def _criterion(table: type[TeamRow]) -> LoaderCriteriaOption:
    # Attached class by class: a criterion on the shared base raises, since its column is inherited.
    # Made from the entity asked for: one made from the table is not turned to a joined alias.
    return with_loader_criteria(
        table, lambda entity: entity.team_id == _BOUND_TEAM, include_aliases=True
    )


def _tables_in(statement: Executable) -> set[type[TeamRow]]:
    # Only the tables that a statement names: options for all of them cost more than the query.
    mappers = {
        entity.mapper
        for element in visitors.iterate(cast(Any, statement))
        if (entity := element._annotations.get("parententity")) is not None
    }
    return {mapper.class_ for mapper in mappers if issubclass(mapper.class_, TeamRow)}


def of_one_team(statement: Any) -> Any:
    """Return the statement, asking for rows of the bound team only."""
    return statement.options(*map(_criterion, _tables_in(statement)))


# Statements kept in a module are scoped once; those made for one call go away with it.
_scoped: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


@event.listens_for(Session, "do_orm_execute")
def _see_one_team_only(state: ORMExecuteState) -> None:
    if state.is_insert:
        return
    current_team()
    scoped = _scoped.get(state.statement)
    if scoped is None:
        scoped = _scoped[state.statement] = of_one_team(state.statement)
    state.statement = scoped
