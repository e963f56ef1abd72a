"""The bot of the demo: a process of its own, which knows this Slack only by its addresses."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot import config
from bot.playground.server import FakeSlack

APP = Path(__file__).parents[2] / "app.py"
TIED = Path(__file__).with_name("tied.py")
END_SECONDS = 5.0
LAST_LINES = 15


class BotProcess:
    """Writes what it says into `log`."""

    def __init__(self, process: Process, log: Path) -> None:
        self._process = process
        self._log = log

    async def ended(self) -> int:
        """Wait until it ends by itself and return its exit code."""
        return await self._process.wait()

    def last_lines(self) -> str:
        """The end of what it said."""
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-LAST_LINES:])

    async def stop(self) -> None:
        """Let it finish what is under way, or end it where that takes too long."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), END_SECONDS)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def running(fake: FakeSlack, *, database: Path, log: Path) -> AsyncIterator[BotProcess]:
    """Run the bot against this Slack, over Socket Mode as against the real one.

    `database` is an absolute path.
    """
    settings = {
        "SLACK_BOT_TOKEN": fake.bot_token,
        "SLACK_APP_TOKEN": fake.app_token,
        "SLACK_API_URL": fake.api_url,
        "CLOCK_URL": fake.clock_url,
        "DATABASE_URL": f"sqlite:///{database}",
        "LOG_LEVEL": "WARNING",
    }
    with log.open("wb") as said:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", str(TIED), str(APP), "run"),
            cwd=database.parent,  # where no .env of a developer is
            env=config.for_child({**settings, "PYTHONUTF8": "1"}),
            stdin=PIPE,
            stdout=said,
            stderr=said,
            start_new_session=True,  # a terminal's Ctrl-C is for the demo, which ends the bot
        )
    bot = BotProcess(process, log)
    try:
        yield bot
    finally:
        await bot.stop()
