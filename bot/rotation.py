"""New keys for the tokens in the database, so that an old one can be thrown away."""

import asyncio
import sys

from sqlalchemy.exc import DBAPIError

from bot import installations, migrate
from bot.clock import real_now
from bot.config import Settings
from bot.db import Database
from bot.engine import trouble
from bot.errors import NotSaved
from bot.vault import cipher_of


def run(chosen: Settings, *, forget_lost: bool = False) -> int:
    """Encrypt every token with the first key of TOKEN_KEY and return the exit code."""
    try:
        changed, lost = asyncio.run(_rotate(chosen, forget_lost=forget_lost))
    except NotSaved as error:
        print(error, file=sys.stderr)
        return 1
    for team in lost:
        print(f"The token of {team} is forgotten. Truenorth has to be installed there again.")
    print(f"{changed:,} rows are encrypted with the first key of TOKEN_KEY, and with it alone.")
    print("The others can go from there. Backups made before still need them.")
    return 0


async def _rotate(chosen: Settings, *, forget_lost: bool) -> tuple[int, list[str]]:
    if chosen.http is None:
        raise NotSaved("Nothing was changed: the tokens of one workspace are in no database.")
    if chosen.database_path is not None and not chosen.database_path.is_file():
        raise NotSaved(f"Nothing was changed: {chosen.database_path} is not there.")
    database = Database.open(chosen.database_url)
    try:
        with database.readers.connect() as connection:
            if not migrate.is_latest(connection):
                raise NotSaved("Another version made this database. Start this one on it before.")
        cipher = cipher_of(chosen.http.keys)
        return await installations.rotate(database, cipher, forget_lost=forget_lost, now=real_now())
    except DBAPIError as error:
        raise trouble(error) or error from error
    finally:
        database.close()
