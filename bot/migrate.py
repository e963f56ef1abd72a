"""Brings the database to the shape that this version of the code expects."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.engine import trouble
from bot.errors import DatabaseTrouble

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x7275656E  # any number will do: of processes that start at once, one brings it up to date


def configuration() -> Config:
    """Return what Alembic has to know."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def migrate(engine: Engine, *, to: str = "head") -> None:
    """Apply every migration that is missing, up to the latest or the one named.

    Raises DatabaseTrouble where the database was made by a newer Truenorth.
    """
    scripts = scripts_known()
    try:
        with engine.connect() as connection:
            if _revision(connection, scripts) == scripts.get_current_head():
                return
            _upgrade(connection, configuration(), to)
    except DBAPIError as error:
        raise trouble(error, saving=False) or error from error


def is_latest(connection: Connection) -> bool:
    """Say whether the database has the shape that this version expects."""
    revision = MigrationContext.configure(connection).get_current_revision()
    return revision == scripts_known().get_current_head()


@cache
def scripts_known() -> ScriptDirectory:
    """Return every migration there is."""
    return ScriptDirectory.from_config(configuration())


def _revision(connection: Connection, scripts: ScriptDirectory) -> str | None:
    revision = MigrationContext.configure(connection).get_current_revision()
    connection.rollback()
    if revision is not None and revision not in {
        script.revision for script in scripts.walk_revisions()
    }:
        raise DatabaseTrouble(
            "This database was made by a newer Truenorth than this one. Nothing was changed: "
            "install the newer version again, or put an older backup back."
        )
    return revision


def _upgrade(connection: Connection, config: Config, to: str) -> None:
    with _without_keys(connection), connection.begin():  # ours, or Alembic would commit before
        if not _is_sqlite(connection):  # where who begins to write has its turn
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        if _is_sqlite(connection) and connection.exec_driver_sql("PRAGMA foreign_key_check").all():
            raise DatabaseTrouble("The update was undone: rows would refer to nothing.")


@contextmanager
def _without_keys(connection: Connection) -> Iterator[None]:
    """Turn SQLite's foreign keys off meanwhile, which has no effect inside a transaction.

    It rebuilds a table to change it, which would delete what refers to it by cascade.
    """
    if not _is_sqlite(connection):
        yield
        return
    raw = connection.connection.dbapi_connection
    assert raw is not None  # noqa: S101
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def _is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"
