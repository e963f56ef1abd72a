"""What no ritual hears, and what arrives in an unusual shape: a quiet answer, never a traceback."""

import logging
from typing import Any

import pytest

from bot.playground.server import FakeSlack
from tests.support import ANA, BEN, GENERAL, KUDOS, TEAM, Bot, Doc, give, open_form, soon, told

USER = {"user": {"id": BEN, "team_id": TEAM}, "team": {"id": TEAM}, "trigger_id": "1.1"}
VIEW = {"id": "V1", "type": "modal", "callback_id": "recognize", "state": {"values": {}}}
UNHEARD: dict[str, tuple[str, Doc]] = {
    "a global shortcut": ("interactive", {"type": "shortcut", "callback_id": "x", **USER}),
    "a message shortcut": (
        "interactive",
        {
            "type": "message_action",
            "callback_id": "x",
            "channel": {"id": GENERAL, "name": "general"},
            "message": {"ts": "1.1"},
            **USER,
        },
    ),
    "a form that was closed": ("interactive", {"type": "view_closed", "view": VIEW, **USER}),
    "a button of another version": (
        "interactive",
        {"type": "block_actions", "actions": [{"action_id": "x", "type": "button"}], **USER},
    ),
    "a message to the bot": (
        "events_api",
        {
            "type": "event_callback",
            "event": {"type": "message", "channel": "D1", "user": BEN, "text": "hello"},
        },
    ),
    "something new of Slack's": ("novelty", {"type": "novelty"}),
}


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]


@pytest.mark.parametrize("name", UNHEARD)
async def test_what_nobody_hears_is_taken_quietly(
    slack: FakeSlack, bot: Bot, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    kind, payload = UNHEARD[name]
    caplog.clear()
    reply = await slack.sockets.request(kind, {"team_id": TEAM, **payload})
    assert (reply.acked, reply.payload) == (True, None)
    assert complaints(caplog) == []


async def test_a_menu_that_nobody_fills_has_no_options(slack: FakeSlack, bot: Bot) -> None:
    asked = {"type": "block_suggestion", "action_id": "x", "block_id": "x", "value": "a", **USER}
    reply = await slack.sockets.request("interactive", asked)
    assert reply.payload == {"options": []}


async def test_a_command_of_another_name_is_answered_with_a_sentence(
    slack: FakeSlack, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    asked = {"command": "/dance", "text": "on a fix", "user_id": BEN, "team_id": TEAM}
    reply = await slack.sockets.request("slash_commands", {**asked, "trigger_id": "1.1"})
    assert reply.payload["text"] == "I do not know /dance. /mission help lists what I can do."
    assert complaints(caplog) == []


@pytest.mark.parametrize("space", ["\n", "\t", "\u00a0", " \r\n "])
async def test_any_space_ends_the_first_word(slack: FakeSlack, mission: Bot, space: str) -> None:
    await slack.command(BEN, GENERAL, f"/mission help{space}me")
    assert "the mission and its values" in told(slack, BEN)
    assert "I do not know" not in told(slack, BEN)


def click(post: Doc, **more: Any) -> Doc:
    """A click on Applaud as the least that tells who clicked what."""
    button, *_ = next(block["elements"] for block in post["blocks"] if block["type"] == "actions")
    action = {"action_id": "applaud", "type": "button", "value": button["value"]}
    return {"type": "block_actions", "actions": [action], "trigger_id": "1.1", **USER, **more}


async def test_a_click_without_its_message_counts(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, ANA, "@kim stayed late so that the clinic could book again #care")
    assert (await slack.sockets.request("interactive", click(post))).acked
    await soon(slack, lambda: "edited" in slack.messages(KUDOS)[-1])


async def test_a_refusal_that_slack_does_not_take_is_no_bug(
    slack: FakeSlack, mission: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    post = await give(slack, ANA, "@kim stayed late so that the clinic could book again #care")
    mission.may_be_refused("invalid_url")
    url = f"{slack.installation.base_url}/response/gone"
    stranger = {"user": {"id": "U0NOBODY"}, "response_url": url}
    assert (await slack.sockets.request("interactive", click(post, **stranger))).acked
    assert complaints(caplog) == ["Slack did not take the answer to a click: 404"]


async def test_a_home_that_slack_does_not_take_is_published_when_slack_asks_again(
    slack: FakeSlack, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    slack.sockets.ack_seconds = 0.5
    slack.fault("views.publish", "500")
    await slack.open_home(BEN)
    await slack.until(lambda: slack.home(BEN), 20)
    assert not [one for one in caplog.records if one.exc_info]


async def test_a_fault_without_an_input_of_its_own_is_said_at_the_first(
    slack: FakeSlack, mission: Bot
) -> None:
    # Two owners open the first form at once, which does not ask why; the other one was quicker.
    form = await open_form(slack, ANA, "/mission setup")
    asked = [block for block in form["blocks"] if block["block_id"] != "why"]
    values = {"statement": {"value": {"type": "plain_text_input", "value": "We help clinics."}}}
    view = {**form, "blocks": asked, "state": {"values": values}}
    reply = await slack.sockets.request(
        "interactive", {"type": "view_submission", "view": view, **USER, "user": {"id": ANA}}
    )
    assert set(reply.payload["errors"]) == {"statement", "values"}
    assert "Say why it changes" in reply.payload["errors"]["statement"]
