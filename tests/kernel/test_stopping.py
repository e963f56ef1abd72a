"""Whatever goes wrong while Truenorth ends, it ends."""

import asyncio
from typing import Any

import pytest
from slack_sdk.socket_mode.request import SocketModeRequest

from bot import waiting
from bot.connection import UnderWay
from bot.errors import NotSaved
from bot.waiting import to_its_end
from tests.kernel.office import Office


async def test_a_sender_stops_although_the_database_fails_meanwhile(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, fail = asyncio.Event(), asyncio.Event()

    async def busy(_work: object) -> object:
        asked.set()
        await fail.wait()
        raise NotSaved("busy")

    monkeypatch.setattr(office.sender, "_write", busy)
    running = asyncio.create_task(office.sender.run())
    await asked.wait()
    running.cancel()
    asyncio.get_running_loop().call_soon(fail.set)
    done, _ = await asyncio.wait([running], timeout=5)
    assert done == {running}
    assert running.cancelled()


async def test_what_is_cancelled_comes_to_its_end_first() -> None:
    begun, go_on, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await go_on.wait()
        ended.set()

    task = asyncio.create_task(to_its_end(work()))
    await begun.wait()
    task.cancel()
    asyncio.get_running_loop().call_soon(go_on.set)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()


async def test_what_never_comes_to_its_end_is_cut_off_and_cleans_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(waiting, "FINISHING_SECONDS", 0.01)
    begun, cleaned = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.set()

    task = asyncio.create_task(to_its_end(work()))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert cleaned.is_set()


async def test_what_is_not_cancelled_returns_or_raises_as_it_is() -> None:
    async def returns() -> int:
        return 7

    async def raises() -> None:
        raise NotSaved("busy")

    assert await to_its_end(returns()) == 7
    with pytest.raises(NotSaved):
        await to_its_end(raises())


async def test_what_arrives_while_others_are_waited_for_is_waited_for_as_well() -> None:
    begun, release = asyncio.Queue[str](), {"1": asyncio.Event(), "2": asyncio.Event()}

    async def handle(_client: Any, request: SocketModeRequest) -> None:
        await begun.put(request.envelope_id)
        await release[request.envelope_id].wait()

    async def arrives(number: str) -> asyncio.Task[None]:
        client: Any = None
        request = SocketModeRequest(type="events_api", envelope_id=number, payload={})
        task = asyncio.create_task(under_way(client, request))
        assert await begun.get() == number
        return task

    under_way = UnderWay(handle)
    first = await arrives("1")
    finishing = asyncio.create_task(under_way.finish())
    second = await arrives("2")
    release["1"].set()
    await first
    done, _ = await asyncio.wait([finishing], timeout=0.05)
    assert not done
    release["2"].set()
    await finishing
    assert second.done()
    assert not second.cancelled()
