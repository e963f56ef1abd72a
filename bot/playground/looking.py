"""Looking at the workspace from a test: what was posted, what somebody sees."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

from bot.playground.shortcuts import Shortcuts
from bot.playground.store import Doc
from bot.playground.writing import Writing

Found = TypeVar("Found")
# What a predicate looks at may lie outside the workspace, where nobody tells of changes.
LOOK_AGAIN_SECONDS = 0.05
# How long the app is waited for on the way, and at its end.
PASSING_SECONDS, ARRIVING_SECONDS = 20.0, 5.0


class Looking(Writing, Shortcuts):
    """Reads the workspace, and waits for it to become as expected."""

    def messages(self, channel: str, seen_by: str | None = None) -> list[Doc]:
        """A channel's messages, oldest first; with one person's ephemeral ones if named."""
        return self.workspace.messages.within(channel, seen_by=seen_by)

    def dm(self, user: str) -> list[Doc]:
        """What stands in the app's direct messages with a person."""
        return self.messages(self.workspace.dm_id(user))

    def ephemerals(self, user: str) -> list[Doc]:
        """What only this person sees, in any channel."""
        return self.workspace.messages.only_for(user)

    def views(self, user: str) -> list[Doc]:
        """A person's open forms, the top one last."""
        return self.workspace.views.stack(user)

    def home(self, user: str) -> Doc | None:
        """A person's Home tab."""
        return self.workspace.views.home(user)

    def now(self) -> datetime:
        """The workspace's time."""
        return self.workspace.clock.now()

    async def jump(self, by: timedelta) -> None:
        """Move the clock, and wait until those who follow it know."""
        self.workspace.move_clock(by.total_seconds())
        await self.workspace.clock.everyone_knows()

    async def jump_to(self, when: datetime) -> None:
        """Move the clock to this moment, and wait until those who follow it know."""
        await self.jump(when - self.now())

    async def pass_time(self, by: timedelta) -> None:
        """Move the clock forward, and wait until the app has done what was to do until then.

        Everything in between happens in its order: the clock stops wherever the app has something
        to do on the way.
        """
        await self.travel(by)
        with suppress(TimeoutError):
            async with asyncio.timeout(ARRIVING_SECONDS):
                await self.workspace.clock.ahead.calm()

    async def travel(self, by: timedelta) -> None:
        """The same, without waiting for what is to be done in the end."""
        clock = self.workspace.clock
        end = clock.offset + by.total_seconds()
        with suppress(TimeoutError):
            async with asyncio.timeout(PASSING_SECONDS):
                await self._stop_on_the_way(end)
        await self.jump(timedelta(seconds=end - clock.offset))

    async def _stop_on_the_way(self, end: float) -> None:
        clock = self.workspace.clock
        while True:
            arrival = self.now() + timedelta(seconds=end - clock.offset)
            stop = await clock.ahead.next_stop(self.now, arrival)
            if stop >= arrival:
                return
            await self.jump(max(stop - self.now(), timedelta()))

    async def until(self, predicate: Callable[[], Found], seconds: float = 5) -> Found:
        """Wait until the predicate is true and return what it found.

        Raises AssertionError with a picture of the workspace after `seconds`.
        """
        changed = asyncio.Event()
        unwatch = self.workspace.watch(lambda change: changed.set())
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        try:
            while not (found := predicate()):
                left = end - loop.time()
                if left <= 0:
                    raise AssertionError(f"not within {seconds} s\n{self.picture()}")
                await _wait(changed, min(left, LOOK_AGAIN_SECONDS))
                changed.clear()
        finally:
            unwatch()
        return found

    async def connected(self, seconds: float = 5) -> None:
        """Wait until the app has a connection."""
        await self.until(lambda: self.sockets.connected, seconds)

    def picture(self) -> str:
        """The workspace in a few lines, for a failure's message."""
        lines = [f"time {self.now().isoformat()}, app connected: {self.sockets.connected}"]
        for name, messages in self._places():
            lines += [f"{name} {each['ts']}: {each.get('text', '')[:120]}" for each in messages]
        for user in self.workspace.persons:
            lines += [f"{user} has open: {view['callback_id']}" for view in self.views(user)]
            lines += [f"{user} alone sees: {each['text'][:120]}" for each in self.ephemerals(user)]
        lines += [f"refused: {each}" for each in self.installation.refusals]
        return "\n".join(lines)

    def _places(self) -> list[tuple[str, list[Doc]]]:
        channels = self.workspace.channels.values()
        places = [(f"#{each['name']}", self.messages(each["id"])) for each in channels]
        return places + [(f"to {user}", self.dm(user)) for user in self.workspace.persons]


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
