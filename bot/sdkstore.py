"""What slack_sdk's stores take for their tables and their engine, where the database is ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, String, Table, Text
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.schema import SchemaItem
from sqlmodel import Session, SQLModel

from bot.ids import new_id
from bot.tenancy import Utc, current_team


class UtcToo(Utc):
    """An instant that slack_sdk hands over without its zone, which is UTC."""

    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn it into UTC."""
        aware = value and (value if value.tzinfo else value.replace(tzinfo=UTC))
        return super().process_bind_param(aware, dialect)


def ours(theirs: Table, name: str, *more: SchemaItem) -> Table:
    """Return a table of ours with slack_sdk's columns: of a team, with room for what is hidden."""
    key = Column("id", BigInteger, primary_key=True, autoincrement=False, default=new_id)
    team = Column("team_id", String(32), nullable=False, default=current_team)
    others = [
        Column(column.name, _type_of(column), nullable=column.nullable)
        for column in theirs.columns
        if column.name not in ("id", "team_id")
    ]
    return Table(name, SQLModel.metadata, key, team, *others, *more)


def _type_of(column: Column[Any]) -> Any:
    if isinstance(column.type, DateTime):
        return UtcToo()
    is_id = isinstance(column.type, String) and column.type.length == 32  # theirs, of any id
    return Text() if isinstance(column.type, String) and not is_id else column.type


class Within:
    """What a store takes for its engine: the transaction that is under way."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Go on in it; whoever began it commits."""
        yield self._session.connection()

    connect = begin
