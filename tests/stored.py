"""What a database holds, seen from outside the bot."""

import sqlite3
from contextlib import closing
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


_INDEXES = """
SELECT bt_index_check(pg_class.oid, true) FROM pg_class
JOIN pg_namespace ON pg_namespace.oid = relnamespace JOIN pg_am ON pg_am.oid = relam
WHERE nspname = 'public' AND relkind = 'i' AND amname = 'btree'
"""


def sound(database: Database) -> bool:
    """Whether the database itself, and FTS5, find nothing wrong."""
    if isinstance(database.store, Sqlite):
        with closing(sqlite3.connect(database.store.path)) as connection, connection:
            connection.execute("INSERT INTO search_index (search_index) VALUES ('integrity-check')")
            found: list[tuple[str]] = connection.execute("PRAGMA integrity_check").fetchall()
            return found == [("ok",)]
    with database.writer.begin() as server:
        server.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS amcheck")
        server.exec_driver_sql(_INDEXES)  # raises where one is wrong
    return True


def rows(url: str, query: str) -> list[tuple[Any, ...]]:
    """What a query of any database finds."""
    engine = create_engine(make_url(url), poolclass=NullPool)
    if engine.dialect.paramstyle == "pyformat":
        query = query.replace("%", "%%")
    with engine.connect() as connection:
        found = connection.execution_options(**EVERY_TEAM).exec_driver_sql(query)
        return [tuple(row) for row in found]


def tables(url: str) -> list[str]:
    """The names of its tables."""
    return sorted(inspect(create_engine(make_url(url), poolclass=NullPool)).get_table_names())


def dump(url: str) -> list[str]:
    """All that is stored in them."""
    return [f"{name}: {row}" for name in tables(url) for row in rows(url, f"SELECT * FROM {name}")]
