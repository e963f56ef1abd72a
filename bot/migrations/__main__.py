"""Writes a migration for what the models say and the migrations do not yet make.

`python -m bot.migrations "add stories"`
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

# Every table has to be known.
from bot import (  # noqa: F401
    acknowledgement,
    attachments,
    departures,
    due,
    inbound,
    installations,
    lanes,
    rituals,
    states,
)
from bot.db import Database
from bot.migrate import configuration, migrate


def main() -> None:
    """Compare the models with a database that every migration so far has made."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{Path(folder) / 'empty.db'}")
        migrate(database.writer)
        config = configuration()
        with database.writer.connect() as connection:
            config.attributes["connection"] = connection
            command.revision(config, sys.argv[1], autogenerate=True, rev_id=_number())
        database.close()


def _number() -> str:
    made = (Path(__file__).parent / "versions").glob("[0-9]*.py")
    return f"{len(list(made)) + 1:04}"


if __name__ == "__main__":
    main()
