"""Reading people, channels and messages: users.list and conversations.*."""

import base64
import re
from collections.abc import Callable
from typing import Any

from bot.playground.contract import METHODS
from bot.playground.errors import SlackError
from bot.playground.installation import Installation
from bot.playground.people import BOT_USER, TEAM_ID
from bot.playground.posting import may_be_written_to
from bot.playground.store import Doc

PAGE_LIMIT = 1000
_TS = re.compile(r"\d{1,12}(\.\d{1,9})?")


def users_list(here: Installation, args: Doc) -> Doc:
    """Everybody, page by page."""
    members, more = _page(here.workspace.people(), args, default=PAGE_LIMIT)
    return {"members": members, "cache_ts": int(here.workspace.clock.seconds()), **more}


def list_(here: Installation, args: Doc) -> Doc:
    """The channels that the app can see, of the kinds asked for."""
    kinds = [kind.strip() for kind in args.get("types", "public_channel").split(",")]
    scopes = METHODS["conversations.list"].scopes
    for kind in kinds:
        if kind not in scopes:
            raise SlackError("invalid_types", kind)
        here.need_scope(scopes[kind])
    found = [shape(here, channel) for channel in _visible(here) if _kind(channel) in kinds]
    if "im" in kinds:
        found += _direct(here)
    if args.get("exclude_archived"):
        found = [channel for channel in found if not channel["is_archived"]]
    channels, more = _page(found, args, default=100)
    return {"channels": channels, **more}


def info(here: Installation, args: Doc) -> Doc:
    """One channel."""
    scopes = METHODS["conversations.info"].scopes
    partner = here.workspace.dm_partner(args["channel"])
    if partner is not None:
        here.need_scope(scopes["im"])
        return {"channel": _direct_shape(here, partner)}
    channel = here.channel(args["channel"])
    here.need_scope(scopes[_kind(channel)])
    count = {"num_members": len(channel["members"])} if args.get("include_num_members") else {}
    return {"channel": {**shape(here, channel), **count}}


def members(here: Installation, args: Doc) -> Doc:
    """Who is in a channel, page by page; of a private one only where the app is in it itself."""
    scopes = METHODS["conversations.members"].scopes
    partner = here.workspace.dm_partner(args["channel"])
    if partner is not None:
        here.need_scope(scopes["im"])
        inside = [partner, BOT_USER]
    else:
        channel = here.channel(args["channel"])
        here.need_scope(scopes[_kind(channel)])
        inside = channel["members"]
    page, more = _page(inside, args, default=100)
    return {"members": page, **more}


def join(here: Installation, args: Doc) -> Doc:
    """Enter a public channel."""
    channel = here.channel(args["channel"])
    if channel["is_archived"]:
        raise SlackError("is_archived", args["channel"])
    if channel["is_private"]:
        raise SlackError("method_not_supported_for_channel_type", args["channel"])
    here.workspace.enter(args["channel"], BOT_USER)
    return {"channel": shape(here, here.channel(args["channel"]))}


def open_(here: Installation, args: Doc) -> Doc:
    """The app's direct messages with one person."""
    users = args["users"].split(",")
    if len(users) > 1:
        raise SlackError("not_enabled", "only one person at a time")
    if users[0] not in here.workspace.persons:
        raise SlackError("user_not_found", users[0])
    may_be_written_to(here, users[0])
    return {"channel": {"id": here.workspace.dm_id(users[0])}}


def history(here: Installation, args: Doc) -> Doc:
    """Messages newest first, without ephemeral ones and replies in threads."""
    channel = _readable(here, args["channel"])
    messages = [m for m in here.workspace.messages.within(channel) if _in_main(m)]
    messages = [m for m in messages if _between(args)(float(m["ts"]))]
    return _shown(messages[::-1], args)


def replies(here: Installation, args: Doc) -> Doc:
    """A message and the replies to it, oldest first; the first page begins with the message."""
    channel = _readable(here, args["channel"])
    first = here.workspace.messages.get(channel, args["ts"])
    if first is None or "thread_ts" in first:
        raise SlackError("thread_not_found", args["ts"])
    found = [m for m in here.workspace.messages.within(channel) if m.get("thread_ts") == args["ts"]]
    return _shown([first, *(m for m in found if _between(args)(float(m["ts"])))], args)


def _shown(messages: list[Doc], args: Doc) -> Doc:
    if not args.get("include_all_metadata"):
        messages = [{k: v for k, v in m.items() if k != "metadata"} for m in messages]
    page, more = _page(messages, args, default=100)
    return {"messages": page, "has_more": bool(more["response_metadata"]["next_cursor"]), **more}


def _readable(here: Installation, channel_id: str) -> str:
    scopes = METHODS["conversations.history"].scopes
    if here.workspace.dm_partner(channel_id) is not None:
        here.need_scope(scopes["im"])
        return channel_id
    channel = here.channel(channel_id)
    here.need_scope(scopes[_kind(channel)])
    if BOT_USER not in channel["members"]:
        raise SlackError("not_in_channel", channel_id)
    return channel_id


def _in_main(message: Doc) -> bool:
    return "thread_ts" not in message or message.get("subtype") == "thread_broadcast"


def _between(args: Doc) -> Callable[[float], bool]:
    for name in ("oldest", "latest"):
        if name in args and not _TS.fullmatch(args[name]):
            raise SlackError(f"invalid_ts_{name}", args[name])
    oldest = float(args.get("oldest", 0))
    latest = float(args.get("latest", "inf"))
    if args.get("inclusive"):
        return lambda ts: oldest <= ts <= latest
    return lambda ts: oldest < ts < latest


def shape(here: Installation, channel: Doc) -> Doc:
    """A channel as Slack describes it."""
    private = channel["is_private"]
    name = channel["name"]
    return {
        "id": channel["id"],
        "name": name,
        "name_normalized": name,
        "created": channel["created"],
        "is_channel": not private,
        "is_group": private,
        "is_im": False,
        "is_mpim": False,
        "is_private": private,
        "is_archived": channel["is_archived"],
        "is_general": name == "general",
        "is_member": BOT_USER in channel["members"],
        "context_team_id": TEAM_ID,
        "topic": {"value": channel["topic"], "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def _visible(here: Installation) -> list[Doc]:
    channels = here.workspace.channels.values()
    return [c for c in channels if not c["is_private"] or BOT_USER in c["members"]]


def _kind(channel: Doc) -> str:
    return "private_channel" if channel["is_private"] else "public_channel"


def _direct(here: Installation) -> list[Doc]:
    written = [
        user["id"]
        for user in here.workspace.people()
        if here.workspace.messages.within(here.workspace.dm_id(user["id"]))
    ]
    return [_direct_shape(here, user) for user in written]


def _direct_shape(here: Installation, user: str) -> Doc:
    channel = {"id": here.workspace.dm_id(user), "user": user, "is_im": True}
    return {**channel, "is_archived": False, "context_team_id": TEAM_ID}


def _page(items: list[Any], args: Doc, *, default: int) -> tuple[list[Any], Doc]:
    limit = args.get("limit") or default
    if limit > PAGE_LIMIT:
        raise SlackError("invalid_limit", str(limit))
    start = _start(args.get("cursor", ""))
    end = start + limit
    cursor = base64.b64encode(f"from:{end}".encode()).decode() if end < len(items) else ""
    return items[start:end], {"response_metadata": {"next_cursor": cursor}}


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("from:"))
    except ValueError as problem:
        raise SlackError("invalid_cursor", cursor) from problem
