import json
from collections.abc import Awaitable
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace

from .app import pressable, view
from .conftest import MANIFEST, small_workspace

META = {"event_type": "outbox", "event_payload": {"id": "1"}}


async def refusal(call: Awaitable[Any]) -> dict[str, Any]:
    """The answer of a call that is refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    answer = caught.value.response
    found: dict[str, Any] = answer if isinstance(answer, dict) else answer.data
    return found


async def error(call: Awaitable[Any]) -> str:
    return str((await refusal(call))["error"])


async def test_the_bot_learns_who_it_is_and_what_it_may(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    answer = await client.auth_test()
    assert answer["user_id"] == fake.workspace.bot_user_id
    assert answer.headers["x-oauth-scopes"].split(",") == fake.installation.scopes


async def test_a_wrong_token_is_refused_and_each_token_has_its_methods(fake: FakeSlack) -> None:
    async def auth(token: str) -> str:
        client = AsyncWebClient(token=token, base_url=fake.api_url)
        return await error(client.auth_test())

    assert await auth("xoxb-other") == "invalid_auth"
    assert await auth(fake.app_token) == "not_allowed_token_type"
    client = AsyncWebClient(base_url=fake.api_url)
    assert await error(client.auth_test()) == "not_authed"
    assert await error(client.apps_connections_open(app_token=fake.bot_token)) == (
        "not_allowed_token_type"
    )


async def test_an_unknown_method_and_an_unknown_argument_are_refused_and_noted(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    assert await error(client.api_call("chat.shout")) == "unknown_method"
    call = client.api_call("chat.postMessage", json={"channel": "C1", "text": "x", "loud": True})
    assert await error(call) == "invalid_arguments"
    assert [each["method"] for each in fake.refusals] == ["chat.shout", "chat.postMessage"]
    assert fake.calls == []


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


async def test_a_method_without_its_scope_is_refused_with_what_is_needed() -> None:
    manifest = {**MANIFEST, "oauth_config": {"scopes": {"bot": ["users:read"]}}}
    fake = FakeSlack(small_workspace(Workspace()), manifest=manifest)
    await fake.start()
    client = AsyncWebClient(token=fake.bot_token, base_url=fake.api_url)
    answer = await refusal(client.chat_postMessage(channel="C1", text="x"))
    assert answer["needed"] == "chat:write"
    assert answer["provided"] == "users:read"
    await fake.stop()


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


async def test_a_method_that_takes_no_json_refuses_it(client: AsyncWebClient) -> None:
    assert await error(client.api_call("users.list", json={"limit": 1})) == "invalid_arguments"


async def test_a_trigger_opens_one_view_within_three_seconds(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    triggers = fake.installation.triggers
    trigger = triggers.new("UANA")
    opened = await client.views_open(trigger_id=trigger, view=view())
    assert fake.views("UANA")[-1]["id"] == opened["view"]["id"]
    again = client.views_open(trigger_id=trigger, view=view())
    assert await error(again) == "exchanged_trigger_id"
    late = triggers.new("UANA")
    fake.workspace.move_clock(3.5)
    assert await error(client.views_open(trigger_id=late, view=view())) == "expired_trigger_id"
    made_up = client.views_open(trigger_id="1.2.3", view=view())
    assert await error(made_up) == "invalid_trigger_id"


async def test_a_view_that_is_refused_leaves_the_trigger_good(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    trigger = fake.installation.triggers.new("UANA")
    bad = client.views_open(trigger_id=trigger, view=view(title={"type": "mrkdwn", "text": "x"}))
    assert await error(bad) == "invalid_arguments"
    assert (await client.views_open(trigger_id=trigger, view=view()))["ok"]


async def test_a_view_is_updated_by_id_or_name_and_only_with_its_present_hash(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    trigger = fake.installation.triggers.new("UANA")
    opened = (await client.views_open(trigger_id=trigger, view=view(external_id="one")))["view"]
    fresh = await client.views_update(external_id="one", hash=opened["hash"], view=view())
    assert fresh["view"]["id"] == opened["id"]
    assert fresh["view"]["hash"] != opened["hash"]
    stale = client.views_update(view_id=opened["id"], hash=opened["hash"], view=view())
    assert await error(stale) == "hash_conflict"
    assert await error(client.views_update(view_id="V9", view=view())) == "not_found"


async def test_a_view_too_large_or_with_a_name_taken_is_refused(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    trigger = fake.installation.triggers.new("UANA")
    text = {"type": "mrkdwn", "text": "x" * 3000}
    large = view(blocks=[{"type": "section", "text": text}] * 90)
    assert await error(client.views_open(trigger_id=trigger, view=large)) == "view_too_large"
    await client.views_open(trigger_id=trigger, view=view(external_id="one"))
    other = fake.installation.triggers.new("UBEN")
    call = client.views_open(trigger_id=other, view=view(external_id="one"))
    assert await error(call) == "duplicate_external_id"


async def test_a_home_tab_is_published_and_replaced(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = (await client.views_publish(user_id="UANA", view=home))["view"]
    second = (await client.views_publish(user_id="UANA", view=home, hash=first["hash"]))["view"]
    assert first["id"] == second["id"]
    call = client.views_publish(user_id="UANA", view=home, hash=first["hash"])
    assert await error(call) == "hash_conflict"
    assert await error(client.views_publish(user_id="UANA", view=view())) == "invalid_arguments"
    assert await error(client.views_publish(user_id="U9", view=home)) == "invalid_arguments"


async def test_a_body_that_is_no_json_object_is_refused(fake: FakeSlack) -> None:
    async def post(body: str, kind: str) -> str:
        headers = {"Authorization": f"Bearer {fake.bot_token}", "Content-Type": kind}
        url = f"{fake.api_url}chat.postMessage"
        async with aiohttp.ClientSession() as session:
            response = await session.post(url, data=body, headers=headers)
            return str((await response.json())["error"])

    assert await post("{", "application/json") == "invalid_json"
    assert await post("[]", "application/json") == "json_not_object"
    assert await post("x", "text/csv") == "invalid_post_type"
