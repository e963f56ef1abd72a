"""Messages and views as a person reads them."""

from collections.abc import Callable
from typing import Any

Doc = dict[str, Any]


def text_of(message: Doc) -> str:
    """All text of a message's or a view's blocks as a person reads it, a line for each piece."""
    blocks = message.get("blocks")
    if not blocks:
        return str(message.get("text", ""))
    return "\n".join(line for line in _lines(blocks) if line)


def _lines(node: Any) -> list[str]:
    if isinstance(node, list):
        return [line for each in node for line in _lines(each)]
    if not isinstance(node, dict):
        return []
    if node.get("type") == "rich_text_section":
        return ["".join(_inline(each) for each in node["elements"])]
    if node.get("type") in ("rich_text_quote", "rich_text_preformatted"):
        return ["".join(_inline(each) for each in node["elements"])]
    if isinstance(node.get("text"), str):
        return [node["text"]]
    return [line for key, each in node.items() if key != "value" for line in _lines(each)]


def _name(slack_id: str) -> str:
    return slack_id[2:].lower()


def _inline(element: Doc) -> str:
    kinds: dict[str, Callable[[], str]] = {
        "text": lambda: element["text"],
        "emoji": lambda: f":{element['name']}:",
        "user": lambda: f"@{_name(element['user_id'])}",
        "channel": lambda: f"#{_name(element['channel_id'])}",
        "broadcast": lambda: f"@{element['range']}",
        "link": lambda: element.get("text") or element["url"],
    }
    shown = kinds.get(element["type"])
    return str(shown()) if shown else ""
