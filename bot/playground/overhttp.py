"""Instead of Socket Mode: signed requests to the app's own address."""

import hashlib
import hmac
import io
import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp

from bot.playground.installation import Installation
from bot.playground.people import TEAM_ID
from bot.playground.socketmode import ACK_SECONDS, Reply, Sockets
from bot.playground.store import Doc


@dataclass
class Line:
    """Where the app is to be reached, and how requests to it are signed."""

    secret: str
    url: str = ""
    sent: list[tuple[bytes, dict[str, str]]] = field(default_factory=list)

    async def post(self, body: bytes, kind: str, *, seconds: float, **more: str) -> Reply:
        """Send it signed, and wait as long as Slack does."""
        headers = {"content-type": kind, **signed(self.secret, body), **more}
        self.sent.append((body, headers))
        return await self.send(body, headers, seconds=seconds)

    async def send(self, body: bytes, headers: dict[str, str], *, seconds: float) -> Reply:
        """Send it as it is; anything but a 200 in time is a failure."""
        began, limit = time.monotonic(), aiohttp.ClientTimeout(total=seconds)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.post(self.url, data=io.BytesIO(body), headers=headers) as answer,
            ):
                told = await answer.text()
        except (TimeoutError, aiohttp.ClientError) as error:
            failure = "timeout" if isinstance(error, TimeoutError) else "unconnected"
            return Reply(acked=False, seconds=time.monotonic() - began, failure=failure)
        took = time.monotonic() - began
        if answer.status != 200:
            return Reply(acked=False, seconds=took, failure=f"http_{answer.status}")
        is_json = answer.content_type == "application/json"
        payload = json.loads(told) if is_json and told else told or None
        return Reply(acked=True, payload=payload, seconds=took)


def signed(secret: str, body: bytes, at: float | None = None) -> dict[str, str]:
    """The headers that say it is Slack's, and when."""
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256)
    return {
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": f"v0={digest.hexdigest()}",
    }


class Requests(Sockets):
    """What goes to the app from one workspace, whose own id takes the place of the usual one."""

    def __init__(self, here: Installation, line: Line, team: str) -> None:
        super().__init__(here, ack_seconds=ACK_SECONDS)
        self._line, self._team = line, team

    @property
    def connected(self) -> bool:
        """Whether the app is installed and has an address."""
        return bool(self._line.url and self._here.bot_token)

    async def send(self, envelope: Doc) -> Reply:
        """Send what the envelope holds as a request of its kind."""
        self.sent.append(envelope)
        told = json.dumps(envelope["payload"]).replace(TEAM_ID, self._team)
        again = {}
        if number := envelope.get("retry_attempt"):
            again = {
                "x-slack-retry-num": str(number),
                "x-slack-retry-reason": str(envelope.get("retry_reason", "")),
            }
        body, kind = _encoded(envelope["type"], told)
        return await self._line.post(body, kind, seconds=self.ack_seconds, **again)


def _encoded(kind: str, told: str) -> tuple[bytes, str]:
    if kind == "events_api":
        return told.encode(), "application/json"
    fields = json.loads(told) if kind == "slash_commands" else {"payload": told}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"
