"""The bot as whoever installs it starts it: a process of its own, told everything by settings."""

import asyncio
import random
import signal
import socket
import sys
import time
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot import config
from bot.playground.server import FakeSlack
from tests.support import ANA

ROOT = Path(__file__).parent.parent
START_SECONDS = 60.0
END_SECONDS = 20.0
# Below those that a system gives to whoever asks for any.
PORTS = range(20_000, 30_000)


def free_ports(count: int = 1) -> int:
    """Return the first of so many ports in a row that nobody has."""
    while True:
        first = random.choice(PORTS)
        with ExitStack() as those, suppress(OSError):
            for port in range(first, first + count):
                those.enter_context(socket.create_server(("127.0.0.1", port)))
            return first


@dataclass
class Started:
    """A bot at work, and what it has said."""

    process: Process
    said: Path

    @property
    def log(self) -> str:
        """All that it has said."""
        return self.said.read_text(encoding="utf-8")

    async def end(self) -> float:
        """Ask it to end, as `docker stop` does, and return how many seconds it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        await asyncio.wait_for(self.process.wait(), END_SECONDS)
        return time.monotonic() - began


@asynccontextmanager
async def started(
    slack: FakeSlack, database_url: str, folder: Path, *, script: str = "", **settings: str
) -> AsyncIterator[Started]:
    """Start `app.py run`, or a script that does so in its own way, and wait until it is at work.

    Whatever becomes of it, it is gone afterwards.
    """
    chosen = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": database_url,
        "CLOCK_URL": slack.clock_url,
        **settings,
    }
    said = folder / "said.log"
    what = ("-c", script) if script else (str(ROOT / "app.py"), "run")
    with said.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, *what),
            cwd=folder,  # where no .env of a developer is
            env=config.for_child({**chosen, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}),
            stdout=log,
            stderr=log,
        )
    bot = Started(process, said)
    try:
        await slack.until(
            lambda: process.returncode is not None or (slack.sockets.connected and slack.dm(ANA)),
            START_SECONDS,
        )
        assert process.returncode is None, bot.log
        yield bot
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
