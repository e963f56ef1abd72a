"""A machine that is off for a while: the same database, and later another process."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

import app
from bot.playground.server import FakeSlack
from tests.rituals.test_mission import settle
from tests.support import LOUNGE, PACE, Bot, set_up, settings_for, started

A_MOMENT = timedelta(seconds=1)


@dataclass
class Machine:
    """Where the bot runs, or does not."""

    bot: Bot
    slack: FakeSlack
    stop: asyncio.Event | None = None
    running: asyncio.Task[None] | None = None

    async def wake(self) -> None:
        """Have the bot run, and do what is due."""
        self.stop = asyncio.Event()
        self.running = asyncio.create_task(app.serve(self.bot.settings, self.stop))
        await started(self.slack, self.running)
        clock = self.slack.workspace.clock
        await self.slack.until(lambda: clock.polling)
        await self.slack.jump(A_MOMENT)  # whoever follows a clock looks what is due when it moves

    async def sleep(self) -> None:
        """End the bot."""
        if self.stop is not None and self.running is not None:
            self.stop.set()
            await self.running
            self.stop = self.running = None
            clock = self.slack.workspace.clock
            clock.move(0)  # lets its question about the time go, or every jump would wait for it
            await self.slack.until(lambda: not (self.slack.sockets.connected or clock.polling))

    async def settle(self) -> None:
        """Let whatever was set going come to its end."""
        await self.slack.pass_time(timedelta(minutes=1))


@pytest.fixture
async def machine(slack: FakeSlack, database_url: str) -> AsyncIterator[Machine]:
    """A machine on Monday, on which the bot knows the mission and a channel for updates."""
    one = Machine(Bot(settings_for(slack, database_url), slack), slack)
    await one.wake()
    try:
        await set_up(slack)
        assert (await settle(slack, updates_channel=LOUNGE)).closed
        await one.bot.has_sent_everything()
        await slack.jump(PACE)
        yield one
    finally:
        await one.sleep()
        one.bot.close()
    one.bot.check()
