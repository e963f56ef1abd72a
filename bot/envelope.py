"""What Slack sends, read. Whatever has no shape of Slack's is nothing that somebody did.

Listeners take from a request what they need; that it is there, and is what it is called, is made
sure of here, once.
"""

import json
from typing import Any
from urllib.parse import parse_qsl

from pydantic import ValidationError, create_model

from bot.events import EVENTS, Callback, Event
from bot.shapes import Actions, Anything, Command, MessageShortcut, Other, Shortcut, Submission


class NotSlacksError(ValueError):
    """What came is of no shape that Slack sends; the message holds nothing of it."""


def _of_event(event: type[Event]) -> type[Callback]:
    return create_model("Callback", __base__=Callback, event=(event, ...))


_KIND_HAS = ("command", "event", "actions")  # by which what comes is told apart
_UNREAD = (
    "Truenorth could not read what Slack sent, so nothing was saved. Whoever runs it finds in its "
    "log what was wrong."
)
_CALLBACKS = {name: _of_event(event) for name, event in EVENTS.items()}
_KINDS: dict[str, type[Anything]] = {
    "block_actions": Actions,
    "view_submission": Submission,
    "shortcut": Shortcut,
    "message_action": MessageShortcut,
}


def check(body: object) -> None:
    """Raise NotSlacksError where this is nothing that Slack sends."""
    if not isinstance(body, dict):
        raise NotSlacksError("it holds nothing")
    if nothing := [name for name in _KIND_HAS if name in body and body[name] is None]:
        raise NotSlacksError(f"its {nothing[0]} is nothing")
    shape = _shape_of(body)
    try:
        shape.model_validate(body)
    except ValidationError as error:
        places = {".".join(map(str, each["loc"][:2])) for each in error.errors()[:3]}
        known = ", ".join(sorted(place for place in places if place.isascii() and len(place) < 40))
        raise NotSlacksError(f"no {shape.__name__} has such a {known}") from None


def _shape_of(body: dict[str, Any]) -> type[Anything]:
    if "command" in body:
        return Command
    kind = body.get("type")
    if kind == "event_callback":
        event = body.get("event")
        name = event.get("type") if isinstance(event, dict) else None
        return _CALLBACKS.get(name, Callback) if isinstance(name, str) else Callback
    return _KINDS.get(kind, Other) if isinstance(kind, str) else Other


def read(body: bytes) -> dict[str, Any]:
    """Return what a request over HTTP holds; raise NotSlacksError where that cannot be read.

    What it is, its body says alone, which is signed: by its Content-Type, which is not, an event
    could be taken for a form, and what somebody wrote in their profile for a command of anybody's.
    Bolt's own reader goes by that, and takes a command in which somebody wrote "payload" for an
    empty request.
    """
    try:
        text = body.decode()
        is_json = text.startswith("{")
        fields = {} if is_json else dict(parse_qsl(text, keep_blank_values=True, errors="strict"))
        if not is_json and "payload" not in fields:
            return fields
        found = json.loads(text if is_json else fields["payload"])
    except (ValueError, RecursionError):
        raise NotSlacksError("it cannot be read") from None
    if not isinstance(found, dict):
        raise NotSlacksError("it holds nothing")
    if "command" in found:
        raise NotSlacksError("no command comes so")
    return found


def told_of_unread(body: object) -> dict[str, Any] | None:
    """Return what to answer to what could not be read, so that nobody takes it for done.

    A form stays as it is, with all that was typed into it.
    """
    if isinstance(body, dict) and "command" in body:
        return {"response_type": "ephemeral", "text": _UNREAD}
    if not isinstance(body, dict) or body.get("type") != "view_submission":
        return None
    if name := _first_input(body.get("view")):
        return {"response_action": "errors", "errors": {name: _UNREAD}}
    words = {"type": "plain_text", "text": _UNREAD}
    title = {"type": "plain_text", "text": "Not done"}
    shown = {"type": "modal", "title": title, "blocks": [{"type": "section", "text": words}]}
    return {"response_action": "update", "view": shown}


def _first_input(view: object) -> str | None:
    blocks = view.get("blocks") if isinstance(view, dict) else None
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, dict) and block.get("type") == "input":
            name = block.get("block_id")
            return name if isinstance(name, str) else None
    return None
