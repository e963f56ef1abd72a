"""An installation with something in each column of each table, and all that stands in one."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy import select as select_columns
from sqlalchemy.engine import Connection
from sqlmodel import SQLModel

from bot.chores import Chore
from bot.config import Settings
from bot.db import Database
from bot.fulltext import SearchEntry
from bot.tenancy import EVERY_TEAM
from tests.support import T0

MANY = 1200  # rows, more than are copied at once
TEAMS = 3


OF_TYPE: dict[type, Callable[[int, Any], object]] = {
    bool: lambda number, _: bool(number % 2),
    int: lambda number, _: number,
    bytes: lambda number, _: bytes([number % 256, 0, 255]),
    str: lambda number, column: f"{number}é“'{{"[: getattr(column.type, "length", None) or 10],
    date: lambda number, _: T0.date() + timedelta(days=number),
    datetime: lambda number, _: T0 + timedelta(microseconds=number),
    object: lambda number, _: {"ä": [number, None, "\\"]},
}


def installation(url: str) -> Settings:
    return Settings(slack_bot_token="xoxb-1", slack_app_token="xapp-1", database_url=url)


def tables() -> list[Table]:
    index = (SearchEntry.__tablename__, Chore.__tablename__)
    return [each for each in SQLModel.metadata.sorted_tables if each.name not in index]


def some_value(column: Any, number: int) -> object:
    """A value like no other of the column's; two of three of what may be nothing are nothing."""
    if column.foreign_keys or column.name == "id":
        return number + 1
    if column.name == "team_id":
        return f"T{number % TEAMS}"
    if column.nullable and number % 3:
        return None
    kind = getattr(column.type, "impl", column.type)  # below what decorates it
    return OF_TYPE[kind.python_type](number, column)


def fill(connection: Connection, table: Table) -> None:
    rows = [
        {column.name: some_value(column, number) for column in table.columns}
        for number in range(MANY if table.name == "ledger" else TEAMS)
    ]
    connection.execute(insert(table), rows)


def fill_all(url: str) -> None:
    """Put something in each column of each table."""
    database = Database.open(url)
    with database.writer.begin() as connection:
        for table in tables():
            fill(connection, table)
    database.close()


def rows_of(table: Table, *names: str) -> Any:
    columns = [table.columns[name] for name in names] or list(table.columns)
    return select_columns(*columns).execution_options(**EVERY_TEAM)


def everything(url: str) -> dict[str, list[tuple[object, ...]]]:
    database = Database.open(url)
    with database.readers.connect() as connection:
        found = {
            table.name: sorted(map(tuple, connection.execute(rows_of(table))), key=str)
            for table in tables()
        }
    database.close()
    return found
