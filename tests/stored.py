"""What a database holds, seen from outside the bot."""

from pathlib import Path
from typing import Any

from sqlalchemy import NullPool, create_engine, inspect
from sqlalchemy.engine import make_url

from bot.db import Database
from bot.sqlite import Sqlite
from bot.tenancy import EVERY_TEAM


def file_of(database: Database) -> Path:
    """The file of a database that is SQLite's."""
    assert isinstance(database.store, Sqlite)
    return database.store.path


FILES = ("", "-wal", "-shm")
_RELATIONS = """
SELECT pg_read_binary_file(pg_relation_filepath(pg_class.oid)) FROM pg_class
JOIN pg_namespace ON pg_namespace.oid = relnamespace
WHERE nspname IN ('public', 'pg_toast') AND relkind IN ('r', 'i', 't')
AND pg_relation_size(pg_class.oid) > 0
"""


def everything(database: Database) -> bytes:
    """Every byte that is on the disk, of a server's tables and indexes without its log."""
    if isinstance(database.store, Sqlite):
        path = database.store.path
        files = (path.with_name(path.name + end) for end in FILES)
        return b"".join(file.read_bytes() for file in files if file.exists())
    with database.writer.connect() as connection:
        connection.exec_driver_sql("CHECKPOINT")
        return b"".join(map(bytes, connection.exec_driver_sql(_RELATIONS).scalars()))


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """What a query of any database finds."""
    engine = create_engine(make_url(url), poolclass=NullPool)
    with engine.connect() as connection:
        found = connection.execution_options(**EVERY_TEAM).exec_driver_sql(query)
        return [tuple(row) for row in found]


def tables(url: str) -> list[str]:
    """The names of its tables."""
    return inspect(create_engine(make_url(url), poolclass=NullPool)).get_table_names()


def dump(url: str) -> list[str]:
    """All that is stored in them."""
    return [f"{name}: {row}" for name in tables(url) for row in rows(url, f"SELECT * FROM {name}")]
