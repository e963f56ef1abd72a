from datetime import timedelta

import aiohttp

from bot.playground.server import FakeSlack

from .peer import Peer, address, connected
from .peer import impatient as impatient


async def test_an_eleventh_connection_is_turned_away(fake: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session:
        peers = [Peer(await session.ws_connect(await address(fake))) for _ in range(10)]
        counts = [(await peer.next())["num_connections"] for peer in peers]
        assert counts == list(range(1, 11))
        last = Peer(await session.ws_connect(await address(fake)))
        assert await last.next() == {"type": "disconnect", "reason": "too_many_websockets"}


async def test_an_event_is_sent_again_at_once_then_after_one_minute_and_after_five(
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
        await fake.until(lambda: not fake.events.busy)  # and given up
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


async def test_a_scope_for_public_channels_does_not_tell_of_private_ones(
    fake: FakeSlack,
) -> None:
    fake.installation.scopes.remove("groups:read")
    async with connected(fake) as peer:
        fake.workspace.invite_bot("C2")
        fake.workspace.invite_bot("C4")
        event = await peer.next()
        await peer.ack(event)
    assert event["payload"]["event"]["channel"] == "C4"


async def test_who_leaves_a_channel_is_told_of_only_where_the_app_is_itself(
    fake: FakeSlack,
) -> None:
    fake.installation.events.add("member_left_channel")
    async with connected(fake) as peer:
        fake.workspace.leave("C4", "UANA")
        fake.workspace.leave("C1", "UBEN")
        fake.workspace.leave("C1", "UBEN")
        left = await peer.next()
        await peer.ack(left)
        await fake.events.settled()
    event = left["payload"]["event"]
    assert (event["type"], event["user"], event["channel"]) == ("member_left_channel", "UBEN", "C1")
    assert (event["channel_type"], event["team"]) == ("C", fake.workspace.team_id)
    assert [each["payload"]["event"]["type"] for each in fake.sockets.sent] == [event["type"]]
    assert "UBEN" not in fake.workspace.channels["C1"]["members"]
