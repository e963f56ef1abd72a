"""A copy of everything, made while Truenorth is at work."""

import sys
from pathlib import Path

from bot.config import Settings
from bot.db import Database
from bot.errors import NotSaved


def run(chosen: Settings, file: Path) -> int:
    """Copy the database to a new file and return the exit code."""
    if file.exists():
        print(f"{file} is there already. Nothing was copied: name a new file.", file=sys.stderr)
        return 1
    try:
        database = Database.open(chosen.database_url)
        database.copy_to(file)
        database.close()
    except NotSaved as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Copied to {file}.")
    return 0
