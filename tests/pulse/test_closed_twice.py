"""Processes close a round at once: it is counted once, and before anything of it is erased."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlmodel import Session

from bot.db import Database
from bot.rituals import pulse
from bot.rounds import Status
from bot.tenancy import TeamRow
from schedules.pulse import Closer
from tests.pulse.poll import CLOSES, INVITED, Poll
from tests.support import TEAM

Found = TypeVar("Found")


@dataclass
class Slow:
    """A database whose process has read what it needs, and takes its time to write."""

    database: Database
    has_read: asyncio.Event = field(default_factory=asyncio.Event)
    may_write: asyncio.Event = field(default_factory=asyncio.Event)

    async def read(self, team: str, query: Callable[[Session], Found]) -> Found:
        return await self.database.read(team, query)

    async def write(self, team: str, work: Callable[[Session], Found]) -> Found:
        self.has_read.set()
        await self.may_write.wait()
        return await self.database.write(team, work)


async def counting(poll: Poll) -> tuple[Slow, asyncio.Task[None]]:
    """A process that has counted, and has not kept what it counted."""
    slow = Slow(poll.database)
    closer = Closer(poll.deps(cast(Database, slow)), TEAM)
    task = asyncio.create_task(closer.count_all())
    async with asyncio.timeout(20):
        await slow.has_read.wait()
    return slow, task


def posts(poll: Poll) -> list[dict[str, Any]]:
    """What is to be posted of the round."""
    found = [row for row in poll.rows("outbox") if str(row[2]).endswith(":result")]
    return [row[6] if isinstance(row[6], dict) else json.loads(row[6]) for row in found]


async def test_the_second_of_two_counts_changes_nothing(poll: Poll) -> None:
    people = INVITED[:10]
    await poll.answer_all(people)
    for who in people:
        assert await poll.comment(who, f"comment of {who}")
    asked = await poll.round()
    await poll.at(CLOSES)
    first, counts_first = await counting(poll)
    # Only now it is heard that Slack refused somebody who is asked in vain.
    await poll.write(lambda session: pulse.excuse(session, asked.id, person=INVITED[13]))
    second, counts_second = await counting(poll)
    second.may_write.set()
    await counts_second
    kept = await poll.round()
    assert (kept.status, kept.key_destroyed_at is not None) == (Status.CLOSING, True)
    poll.hand.move(60)
    first.may_write.set()
    await counts_first
    after = await poll.round()
    assert (after.result, after.key_destroyed_at) == (kept.result, kept.key_destroyed_at)
    assert "10 of 13 answered" in str(posts(poll))
    assert len(posts(poll)) == 1
    words = sorted(row[3] for row in poll.rows("kept_comment"))
    assert words == sorted(f"comment of {who}" for who in people)


@dataclass
class Overtaken:
    """A database in which the round stops right after its process looked for the first time."""

    poll: Poll
    looks: int = 0

    async def read(self, team: str, query: Callable[[Session], Found]) -> Found:
        found = await self.poll.database.read(team, query)
        self.looks += 1
        if self.looks == 1:
            await self.poll.at(CLOSES)
        return found

    async def write(self, team: str, work: Callable[[Session], Found]) -> Found:
        return await self.poll.database.write(team, work)

    async def forget_erased(self, *tables: type[TeamRow], **besides: Any) -> None:
        await self.poll.database.forget_erased(*tables, **besides)


async def test_a_round_that_stops_while_others_are_erased_is_counted_before_it_is(
    poll: Poll,
) -> None:
    await poll.answer_all(INVITED[:10])
    overtaken = cast(Database, Overtaken(poll))
    await Closer(poll.deps(overtaken), TEAM).close_all()
    assert len(poll.rows("answer")) == 10 * 5
    await poll.close()
    assert "10 of 14 answered" in str(posts(poll))
    assert (await poll.round()).status == Status.CLOSED
