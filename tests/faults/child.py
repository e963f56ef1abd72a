"""The bot as a process that can be killed; started from a server that has everything loaded."""

import asyncio
import inspect
import os
import sys
from datetime import timedelta
from pathlib import Path

import aiohttp

import app
from bot import connection, lanes, logs
from bot.config import Settings
from tests.faults.steps import Plan, Steps, install

# Bolt looks at the stack when an app is made. The first look reads about every module there is,
# and what it learns is inherited by every process that is forked from here.
inspect.stack()


def main(
    settings: Settings, plan: Plan, folder: Path, patience: float | None, lease: timedelta | None
) -> None:
    """Run the bot; `patience` replaces the seconds that it waits for Slack's answers."""
    log = os.open(folder / "bot.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, sys.stdout.fileno())
    os.dup2(log, sys.stderr.fileno())
    logs.start(settings.log_level)
    install(Steps(plan, path=folder / "steps"))
    if patience is not None:
        connection.SLACK_TIMEOUT = aiohttp.ClientTimeout(total=patience)
    if lease is not None:
        lanes.LEASE = lease
    sys.exit(asyncio.run(app.run(settings)))
