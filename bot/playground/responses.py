"""response_urls: five answers within thirty minutes."""

import secrets
from typing import Any

from bot.playground import content
from bot.playground.errors import SlackError, invalid_arguments
from bot.playground.people import AUTHOR
from bot.playground.store import Doc
from bot.playground.workspace import Workspace

USES = 5
SECONDS = 1800.0

_ALLOWED = {
    "text": str,
    "blocks": list,
    "response_type": str,
    "replace_original": bool,
    "delete_original": bool,
    "metadata": dict,
}


class Responses:
    """What each response_url refers to; kept, so that a restart does not break one."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._given: dict[str, Doc] = workspace.store.load("response")

    def new(self, user: str, channel: str, *, ts: str | None = None) -> str:
        """The token of an address to answer to; `ts` is the message that was clicked."""
        token = secrets.token_urlsafe(18)
        until = self._workspace.clock.seconds() + SECONDS
        given = {"user": user, "channel": channel, "ts": ts, "until": until, "left": USES}
        self._save(token, given)
        return token

    def use(self, token: str, body: Any) -> None:
        """Apply an answer; raises SlackError."""
        given = self._given.get(token)
        if given is None:
            raise SlackError("invalid_url", token)
        if self._workspace.clock.seconds() > given["until"]:
            raise SlackError("expired_url")
        if given["left"] <= 0:
            raise SlackError("used_url")
        args = _checked(body)
        self._apply(given, args)
        self._save(token, {**given, "left": given["left"] - 1})

    def answer(self, user: str, channel: str, body: Any) -> None:
        """Show the message that came with the acknowledgement of a command."""
        self._apply({"user": user, "channel": channel, "ts": None}, _checked(body))

    def _save(self, token: str, given: Doc) -> None:
        self._given[token] = given
        self._workspace.store.put("response", token, given)

    def _apply(self, given: Doc, args: Doc) -> None:
        messages, channel, ts = self._workspace.messages, given["channel"], given["ts"]
        clicked = messages.get(channel, ts, seen_by=given["user"]) if ts else None
        if args.get("delete_original"):
            if clicked is not None:
                messages.delete(channel, str(ts))
            return
        body = content.checked(args)
        if args.get("replace_original") and ts:
            if clicked is None:
                raise SlackError("message_not_found", str(ts))
            messages.edit(channel, ts, **{"blocks": None, **body})
            return
        only = None if args.get("response_type") == "in_channel" else given["user"]
        messages.post(channel, {**AUTHOR, **body}, only=only)


def _checked(body: Any) -> Doc:
    if not isinstance(body, dict):
        raise SlackError("invalid_payload", "must be an object")
    given = {name: value for name, value in body.items() if value is not None}
    for name, value in given.items():
        if name not in _ALLOWED or not isinstance(value, _ALLOWED[name]):
            raise invalid_arguments(f"unknown or malformed [json-pointer:/{name}]")
    if given.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"):
        raise invalid_arguments("must be ephemeral or in_channel [json-pointer:/response_type]")
    return given
