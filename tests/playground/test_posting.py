import json
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace

from .app import pressable
from .asking import error, refusal
from .conftest import MANIFEST, small_workspace

META = {"event_type": "outbox", "event_payload": {"id": "1"}}


def emoji(many: int) -> list[dict[str, Any]]:
    elements = [{"type": "emoji", "name": "tada"}] * many
    section = {"type": "rich_text_section", "elements": elements}
    return [{"type": "rich_text", "elements": [section]}]


def long(characters: int) -> list[dict[str, Any]]:
    """Blocks of every kind of text, so many characters together."""
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
    fields = [{"type": "plain_text", "text": "x" * 500}] * 2
    rest = {"type": "text", "text": "x" * (characters - 7000)}
    line = {"type": "rich_text_section", "elements": [rest]}
    return [
        section,
        {**section, "fields": fields},
        {"type": "rich_text", "elements": [line]},
    ]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"channel": "C1"}, "no_text"),
        ({"text": "x"}, "invalid_arguments"),
        ({"channel": "C9", "text": "x"}, "channel_not_found"),
        ({"channel": "C2", "text": "x"}, "channel_not_found"),
        ({"channel": "C3", "text": "x"}, "is_archived"),
        ({"channel": "C4", "text": "x"}, "not_in_channel"),
        ({"channel": "UGONE", "text": "x"}, "user_disabled"),
        ({"channel": "USLACKBOT", "text": "x"}, "cannot_dm_bot"),
        ({"channel": "U0NORTH", "text": "x"}, "cannot_dm_bot"),
        ({"channel": "C1", "text": "x" * 40_001}, "msg_too_long"),
        ({"channel": "C1", "blocks": pressable()}, "invalid_arguments"),
        ({"channel": "C1", "text": "x", "blocks": [{"type": "song"}]}, "invalid_blocks"),
        ({"channel": "C1", "text": "x", "blocks": long(10_001)}, "msg_blocks_too_long"),
        ({"channel": "C1", "text": "x", "blocks": emoji(450)}, "msg_blocks_too_long"),
        ({"channel": "C1", "text": "x", "metadata": {"id": 1}}, "invalid_metadata_format"),
        (
            {"channel": "C1", "text": "x", "metadata": {**META, "event_payload": "1"}},
            "invalid_metadata_format",
        ),
        ({"channel": "C1", "text": "x", "thread_ts": "1.2"}, "invalid_arguments"),
        ({"channel": "C1", "text": 5}, "invalid_arguments"),
        ({"channel": "C1", "text": "x", "unfurl_links": "maybe"}, "invalid_arguments"),
    ],
)
async def test_a_message_that_slack_would_not_take_is_refused(
    fake: FakeSlack, client: AsyncWebClient, args: dict[str, Any], expected: str
) -> None:
    assert await error(client.api_call("chat.postMessage", json=args)) == expected
    assert fake.messages("C1") == []


async def test_blocks_hold_ten_thousand_characters_when_posted_and_when_replaced(
    client: AsyncWebClient,
) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="x", blocks=long(10_000)))["ts"]
    call = client.chat_update(channel="C1", ts=ts, text="x", blocks=long(10_001))
    assert await error(call) == "msg_blocks_too_long"


async def test_metadata_cannot_be_bottomless(client: AsyncWebClient) -> None:
    deep: dict[str, Any] = {}
    for _ in range(101):
        deep = {"in": deep}
    metadata = {"event_type": "x", "event_payload": deep}
    call = client.chat_postMessage(channel="C1", text="x", metadata=metadata)
    assert await error(call) == "metadata_too_large"


async def test_a_refused_block_is_explained_as_slack_does(client: AsyncWebClient) -> None:
    answer = await refusal(
        client.chat_postMessage(channel="C1", text="x", blocks=[{"type": "song"}])
    )
    assert answer["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: song [json-pointer:/blocks/0/type]"
    ]


async def test_a_message_is_posted_by_json_by_form_and_by_query(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    args = {"channel": "C1", "text": "x", "blocks": json.dumps(pressable())}
    await client.api_call("chat.postMessage", json={**args, "blocks": pressable()})
    await client.api_call("chat.postMessage", data=args)
    await client.api_call("chat.postMessage", http_verb="GET", params=args)
    texts = [message["blocks"][0]["block_id"] for message in fake.messages("C1")]
    assert texts == ["buttons"] * 3


async def test_a_direct_message_goes_to_the_channel_of_the_person(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    answer = await client.chat_postMessage(channel="UANA", text="hello", metadata=META)
    assert answer["channel"] == fake.workspace.dm_id("UANA")
    assert [message["text"] for message in fake.dm("UANA")] == ["hello"]
    assert fake.dm("UBEN") == []


async def test_an_update_keeps_what_it_does_not_name_and_removes_what_is_empty(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="a", blocks=pressable(), metadata=META))[
        "ts"
    ]
    await client.chat_update(channel="C1", ts=ts, text="b")
    [message] = fake.messages("C1")
    assert (message["text"], message["metadata"]) == ("b", META)
    assert message["blocks"]
    assert message["edited"]["user"] == fake.workspace.bot_user_id
    await client.chat_update(channel="C1", ts=ts, text="c", blocks=[], metadata={})
    [message] = fake.messages("C1")
    assert "blocks" not in message
    assert "metadata" not in message


async def test_only_the_apps_own_messages_can_be_updated(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    message = await fake.message("UANA", "C1", "mine")
    call = client.chat_update(channel="C1", ts=message["ts"], text="yours")
    assert await error(call) == "cant_update_message"
    call = client.chat_update(channel="C1", ts="1.000001", text="?")
    assert await error(call) == "message_not_found"
    ts = (await client.chat_postMessage(channel="C1", text="a"))["ts"]
    assert await error(client.chat_update(channel="C1", ts=ts, text="x" * 4001)) == "msg_too_long"


async def test_a_reply_needs_a_message_that_is_no_reply_itself(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="a"))["ts"]
    reply = (await client.chat_postMessage(channel="C1", text="b", thread_ts=ts))["ts"]
    call = client.chat_postMessage(channel="C1", text="c", thread_ts=reply)
    assert await error(call) == "cannot_reply_to_message"
    assert [message.get("thread_ts") for message in fake.messages("C1")] == [None, ts]


async def test_nobody_is_written_to_where_the_messages_tab_is_off() -> None:
    features = {**MANIFEST["features"], "app_home": {"messages_tab_enabled": False}}
    manifest = {**MANIFEST, "features": features}
    fake = FakeSlack(small_workspace(Workspace()), manifest=manifest)
    await fake.start()
    client = AsyncWebClient(token=fake.bot_token, base_url=fake.api_url)
    call = client.chat_postMessage(channel="UANA", text="x")
    assert await error(call) == "messages_tab_disabled"
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    assert await error(client.views_publish(user_id="UANA", view=home)) == "not_enabled"
    await fake.stop()
