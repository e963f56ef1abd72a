"""What the page shows a person of the workspace."""

from collections.abc import Iterable

from bot.playground import people
from bot.playground.looking import Looking
from bot.playground.people import APP_ID, BOT_USER
from bot.playground.records import Change
from bot.playground.store import Doc


def first(fake: Looking) -> str:
    """The first person who can act."""
    for user in fake.workspace.people():
        if people.can_act(user):
            return str(user["id"])
    raise LookupError("nobody in this workspace can act")


def clock(fake: Looking) -> Doc:
    """The clock as the page takes it."""
    now, moved = fake.now(), fake.workspace.clock
    return {"now": now.isoformat(), "offset": moved.offset, "next": moved.ahead.shown(now)}


def state(fake: Looking, me: str) -> Doc:
    """Everything but the messages."""
    workspace = fake.workspace
    names = {"id": workspace.team_id, "name": workspace.name, "domain": workspace.domain}
    seen = [id for id in workspace.channels if workspace.can_see(me, id)]
    return {
        "me": me,
        "clock": clock(fake),
        "workspace": names,
        "people": [person(fake, user["id"]) for user in workspace.people()],
        "channels": [_channel(fake, workspace.channels[id], me) for id in seen],
        "usergroups": [_usergroup(group) for group in _usable(workspace.usergroups.values())],
        "dm": {"id": workspace.dm_id(me), "user": BOT_USER},
        "app": _app(fake),
        "views": fake.views(me),
        "home": fake.home(me),
    }


def person(fake: Looking, user_id: str) -> Doc:
    """Somebody, in the few words that the page needs."""
    user, partner = fake.workspace.person(user_id), fake.workspace.persons[user_id]["partner"]
    shown = {
        "id": user_id,
        "name": user["name"],
        "real_name": user["profile"]["real_name"],
        "title": user["profile"].get("title", ""),
        "tz": user.get("tz"),
        "tz_label": user.get("tz_label"),
        "kind": people.kind(user),
        "initials": people.initials(user),
        "color": user["color"],
        "can_act": people.can_act(user),
    }
    return shown | ({"team": partner} if partner else {})


def _channel(fake: Looking, channel: Doc, me: str) -> Doc:
    kept = ("id", "name", "is_private", "is_archived", "topic", "members")
    members = channel["members"]
    inside = {"is_member": me in members, "bot_is_member": BOT_USER in members}
    shown = {key: channel[key] for key in kept} | inside
    if channel.get("is_direct"):
        others = [fake.workspace.person(user) for user in members if user != me]
        shown |= {"name": ", ".join(each["profile"]["real_name"] for each in others)}
    return shown | {"is_direct": channel.get("is_direct", False)}


def _usable(groups: Iterable[Doc]) -> list[Doc]:
    return [group for group in groups if not group["date_delete"]]


def _usergroup(group: Doc) -> Doc:
    kept = ("id", "handle", "name")
    return {key: group[key] for key in kept} | {"count": len(group["users"])}


def _app(fake: Looking) -> Doc:
    here = fake.installation
    kept = ("command", "description", "usage_hint")
    commands = [{key: each.get(key, "") for key in kept} for each in here.commands.values()]
    return {
        "id": APP_ID,
        "name": here.app_name,
        "bot_user_id": BOT_USER,
        "connected": fake.sockets.connected,
        "commands": commands,
        "shortcuts": list(here.shortcuts.values()),
    }


def message(fake: Looking, channel: str, found: Doc) -> Doc:
    """A message with its sender, and whether only one person sees it."""
    user = fake.workspace.person(found["user"])
    name = user["profile"]["real_name"]
    sender = {"id": user["id"], "name": name, "kind": people.kind(user)}
    shown = {key: value for key, value in found.items() if key != "metadata"}
    alone = fake.workspace.messages.is_ephemeral(channel, found["ts"])
    return shown | {"sender": sender} | ({"ephemeral": True} if alone else {})


def push(fake: Looking, me: str, change: Change) -> Doc | None:
    """What the page of this person is told of a change; None when it is not theirs to see."""
    if change.only not in (None, me):
        return None
    match change.kind:
        case "views":
            return {"type": "views", "views": fake.views(me)}
        case "home":
            return {"type": "home", "view": fake.home(me)}
        case "clock":
            return {"type": "clock", "clock": clock(fake)}
        case "state":
            return {"type": "state"}
        case "message" | "message_changed" | "message_deleted":
            return _message_push(fake, me, change)
    return None


def _message_push(fake: Looking, me: str, change: Change) -> Doc | None:
    channel = str(change.channel)
    if not fake.workspace.can_see(me, channel):
        return None
    if change.message is None:
        return {"type": change.kind, "channel": channel, "ts": change.ts}
    shown = message(fake, channel, change.message)
    return {"type": change.kind, "channel": channel, "message": shown}
