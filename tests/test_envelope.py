"""What Slack sends has the shapes that are asked for, in all the ways in which it was seen."""

from typing import Any

import pytest

from bot import envelope
from bot.blocks import forms
from bot.envelope import NotSlacksError

GRID: Any = {"enterprise": {"id": "E1", "name": "Grid"}, "is_enterprise_install": False}
PERSON: Any = {"user": {"id": "U1", "username": "ana", "team_id": "T2"}, "trigger_id": "1.2.3"}
VIEW: Any = {
    "id": "V1",
    "type": "modal",
    "callback_id": "recognition_withdraw",
    "hash": "1.a",
    "private_metadata": "7",
    "previous_view_id": None,
    "root_view_id": "V1",
    "app_installed_team_id": "T1",
    "blocks": [{"type": "section", "block_id": "x", "text": {"type": "plain_text", "text": "?"}}],
}
COMMAND: Any = {
    "command": "/recognize",
    "text": "",
    "user_id": "U1",
    "trigger_id": "1.2",
    "is_enterprise_install": "false",
    "enterprise_id": "E1",
    "enterprise_name": "Grid",
}
BOT_MESSAGE: Any = {"type": "message", "subtype": "bot_message", "ts": "1.2", "bot_id": "B1"}
SEEN: dict[str, Any] = {
    "a command": COMMAND,
    "a click of somebody of another organisation": {
        "type": "block_actions",
        **PERSON,
        **GRID,
        "team": {"id": "T1", "domain": "north", "enterprise_id": "E1", "enterprise_name": "Grid"},
        "channel": {"id": "C1", "name": "kudos"},
        "message": BOT_MESSAGE,
        "state": {"values": {}},
        "response_url": "https://hooks.slack.com/actions/T1/1/x",
        "actions": [{"type": "button", "action_id": "applaud", "block_id": "b", "value": "7"}],
    },
    "a click on Home": {
        "type": "block_actions",
        **PERSON,
        "team": None,
        "enterprise": None,
        "is_enterprise_install": True,
        "view": VIEW | {"type": "home", "callback_id": "", "state": {"values": []}},
        "actions": [{"type": "button", "action_id": "open_recognize", "block_id": "b"}],
    },
    "a form without inputs": {
        "type": "view_submission",
        **PERSON,
        "view": VIEW | {"state": {"values": []}},
        "response_urls": [],
    },
    "a form whose state is empty": {
        "type": "view_submission",
        **PERSON,
        "view": VIEW | {"state": {}},
    },
    "a form with nothing in an input": {
        "type": "view_submission",
        **PERSON,
        "view": VIEW | {"state": {"values": {"reason": {}, "message": {"value": {}}}}},
    },
    "a shortcut": {"type": "shortcut", "callback_id": "story", **PERSON, "action_ts": "1.2"},
    "a shortcut beside a bot's message": {
        "type": "message_action",
        "callback_id": "recognize_this",
        **PERSON,
        "team": {"id": "T1", "domain": "north"},
        "channel": {"id": "C1", "name": "general"},
        "message": BOT_MESSAGE | {"files": [{"id": "F1"}], "thread_ts": "1.1", "text": ""},
        "message_ts": "1.2",
    },
    "a form that was closed": {
        "type": "view_closed",
        **PERSON,
        "view": VIEW | {"state": {"values": []}},
        "is_cleared": False,
    },
    "a menu that asks for options": {
        "type": "block_suggestion",
        **PERSON,
        "channel": {"id": "C1"},
        "message": BOT_MESSAGE,
        "action_id": "x",
        "block_id": "b",
        "value": "a",
    },
    "what nobody hears": {"type": "event_callback", "event": {"type": "channel_created"}},
    "what Slack asks at first": {"type": "url_verification", "token": "x", "challenge": "c"},
    "what Slack says of too many": {"type": "app_rate_limited", "minute_rate_limited": 1},
    "who left": {
        "type": "event_callback",
        "event_id": "Ev1",
        "event_time": 1,
        "authorizations": [{"enterprise_id": None, "team_id": "T1", "is_bot": True}],
        "event": {
            "type": "user_change",
            "user": {"id": "U1", "deleted": True, "profile": {"real_name": None}},
            "cache_ts": 1,
            "event_ts": "1767603600.000000",
        },
    },
}


@pytest.mark.parametrize("sent", SEEN.values(), ids=SEEN)
def test_what_slack_was_seen_to_send_is_heard(sent: Any) -> None:
    envelope.check(sent)


@pytest.mark.parametrize("sent", [s for s in SEEN.values() if s.get("type") == "view_submission"])
def test_a_form_is_read_however_slack_says_that_nothing_is_in_it(sent: Any) -> None:
    assert not any(forms.filled(sent["view"]).values())


OTHERWISE: dict[str, Any] = {
    "no person": {name: held for name, held in COMMAND.items() if name != "user_id"},
    "a number in the place of a text": COMMAND | {"text": 7},
    "what nobody can type": COMMAND | {"text": "a\x00b"},
    "half of a letter": COMMAND | {"text": "\ud800"},
    "two kinds at once": COMMAND | {"type": "event_callback", "event": {"type": "x"}},
    "a kind that is nothing": COMMAND | {"event": None},
    "a time that no calendar has": {
        "type": "event_callback",
        "event_time": 10**18,
        "event": {"type": "app_uninstalled"},
    },
    "a form without a name": {
        "type": "view_submission",
        **PERSON,
        "view": {name: held for name, held in VIEW.items() if name != "callback_id"},
    },
    "nothing": None,
    "a list": [],
}


@pytest.mark.parametrize("sent", OTHERWISE.values(), ids=OTHERWISE)
def test_whatever_else_comes_is_nothing_of_slacks(sent: Any) -> None:
    with pytest.raises(NotSlacksError) as refused:
        envelope.check(sent)
    assert "a\x00b" not in str(refused.value)
