from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack

from .asking import error, refusal

META = {"event_type": "outbox", "event_payload": {"id": "1"}}


async def test_history_is_paged_newest_first_and_tells_metadata_only_when_asked(
    client: AsyncWebClient,
) -> None:
    stamps = []
    for text in "abc":
        answer = await client.chat_postMessage(channel="C1", text=text, metadata=META)
        stamps.append(answer["ts"])
    page = await client.conversations_history(channel="C1", limit=2)
    assert [message["text"] for message in page["messages"]] == ["c", "b"]
    assert page["has_more"]
    assert "metadata" not in page["messages"][0]
    cursor = page["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(
        channel="C1", cursor=cursor, include_all_metadata=True, limit=2
    )
    assert [message["text"] for message in rest["messages"]] == ["a"]
    assert rest["messages"][0]["metadata"] == META
    later = await client.conversations_history(channel="C1", oldest=stamps[1])
    assert [message["text"] for message in later["messages"]] == ["c"]
    within = await client.conversations_history(
        channel="C1", oldest=stamps[0], latest=stamps[1], inclusive=True
    )
    assert [message["text"] for message in within["messages"]] == ["b", "a"]


async def test_history_leaves_out_replies_and_what_only_one_person_sees(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="a"))["ts"]
    await client.chat_postMessage(channel="C1", text="reply", thread_ts=ts)
    fake.workspace.messages.post("C1", {"user": "U0NORTH", "text": "psst"}, only="UANA")
    page = await client.conversations_history(channel="C1")
    assert [message["text"] for message in page["messages"]] == ["a"]


async def test_replies_are_paged_oldest_first_after_what_they_answer(
    client: AsyncWebClient,
) -> None:
    first = (await client.chat_postMessage(channel="C1", text="a"))["ts"]
    for text in ("b", "c"):
        await client.chat_postMessage(channel="C1", text=text, thread_ts=first, metadata=META)
    await client.chat_postMessage(channel="C1", text="elsewhere")
    page = await client.conversations_replies(channel="C1", ts=first, limit=2)
    assert [message["text"] for message in page["messages"]] == ["a", "b"]
    assert "metadata" not in page["messages"][1]
    cursor = page["response_metadata"]["next_cursor"]
    more = {"cursor": cursor, "limit": 2, "include_all_metadata": True}
    rest = await client.conversations_replies(channel="C1", ts=first, **more)
    assert [message["text"] for message in rest["messages"]] == ["c"]
    assert rest["messages"][0]["metadata"] == META
    assert await error(client.conversations_replies(channel="C1", ts="1.0")) == "thread_not_found"
    reply = rest["messages"][0]["ts"]
    assert await error(client.conversations_replies(channel="C1", ts=reply)) == "thread_not_found"


@pytest.mark.parametrize(
    ("channel", "expected"),
    [("C4", "not_in_channel"), ("C2", "channel_not_found"), ("C9", "channel_not_found")],
)
async def test_history_is_refused_where_the_bot_cannot_read(
    client: AsyncWebClient, channel: str, expected: str
) -> None:
    assert await error(client.conversations_history(channel=channel)) == expected


async def test_a_scope_for_one_kind_of_channel_does_not_open_another(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    fake.workspace.invite_bot("C2")
    answer = await refusal(client.conversations_history(channel="C2"))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:history")
    assert await error(client.conversations_list(types="im")) == "missing_scope"


async def test_channels_are_listed_by_kind_without_hidden_ones(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    async def names(**args: Any) -> list[str]:
        answer = await client.conversations_list(**args)
        return [channel["name"] for channel in answer["channels"]]

    assert await names() == ["general", "old", "open"]
    assert await names(exclude_archived=True) == ["general", "open"]
    assert await names(types="private_channel") == []
    fake.workspace.invite_bot("C2")
    assert await names(types="public_channel,private_channel", limit=999) == [
        "general",
        "secret",
        "old",
        "open",
    ]
    assert await error(client.conversations_list(types="party")) == "invalid_types"


async def test_a_channel_is_described_and_a_public_one_joined(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    known = (await client.conversations_info(channel="C4", include_num_members=True))["channel"]
    assert (known["is_member"], known["num_members"]) == (False, 1)
    await client.conversations_join(channel="C4")
    assert (await client.conversations_info(channel="C4"))["channel"]["is_member"]
    assert await error(client.conversations_join(channel="C3")) == "is_archived"
    fake.workspace.invite_bot("C2")
    call = client.conversations_join(channel="C2")
    assert await error(call) == "method_not_supported_for_channel_type"


async def test_people_are_listed_page_by_page_with_slacks_flags(client: AsyncWebClient) -> None:
    found: dict[str, dict[str, Any]] = {}
    cursor = ""
    while True:
        page = await client.users_list(limit=2, cursor=cursor)
        assert len(page["members"]) <= 2
        found |= {user["id"]: user for user in page["members"]}
        cursor = page["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert set(found) == {"USLACKBOT", "U0NORTH", "UANA", "UBEN", "UGONE", "UEXT"}
    assert found["UANA"]["tz"] == "Europe/Lisbon"
    assert found["UBEN"]["is_admin"]
    assert found["UGONE"]["deleted"]
    assert found["UEXT"]["is_stranger"]
    assert not found["USLACKBOT"]["is_bot"]
    assert found["U0NORTH"]["is_bot"]


async def test_a_broken_cursor_is_refused(client: AsyncWebClient) -> None:
    assert await error(client.users_list(cursor="nonsense")) == "invalid_cursor"


async def test_members_of_a_channel_are_told_page_by_page(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    first = await client.conversations_members(channel="C1", limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_members(channel="C1", limit=3, cursor=cursor)
    assert first["members"] + rest["members"] == fake.workspace.channels["C1"]["members"]
    assert rest["response_metadata"]["next_cursor"] == ""
    outside = await client.conversations_members(channel="C4")
    assert outside["members"] == ["UANA"]
    call = client.conversations_members(channel="C1", limit=1001)
    assert await error(call) == "invalid_limit"


async def test_members_are_told_only_of_channels_that_the_app_may_see(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    for hidden in ("C2", "C9"):
        assert await error(client.conversations_members(channel=hidden)) == "channel_not_found"
    direct = fake.workspace.dm_id("UANA")
    assert (await refusal(client.conversations_members(channel=direct)))["needed"] == "im:read"
    fake.workspace.invite_bot("C2")
    fake.installation.scopes.remove("groups:read")
    answer = await refusal(client.conversations_members(channel="C2"))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:read")
    call = client.api_call("conversations.members", json={"channel": "C1"})
    assert await error(call) == "invalid_arguments"
