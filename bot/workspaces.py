"""The workspaces where Truenorth is installed, each at work from when it is until it is not."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from aiohttp import ClientSession
from cryptography.fernet import MultiFernet
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from sqlmodel import Session

from bot import departures, installations
from bot.client import Client, OnError
from bot.config import Settings
from bot.connection import CannotStart, authorize
from bot.db import Database
from bot.deps import Deps
from bot.errors import NotSaved, Unconfirmed
from bot.health import WORKS
from bot.parts import AtWork, Parts

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0  # until what another process installed or took out is noticed
READY_SECONDS = 2.0  # that a request waits for its workspace, of the three that Slack waits
SWEEP = timedelta(hours=1)  # between two looks for what was kept long enough
SWEEP_SECONDS = 1.0  # between two looks at the clock, which may be moved
AGAIN_SECONDS = 10.0  # before the next try of a workspace that failed
BEGINNING = "Truenorth is just beginning here, so nothing was saved. Please try again in a moment."
GONE = ("token_revoked", "account_inactive")  # what Slack says to a token that never works again


@dataclass
class _Running:
    token: str = field(repr=False)
    ready: asyncio.Future[AsyncApp]
    task: asyncio.Task[None] | None = None
    workspace: AtWork | None = None


class Workspaces:
    """Begins, answers for and ends each workspace; what a token reaches is that one alone."""

    def __init__(
        self,
        chosen: Settings,
        database: Database,
        session: ClientSession,
        *,
        parts: Parts,
        cipher: MultiFernet,
        now: Callable[[], datetime],
        on_error: OnError,
    ) -> None:
        self._chosen, self._database, self._session = chosen, database, session
        self._parts, self._cipher, self._now, self._on_error = parts, cipher, now, on_error
        self._kept_days = chosen.http.kept_days if chosen.http else None
        self._here: dict[str, _Running] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._looking = asyncio.Lock()
        self._swept: datetime | None = None
        database.on_outgoing = self._wake

    def _wake(self, team: str) -> None:
        running = self._here.get(team)
        if running and running.workspace:
            running.workspace.wake()

    async def run(self) -> None:
        """Follow what is installed and what is not any more, until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._again_and_again(self.look, LOOK_SECONDS))
                if self._kept_days is not None:
                    sweep = partial(self._sweep, self._kept_days)
                    group.create_task(self._again_and_again(sweep, SWEEP_SECONDS))
        finally:
            for team in list(self._here):
                self._end(team)
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _again_and_again(self, work: Callable[[], Awaitable[None]], rest: float) -> None:
        while True:
            (outcome,) = await asyncio.gather(work(), return_exceptions=True)
            if isinstance(outcome, NotSaved | Unconfirmed):
                log.error("workspaces: %s", outcome.message)
            elif isinstance(outcome, BaseException):
                log.error("workspaces: %s", type(outcome).__name__, exc_info=outcome)
            await asyncio.sleep(rest)

    async def look(self) -> None:
        """Begin what was installed, also by another process, and end what is not there any more.

        Raises KeyLost where a token cannot be decrypted.
        """
        async with self._looking:
            there = await self._database.look(
                lambda every: installations.tokens(every, self._cipher)
            )
            for team, running in list(self._here.items()):
                if there.get(team) != running.token:
                    self._end(team)
            for team, token in there.items():
                if team not in self._here:
                    self._begin(team, token)

    def _begin(self, team: str, token: str) -> None:
        running = _Running(token, asyncio.get_running_loop().create_future())
        self._here[team] = running
        running.task = self._keep(self._work(team, running))

    def _keep(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _end(self, team: str) -> None:
        running = self._here.pop(team)
        running.ready.cancel()
        if running.task:
            running.task.cancel()
        log.info("workspace %s: at work no more", team)

    async def _work(self, team: str, running: _Running) -> None:
        """Work for a workspace until cancelled; what fails is logged, and tried again later."""
        while True:
            (outcome,) = await asyncio.gather(self._once(team, running), return_exceptions=True)
            if isinstance(outcome, CannotStart | NotSaved | Unconfirmed):
                log.warning("workspace %s has to wait: %s", team, type(outcome).__name__)
            elif isinstance(outcome, BaseException):
                log.error("workspace %s: %s", team, type(outcome).__name__, exc_info=outcome)
            running.workspace = None
            await asyncio.sleep(AGAIN_SECONDS)

    async def _once(self, team: str, running: _Running) -> None:
        slack = Client(
            running.token,
            base_url=self._chosen.slack_api_url,
            session=self._session,
            on_error=partial(self._failed, team, running),
        )
        us = await authorize(slack)
        if us.team_id != team:
            raise CannotStart(f"the token of {team} is another workspace's")
        deps = Deps(self._database, self._now, slack, us.url or "", self._parts.agenda)
        workspace = self._parts.at_work(deps, us)
        await workspace.begin()
        running.workspace = workspace
        if not running.ready.done():
            running.ready.set_result(workspace.app)
        log.info("workspace %s: at work", team)
        async with asyncio.TaskGroup() as group:
            for each in workspace.work():
                group.create_task(each)

    def _failed(self, team: str, running: _Running, method: str, error: str) -> None:
        self._on_error(method, error)
        if error in GONE and self._here.get(team) is running:
            log.warning("workspace %s: Slack says %s", team, error)
            self._keep(self._left(team, running.token))

    async def _left(self, team: str, token: str) -> None:
        try:
            await self.leave(team, at=self._now(), with_token=token)
        except (NotSaved, Unconfirmed) as error:  # it is noticed again at the next call
            log.warning("workspace %s: %s", team, error.message)
            await self.look()

    async def leave(self, team: str, *, at: datetime, with_token: str | None = None) -> None:
        """End the work for a workspace that Truenorth was taken out of at this time.

        Nothing ends where it was installed again since, or has another token by now than one that
        works no more. Its data is kept for a while.
        """

        def keep(session: Session) -> None:
            installed = installations.since(session)
            if installed is None or installed.replace(microsecond=0) > at:
                return
            if with_token and with_token != installations.token(session, self._cipher):
                return
            installations.forget(session)
            departures.keep(session, now=self._now())

        async with self._looking:  # or it could begin again before that is kept
            if team in self._here:
                self._end(team)
            await self._database.write(team, keep)
        await self.look()

    def teams(self) -> list[str]:
        """Return the workspaces where it is installed."""
        return list(self._here)

    async def fare(self) -> str:
        """Say how many of them are at work; that some are not is no fault of the others."""
        every, idle = len(self._here), sum(not each.workspace for each in self._here.values())
        some = WORKS if idle < every else "none"
        return f"{some} ({idle} of {every} not at work)" if idle else WORKS

    async def answer(self, request: AsyncBoltRequest) -> BoltResponse:
        """Answer what Slack sent; nobody is told anything of a workspace but its own people."""
        team, event = str(request.context.team_id or ""), request.body.get("event") or {}
        if departures.is_told(event):
            sent = datetime.fromtimestamp(int(request.body.get("event_time") or 0), UTC)
            await self.leave(team, at=sent)
            return BoltResponse(status=200, body="")
        app = await self._app_of(team)
        if app is not None:
            return await app.async_dispatch(request)
        if team not in self._here:
            return BoltResponse(status=200 if event else 404, body="")
        if "command" in request.body:
            return BoltResponse(status=200, body={"response_type": "ephemeral", "text": BEGINNING})
        return BoltResponse(status=503, body="")  # what happened is sent again

    async def _app_of(self, team: str) -> AsyncApp | None:
        if team not in self._here:
            await self.look()  # another process may have installed it just now
        if team not in self._here:
            return None
        ready = self._here[team].ready
        await asyncio.wait([ready], timeout=READY_SECONDS)
        return ready.result() if ready.done() and not ready.cancelled() else None

    async def _sweep(self, days: int) -> None:
        now = self._now()
        if self._swept is None or now >= self._swept + SWEEP:
            await self._parts.erase(self._database, days=days, now=now)
            self._swept = now
