"""What Slack sends to the app when a person does something."""

import re
from typing import Any

from bot.playground import forms
from bot.playground.people import APP_ID, TEAM_ID
from bot.playground.store import Doc
from bot.playground.workspace import Workspace

# A picked mention, or a word that may be one, not inside another word or an address.
_TYPED = re.compile(
    r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>|<#(C[A-Z0-9]+)(?:\|[^>]*)?>|"
    r"<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>|(?<!\w)[@#][\w.-]+"
)
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def escaped(workspace: Workspace, user: str, text: str) -> str:
    """A command's text as Slack sends it with should_escape: mentions and entities.

    A group is a mention only where it was picked, `<!subteam^S1>`; typed by hand it is a word.
    """
    parts, end = [], 0
    for found in _TYPED.finditer(text):
        token, tail = _token(workspace, user, found)
        parts += [_entities(text[end : found.start()]), token, _entities(tail)]
        end = found.end()
    return "".join([*parts, _entities(text[end:])])


def _entities(text: str) -> str:
    return re.sub("[&<>]", lambda match: _ENTITIES[match[0]], text)


def _token(workspace: Workspace, user: str, found: re.Match[str]) -> tuple[str, str]:
    """The mention that a match stands for, and what of it is plain text after all."""
    whole, person, channel, group = found[0], found[1], found[2], found[3]
    if person or channel or group:
        token = _user_token(workspace, person) or _channel_token(workspace, user, channel)
        token = token or _group_token(workspace, group)
        return (token, "") if token else ("", whole)
    word = whole[1:]
    bare = word.rstrip(".-_")
    for name in dict.fromkeys((word, bare)):
        token = _named(workspace, user, whole[0], name)
        if token:
            return token, word[len(name) :]
    return "", whole


def _named(workspace: Workspace, user: str, mark: str, name: str) -> str | None:
    if mark == "@":
        if name in ("channel", "here"):
            return f"<!{name}>"
        known = [each["id"] for each in workspace.people() if each["name"] == name]
        return _user_token(workspace, known[0]) if known else None
    found = [c["id"] for c in workspace.channels.values() if c["name"] == name]
    return _channel_token(workspace, user, found[0]) if found else None


def _user_token(workspace: Workspace, user: str | None) -> str | None:
    if user not in workspace.persons:
        return None
    return f"<@{user}|{workspace.person(user)['name']}>"


def _group_token(workspace: Workspace, group: str | None) -> str | None:
    if group not in workspace.usergroups:
        return None
    return f"<!subteam^{group}|@{workspace.usergroups[group]['handle']}>"


def _channel_token(workspace: Workspace, user: str, channel: str | None) -> str | None:
    if channel not in workspace.channels or not workspace.can_see(user, channel):
        return None
    return f"<#{channel}|{workspace.channels[channel]['name']}>"


def channel_name(workspace: Workspace, channel: str) -> str:
    """The name that Slack tells for a channel or a direct message."""
    known = workspace.channels.get(channel)
    if known is None or known.get("is_direct"):
        return "directmessage"
    return "privategroup" if known["is_private"] else str(known["name"])


def command(workspace: Workspace, user: str, channel: str, name: str, text: str) -> Doc:
    """A slash command, without trigger and response_url."""
    return {
        "token": "playground",
        "team_id": TEAM_ID,
        "team_domain": workspace.domain,
        "channel_id": channel,
        "channel_name": channel_name(workspace, channel),
        "user_id": user,
        "user_name": workspace.person(user)["name"],
        "command": name,
        "text": escaped(workspace, user, text),
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
    }


def interaction(workspace: Workspace, user: str, kind: str) -> Doc:
    """What every interactive payload begins with."""
    person = workspace.person(user)
    names = {"username": person["name"], "name": person["name"], "team_id": person["team_id"]}
    return {
        "type": kind,
        "user": {"id": user, **names},
        "api_app_id": APP_ID,
        **_around(workspace),
    }


def shortcut(workspace: Workspace, user: str, callback_id: str) -> Doc:
    """A global shortcut, without trigger and stamp: it knows no channel."""
    person = workspace.person(user)
    who = {"id": user, "username": person["name"], "team_id": person["team_id"]}
    return {"type": "shortcut", "callback_id": callback_id, "user": who, **_around(workspace)}


def message_shortcut(
    workspace: Workspace, user: str, callback_id: str, channel: str, message: Doc
) -> Doc:
    """A shortcut in a message's menu, without trigger, stamp and response_url."""
    person = workspace.person(user)
    return {
        "type": "message_action",
        "callback_id": callback_id,
        "user": {"id": user, "name": person["name"], "team_id": person["team_id"]},
        "channel": {"id": channel, "name": channel_name(workspace, channel)},
        "message_ts": message["ts"],
        "message": message,
        **_around(workspace),
    }


def _around(workspace: Workspace) -> Doc:
    return {
        "team": {"id": TEAM_ID, "domain": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "token": "playground",
    }


def in_message(workspace: Workspace, channel: str, message: Doc, *, ephemeral: bool) -> Doc:
    """Where a click on a message happened."""
    ts = message["ts"]
    place = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": ephemeral}
    values = forms.state({"blocks": message.get("blocks", [])}, {})
    return {
        "container": place,
        "channel": {"id": channel, "name": channel_name(workspace, channel)},
        "state": {"values": values},
        # Slack does not tell the app what an ephemeral message held.
        **({} if ephemeral else {"message": message}),
    }


def action(block: Doc, element: Doc, stamp: str, chosen: Any) -> Doc:
    """One element of `actions`: what was pressed or chosen."""
    held = {"type": element["type"], "action_id": element["action_id"]}
    found: Doc = {**held, "block_id": block["block_id"], "action_ts": stamp}
    if element["type"] == "button":
        shown: Doc = {key: element[key] for key in ("value", "style") if key in element}
        return {**found, "text": element["text"], **shown}
    if element["type"] == "overflow":
        return {**found, "selected_option": forms.option(element, chosen)}
    return {**found, **forms.filled(element, chosen)}
