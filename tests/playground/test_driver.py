from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.errors import CannotActError
from bot.playground.payloads import escaped
from bot.playground.server import FakeSlack

from .app import button, pressable


def heard(fake: FakeSlack, text: str) -> str:
    """What the app hears of a text that Ana types after a command."""
    return escaped(fake.workspace, "UANA", text)


async def test_a_command_reaches_the_app_and_its_answer_is_for_one_person(
    fake: FakeSlack, app: AsyncApp
) -> None:
    done = await fake.command("UANA", "C1", "/echo hello")
    assert done.acked
    assert [each["text"] for each in fake.ephemerals("UANA")] == ["hello"]
    assert fake.ephemerals("UBEN") == []
    assert fake.messages("C1") == []
    assert len(fake.messages("C1", seen_by="UANA")) == 1


async def test_a_response_in_the_channel_is_for_everybody(fake: FakeSlack, app: AsyncApp) -> None:
    await fake.command("UANA", "C1", "/loud hello")
    assert [each["text"] for each in fake.messages("C1")] == ["hello"]


async def test_a_command_that_the_app_does_not_know_is_not_acknowledged(
    fake: FakeSlack, app: AsyncApp
) -> None:
    fake.sockets.ack_seconds = 0.1
    assert not (await fake.command("UANA", "C1", "/silent")).acked


async def test_an_answer_that_slack_refuses_is_a_failure_and_a_refusal(
    fake: FakeSlack, app: AsyncApp
) -> None:
    done = await fake.command("UANA", "C1", "/wrong")
    assert not done.ok
    assert fake.ephemerals("UANA") == []
    assert [each["error"] for each in fake.refusals] == ["invalid_blocks"]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("&amp;", "&amp;amp;"),
        ("@ana well done", "<@UANA|ana> well done"),
        ("(@ana), @ben.", "(<@UANA|ana>), <@UBEN|ben>."),
        ("@nobody and mail@ana.org", "@nobody and mail@ana.org"),
        ("@channel @here", "<!channel> <!here>"),
        ("see #general #care", "see <#C1|general> #care"),
        ("#secret", "#secret"),
        ("<@UBEN> and <@UBEN|old name>", "<@UBEN|ben> and <@UBEN|ben>"),
        ("<@UNOBODY>", "&lt;@UNOBODY&gt;"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("<#C1> <#C2|secret>", "<#C1|general> &lt;#C2|secret&gt;"),
    ],
)
async def test_a_commands_text_is_escaped_as_slack_does(
    fake: FakeSlack, typed: str, expected: str
) -> None:
    assert heard(fake, typed) == expected


async def test_people_do_only_what_slack_lets_them_do(fake: FakeSlack) -> None:
    with pytest.raises(CannotActError, match="/nothing is not a valid command"):
        await fake.command("UANA", "C1", "/nothing")
    for user, channel in (("UEXT", "C1"), ("UGONE", "C1"), ("UANA", "C2"), ("UANA", "C3")):
        with pytest.raises(CannotActError):
            await fake.command(user, channel, "/echo")
    with pytest.raises(CannotActError):
        await fake.message("UEXT", "C4", "hello")


async def test_an_external_person_can_press_a_button_in_a_shared_channel(
    fake: FakeSlack, app: AsyncApp, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="x", blocks=pressable()))["ts"]
    done = await fake.click("UEXT", channel="C1", ts=ts, action_id="press")
    assert done.ok
    sent = fake.sockets.sent[-1]["payload"]
    assert (sent["user"]["team_id"], sent["team"]["id"]) == ("T0OTHER", fake.workspace.team_id)
    with pytest.raises(CannotActError):
        await fake.click("UEXT", channel="C4", ts=ts, action_id="press")


async def test_a_click_carries_the_message_and_can_replace_it(
    fake: FakeSlack, app: AsyncApp, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="x", blocks=pressable()))["ts"]
    [before] = fake.messages("C1")
    assert (await fake.click("UANA", channel="C1", ts=ts, action_id="press")).ok
    sent = fake.sockets.sent[-1]["payload"]
    assert sent["message"] == before
    assert sent["container"]["message_ts"] == ts
    [action] = sent["actions"]
    assert (action["value"], action["block_id"]) == ("1", "buttons")
    [after] = fake.messages("C1")
    assert after["text"] == "pressed"
    assert "blocks" not in after


async def test_a_stale_picture_of_a_message_can_be_clicked(
    fake: FakeSlack, app: AsyncApp, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="x", blocks=pressable()))["ts"]
    [stale] = fake.messages("C1")
    await client.chat_update(channel="C1", ts=ts, text="done", blocks=[])
    with pytest.raises(LookupError):
        await fake.click("UANA", channel="C1", ts=ts, action_id="press")
    assert (await fake.click("UANA", channel="C1", message=stale, action_id="press")).acked


async def test_a_button_is_found_by_its_value_among_others_like_it(
    fake: FakeSlack, app: AsyncApp, client: AsyncWebClient
) -> None:
    blocks = [{"type": "actions", "elements": [button(value=value)]} for value in "abc"]
    ts = (await client.chat_postMessage(channel="C1", text="x", blocks=blocks))["ts"]
    await fake.click("UANA", channel="C1", ts=ts, action_id="press", value="b")
    assert fake.sockets.sent[-1]["payload"]["actions"][0]["value"] == "b"


async def test_an_ephemeral_message_is_clicked_without_its_content_and_only_by_its_reader(
    fake: FakeSlack, app: AsyncApp
) -> None:
    body = {"user": "U0NORTH", "text": "psst", "blocks": pressable()}
    ts = fake.workspace.messages.post("C1", body, only="UANA")["ts"]
    with pytest.raises(LookupError):
        await fake.click("UBEN", channel="C1", ts=ts, action_id="press")
    assert (await fake.click("UANA", channel="C1", ts=ts, action_id="press")).ok
    sent = fake.sockets.sent[-1]["payload"]
    assert sent["container"]["is_ephemeral"]
    assert "message" not in sent
    assert [each["text"] for each in fake.ephemerals("UANA")] == ["pressed"]


async def test_opening_the_home_tab_lets_the_app_publish_it(fake: FakeSlack, app: AsyncApp) -> None:
    assert fake.home("UANA") is None
    view = await fake.open_home("UANA")
    assert view is not None
    assert view["blocks"][0]["text"]["text"] == "Welcome"
    await fake.open_home("UANA")
    assert fake.sockets.sent[-1]["payload"]["event"]["view"]["id"] == view["id"]


async def test_a_message_to_the_bot_is_heard_and_one_where_it_is_not_is_not(
    fake: FakeSlack, app: AsyncApp
) -> None:
    await fake.message("UANA", fake.workspace.dm_id("UANA"), "hello")
    await fake.until(lambda: fake.messages("C1"))
    assert fake.messages("C1")[0]["text"] == "heard message"
    sent = len(fake.sockets.sent)
    await fake.message("UANA", "C4", "hello")
    assert len(fake.sockets.sent) == sent


async def test_joining_editing_and_inviting_are_heard(fake: FakeSlack, app: AsyncApp) -> None:
    fake.workspace.join("UNEW", name="new")
    fake.workspace.edit_person("UBEN", deleted=True)
    fake.workspace.invite_bot("C2")
    fake.workspace.invite_bot("C2")
    await fake.events.settled()
    said = sorted(message["text"] for message in fake.messages("C1"))
    assert said == ["heard member_joined_channel", "heard team_join", "heard user_change"]
    assert fake.workspace.person("UBEN")["deleted"]


def rich(element: dict[str, Any]) -> dict[str, Any]:
    line = {"type": "rich_text_section", "elements": [element]}
    return {"type": "rich_text", "elements": [line]}


async def test_pings_by_the_app_are_recorded_and_plain_words_are_none(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    calm = [
        rich({"type": "text", "text": "<!channel> <@UANA>"}),
        {"type": "header", "text": {"type": "plain_text", "text": "<!here>"}},
    ]
    await client.chat_postMessage(channel="C1", text="calm", blocks=calm)
    await fake.message("UANA", "C1", "@channel @ben")
    assert fake.workspace.pings == []
    loud = [
        rich({"type": "user", "user_id": "UANA"}),
        rich({"type": "broadcast", "range": "everyone"}),
        {"type": "section", "text": {"type": "mrkdwn", "text": "<!channel|all> <!here>"}},
    ]
    ts = (await client.chat_postMessage(channel="C1", text="hi <@UBEN>", blocks=loud))["ts"]
    assert [(ping["kind"], ping["id"]) for ping in fake.workspace.pings] == [
        ("user", "UBEN"),
        ("user", "UANA"),
        ("channel", "everyone"),
        ("channel", "channel"),
        ("here", "here"),
    ]
    assert {ping["ts"] for ping in fake.workspace.pings} == {ts}


async def test_waiting_for_what_does_not_come_shows_the_workspace(fake: FakeSlack) -> None:
    await fake.message("UANA", "C1", "where is it")
    with pytest.raises(AssertionError, match="where is it"):
        await fake.until(lambda: False, seconds=0.01)


async def test_a_button_on_the_home_tab_can_be_pressed_by_its_owner_only(
    fake: FakeSlack, app: AsyncApp
) -> None:
    fake.sockets.ack_seconds = 0.1
    home = fake.workspace.views.publish("UANA", {"type": "home", "blocks": pressable()})
    await fake.click("UANA", view=home, action_id="press")
    payload = fake.sockets.sent[-1]["payload"]
    assert payload["view"]["type"] == "home"
    assert "response_url" not in payload
    with pytest.raises(LookupError):
        await fake.click("UBEN", view=home, action_id="press")


async def test_nobody_writes_to_an_app_whose_messages_are_read_only(fake: FakeSlack) -> None:
    fake.installation.messages_read_only = True
    with pytest.raises(CannotActError, match="turned off"):
        await fake.message("UANA", fake.workspace.dm_id("UANA"), "hello")
    await fake.message("UANA", "C1", "hello")
