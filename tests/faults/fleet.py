"""Several processes of the bot on one PostgreSQL, which die and come back one by one."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot import copying
from bot.engine import NO_ANSWER
from tests import support
from tests.faults.process import BotProcess
from tests.faults.steps import Plan
from tests.faults.world import FILE, NEWS_SECONDS, START_SECONDS, World, slack_of_world

PROCESSES = 3
CONNECTED = "hello"  # what Slack says first
ACTS = ("give", "give", "give", "correct", "withdraw", "applaud", "applaud", "answer", "answer")


@dataclass
class Fleet(World):
    """A world in which several processes share one database; `seats` are those of now."""

    url: str = ""
    seats: list[BotProcess] = field(default_factory=list)
    kills: int = 0

    @property
    def database(self) -> str:
        """The database's address."""
        return self.url

    @property
    def bot(self) -> BotProcess:
        """One that runs, or the last that did."""
        return next((life for life in self.seats if life.alive), self.lives[-1])

    def ready(self) -> bool:
        """Whether each that runs is connected and has asked what time it is."""
        running = sum(life.alive for life in self.seats)
        polling = self.slack.workspace.clock.polling
        return self.slack.sockets.count >= running and polling >= running

    async def fill(
        self, *, dice: random.Random | None = None, lives: tuple[int, int] = (0, 0)
    ) -> None:
        """Have every seat taken by a process that runs, and with dice dies after so many steps."""
        dead = [life for life in self.seats if not life.alive]
        for life in dead:
            await life.ended()
            assert life.was_killed or could_not_start(life), self.story()
            self.kills += life.was_killed
        self.seats = [life for life in self.seats if life not in dead]
        if dead:
            self.slack.workspace.clock.move(0)  # lets the questions of the dead go
        new = range(len(self.seats), PROCESSES)
        for _ in new:
            steps = dice.randint(*lives) if dice else 0
            self.seats.append(self.begin(Plan(CONNECTED, "", steps)))
        if new:
            await self.slack.until(self._knows_all, seconds=START_SECONDS)

    async def take_over(self, stopped: BotProcess) -> None:
        """Have others run beside one that is stopped, which holds whatever it held."""
        self.seats = [self.begin(Plan()) for _ in range(PROCESSES - 1)]
        connected = len(self.seats) + 1  # its connection stands
        await self.slack.until(lambda: self.slack.sockets.count >= connected, START_SECONDS)
        self.seats.append(stopped)

    def _knows_all(self) -> bool:
        return self.ready() or not all(life.alive for life in self.seats)

    async def end_all(self) -> None:
        """Kill every process."""
        for life in self.seats:
            life.kill()
            await life.ended()
        self.seats = []
        await self.slack.until(lambda: not self.slack.sockets.connected)
        self.slack.workspace.clock.move(0)


def could_not_start(life: BotProcess) -> bool:
    """Whether it found no database at its start; whoever looks after it starts it again."""
    return not life.steps and life.log.endswith(f"Nothing was saved: {NO_ANSWER}.\n")


@asynccontextmanager
async def sharing(folder: Path, prepared: bytes, url: str) -> AsyncIterator[Fleet]:
    """A fleet on this empty database, in which the mission is set up, and no process yet."""
    slack = slack_of_world()
    slack.workspace.clock.move_wait = NEWS_SECONDS
    await slack.start()
    (folder / FILE).write_bytes(prepared)
    copying.copy(support.settings_for(slack, f"sqlite:///{folder / FILE}"), url)
    fleet = Fleet(slack, folder, url=url)
    try:
        yield fleet
    finally:
        await fleet.end()
