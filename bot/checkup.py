"""What the doctor looks at in the database: place, space, integrity, version."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from bot import installations, migrate, settings
from bot.config import Settings
from bot.db import Database
from bot.engine import trouble
from bot.errors import DatabaseTrouble, NotSaved
from bot.findings import Finding, note, ok, wrong
from bot.httpmode import HttpMode
from bot.vault import cipher_of

T = TypeVar("T")
Channel = tuple[str, str, str]  # whose it is, the setting's name and the channel's id

LITTLE_SPACE = 100 * 1024 * 1024  # bytes; below it a busy week could fill the disk


def open_and_close(url: str) -> None:
    """Open the database as Truenorth does, short of migrating it.

    Raises DatabaseTrouble with what keeps it from being used.
    """
    database = Database.open(url)
    try:
        _refuse_newer(database)
    finally:
        database.close()


def _refuse_newer(database: Database) -> None:
    scripts = ScriptDirectory.from_config(migrate.configuration())
    known = {script.revision for script in scripts.walk_revisions()}
    with database.readers.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
    if revision is not None and revision not in known:
        raise DatabaseTrouble(
            "The database was made by a newer Truenorth than this one. Install that version again, "
            "or put an older backup back."
        )


def examine_database(
    settings: Settings, *, open_database: Callable[[str], None] = open_and_close
) -> list[Finding]:
    """Look at the database; where there is none yet, none is made."""
    if settings.database_path is None:
        return [_examine_use(settings, open_database) or ok("PostgreSQL answers.")]
    path = settings.database_path.absolute()
    if not path.parent.is_dir():
        return [wrong(f"The folder {path.parent} is not there. Make it, or mend DATABASE_URL.")]
    if path.is_dir():
        return [wrong(f"{path} is a folder. DATABASE_URL has to name a file.")]
    if not os.access(path.parent, os.W_OK):
        return [wrong(f"Truenorth may not write to the folder {path.parent}. Give it the right.")]
    findings = [_examine_space(path.parent)]
    if not path.exists():
        return [*findings, ok(f"{path} is not there yet; Truenorth will make it.")]
    use = _examine_use(settings, open_database)
    return [*findings, use or _examine_integrity(path)]


def _examine_space(folder: Path) -> Finding:
    free = shutil.disk_usage(folder).free
    megabytes = free // (1024 * 1024)
    if free < LITTLE_SPACE:
        return wrong(f"Only {megabytes} MB are free where the database is. Make room there.")
    return ok(f"{megabytes} MB are free where the database is.")


def _examine_use(settings: Settings, open_database: Callable[[str], None]) -> Finding | None:
    try:
        open_database(settings.database_url)
    except DatabaseTrouble as known:
        return wrong(known.message)
    except DBAPIError as error:
        said = trouble(error, saving=False)
        return wrong(said.message if said else f"The database cannot be used: {error.orig}.")
    except NotSaved:
        return note("The database is busy, so it was not looked at. Try again in a moment.")
    return None


def _examine_integrity(path: Path) -> Finding:
    damaged = wrong(f"{path} is damaged. Put a backup back.")
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    try:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError:
        return damaged
    finally:
        connection.close()
    return ok(f"{path} is whole and can be written to.") if verdict == "ok" else damaged


def chosen_channels(chosen: Settings) -> list[Channel]:
    """Return the channels in every team's settings, for the doctor."""
    return _asked(chosen, settings.channels_of_all_teams) or []


def installed_tokens(chosen: Settings, http: HttpMode) -> dict[str, str]:
    """Return the token of each workspace, for the doctor.

    Raises KeyLost where one of them cannot be decrypted.
    """
    return _asked(chosen, partial(installations.tokens, cipher=cipher_of(http.keys))) or {}


def _asked(chosen: Settings, query: Callable[[Connection], T]) -> T | None:
    """Return what is found; None where there is no database that this version made."""
    if chosen.database_path and not chosen.database_path.is_file():
        return None
    try:
        database = Database.open(chosen.database_url)
    except DatabaseTrouble:
        return None  # the doctor says what is wrong with it
    try:
        with database.readers.connect() as connection:
            return query(connection)
    except DBAPIError:
        return None  # made by another version; the doctor says so
    finally:
        database.close()
