import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace

from .conftest import MANIFEST, small_workspace


class Peer:
    """The app's end of a socket, by hand."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def next(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(await self.socket.receive_str())
        return found

    async def ack(self, envelope: dict[str, Any], **payload: Any) -> None:
        answer = {"payload": payload} if payload else {}
        await self.socket.send_json({"envelope_id": envelope["envelope_id"], **answer})


async def address(fake: FakeSlack) -> str:
    client = AsyncWebClient(base_url=fake.api_url)
    return str((await client.apps_connections_open(app_token=fake.app_token))["url"])


@asynccontextmanager
async def connected(fake: FakeSlack) -> AsyncIterator[Peer]:
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(await address(fake)) as socket,
    ):
        peer = Peer(socket)
        assert (await peer.next())["type"] == "hello"
        yield peer


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    """A fake Slack that has little patience with the app."""
    workspace = small_workspace(Workspace())
    slack = FakeSlack(workspace, manifest=MANIFEST, rate_limits=False, ack_seconds=0.2)
    await slack.start()
    yield slack
    await slack.stop()


async def test_a_ticket_is_good_for_one_connection(fake: FakeSlack) -> None:
    url = await address(fake)
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url):
            pass
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(fake.url + "/socket/made-up")


async def test_an_eleventh_connection_is_turned_away(fake: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session:
        peers = [Peer(await session.ws_connect(await address(fake))) for _ in range(10)]
        counts = [(await peer.next())["num_connections"] for peer in peers]
        assert counts == list(range(1, 11))
        last = Peer(await session.ws_connect(await address(fake)))
        assert await last.next() == {"type": "disconnect", "reason": "too_many_websockets"}


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


async def test_an_event_is_retried_at_once_then_after_one_minute_then_after_five(
    fake: FakeSlack,
) -> None:
    async with connected(fake) as peer:
        fake.workspace.edit_person("UANA", title="Nurse")
        first, second = await peer.next(), await peer.next()
        assert [first["retry_attempt"], second["retry_attempt"]] == [0, 1]
        await fake.until(lambda: not fake.sockets.waiting)
        await fake.jump(timedelta(seconds=61))
        third = await peer.next()
        await fake.until(lambda: not fake.sockets.waiting)
        await fake.jump(timedelta(seconds=301))
        fourth = await peer.next()
        await peer.ack(fourth)
    attempts = [first, second, third, fourth]
    assert [each["retry_attempt"] for each in attempts] == [0, 1, 2, 3]
    assert {each["retry_reason"] for each in attempts[1:]} == {"timeout"}
    assert len({each["payload"]["event_id"] for each in attempts}) == 1
    assert len({each["envelope_id"] for each in attempts}) == 4
    assert first["payload"]["event"]["user"]["profile"]["title"] == "Nurse"
    assert first["payload"]["authorizations"][0]["team_id"] == fake.workspace.team_id


async def test_an_event_that_was_acknowledged_is_not_sent_again(fake: FakeSlack) -> None:
    async with connected(fake) as peer:
        fake.workspace.join("UNEW", name="new")
        event = await peer.next()
        await peer.ack(event)
        await fake.events.settled()
        await fake.jump(timedelta(minutes=10))
    assert [each["payload"]["event"]["type"] for each in fake.sockets.sent] == ["team_join"]


async def test_an_event_that_is_not_subscribed_or_lacks_its_scope_is_not_sent(
    fake: FakeSlack,
) -> None:
    assert not fake.events.wanted("channel_archive")  # not in the manifest
    assert not fake.events.wanted("message.groups")  # in the manifest, without groups:history
    assert fake.events.wanted("user_change")
    async with connected(fake):
        fake.workspace.archive("C1")
        fake.workspace.invite_bot("C2")
        await fake.message("UBEN", "C2", "hello")
        await fake.events.settled()
    assert {each["payload"]["event"]["type"] for each in fake.sockets.sent} == {
        "member_joined_channel"
    }


async def test_what_happens_to_a_channel_is_told_in_the_words_of_its_kind(
    fake: FakeSlack,
) -> None:
    names = ("archive", "unarchive", "left")
    fake.installation.events |= {f"{kind}_{n}" for kind in ("channel", "group") for n in names}
    fake.workspace.invite_bot("C2")
    async with connected(fake) as peer:
        for channel in ("C1", "C2"):
            fake.workspace.archive(channel)
            fake.workspace.unarchive(channel)
            fake.workspace.kick_bot(channel)
        told = [await peer.next() for _ in range(6)]
        for envelope in told:
            await peer.ack(envelope)
    assert sorted(each["payload"]["event"]["type"] for each in told) == [
        "channel_archive",
        "channel_left",
        "channel_unarchive",
        "group_archive",
        "group_left",
        "group_unarchive",
    ]
    assert not fake.workspace.channels["C1"]["is_archived"]
    assert fake.workspace.bot_user_id not in fake.workspace.channels["C1"]["members"]
