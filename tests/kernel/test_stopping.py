"""Whatever goes wrong while Truenorth ends, it ends."""

import asyncio

import pytest

from bot.errors import NotSaved
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
