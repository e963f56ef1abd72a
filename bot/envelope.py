"""What Slack sends, read. Whatever has no shape of Slack's is nothing that somebody did.

Listeners take from a request what they need; that it is there, and is what it is called, is made
sure of here, once.
"""

import json
from typing import Any
from urllib.parse import parse_qsl

from pydantic import ValidationError, create_model

from bot.events import EVENTS, Callback, Event
from bot.shapes import Actions, Anything, Command, MessageShortcut, Shortcut, Submission

FORM = "application/x-www-form-urlencoded"


class NotSlacksError(ValueError):
    """What came is of no shape that Slack sends; the message holds nothing of it."""


def _of_event(event: type[Event]) -> type[Callback]:
    return create_model("Callback", __base__=Callback, event=(event, ...))


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
    return _KINDS.get(kind, Anything) if isinstance(kind, str) else Anything


def read(body: bytes, kind: str) -> dict[str, Any]:
    """Return what a request over HTTP holds; raise NotSlacksError where that is nothing of Slack's.

    Bolt's own reader takes a command in which somebody wrote "payload" for an empty request.
    """
    try:
        text = body.decode()
        if kind.partition(";")[0].strip() == FORM:
            fields = dict(parse_qsl(text, keep_blank_values=True, errors="strict"))
            found = json.loads(fields["payload"]) if "payload" in fields else fields
        else:
            found = json.loads(text)
    except (ValueError, RecursionError):
        raise NotSlacksError("it cannot be read") from None
    check(found)
    return dict(found)
