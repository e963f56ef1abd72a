"""chat.postMessage and chat.update."""

from bot.playground import content, people
from bot.playground.errors import SlackError, invalid_arguments
from bot.playground.installation import Installation
from bot.playground.people import AUTHOR, BOT_ID, BOT_USER
from bot.playground.store import Doc


def post_message(here: Installation, args: Doc) -> Doc:
    """Post to a channel the app is in, or to a person by user or direct message id."""
    channel = destination(here, args["channel"])
    body = content.checked(args)
    place = thread(here, channel, args)
    message = here.workspace.messages.post(channel, {**AUTHOR, **body, **place})
    return {"channel": channel, "ts": message["ts"], "message": message}


def update(here: Installation, args: Doc) -> Doc:
    """Replace one of the app's own messages; what is not given stays, what is empty goes."""
    channel = destination(here, args["channel"])
    ts = args["ts"]
    message = here.workspace.messages.get(channel, ts)
    if message is None:
        raise SlackError("message_not_found", ts)
    if message.get("bot_id") != BOT_ID:
        raise SlackError("cant_update_message", ts)
    cleared = {name: None for name in ("blocks", "metadata") if args.get(name) in ([], {})}
    kept = {name: value for name, value in args.items() if name not in cleared}
    body = content.checked(kept, most=content.UPDATE_LIMIT)
    edited = {"user": BOT_USER, "ts": f"{int(here.workspace.clock.seconds())}.000000"}
    fields = {**cleared, **body, "edited": edited}
    new = here.workspace.messages.edit(channel, ts, **fields)
    return {"channel": channel, "ts": ts, "text": new["text"], "message": new}


def destination(here: Installation, channel_id: str) -> str:
    """Return the channel that the app may write to under this id; raises SlackError otherwise."""
    workspace = here.workspace
    user = channel_id if channel_id in workspace.persons else workspace.dm_partner(channel_id)
    if user is not None:
        may_be_written_to(here, user)
        return workspace.dm_id(user)
    channel = here.channel(channel_id)
    if channel["is_archived"]:
        raise SlackError("is_archived", channel_id)
    if BOT_USER not in channel["members"]:
        raise SlackError("not_in_channel", channel_id)
    return channel_id


def may_be_written_to(here: Installation, user_id: str) -> None:
    """Refuse a person whom the app cannot send direct messages."""
    kind = people.kind(here.workspace.person(user_id))
    if kind in ("bot", "slackbot"):
        raise SlackError("cannot_dm_bot", user_id)
    if not here.messages_enabled:
        raise SlackError("messages_tab_disabled", user_id)
    if kind == "deactivated":
        raise SlackError("user_disabled", user_id)


def thread(here: Installation, channel: str, args: Doc) -> Doc:
    """Return what makes a message a reply, where the call names a message; never to a reply."""
    if "thread_ts" not in args:
        return {}
    parent = here.workspace.messages.get(channel, args["thread_ts"])
    if parent is None:
        raise invalid_arguments("no such message [json-pointer:/thread_ts]")
    if "thread_ts" in parent:
        raise SlackError("cannot_reply_to_message", "it is a reply itself")
    shown = {"subtype": "thread_broadcast"} if args.get("reply_broadcast") else {}
    return {"thread_ts": args["thread_ts"], **shown}
