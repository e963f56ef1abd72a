"""The Web API: who calls, what they may, and what Slack answers."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.playground import conversations, posting, uploading, usergroups, viewing
from bot.playground.contract import METHODS, Method, Type
from bot.playground.errors import RateLimitedError, SlackError, invalid_arguments
from bot.playground.installation import Installation
from bot.playground.limits import Limits
from bot.playground.people import APP_ID, BOT_ID, BOT_USER, TEAM_ID
from bot.playground.store import Doc

Handler = Callable[[Installation, Doc], Doc]


def auth_test(here: Installation, args: Doc) -> Doc:
    """Who the token belongs to."""
    workspace = here.workspace
    identity = {"team_id": TEAM_ID, "user_id": BOT_USER, "bot_id": BOT_ID, "app_id": APP_ID}
    user = workspace.person(BOT_USER)["name"]
    url = f"https://{workspace.domain}.slack.com/"
    words = {"url": url, "team": workspace.name, "user": user, "app_name": here.app_name}
    return {**words, **identity, "is_enterprise_install": False}


def connections_open(here: Installation, args: Doc) -> Doc:
    """A WebSocket address good for one connection."""
    return {"url": here.new_socket_url()}


HANDLERS: dict[str, Handler] = {
    "auth.test": auth_test,
    "apps.connections.open": connections_open,
    "users.list": conversations.users_list,
    "usergroups.list": usergroups.list_,
    "chat.postMessage": posting.post_message,
    "chat.update": posting.update,
    "conversations.history": conversations.history,
    "conversations.replies": conversations.replies,
    "conversations.info": conversations.info,
    "conversations.join": conversations.join,
    "conversations.list": conversations.list_,
    "conversations.members": conversations.members,
    "conversations.open": conversations.open_,
    "files.completeUploadExternal": uploading.complete,
    "files.getUploadURLExternal": uploading.get_url,
    "views.open": viewing.open_,
    "views.push": viewing.push,
    "views.publish": viewing.publish,
    "views.update": viewing.update,
}


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the Web API as it came in."""

    method: str
    verb: str
    content_type: str
    authorization: str
    query: str
    body: bytes

    @classmethod
    def of(cls, request: Request, body: bytes) -> "Call":
        """Return what a request with this body asks for."""
        return cls(
            method=request.path_params["method"],
            verb=request.method,
            content_type=request.headers.get("content-type", ""),
            authorization=request.headers.get("authorization", ""),
            query=request.url.query,
            body=body,
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What Slack answers: a status, a JSON body, more headers."""

    body: Doc
    status: int = 200
    headers: Mapping[str, str] | None = None


class WebApi:
    """Answers calls, and keeps what was called and what was refused."""

    def __init__(self, installation: Installation, limits: Limits) -> None:
        self._here = installation
        self._limits = limits
        self.calls: list[Doc] = []

    def answer(self, call: Call) -> Answer:
        """Apply one call; refusals are noted, so that a test can find them."""
        try:
            body = {"ok": True, **self._apply(call)}
        except SlackError as refused:
            self._here.refuse(call.method, refused)
            return Answer(refused.body(), headers=self._headers())
        except RateLimitedError as late:
            wait = {"Retry-After": str(late.seconds)}
            body = {"ok": False, "error": "ratelimited"}
            return Answer(body, status=429, headers=self._headers() | wait)
        return Answer(body, headers=self._headers())

    def _headers(self) -> dict[str, str]:
        return {"x-oauth-scopes": ",".join(self._here.scopes)}

    def _apply(self, call: Call) -> Doc:
        if call.method not in METHODS:
            raise SlackError("unknown_method", call.method, req_method=call.method)
        method = METHODS[call.method]
        args = _arguments(call, method)
        self._authenticate(method, _token(call, args))
        # Bolt's clients name the team in every call, which Slack takes without a word.
        if args.pop("team_id", TEAM_ID) != TEAM_ID:
            raise SlackError("team_not_found")
        checked = _checked(args, method)
        self._need_scope(method)
        self._limits.take(call.method, method.tier, checked.get("channel"))
        result = HANDLERS[call.method](self._here, checked)
        self.calls.append({"method": call.method, "args": checked})
        return result

    def _authenticate(self, method: Method, token: str) -> None:
        if not token:
            raise SlackError("not_authed")
        if token not in (self._here.bot_token, self._here.app_token):
            raise SlackError("invalid_auth")
        wanted = self._here.app_token if method.app_token else self._here.bot_token
        if token != wanted:
            raise SlackError("not_allowed_token_type")

    def _need_scope(self, method: Method) -> None:
        """At least one of the scopes; which one a channel needs is the method's own business."""
        needed = list(method.scopes.values())
        if needed and not set(needed) & set(self._here.scopes):
            raise self._here.missing_scope(",".join(needed))


def _token(call: Call, args: Doc) -> str:
    kind, _, token = call.authorization.partition(" ")
    given = str(args.pop("token", ""))
    return token.strip() if kind.lower() == "bearer" else given


def _arguments(call: Call, method: Method) -> Doc:
    if call.verb not in ("GET", "POST"):
        raise SlackError("invalid_http_method", call.verb)
    args: Doc = dict(parse_qsl(call.query, keep_blank_values=True))
    if call.verb == "GET" or not call.body:
        return args
    kind = call.content_type.partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return args | dict(parse_qsl(call.body.decode(), keep_blank_values=True))
    if kind != "application/json":
        raise SlackError("invalid_post_type", call.content_type)
    if not method.json:
        raise invalid_arguments(f"{call.method} does not take JSON")
    return args | _json_object(call.body)


def _json_object(body: bytes) -> Doc:
    try:
        found = json.loads(body)
    except ValueError as problem:
        raise SlackError("invalid_json", str(problem)) from problem
    if not isinstance(found, dict):
        raise SlackError("json_not_object")
    return found


def _checked(args: Doc, method: Method) -> Doc:
    unknown = [name for name in args if name not in method.args]
    missing = [name for name in method.required if args.get(name) in (None, "")]
    problems = [f"unknown argument {name} [json-pointer:/{name}]" for name in unknown]
    problems += [f"missing required field: {name}" for name in missing]
    if problems:
        raise invalid_arguments(*problems)
    return {name: _typed(name, value, method.args[name]) for name, value in args.items()}


def _typed(name: str, value: Any, kind: Type) -> Any:
    """The value as its type, from JSON or from a form's text."""
    if kind == "string" and isinstance(value, str):
        return value
    if kind == "boolean" and str(value).lower() in ("true", "1", "false", "0"):
        return str(value).lower() in ("true", "1")
    if kind == "integer" and not isinstance(value, bool) and str(value).isdecimal():
        return int(value)
    if kind == "json":
        return _from_text(name, value)
    raise invalid_arguments(f"must be a {kind} [json-pointer:/{name}]")


def _from_text(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError as problem:
        raise invalid_arguments(f"must be JSON [json-pointer:/{name}]") from problem
