"""What the app says lies ahead: heard, shown, and stopped at when the clock is moved."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import pytest

from bot.playground import looking, patience
from bot.playground.patience import Patient
from bot.playground.server import FakeSlack

MINUTE = timedelta(minutes=1)


def told(*minutes: int, fake: FakeSlack, busy: bool = False, rests: int = 0) -> dict[str, Any]:
    """Things to do after so many minutes each, the app resting for some minutes before them."""
    now = fake.now()
    return {
        "next": [
            {"name": f"In {each}", "at": (now + each * MINUTE).isoformat()} for each in minutes
        ],
        "stops": [(now + each * MINUTE).isoformat() for each in minutes],
        "busy": busy,
        "rests_until": (now + rests * MINUTE).isoformat() if rests else None,
    }


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def test_what_is_told_is_shown_until_its_time_has_come(
    fake: FakeSlack, http: aiohttp.ClientSession
) -> None:
    async with http.post(fake.clock_url, json=told(20, 10, fake=fake)) as answer:
        assert await answer.json() == {"ok": True}
    async with http.get(f"{fake.url}/_/state") as answer:
        shown = (await answer.json())["clock"]["next"]
    assert [one["name"] for one in shown] == ["In 10", "In 20"]
    await fake.jump(15 * MINUTE)
    assert [one["name"] for one in fake.workspace.clock.ahead.shown(fake.now())] == ["In 20"]


@pytest.mark.parametrize(
    "nonsense",
    [
        [],
        {"next": []},
        {"next": [], "busy": False, "rests_until": None},
        {"next": [], "stops": ["soon"], "busy": False, "rests_until": None},
        *(
            {"next": [{"name": "It", **at}], "stops": [], "busy": False, "rests_until": None}
            for at in ({}, {"at": "soon"}, {"at": "2026-01-05T10:00"})
        ),
    ],
)
async def test_what_says_nothing_is_refused_and_changes_nothing(
    fake: FakeSlack, http: aiohttp.ClientSession, nonsense: Any
) -> None:
    fake.workspace.clock.ahead.hear(told(10, fake=fake))
    async with http.post(fake.clock_url, json=nonsense) as answer:
        assert answer.status == 400
    assert len(fake.workspace.clock.ahead.shown(fake.now())) == 1


async def stops(fake: FakeSlack, by: timedelta) -> list[int]:
    """Let time pass, and return after how many minutes the clock stood still on the way."""
    begin, seen = fake.workspace.clock.offset, list[int]()

    def note(change: object) -> None:
        seen.append(round((fake.workspace.clock.offset - begin) / 60))

    unwatch = fake.workspace.watch(note)
    await fake.pass_time(by)
    unwatch()
    return seen


async def test_time_stops_wherever_there_is_something_to_do(fake: FakeSlack) -> None:
    fake.workspace.clock.ahead.hear(told(30, 10, 90, fake=fake))
    assert await stops(fake, 60 * MINUTE) == [10, 30, 60]
    assert await stops(fake, 60 * MINUTE) == [30, 60]
    assert await stops(fake, 60 * MINUTE) == [60]


async def test_time_stops_where_something_begins_before_the_time_that_is_shown(
    fake: FakeSlack,
) -> None:
    shown = told(30, fake=fake)
    begins = told(10, fake=fake)["stops"]
    fake.workspace.clock.ahead.hear(shown | {"stops": begins})
    assert await stops(fake, 60 * MINUTE) == [10, 60]


async def test_while_the_app_rests_time_goes_on_to_the_end_of_its_rest(fake: FakeSlack) -> None:
    fake.workspace.clock.ahead.hear(told(30, fake=fake, busy=True, rests=5))
    passing = asyncio.create_task(stops(fake, 60 * MINUTE))
    await fake.until(lambda: fake.workspace.clock.offset > 0)
    fake.workspace.clock.ahead.hear(told(25, fake=fake))
    assert await passing == [5, 30, 60]


async def test_time_waits_for_an_app_that_is_sending(fake: FakeSlack) -> None:
    fake.workspace.clock.ahead.hear(told(30, fake=fake, busy=True))
    passing = asyncio.create_task(stops(fake, 60 * MINUTE))
    await asyncio.sleep(0)  # lets it begin to wait
    assert fake.workspace.clock.offset == 0
    fake.workspace.clock.ahead.hear(told(20, fake=fake))
    assert await passing == [20, 60]


async def test_time_goes_on_without_an_app_that_never_ends(
    fake: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PASSING_SECONDS", 0.01)
    monkeypatch.setattr(looking, "ARRIVING_SECONDS", 0.01)
    fake.workspace.clock.ahead.hear(told(30, fake=fake, busy=True))
    assert await stops(fake, 60 * MINUTE) == [60]


async def test_whoever_waits_for_an_app_that_rests_moves_the_clock_to_where_it_goes_on(
    fake: FakeSlack,
) -> None:
    clock, goes_on = fake.workspace.clock, fake.now() + 10 * MINUTE
    clock.ahead.hear(told(fake=fake, busy=True, rests=10))
    before = clock.version
    await Patient(fake).until(lambda: fake.now() >= goes_on)
    assert clock.version == before + 1
    assert round(clock.offset / 60) == 10


async def test_whoever_waits_for_an_app_that_says_nothing_lets_a_minute_pass_now_and_then(
    fake: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "GLANCE_SECONDS", 0.01)
    goes_on = fake.now() + 2 * MINUTE
    await Patient(fake).until(lambda: fake.now() >= goes_on)
    assert round(fake.workspace.clock.offset / 60) == 2


async def test_the_page_lets_time_pass_and_can_set_it_back(
    fake: FakeSlack, http: aiohttp.ClientSession
) -> None:
    fake.workspace.clock.ahead.hear(told(30, fake=fake))
    seen = list[datetime]()
    unwatch = fake.workspace.watch(lambda change: seen.append(fake.now()))
    for seconds in (3600, -3600):
        await http.post(f"{fake.url}/_/clock", json={"seconds": seconds})
    unwatch()
    assert len(seen) == 3
    assert fake.workspace.clock.offset == 0
