"""Nobody waits longer than Slack does, from when what they did arrived."""

import asyncio
import threading
from typing import Any

import pytest
from slack_sdk.socket_mode.request import SocketModeRequest
from sqlalchemy import text

from bot.connection import UnderWay
from bot.db import Database
from bot.deadline import Pace, _arrivals, count_from_now
from bot.errors import NotSaved
from tests.kernel.test_db import ENDLESS, keys, remember
from tests.support import TEAM


async def test_patience_counts_from_when_somebody_began_to_wait(database: Database) -> None:
    count_from_now()
    with pytest.raises(NotSaved):
        await database.write(TEAM, lambda session: session.execute(text(ENDLESS)), patience=0.5)
    with pytest.raises(NotSaved):
        await database.write(TEAM, remember("too late"), patience=0.5)
    # Nobody waits for what is only begun here.
    assert await asyncio.create_task(database.write(TEAM, remember("begun"), patience=0.5))
    assert await database.read(TEAM, keys) == ["begun"]


async def test_who_would_have_their_turn_too_late_is_told_at_once(database: Database) -> None:
    release = threading.Event()
    ahead = [asyncio.create_task(database.write(TEAM, lambda _: release.wait())) for _ in range(3)]
    await asyncio.sleep(0)
    database._writing[0]._pace.seconds = 10_000.0
    try:
        with pytest.raises(NotSaved, match="Nothing was saved"):
            async with asyncio.timeout(10):  # not after the hour that it would wait
                await database.write(TEAM, remember("too late"), patience=3600)
    finally:
        release.set()
    assert all(await asyncio.gather(*ahead))
    assert await database.read(TEAM, keys) == []


def test_a_pace_is_learned_from_many_and_not_from_one() -> None:
    pace = Pace()
    pace.learn(0.64, pieces=64)
    assert 0.007 < pace.seconds < 0.01
    pace.learn(0.25, pieces=1)
    assert pace.seconds < 0.03


async def test_what_arrives_together_begins_to_wait_together() -> None:
    waiting: list[bool] = []

    async def handle(_client: Any, _request: Any) -> None:
        waiting.extend(task in _arrivals for task in tasks)

    request: Any = SocketModeRequest(type="events_api", envelope_id="1", payload={})
    client: Any = None
    under_way = UnderWay(handle)
    tasks = [asyncio.create_task(under_way(client, request)) for _ in range(3)]
    await asyncio.gather(*tasks)
    assert waiting == [True] * 9
