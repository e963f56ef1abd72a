"""A backup put where there is nothing yet: all of it, up to date, or nothing."""

import shlex
import shutil
import sys
from pathlib import Path

from bot import backup, migrate, whole
from bot.backup import Copy
from bot.config import Settings
from bot.db import Database
from bot.errors import NotSaved

BESIDE = ("-wal", "-shm", "-journal")


def run(chosen: Settings, file: Path) -> int:
    """Put a backup where DATABASE_URL says, and return the exit code."""
    try:
        put_back = restore(chosen, file)
    except NotSaved as error:
        print(error, file=sys.stderr)
        return 1
    rows = sum(put_back.rows.values())
    print(f"{file} is back as {chosen.database_path}: {rows:,} rows, of schema {put_back.schema}.")
    return 0


def restore(chosen: Settings, file: Path) -> Copy:
    """Put a backup where there is nothing yet, and bring it up to date as a start does.

    Raises NotSaved, and changes nothing, where something is there or the file is no whole backup.
    """
    target = chosen.database_path
    if target is None:
        command = (
            f"pg_restore --no-owner --exit-on-error --single-transaction {backup.server(chosen)}"
        )
        raise NotSaved(
            "PostgreSQL puts its own backups back. Into an empty database, call\n"
            f"{command} {shlex.quote(str(file))}"
        )
    _must_be_alone(file)
    for end in ("", *BESIDE):
        whole.must_be_new(target.with_name(target.name + end))
    with whole.made(target) as place:
        shutil.copyfile(file, place)
        found = backup.verified(place, called=file)
        _bring_up_to_date(place)
    return found


def _must_be_alone(file: Path) -> None:
    if not file.is_file():
        raise NotSaved(f"Nothing was changed: {file} is not there.")
    for end in BESIDE:
        beside = file.with_name(file.name + end)
        if beside.is_file() and beside.stat().st_size:
            raise NotSaved(
                f"Nothing was changed: {beside} may hold changes that are not in {file} yet, so "
                f"that is no backup. Call `app.py backup` with DATABASE_URL=sqlite:///{file} first."
            )


def _bring_up_to_date(place: Path) -> None:
    database = Database.open(f"sqlite:///{place}")
    try:
        migrate.migrate(database.writer)
        database.store.empty_log()
    finally:
        database.close()
