"""The clock that the demo can move."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import Clock

T0 = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
HOUR = 3600.0


class MovableClock:
    """The other side: tells its offset, and waits with the answer while it is known already."""

    def __init__(self) -> None:
        self.offset = 0.0
        self.version = 1
        self.failures = 0
        self.told: list[Any] = []
        self.moved = asyncio.Condition()

    async def move(self, seconds: float) -> None:
        async with self.moved:
            self.offset += seconds
            self.version += 1
            self.moved.notify_all()

    async def answer(self, request: web.Request) -> web.Response:
        if self.failures:
            self.failures -= 1
            return web.Response(status=503)
        seen = request.query.get("seen")
        async with self.moved:
            await self.moved.wait_for(lambda: seen != str(self.version))
        return web.json_response(
            {"now": T0.isoformat(), "offset": self.offset, "version": self.version}
        )

    async def hear(self, request: web.Request) -> web.Response:
        if self.failures:
            self.failures -= 1
            return web.Response(status=503)
        self.told.append(await request.json())
        return web.Response()


class Follower:
    """Our side, with a queue of the times it saw when it was told of a move."""

    def __init__(self, url: str) -> None:
        self.clock = Clock(real=lambda: T0, retry=0.0)
        self.seen: asyncio.Queue[datetime] = asyncio.Queue()
        self.task = asyncio.create_task(self.clock.follow(url, self.on_move))

    async def on_move(self) -> None:
        self.seen.put_nowait(self.clock.now())

    async def told(self) -> datetime:
        async with asyncio.timeout(10):  # so that a clock that is not followed fails, not hangs
            return await self.seen.get()

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)


@pytest.fixture
def other() -> MovableClock:
    return MovableClock()


@pytest_asyncio.fixture
async def server(other: MovableClock) -> AsyncIterator[TestServer]:
    app = web.Application()
    app.router.add_get("/clock", other.answer)
    app.router.add_post("/clock", other.hear)
    running = TestServer(app)
    await running.start_server()
    yield running
    await running.close()


@pytest_asyncio.fixture
async def follower(server: TestServer) -> AsyncIterator[Follower]:
    following = Follower(str(server.make_url("/clock")))
    yield following
    await following.stop()


def test_nobody_followed_means_real_time() -> None:
    before = datetime.now(UTC)
    now = Clock().now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta()


async def test_each_move_is_followed_and_told(other: MovableClock, follower: Follower) -> None:
    await other.move(HOUR)
    assert await follower.told() == T0 + timedelta(hours=1)
    await other.move(-2 * HOUR)
    assert await follower.told() == T0 - timedelta(hours=1)


async def test_a_move_made_before_we_came_is_followed(
    other: MovableClock, server: TestServer
) -> None:
    await other.move(HOUR)
    follower = Follower(str(server.make_url("/clock")))
    assert await follower.told() == T0 + timedelta(hours=1)
    await follower.stop()


async def test_silence_is_outlived_and_logged_once(
    other: MovableClock, server: TestServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="bot.clock")
    other.failures = 3
    follower = Follower(str(server.make_url("/clock")))
    await other.move(HOUR)
    assert await follower.told() == T0 + timedelta(hours=1)
    await follower.stop()
    levels = [record.levelname for record in caplog.records if record.name == "bot.clock"]
    assert levels == ["WARNING", "INFO"]


async def test_following_ends_when_it_is_cancelled(follower: Follower) -> None:
    await follower.stop()
    assert follower.task.cancelled()


async def test_what_lies_ahead_is_told_and_whether_it_was_heard_is_known(
    other: MovableClock, server: TestServer
) -> None:
    other.failures = 1
    url = str(server.make_url("/clock"))
    assert not await Clock().tell(url, {"next": []})
    assert await Clock().tell(url, {"next": []})
    assert other.told == [{"next": []}]
    await server.close()
    assert not await Clock().tell(url, {"next": []})
