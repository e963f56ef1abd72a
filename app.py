"""The one place where Truenorth's parts are put together, and where it is started."""

import asyncio
import logging
import sys
from argparse import Namespace
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

import handlers
import schedules
from bot import agenda, commandline, config, settings, states  # noqa: F401 - every table is known
from bot.clock import Clock
from bot.collecting import spare_what_stays
from bot.config import Settings
from bot.connection import (
    CannotStart,
    Stopped,
    authorize,
    connect,
    disconnect,
    fares,
    opened,
    socket_client,
    stay_connected,
    unless,
)
from bot.deps import Deps
from bot.ending import ended_by_signals
from bot.errors import NotSaved
from bot.health import Health
from bot.parts import Parts
from bot.sender import Sender
from handlers import erasure
from handlers.asking import as_it_stands
from handlers.outbox import tell_concerned
from schedules import leaving, roster
from schedules.drawing import Drawer
from schedules.exporting import Exporter
from schedules.home import Refresher
from schedules.pulse import Closer
from schedules.search import Keeper, forget, reindex
from schedules.teams import Reader
from schedules.telling import Teller
from schedules.worker import Worker

if TYPE_CHECKING:
    from starlette.applications import Starlette

log = logging.getLogger("truenorth")

# The writer lets go of the interpreter at each statement; by default a busy loop would keep it
# from there for 5 ms each time.
SWITCH_SECONDS = 0.0005


def build(deps: Deps, us: AuthorizeResult) -> AsyncApp:
    """Put the app of a workspace together; whoever hands requests to it knows they are Slack's."""

    async def always_us() -> AuthorizeResult:
        return us

    # Without a name Bolt reads the source of every module to find one, and a client that brings
    # a token is warned about.
    client = AsyncWebClient(
        base_url=deps.slack.base_url, session=deps.slack.session, retry_handlers=[]
    )
    app = AsyncApp(
        name="truenorth",
        client=client,
        authorize=always_us,
        process_before_response=True,
        request_verification_enabled=False,
        raise_error_for_unhandled_request=True,
    )
    handlers.register_all(app, deps, team=str(us.team_id))
    return app


class Workspace:
    """One workspace, and all that runs for it from when it is begun until it is cancelled."""

    def __init__(self, deps: Deps, us: AuthorizeResult) -> None:
        self.deps, self.team = deps, str(us.team_id)
        self.app = build(deps, us)
        self.sender = Sender(deps, self.team, notice=tell_concerned, wording=as_it_stands)
        self.reader = Reader(deps, self.team)
        self._exporter, self._refresher = Exporter(deps, self.team), Refresher(deps, self.team)
        self._workers = [Closer(deps, self.team), Drawer(deps, self.team), self._exporter]
        self._tellers: list[Teller] = []
        self.sender.on_sent = self._sent

    def tell(self, teller: Teller) -> None:
        """Tell somebody who moves the clock what lies ahead, from now on."""
        self._tellers.append(teller)

    def wake(self) -> None:
        """Have whatever was written be sent at once, and shown on Home soon."""
        wake(self.sender, self._refresher, *self._workers, *self._tellers)

    def _sent(self) -> None:
        wake(self._exporter, *self._tellers)

    async def begin(self) -> None:
        """Keep where the workspace is, and when everything that comes round is next."""
        await self.deps.database.write(self.team, partial(begin, deps=self.deps))

    def work(self) -> list[Coroutine[Any, Any, None]]:
        """Return all that is to run, side by side."""
        deps, team = self.deps, self.team
        others = [Keeper(deps, team), schedules.Ticker(deps, team), roster.Learner(deps, team)]
        every: list[Sender | Refresher | Reader | Worker | Teller]
        every = [self.sender, self._refresher, self.reader, *others, *self._workers, *self._tellers]
        return [roster.learn(deps, team=team), *(each.run() for each in every)]


def begin(session: Session, *, deps: Deps) -> None:
    """Keep where the workspace is, and when everything that comes round is next."""
    settings.change(session, address=deps.address or None)
    agenda.keep(session, deps.agenda, now=deps.now())


def wake(*sleepers: Sender | Refresher | Worker | Teller) -> None:
    """Wake all of them."""
    for sleeper in sleepers:
        sleeper.wake()


async def serve(chosen: Settings, stop: asyncio.Event) -> None:
    """Run until told to stop; what is under way is finished first."""
    health = Health(chosen, handlers.all_routes().called)
    async with (
        opened(chosen, health.slack_error) as (deps, clock, socket),
        health.served(deps.database),
    ):
        if chosen.clock_url:
            await unless(stop, clock.catch_up(chosen.clock_url))  # before anything is dated
        us = await unless(stop, authorize(deps.slack))
        deps = replace(deps, address=us.url or "", agenda=schedules.agenda_of(chosen.retention))
        workspace = Workspace(deps, us)
        teller = None
        if chosen.clock_url:
            teller = Teller(deps, workspace.team, clock, chosen.clock_url)
            workspace.tell(teller)
        deps.database.on_outgoing = lambda _team: workspace.wake()
        await workspace.begin()
        connecting = socket_client(workspace.app, socket, token=chosen.slack_app_token)
        spare_what_stays()
        client, under_way = await unless(stop, connecting)
        under_way.on_answered = health.answered
        teams = [workspace.team]
        health.follow(partial(fares, client), lambda: teams, kinds=deps.agenda, now=deps.now)
        async with asyncio.TaskGroup() as group:
            running = [*workspace.work(), connect(client), stay_connected(client)]
            if teller:
                running.append(follow_clock(workspace, teller))
            tasks = [group.create_task(each) for each in running]
            await stop.wait()
            await under_way.finish()
            await disconnect(client)
            for task in tasks:
                task.cancel()


async def follow_clock(workspace: Workspace, teller: Teller) -> None:
    """Keep to the fake Slack's clock, and do at once what it makes due."""

    async def moved() -> None:
        await schedules.look(workspace.deps, team=workspace.team)
        workspace.sender.hurry()
        workspace.reader.wake()
        await teller.tell()

    await teller.clock.follow(teller.url, moved)


async def run(chosen: Settings) -> int:
    """Run until SIGTERM or Ctrl-C."""
    config.hide_from_bolt()
    sys.setswitchinterval(SWITCH_SECONDS)
    stop = asyncio.Event()
    try:
        with ended_by_signals(stop):
            await serve(chosen, stop)
    except Stopped:
        return 0
    except (CannotStart, NotSaved) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def over_http(chosen: Settings) -> int:
    """Serve many workspaces until SIGTERM or Ctrl-C."""
    from bot import web  # a quarter of the start, where there is one workspace

    return web.run(chosen, "app:served_over_http")


def served_over_http() -> "Starlette":
    """Return what each of the processes that answer over HTTP serves."""
    from bot import web

    chosen = commandline.loaded()
    config.hide_from_bolt()
    return web.application(chosen, parts(chosen))


def parts(chosen: Settings) -> Parts:
    """Return what of Truenorth is at work in each workspace."""
    agenda = schedules.agenda_of(chosen.retention)
    return Parts(Workspace, leaving.erase_old, handlers.all_routes().called, agenda)


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit code."""
    asked_for, more = commandline.read(arguments)
    if asked_for.action == "demo":
        from bot.playground import demo

        return demo.main(more)
    running: dict[str, commandline.Action] = {
        "run": lambda chosen: over_http(chosen) if chosen.http else asyncio.run(run(chosen)),
        "erase": lambda chosen: asyncio.run(_erase(chosen, asked_for)),
        "reindex": lambda chosen: asyncio.run(reindex(chosen.database_url)),
    }
    return commandline.act(asked_for, running)


async def _erase(chosen: Settings, named: Namespace) -> int:
    asked = erasure.Asked(named.person, named.team, named.yes, named.receipt)
    return await erasure.run(chosen, asked, forget=forget, now=Clock().now)


if __name__ == "__main__":
    sys.exit(main())
