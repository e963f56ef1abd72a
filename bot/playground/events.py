"""Events: sent to an app that subscribed to them and may have them, three times again at most."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from bot.playground.contract import EVENTS
from bot.playground.installation import Installation
from bot.playground.people import APP_ID, BOT_USER, TEAM_ID
from bot.playground.socketmode import Reply, Sockets
from bot.playground.store import Doc

# Seconds of the movable clock before each retry, counted from the attempt before it.
RETRIES = (0.0, 60.0, 300.0)


class Events:
    """Delivers in the background; `settled` waits for every first attempt."""

    def __init__(self, installation: Installation, sockets: Sockets) -> None:
        self._here = installation
        self._sockets = sockets
        self._tasks: set[asyncio.Task[None]] = set()
        self._first: set[asyncio.Event] = set()

    @property
    def busy(self) -> bool:
        """Whether an event is still to be sent, or sent again."""
        return bool(self._tasks)

    def wanted(self, name: str, *, scope: str | None = None) -> bool:
        """Whether the manifest subscribes to it and one of its scopes (or this one) is granted."""
        scopes = EVENTS.get(name) if scope is None else (scope,)
        if scopes is None or name not in self._here.events:
            return False
        return not scopes or bool(set(scopes) & set(self._here.scopes))

    def send(self, event: Doc, *, name: str | None = None) -> asyncio.Event | None:
        """Start delivering; the returned event is set after the first attempt."""
        kind = {"C": "channels:read", "G": "groups:read"}.get(event.get("channel_type", ""))
        if not self.wanted(name or event["type"], scope=kind):
            return None
        tried = asyncio.Event()
        self._first.add(tried)
        self._start(self._deliver(self._callback(event), tried))
        return tried

    async def settled(self) -> None:
        """Wait until every event has been tried once."""
        for tried in list(self._first):
            await tried.wait()

    async def stop(self) -> None:
        """Give up everything that is still to be sent."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, payload: Doc, tried: asyncio.Event) -> None:
        try:
            reply = await self._attempt(payload, 0, "")
        finally:
            tried.set()
            self._first.discard(tried)
        for number, pause in enumerate(RETRIES, start=1):
            if reply.acked:
                return
            clock = self._here.workspace.clock
            await clock.sleep_until(clock.seconds() + pause)
            reply = await self._attempt(payload, number, reply.failure or "")

    async def _attempt(self, payload: Doc, number: int, failure: str) -> Reply:
        reason = {"timeout": "timeout", "unconnected": "connection_failed"}.get(failure, "")
        return await self._sockets.request(
            "events_api", payload, retry_attempt=number, retry_reason=reason
        )

    def _callback(self, event: Doc) -> Doc:
        bot = {"enterprise_id": None, "team_id": TEAM_ID, "user_id": BOT_USER, "is_bot": True}
        return {
            "token": "playground",
            "team_id": TEAM_ID,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": self._here.workspace.new_id("Ev"),
            "event_time": int(self._here.workspace.clock.seconds()),
            "authorizations": [{**bot, "is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            "event_context": "4-playground",
        }
