import asyncio
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp

from bot.clock import Clock as Follower
from bot.playground.clock import Clock
from bot.playground.server import FakeSlack

T0 = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)


async def read(session: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    async with session.get(url) as answer:
        found: dict[str, Any] = await answer.json()
        return found


async def test_a_reader_who_knows_nothing_is_answered_at_once(fake: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session:
        told = await read(session, fake.clock_url)
        assert (told["offset"], told["version"]) == (0, 1)
        assert datetime.fromisoformat(told["now"]).utcoffset() == timedelta()
        assert (await read(session, f"{fake.clock_url}?seen=7"))["version"] == 1


async def test_a_reader_who_knows_all_is_answered_when_the_clock_is_moved(
    fake: FakeSlack,
) -> None:
    async with aiohttp.ClientSession() as session:
        waiting = asyncio.ensure_future(read(session, f"{fake.clock_url}?seen=1"))
        await fake.until(lambda: fake.workspace.clock.polling)
        fake.workspace.move_clock(3600)
        assert (await waiting)["offset"] == 3600


async def test_after_a_jump_the_bot_knows(fake: FakeSlack) -> None:
    follower, moved = Follower(), []

    async def on_move() -> None:
        moved.append(follower.now())

    following = asyncio.create_task(follower.follow(fake.clock_url, on_move))
    await fake.until(lambda: fake.workspace.clock.polling)
    await fake.jump(timedelta(days=3))
    assert len(moved) == 1
    await fake.jump(timedelta(days=-1))
    assert len(moved) == 2
    assert abs(follower.now() - fake.now()) < timedelta(minutes=1)
    following.cancel()
    with suppress(asyncio.CancelledError):
        await following


async def test_moves_that_cancel_each_other_out_leave_nothing() -> None:
    clock = Clock(lambda: T0)
    for seconds in (0.1, 0.2, -0.3):
        clock.move(seconds)
    assert clock.state()["offset"] == 0


async def test_a_jump_to_a_moment_gets_there(fake: FakeSlack) -> None:
    await fake.jump_to(T0)
    assert abs(fake.now() - T0) < timedelta(minutes=1)
    message = await fake.message("UANA", "C1", "hello")
    assert abs(float(message["ts"]) - T0.timestamp()) < 60


async def test_stopping_lets_a_waiting_reader_go(fake: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session:
        waiting = asyncio.ensure_future(read(session, f"{fake.clock_url}?seen=1"))
        await fake.until(lambda: fake.workspace.clock.polling)
        await fake.stop()
        assert (await waiting)["version"] == 1


async def test_a_reader_who_stays_away_does_not_hold_the_mover_for_ever() -> None:
    clock = Clock(lambda: T0)
    clock.move_wait = 0.01
    polling = asyncio.ensure_future(clock.poll(1))
    await asyncio.sleep(0)  # lets it begin to wait
    clock.move(60)
    assert not await clock.everyone_knows()
    assert (await polling)["version"] == 2
    assert await clock.everyone_knows()


async def test_sleeping_ends_when_the_clock_is_moved_far_enough() -> None:
    clock = Clock(lambda: T0)
    asleep = asyncio.ensure_future(clock.sleep_until(T0.timestamp() + 60))
    await asyncio.sleep(0)  # lets it begin to wait
    clock.move(59)
    await asyncio.sleep(0)  # lets it begin to wait
    assert not asleep.done()
    clock.move(2)
    await asleep


async def test_timestamps_are_never_given_twice_though_time_stands_still(
    fake: FakeSlack,
) -> None:
    stamps = [fake.workspace.new_ts() for _ in range(1000)]
    await fake.jump(timedelta(seconds=-1))
    stamps += [fake.workspace.new_ts() for _ in range(1000)]
    assert len(set(stamps)) == 2000
