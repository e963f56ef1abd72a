from copy import deepcopy
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.errors import CannotActError
from bot.playground.people import TEAM_ID
from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace

from .app import pressable
from .conftest import MANIFEST, shortcut, small_workspace

AROUND = {"type", "token", "action_ts", "team", "user", "callback_id", "trigger_id"}
AROUND |= {"enterprise", "is_enterprise_install"}


def sent(fake: FakeSlack) -> dict[str, Any]:
    found: dict[str, Any] = fake.sockets.sent[-1]["payload"]
    return found


async def test_a_global_shortcut_knows_no_channel_and_can_open_a_form(
    fake: FakeSlack, app: AsyncApp
) -> None:
    done = await fake.shortcut("UANA", "open_form")
    assert done.ok
    assert len(fake.views("UANA")) == 1
    assert set(sent(fake)) == AROUND
    assert sent(fake)["type"] == "shortcut"
    assert sent(fake)["user"] == {"id": "UANA", "username": "ana", "team_id": TEAM_ID}
    assert sent(fake)["team"] == {"id": TEAM_ID, "domain": "playground"}


async def test_a_shortcut_of_a_message_carries_it_as_it_is_and_can_answer(
    fake: FakeSlack, app: AsyncApp
) -> None:
    message = await fake.message("UBEN", "C1", "I fixed <it> for @ana")
    assert (await fake.message_shortcut("UANA", "C1", message["ts"], "echo_this")).ok
    assert set(sent(fake)) == {*AROUND, "channel", "message", "message_ts", "response_url"}
    assert sent(fake)["type"] == "message_action"
    assert sent(fake)["message"] == message
    assert sent(fake)["message_ts"] == message["ts"]
    assert sent(fake)["channel"] == {"id": "C1", "name": "general"}
    assert [each["text"] for each in fake.ephemerals("UANA")] == [
        "I fixed &lt;it&gt; for <@UANA|ana>"
    ]


async def test_the_apps_own_messages_and_replies_have_their_shortcuts_too(
    fake: FakeSlack, app: AsyncApp, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="a card", blocks=pressable()))["ts"]
    await fake.message_shortcut("UANA", "C1", ts, "echo_this")
    assert sent(fake)["message"]["bot_id"] == fake.workspace.bot_id
    assert sent(fake)["message"]["blocks"][0]["block_id"] == "buttons"
    reply = await fake.message("UBEN", "C1", "and a reply", thread_ts=ts)
    await fake.message_shortcut("UANA", "C1", reply["ts"], "echo_this")
    assert sent(fake)["message"]["thread_ts"] == ts
    assert sent(fake)["message"]["parent_user_id"] == fake.workspace.bot_user_id
    with pytest.raises(LookupError):
        await fake.message("UBEN", "C1", "a reply to a reply", thread_ts=reply["ts"])


async def test_a_message_of_a_partner_company_names_their_workspace(
    fake: FakeSlack, app: AsyncApp
) -> None:
    message = await fake.message("UEXT", "C1", "from elsewhere")
    await fake.message_shortcut("UANA", "C1", message["ts"], "echo_this")
    told = sent(fake)["message"]
    away = ("UEXT", "T0OTHER", "T0OTHER", "T0OTHER")
    assert (told["user"], told["team"], told["user_team"], told["source_team"]) == away


@pytest.mark.parametrize(
    ("channel", "name"),
    [("C4", "open"), ("C2", "privategroup"), ("DUBEN", "directmessage"), ("D0", "directmessage")],
)
async def test_a_shortcut_works_and_is_answered_where_the_app_is_not(
    fake: FakeSlack, app: AsyncApp, channel: str, name: str
) -> None:
    fake.workspace.add_direct("D0", "UANA", "UBEN")
    where = fake.workspace.dm_id("UBEN") if channel == "DUBEN" else channel
    message = await fake.message("UBEN", where, "well done")
    assert (await fake.message_shortcut("UBEN", where, message["ts"], "echo_this")).ok
    assert sent(fake)["channel"] == {"id": where, "name": name}
    assert [each["text"] for each in fake.ephemerals("UBEN")] == ["well done"]
    assert fake.refusals == []


async def test_direct_messages_of_people_do_not_exist_for_the_app(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    fake.workspace.add_direct("D0", "UANA", "UBEN")
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert [each["id"] for each in listed["channels"]] == ["C1", "C3", "C4"]
    with pytest.raises(CannotActError):
        await fake.message("UEXT", "D0", "let me in")


async def test_the_shortcut_of_a_message_deleted_meanwhile_carries_it_as_it_was(
    fake: FakeSlack, app: AsyncApp
) -> None:
    message = await fake.message("UBEN", "C1", "taken back")
    await fake.delete_message("UBEN", "C1", message["ts"])
    assert fake.messages("C1") == []
    assert (await fake.message_shortcut("UANA", "C1", message["ts"], "echo_this")).ok
    assert sent(fake)["message"] == message


async def test_people_delete_their_own_messages_only(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    message = await fake.message("UBEN", "C1", "mine")
    posted = (await client.chat_postMessage(channel="C1", text="the app's"))["ts"]
    for ts in (message["ts"], posted):
        with pytest.raises(CannotActError):
            await fake.delete_message("UANA", "C1", ts)
    with pytest.raises(LookupError):
        await fake.delete_message("UANA", "C1", "1.000001")
    assert len(fake.messages("C1")) == 2


async def test_what_only_one_person_sees_has_no_shortcuts(fake: FakeSlack, app: AsyncApp) -> None:
    ts = fake.workspace.messages.post("C1", {"user": "U0NORTH", "text": "psst"}, only="UANA")["ts"]
    with pytest.raises(LookupError):
        await fake.message_shortcut("UANA", "C1", ts, "echo_this")


async def test_a_shortcut_that_is_not_declared_or_of_another_type_is_not_there(
    fake: FakeSlack, app: AsyncApp
) -> None:
    ts = (await fake.message("UBEN", "C1", "x"))["ts"]
    for name in ("nothing", "open_form"):
        with pytest.raises(LookupError, match=name):
            await fake.message_shortcut("UANA", "C1", ts, name)
    with pytest.raises(LookupError, match="echo_this"):
        await fake.shortcut("UANA", "echo_this")


async def test_shortcuts_are_for_those_who_see_the_message_and_work_here(
    fake: FakeSlack, app: AsyncApp
) -> None:
    ts = (await fake.message("UBEN", "C2", "secret"))["ts"]
    with pytest.raises(CannotActError):
        await fake.message_shortcut("UANA", "C2", ts, "echo_this")
    for user in ("UEXT", "UGONE"):
        with pytest.raises(CannotActError):
            await fake.shortcut(user, "open_form")
    assert fake.sockets.sent == []


async def test_a_shortcut_that_fails_says_so(fake: FakeSlack, app: AsyncApp) -> None:
    fake.sockets.ack_seconds = 0.1
    ts = (await fake.message("UBEN", "C1", "x"))["ts"]
    done = await fake.message_shortcut("UANA", "C1", ts, "silent_this")
    assert done.error == "Silent this failed because the app did not respond"
    done = await fake.message_shortcut("UANA", "C1", ts, "wrong_this")
    assert not done.ok
    assert [each["method"] for each in fake.refusals] == ["acknowledgement"]


@pytest.mark.parametrize(
    "listed",
    [
        [{**shortcut("global", "x"), "name": "n" * 25}],
        [{**shortcut("global", "x"), "description": "d" * 151}],
        [shortcut("sideways", "x")],
        [{"name": "x", "type": "global", "callback_id": "x"}],
        [shortcut("global", "x"), shortcut("message", "x")],
        [shortcut("global", str(number)) for number in range(11)],
        [],
    ],
)
async def test_shortcuts_that_slack_would_not_take_are_refused(listed: list[Any]) -> None:
    manifest = {**MANIFEST, "features": {**MANIFEST["features"], "shortcuts": listed}}
    with pytest.raises(ValueError, match="shortcut"):
        FakeSlack(small_workspace(Workspace()), manifest=manifest)


async def test_shortcuts_need_the_scope_of_commands() -> None:
    manifest = deepcopy(MANIFEST)
    manifest["oauth_config"]["scopes"]["bot"].remove("commands")
    with pytest.raises(ValueError, match="scope commands"):
        FakeSlack(small_workspace(Workspace()), manifest=manifest)
