"""What a database holds, seen from outside the bot."""

from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, inspect
from sqlalchemy.engine import make_url

from bot.db import Database
from bot.sqlite import Sqlite


def file_of(database: Database) -> Path:
    """The file of a database that is SQLite's."""
    assert isinstance(database.store, Sqlite)
    return database.store.path


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """What a query of any database finds."""
    engine = create_engine(make_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def tables(url: str) -> list[str]:
    """The names of its tables."""
    return inspect(create_engine(make_url(url), poolclass=NullPool)).get_table_names()


def dump(url: str) -> list[str]:
    """All that is stored in them."""
    return [f"{name}: {row}" for name in tables(url) for row in rows(url, f"SELECT * FROM {name}")]
