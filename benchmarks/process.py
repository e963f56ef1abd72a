"""Apps as processes of their own: started, watched, and never left behind."""

import asyncio
import shutil
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.driver import CONNECTING_SECONDS, Driver, Link
from benchmarks.ground import Ground
from bot import config

ROOT = Path(__file__).parents[1]
ENDING_SECONDS = 10.0


@dataclass(frozen=True)
class Running:
    """An app that is connected."""

    link: Link
    process: psutil.Process
    database: Path
    start: float  # seconds from its process's beginning until it was connected

    def memory(self) -> float:
        """Megabytes that it and its subprocesses hold."""
        family = [self.process, *self.process.children(recursive=True)]
        return float(sum(one.memory_info().rss for one in family)) / 1e6

    def cpu(self) -> float:
        """Seconds of CPU used so far, its subprocesses' as well."""
        return sum(map(_cpu, [self.process, *self.process.children(recursive=True)]))


def _cpu(process: psutil.Process) -> float:
    threads = Path(f"/proc/{process.pid}/task")
    if not threads.is_dir():
        return float(sum(process.cpu_times()[:2]))
    # Linux also counts in nanoseconds, where `cpu_times` has steps of 10 ms.
    spent = (int((one / "schedstat").read_text().split()[0]) for one in threads.iterdir())
    return sum(spent) / 1e9


@dataclass(frozen=True)
class Stage:
    """Where apps are started: a Slack, the ground to copy, a folder for what they write."""

    driver: Driver
    ground: Ground
    folder: Path

    @asynccontextmanager
    async def ours(self, name: str, database: Path | None = None) -> AsyncIterator[Running]:
        """Run Truenorth as people run it, on a copy of the ground where no database is given."""
        database = database or self.copy(name)
        command = [str(ROOT / "app.py"), "run"]
        settings = self.settings(name, f"sqlite:///{database}")
        async with self._running(name, command, database, settings) as app:
            yield app

    @asynccontextmanager
    async def at(self, name: str, url: str) -> AsyncIterator[Running]:
        """Run Truenorth on the database at this address, which others may use as well."""
        command = [str(ROOT / "app.py"), "run"]
        async with self._running(name, command, Path(), self.settings(name, url)) as app:
            yield app

    def settings(self, name: str, url: str) -> dict[str, str]:
        """Return what Truenorth goes by."""
        return {
            "SLACK_BOT_TOKEN": "xoxb-bench",
            "SLACK_APP_TOKEN": "xapp-bench",
            "SLACK_API_URL": self.driver.api_url(name),
            "DATABASE_URL": url,
            "LOG_LEVEL": "ERROR",
        }

    @asynccontextmanager
    async def floor(self, name: str, kind: str) -> AsyncIterator[Running]:
        """Run a bare app."""
        database = self.copy(name)
        recorded = self.folder / "recorded.json"
        self.ground.recorded.save(recorded)
        command = ["-m", "benchmarks.floor", kind, self.driver.api_url(name)]
        command += [str(database), str(recorded)]
        async with self._running(name, command, database, {}) as app:
            yield app

    def copy(self, name: str) -> Path:
        """Return a copy of the ground's database."""
        return Path(shutil.copy(self.ground.database, self.folder / f"{name}.db"))

    def said(self, name: str) -> str:
        """Return what the process of this name printed."""
        return self._log(name).read_text(encoding="utf-8", errors="replace")

    def _log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    @asynccontextmanager
    async def starting(
        self, name: str, command: list[str], settings: dict[str, str]
    ) -> AsyncIterator[asyncio.subprocess.Process]:
        """Run a process, and end it in the end."""
        chosen = config.for_child({**settings, "PYTHONPATH": str(ROOT)})
        with self._log(name).open("wb") as log:
            child = await asyncio.create_subprocess_exec(
                *command,
                cwd=self.folder,  # where no .env of a developer is
                # A bare Bolt takes a name without a value for one that was chosen.
                env={each: value for each, value in chosen.items() if value},
                stdout=log,
                stderr=log,
            )
        try:
            yield child
        finally:
            await _end(child)

    @asynccontextmanager
    async def _running(
        self, name: str, command: list[str], database: Path, settings: dict[str, str]
    ) -> AsyncIterator[Running]:
        link, began = self.driver.link(name), time.perf_counter()
        async with self.starting(name, [sys.executable, *command], settings) as child:
            if not await _connected(link, child):
                raise RuntimeError(f"{name} did not connect:\n{self.said(name)}")
            yield Running(link, psutil.Process(child.pid), database, link.at - began)


async def _connected(link: Link, child: asyncio.subprocess.Process) -> bool:
    ended = asyncio.create_task(child.wait())
    connected = asyncio.create_task(link.connected.wait())
    tasks = [ended, connected]
    await asyncio.wait(tasks, timeout=CONNECTING_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    return link.connected.is_set()


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        child.terminate()
    try:
        async with asyncio.timeout(ENDING_SECONDS):
            await child.wait()
    except TimeoutError:
        print(f"process {child.pid} does not end by itself; killing it", file=sys.stderr)
    finally:
        if child.returncode is None:
            child.kill()


async def importing() -> float:
    """Return the seconds from a process's beginning until it has imported what ours needs."""
    began = time.perf_counter()
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", "import app; print(flush=True)"),
        env=config.for_child({"PYTHONPATH": str(ROOT)}),
        stdout=PIPE,
    )
    try:
        assert child.stdout is not None
        async with asyncio.timeout(CONNECTING_SECONDS):
            if not await child.stdout.readline():
                raise RuntimeError("importing failed")
        return time.perf_counter() - began
    finally:
        await _end(child)
