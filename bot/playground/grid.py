"""Several workspaces in which one app can be installed, all of them with the same ids inside."""

import base64
import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from bot.playground.events import Events
from bot.playground.guard import Guard
from bot.playground.overhttp import Line, Requests
from bot.playground.people import APP_ID, BOT_USER, TEAM_ID
from bot.playground.server import FakeSlack
from bot.playground.serving import Serving
from bot.playground.store import Doc
from bot.playground.webapi import Call
from bot.playground.workspace import Workspace


@dataclass(frozen=True)
class Credentials:
    """What Slack shows the app's owner."""

    client_id: str = "12.34"
    client_secret: str = "grid0client0secret00000000000000"  # noqa: S105
    signing_secret: str = "grid0signing0secret0000000000000"  # noqa: S105


class OneOfMany(FakeSlack):
    """A workspace that reaches the app by requests, once it is installed there."""

    def __init__(self, workspace: Workspace, line: Line, team: str, manifest: Doc) -> None:
        super().__init__(workspace, manifest=manifest, rate_limits=False)
        self.team = team
        self.installation.bot_token = ""
        self.sockets = Requests(self.installation, line, team)
        self.events = Events(self.installation, self.sockets)


class Grid:
    """Slack as an app that is distributed sees it; stricter with codes and tokens than the real."""

    def __init__(self, manifest: Doc, credentials: Credentials | None = None) -> None:
        self.credentials = credentials or Credentials()
        self.line = Line(self.credentials.signing_secret)
        self.workspaces: dict[str, OneOfMany] = {}
        self.revoked: dict[str, str] = {}
        self.gone = "token_revoked"  # what is said to a token that was revoked
        self.late: list[Doc] = []  # calls with a token that was revoked
        self._manifest = manifest
        self._codes: dict[str, tuple[str, str]] = {}
        self._issued = 0
        self._serving: Serving | None = None
        self.url = ""

    @property
    def api_url(self) -> str:
        """The base of the Web API."""
        return f"{self.url}/api/"

    def add(self, team: str, workspace: Workspace) -> OneOfMany:
        """Add a workspace, before all of it is started."""
        self.workspaces[team] = OneOfMany(workspace, self.line, team, self._manifest)
        return self.workspaces[team]

    async def start(self) -> None:
        """Listen."""
        mounted = [Mount(f"/{team}", app=one._app()) for team, one in self.workspaces.items()]
        api = Route("/api/{method}", self._api, methods=["GET", "POST"])
        self._serving = Serving(Guard(Starlette(routes=[api, *mounted])))
        self.url = f"http://127.0.0.1:{await self._serving.start(0)}"
        for team, one in self.workspaces.items():
            one.installation.base_url = f"{self.url}/{team}"
            one._unwatch = one.workspace.watch(one._on_change)

    async def stop(self) -> None:
        """End everything."""
        for one in self.workspaces.values():
            await one.stop()
        if self._serving:
            await self._serving.stop()

    # Installing

    def allow(self, team: str, user: str, address: str) -> str:
        """Allow what a page of Slack's asks for, and return the query to come back with."""
        parts = urlsplit(address)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        granted = set(self.workspaces[team].installation.scopes)
        assert parts.path == "/oauth/v2/authorize", address
        assert asked["client_id"] == self.credentials.client_id
        assert set(asked["scope"].split(",")) <= granted, asked["scope"]
        assert len(asked["state"]) >= 16
        code = secrets.token_urlsafe(16)
        self._codes[code] = (team, user)
        return urlencode({"code": code, "state": asked["state"]})

    async def uninstall(self, team: str) -> None:
        """Take the app out: its token is no good from then on, and then the app is told."""
        await self.revoke(team)
        await self.tell(team, {"type": "app_uninstalled"})

    async def revoke(self, team: str) -> None:
        """Take the token from the app."""
        here = self.workspaces[team].installation
        self.revoked[here.bot_token] = team
        here.bot_token = ""

    async def tell(self, team: str, event: Doc, **more: Any) -> bool:
        """Send an event that needs no scope; say whether the app took it."""
        one = self.workspaces[team]
        assert event["type"] in one.installation.events, f"nobody subscribed to {event['type']}"
        payload = {**one.events._callback(event), **more}
        return (await one.sockets.request("events_api", payload)).acked

    # Routes

    async def _api(self, request: Request) -> Response:
        method, body = request.path_params["method"], await request.body()
        if method == "oauth.v2.access":
            return JSONResponse(self._access(request, body))
        token = _bearer(request.headers.get("authorization", ""))
        if token in self.revoked:
            self.late.append({"team": self.revoked[token], "method": method})
            return _refused(self.gone)
        found = [one for one in self.workspaces.values() if one.installation.bot_token == token]
        if not token or not found:
            return _refused("invalid_auth")
        return await self._answer(found[0], request, body)

    async def _answer(self, one: OneOfMany, request: Request, body: bytes) -> Response:
        call = Call.of(request, body.replace(one.team.encode(), TEAM_ID.encode()))
        answer = await one._unless_faulty(request, call.method, lambda: one._answer(call))
        told = bytes(answer.body).replace(TEAM_ID.encode(), one.team.encode())
        kept = {n: v for n, v in answer.headers.items() if n.lower() != "content-length"}
        return Response(told, status_code=answer.status_code, headers=kept)

    def _access(self, request: Request, body: bytes) -> Doc:
        basic = f"{self.credentials.client_id}:{self.credentials.client_secret}".encode()
        wanted = f"Basic {base64.b64encode(basic).decode()}"
        if request.method != "POST" or request.headers.get("authorization") != wanted:
            return {"ok": False, "error": "bad_client_secret"}
        given = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        team, user = self._codes.pop(given.get("code", ""), ("", ""))
        if not team:
            return {"ok": False, "error": "invalid_code"}
        one, self._issued = self.workspaces[team], self._issued + 1
        one.installation.bot_token = f"xoxb-{team}-{self._issued}-{secrets.token_hex(12)}"
        return {
            "ok": True,
            "app_id": APP_ID,
            "authed_user": {"id": user},
            "scope": ",".join(one.installation.scopes),
            "token_type": "bot",
            "access_token": one.installation.bot_token,
            "bot_user_id": BOT_USER,
            "team": {"id": team, "name": one.workspace.name},
            "enterprise": None,
            "is_enterprise_install": False,
        }


def _bearer(header: str) -> str:
    kind, _, token = header.partition(" ")
    return token if kind == "Bearer" else ""


def _refused(error: str) -> Response:
    return Response(json.dumps({"ok": False, "error": error}), media_type="application/json")
