"""What people do, as Slack sends it: every envelope is new, and made before it is timed."""

import json
from dataclasses import dataclass
from itertools import count
from typing import Any

TEAM, BOT, CHANNEL = "T1", "UBOT", "C1"
ADMIN, GIVER, FIRST, SECOND = "U1", "U2", "U3", "U4"
MEMBERS: list[dict[str, Any]] = [
    {"id": f"U{number}", "name": f"n{number}", "tz": "Europe/Berlin"}
    | {"is_admin": number == 1, "team_id": TEAM}
    for number in range(1, 50)
]
MESSAGE = "stayed late so that the clinic could book again"
LINE = f"<@{FIRST}> <@{SECOND}|n4> {MESSAGE} #care"

_numbers = count(1)


@dataclass(frozen=True)
class Envelope:
    """One delivery over Socket Mode."""

    id: str
    text: str


def _envelope(kind: str, payload: dict[str, Any]) -> Envelope:
    number = f"e{next(_numbers)}"
    whole = {"envelope_id": number, "type": kind, "payload": payload}
    return Envelope(number, json.dumps(whole | {"accepts_response_payload": kind != "events_api"}))


def _trigger() -> str:
    return f"{next(_numbers)}.1.bench"


def command(name: str, text: str = "") -> Envelope:
    """A slash command."""
    return _envelope(
        "slash_commands",
        {
            "token": "bench",
            "team_id": TEAM,
            "team_domain": "bench",
            "channel_id": "C2",
            "channel_name": "general",
            "user_id": GIVER,
            "user_name": "n2",
            "command": name,
            "text": text,
            "api_app_id": "A1",
            "is_enterprise_install": "false",
            "response_url": "http://127.0.0.1/unused",
            "trigger_id": _trigger(),
        },
    )


def recognize() -> Envelope:
    """The one-liner: two people, one value."""
    return command("/recognize", LINE)


def _interaction(kind: str, **more: Any) -> Envelope:
    common = {
        "type": kind,
        "user": {"id": GIVER, "username": "n2", "name": "n2", "team_id": TEAM},
        "team": {"id": TEAM, "domain": "bench"},
        "enterprise": None,
        "is_enterprise_install": False,
        "api_app_id": "A1",
        "token": "bench",
        "trigger_id": _trigger(),
    }
    return _envelope("interactive", {**common, **more})


def applaud(record: int) -> Envelope:
    """A click on Applaud, as if the post had changed since the click before."""
    state = next(_numbers)
    pressed = {"type": "button", "action_id": "applaud", "block_id": "b", "action_ts": "1.2"}
    shown = {"text": {"type": "plain_text", "text": "Applaud"}, "value": f"{record}:{state}"}
    place = {"type": "message", "message_ts": "1767600000.000001", "channel_id": CHANNEL}
    return _interaction(
        "block_actions",
        container=place,
        channel={"id": CHANNEL, "name": "kudos"},
        message={"ts": "1767600000.000001", "text": "…", "blocks": []},
        state={"values": {}},
        response_url="http://127.0.0.1/unused",
        actions=[pressed | shown],
    )


def tap(round_id: int, question: str, *, response_url: str) -> Envelope:
    """A tap on an answer, and each time on another one than before."""
    number = next(_numbers) % 5 + 1
    pressed = {"type": "button", "action_id": f"pulse_answer_{number}", "block_id": "b"}
    shown = {"text": {"type": "plain_text", "text": "Agree"}, "action_ts": "1.2"}
    place = {"type": "message", "message_ts": "1767600000.000002", "channel_id": "D2"}
    return _interaction(
        "block_actions",
        container=place,
        channel={"id": "D2", "name": "directmessage"},
        message={"ts": "1767600000.000002", "text": "…", "blocks": []},
        state={"values": {}},
        response_url=response_url,
        actions=[pressed | shown | {"value": f"{round_id}:{question}:{number}"}],
    )


def submission(form: dict[str, Any]) -> Envelope:
    """The form for recognising, filled in."""
    people = {"type": "multi_users_select", "selected_users": [FIRST, SECOND]}
    message = {"type": "plain_text_input", "value": MESSAGE}
    value = {"type": "static_select", "selected_option": {"value": "care"}}
    filled = {"recipients": people, "message": message, "value": value}
    view = form | {
        "id": f"V{next(_numbers)}",
        "hash": "1.bench",
        "team_id": TEAM,
        "private_metadata": "",
        "state": {"values": {name: {"value": given} for name, given in filled.items()}},
    }
    return _interaction("view_submission", view=view, response_urls=[])


def glance() -> Envelope:
    """An event that asks for nothing: somebody looked at the messages tab."""
    event = {"type": "app_home_opened", "user": GIVER, "channel": "D1", "tab": "messages"}
    bot = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True}
    return _envelope(
        "events_api",
        {
            "token": "bench",
            "team_id": TEAM,
            "api_app_id": "A1",
            "event": event | {"event_ts": "1767600000.000001"},
            "type": "event_callback",
            "event_id": f"Ev{next(_numbers)}",
            "event_time": 1767600000,
            "authorizations": [bot | {"is_enterprise_install": False}],
            "is_ext_shared_channel": False,
        },
    )
