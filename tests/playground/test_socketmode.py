import asyncio

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.playground.server import FakeSlack

from .peer import address, connected
from .peer import impatient as impatient


async def test_a_ticket_is_good_for_one_connection(fake: FakeSlack) -> None:
    url = await address(fake)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url):
            pass
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(fake.url + "/socket/made-up")


async def test_an_envelope_goes_to_one_connection_and_the_next_to_another(
    fake: FakeSlack,
) -> None:
    async with connected(fake) as one, connected(fake) as two:
        for _ in range(2):
            typed = asyncio.ensure_future(fake.command("UANA", "C1", "/echo hi"))
            receiving = [asyncio.ensure_future(peer.next()) for peer in (one, two)]
            done, waiting = await asyncio.wait(receiving, return_when="FIRST_COMPLETED")
            assert len(done) == 1
            peer = (one, two)[receiving.index(next(iter(done)))]
            for other in waiting:
                other.cancel()
            await peer.ack(next(iter(done)).result())
            assert (await typed).ok
    assert len({envelope["envelope_id"] for envelope in fake.sockets.sent}) == 2


async def test_a_command_that_is_not_acknowledged_fails_before_the_person(
    fake: FakeSlack,
) -> None:
    async with connected(fake) as peer:
        done = await fake.command("UANA", "C1", "/echo hi")
        assert not done.acked
        assert done.error == "/echo failed because the app did not respond"
        assert (await peer.next())["type"] == "slash_commands"


async def test_a_command_to_an_app_that_is_not_there_fails_at_once(fake: FakeSlack) -> None:
    done = await fake.command("UANA", "C1", "/echo hi")
    assert done.error == "/echo failed because the app is not connected"


async def test_a_connection_lost_before_the_acknowledgement_fails_the_command(
    fake: FakeSlack,
) -> None:
    fake.sockets.ack_seconds = 60
    async with connected(fake) as peer:
        typed = asyncio.ensure_future(fake.command("UANA", "C1", "/echo hi"))
        await peer.next()
        await fake.drop_sockets()
        assert not (await typed).acked


async def test_an_app_comes_back_after_its_connections_were_dropped(
    fake: FakeSlack, app: AsyncApp
) -> None:
    await fake.drop_sockets()
    assert not fake.sockets.connected
    await fake.connected()
    fake.sockets.ack_seconds = 3
    assert (await fake.command("UANA", "C1", "/echo hi")).ok


async def test_an_app_that_is_asked_to_reconnect_does(fake: FakeSlack, app: AsyncApp) -> None:
    known = len([call for call in fake.calls if call["method"] == "apps.connections.open"])
    await fake.sockets.ask_to_reconnect()
    await fake.until(
        lambda: known < len([c for c in fake.calls if c["method"] == "apps.connections.open"])
    )


async def test_a_redelivered_envelope_has_the_same_ids(fake: FakeSlack) -> None:
    async with connected(fake) as peer:
        typed = asyncio.ensure_future(fake.command("UANA", "C1", "/echo hi"))
        first = await peer.next()
        await peer.ack(first, text="hi")
        await typed
        again = asyncio.ensure_future(fake.redeliver("slash_commands"))
        second = await peer.next()
        await peer.ack(second, text="hi")
        assert (await again).acked
    assert second["payload"] == first["payload"]
    assert second["envelope_id"] == first["envelope_id"]
    assert second["retry_attempt"] == 1
    assert len(fake.ephemerals("UANA")) == 1


async def test_there_is_nothing_to_redeliver_at_first(fake: FakeSlack) -> None:
    with pytest.raises(LookupError):
        await fake.redeliver()
