"""Starting, killing and awaiting the bot's process from a test."""

import asyncio
import os
import signal
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

from bot.config import Settings
from tests.faults import child
from tests.faults.steps import Plan

# A fork of a process that has loaded everything starts in a tenth of a second.
CONTEXT = get_context("forkserver")
CONTEXT.set_forkserver_preload([child.__name__])
END_SECONDS = 20


class BotProcess:
    """One life of the bot."""

    def __init__(
        self,
        settings: Settings,
        plan: Plan,
        *,
        folder: Path,
        patience: float | None,
        lease: timedelta | None = None,
    ) -> None:
        folder.mkdir()
        self._folder = folder
        self._plan = plan
        self._process = CONTEXT.Process(
            target=child.main, args=(settings, plan, folder, patience, lease), daemon=True
        )
        self._process.start()

    @property
    def alive(self) -> bool:
        """Whether it runs, and has not come to the step at which it ends."""
        return self._process.is_alive() and not self._plan.is_met(self.steps)

    def carry_on(self) -> None:
        """Have it go on where it was stopped, and come to no end."""
        self._plan = Plan()
        os.kill(self._process.pid or 0, signal.SIGCONT)

    @property
    def was_killed(self) -> bool:
        """Whether it ended by SIGKILL."""
        return self._process.exitcode == -signal.SIGKILL

    @property
    def steps(self) -> list[str]:
        """What it did while it counted; it was killed at the last, if it was."""
        path = self._folder / "steps"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def log(self) -> str:
        """What it said."""
        path = self._folder / "bot.log"
        return path.read_text() if path.exists() else ""

    def kill(self) -> None:
        """End it here and now, as a power cut would."""
        self._process.kill()

    async def stop(self) -> int | None:
        """Ask it to end, as `docker stop` does, and return its exit code."""
        self._process.terminate()
        await self.ended()
        return self._process.exitcode

    async def ended(self) -> None:
        """Wait until it is gone; raises TimeoutError where it is not."""
        gone = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(self._process.sentinel, gone.set)
        try:
            await asyncio.wait_for(gone.wait(), END_SECONDS)
        finally:
            loop.remove_reader(self._process.sentinel)
        self._process.join()
