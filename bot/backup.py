"""A copy of everything, made while Truenorth is at work, and opened again to see that it is one."""

import shlex
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import make_url

from bot import migrate, whole
from bot.config import Settings
from bot.db import Database
from bot.errors import NotSaved
from bot.sqlite import count_rows


@dataclass(frozen=True)
class Copy:
    """A database that was found to be whole: the version of its schema, and its tables' rows.

    They were `compared` with those of the original, unless somebody wrote there meanwhile.
    """

    schema: str
    rows: dict[str, int]
    compared: bool = False


def run(chosen: Settings, file: Path) -> int:
    """Copy the database to a new file and return the exit code."""
    try:
        made = back_up(chosen, file)
    except NotSaved as error:
        print(error, file=sys.stderr)
        return 1
    counted = "as many as in the original" if made.compared else "while others were added"
    rows = sum(made.rows.values())
    print(f"Copied to {file}: {rows:,} rows, {counted}, of schema {made.schema}.")
    return 0


def back_up(chosen: Settings, file: Path) -> Copy:
    """Copy the database to a new file; raise NotSaved, and leave no such file, where that fails."""
    if chosen.database_path is None:
        raise NotSaved(f"PostgreSQL makes its own backups. Call\n{_command(chosen, file)}")
    if not chosen.database_path.is_file():
        raise NotSaved(f"Nothing was copied: {chosen.database_path} is not there.")
    with whole.made(file) as place:
        database = Database.open(chosen.database_url)
        try:
            had = database.copy_to(place)
        finally:
            database.close()
        found = verified(place, called=file)
        if had is not None and had != found.rows:
            raise NotSaved("Nothing was kept: the copy has other rows than the original.")
    return Copy(found.schema, found.rows, compared=had is not None)


def _command(chosen: Settings, file: Path) -> str:
    """Return what to call; whoever needs a password is asked for it, or has it in ~/.pgpass."""
    return f"pg_dump --format=custom --file={shlex.quote(str(file))} {server(chosen)}"


def server(chosen: Settings) -> str:
    """Return a PostgreSQL's address as its own programs take it, without the password."""
    address = make_url(chosen.database_url).set(drivername="postgresql")
    open_to_all = address.difference_update_query(["password", "sslpassword"])
    plain = open_to_all._replace(password=None).render_as_string(hide_password=False)
    return f"--dbname={shlex.quote(plain)}"


def verified(file: Path, *, called: Path) -> Copy:
    """Return what a file holds that is a whole database of a Truenorth no newer than this one.

    Raises NotSaved, which calls it so, where it is anything else. What stands beside is left out.
    """
    address = f"{file.absolute().as_uri()}?mode=ro&immutable=1"
    with _told(called), closing(sqlite3.connect(address, uri=True)) as connection:
        schema = _schema(connection)
        if schema is None:
            raise NotSaved(f"{called} is no database of Truenorth.")
        if schema not in {each.revision for each in migrate.scripts_known().walk_revisions()}:
            raise NotSaved(f"{called} was made by a newer Truenorth. Install that one first.")
        if connection.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise NotSaved(f"{called} is damaged.")
        if connection.execute("PRAGMA foreign_key_check").fetchone():
            raise NotSaved(f"{called} is damaged: some of its rows refer to nothing.")
        return Copy(schema, count_rows(connection))


def _schema(connection: sqlite3.Connection) -> str | None:
    known = "SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'"
    if connection.execute(known).fetchone() is None:
        return None
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found[0]) if found else None


@contextmanager
def _told(called: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise NotSaved(f"{called} is no database, or a damaged one ({error}).") from error
