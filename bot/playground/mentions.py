"""Who is pinged by a message, and what a person's typing becomes."""

import re
from collections.abc import Iterator

from bot.playground.store import Doc

_TOKEN = re.compile(
    r"<(?:!(channel|here|everyone)|@([UW][A-Z0-9]+)|!subteam\^(S[A-Z0-9]+))(?:\|[^>]*)?>"
)


def pings(message: Doc) -> list[tuple[str, str]]:
    """(kind, id) of everybody whom this message pings: kind is user, group, channel or here."""
    found = list(_in_text(str(message.get("text", ""))))
    for block in message.get("blocks") or []:
        found += _in_blocks(block)
    return list(dict.fromkeys(found))


def _in_text(text: str) -> Iterator[tuple[str, str]]:
    for broadcast, user, group in _TOKEN.findall(text):
        if user or group:
            yield ("user", user) if user else ("group", group)
        else:
            yield ("here", "here") if broadcast == "here" else ("channel", broadcast)


def _in_blocks(node: object) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for item in node:
            yield from _in_blocks(item)
    if isinstance(node, dict):
        yield from _in_node(node)
        for item in node.values():
            yield from _in_blocks(item)


def _in_node(node: Doc) -> Iterator[tuple[str, str]]:
    match node.get("type"):
        case "mrkdwn":
            yield from _in_text(str(node.get("text", "")))
        case "user":
            yield "user", str(node.get("user_id"))
        case "usergroup":
            yield "group", str(node.get("usergroup_id"))
        case "broadcast":
            scope = str(node.get("range"))
            yield ("here", "here") if scope == "here" else ("channel", scope)
