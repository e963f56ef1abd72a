"""Everything of an installation into another database, for instance from SQLite to PostgreSQL."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Table, func, insert, inspect, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from bot import chores, migrate, upkeep
from bot.addresses import database_problem
from bot.chores import Chore
from bot.config import Settings
from bot.db import Database
from bot.deadline import Job
from bot.engine import at_work, trouble
from bot.errors import NotSaved
from bot.fulltext import SearchEntry
from bot.ids import new_id
from bot.tenancy import EVERY_TEAM

AT_ONCE = 1000  # rows
PATIENCE = 86_400.0  # seconds
# What can be found is put together anew there: each database has an index of its own sort.
_OF_INDEX = (SearchEntry.__tablename__, Chore.__tablename__)


NOT_EMPTY = "the database to copy to is not empty. Name a new one."


class NotCopied(NotSaved):
    """Nothing was copied, and why."""

    def __init__(self, why: str) -> None:
        super().__init__(f"Nothing was copied: {why}")


def run(chosen: Settings, to: str) -> int:
    """Copy everything to the database of this DATABASE_URL and return the exit code."""
    if problem := database_problem(to):
        print(f"--to {problem}", file=sys.stderr)
        return 1
    try:
        counts = copy(chosen, to)
    except NotSaved as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{sum(counts.values()):,} rows of {len(counts)} tables were copied and counted.")
    print("What can be found by its words is put together when Truenorth starts there.")
    return 0


def copy(chosen: Settings, to: str) -> dict[str, int]:
    """Copy every row and return how many each table has there; all of them, or none.

    Raises NotSaved where one of the databases cannot be used, the one to copy to is not empty, or
    it counts otherwise afterwards.
    """
    if chosen.database_path is not None and not chosen.database_path.is_file():
        raise NotCopied(f"{chosen.database_path} is not there.")
    opened: list[Database] = []
    try:
        for url in (chosen.database_url, to):
            opened.append(Database.open(url))
        return _copy(*opened)
    except DBAPIError as error:
        raise trouble(error, saving=False) or error from error
    finally:
        for database in opened:
            database.close()


def _copy(source: Database, target: Database) -> dict[str, int]:
    with at_work(Job(patience=PATIENCE)), _connected(source.readers) as there:
        if not migrate.is_latest(there):
            raise NotCopied("another version made this database. Start this one on it once before.")
        _must_be_empty(target)
        migrate.migrate(target.writer)
        with _connected(target.writer) as here, here.begin():
            _must_have_no_rows(here)
            counts = {table.name: _copy_table(table, there, here) for table in _tables()}
            _ask_for_index(here)
    return counts


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        yield connection.execution_options(**EVERY_TEAM)


def _tables() -> list[Table]:
    return [each for each in SQLModel.metadata.sorted_tables if each.name not in _OF_INDEX]


def _must_be_empty(target: Database) -> None:
    with _connected(target.readers) as connection:
        if migrate.is_latest(connection):  # as one that was given up leaves it
            _must_have_no_rows(connection)
        elif inspect(connection).get_table_names():
            raise NotCopied(NOT_EMPTY)


def _must_have_no_rows(connection: Connection) -> None:
    for table in _tables():
        if connection.execute(select(table).limit(1)).first() is not None:
            raise NotCopied(NOT_EMPTY)


def _copy_table(table: Table, there: Connection, here: Connection) -> int:
    for rows in _some_at_a_time(table, there):
        here.execute(insert(table), rows)
    had, has = (each.execute(select(func.count()).select_from(table)) for each in (there, here))
    before, after = had.scalar_one(), has.scalar_one()
    if before != after:
        raise NotCopied(f"{before:,} rows of {table.name} became {after:,}.")
    return int(after)


def _some_at_a_time(table: Table, there: Connection) -> Iterator[list[dict[str, object]]]:
    found = there.execution_options(yield_per=AT_ONCE).execute(select(table)).mappings()
    for rows in found.partitions(AT_ONCE):
        yield [dict(row) for row in rows]


def _ask_for_index(here: Connection) -> None:
    teams: Sequence[str] = upkeep.teams(here)
    asked = [{"id": new_id(), "team_id": team, "what": chores.FILL} for team in teams]
    if asked:
        here.execute(insert(SQLModel.metadata.tables[str(Chore.__tablename__)]), asked)
