"""The message in Slack that a shortcut points at."""

import re
from dataclasses import dataclass
from typing import Any

PRIVATE_PLACES = ("directmessage", "privategroup")
GROUP_MESSAGE = "mpdm-"
LINK = re.compile(r"https://[\w.-]+\.slack\.com/archives/[\w/?=&.-]{1,150}")  # to a message


@dataclass(frozen=True)
class Pointed:
    """Who wrote a message, its text as Slack sends it, and a link for everybody to follow.

    `author` is None where no person wrote it, `team` the workspace of who did where it is known.
    `link` is None for what was written where not everybody can look.
    """

    author: str | None
    team: str | None
    text: str
    link: str | None


def read(body: dict[str, Any]) -> Pointed:
    """Return the message that a message shortcut hands over."""
    message = body["message"]
    return Pointed(
        author=message.get("user"),
        team=message.get("user_team") or message.get("team"),
        text=message.get("text") or "",
        link=_link(body, message) if _is_public(body["channel"]) else None,
    )


def _is_public(channel: dict[str, Any]) -> bool:
    name = channel.get("name") or ""
    return (
        channel["id"].startswith("C") and name not in PRIVATE_PLACES and GROUP_MESSAGE not in name
    )


def _link(body: dict[str, Any], message: dict[str, Any]) -> str | None:
    # Made here, since asking Slack for it would cost some of the three seconds.
    domain = body["team"].get("domain")
    if not domain:
        return None
    ts, thread, channel = message["ts"], message.get("thread_ts"), body["channel"]["id"]
    link = f"https://{domain}.slack.com/archives/{channel}/p{ts.replace('.', '')}"
    in_thread = thread and thread != ts
    return f"{link}?thread_ts={thread}&cid={channel}" if in_thread else link


def link_in(carried: str) -> str | None:
    """Return the link to a message that a form carries; nothing else leads anywhere."""
    return carried if LINK.fullmatch(carried) else None
