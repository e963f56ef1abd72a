"""The one place where Truenorth's parts are put together, and where it is started."""

import asyncio
import gc
import logging
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

import handlers
import schedules
from bot import agenda, commandline, departures, settings, states  # noqa: F401
from bot.clock import Clock
from bot.config import Settings
from bot.connection import (
    PING_SECONDS,
    CannotStart,
    Stopped,
    UnderWay,
    asked,
    authorize,
    connect,
    disconnect,
    impatient,
    opened,
    stay_connected,
    unless,
)
from bot.deps import Deps
from bot.ending import ended_by_signals
from bot.errors import NotSaved
from bot.health import Health
from bot.sender import Sender
from handlers import erasure
from handlers.asking import as_it_stands
from handlers.outbox import tell_concerned
from schedules import roster
from schedules.drawing import Drawer
from schedules.exporting import Exporter
from schedules.home import Refresher
from schedules.pulse import Closer
from schedules.search import Keeper, forget, reindex
from schedules.teams import Reader
from schedules.telling import Teller
from schedules.worker import Worker

log = logging.getLogger("truenorth")

# The writer lets go of the interpreter at each statement; by default a busy loop would keep it
# from there for 5 ms each time.
SWITCH_SECONDS = 0.0005


def build(deps: Deps, us: AuthorizeResult) -> AsyncApp:
    """Put the app together."""

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
    spare_what_stays()
    return app


def spare_what_stays() -> None:
    """Have the collector leave alone what is there from the start and stays.

    To go through all of it takes a tenth of a second in which nobody is answered, again and again.
    """
    gc.collect()
    gc.freeze()


async def socket_client(
    app: AsyncApp, slack: AsyncWebClient, *, token: str
) -> tuple[SocketModeClient, UnderWay]:
    """Return a client of Slack's socket that knows where to connect, and what it has under way."""
    open_socket = partial(slack.apps_connections_open, app_token=token)
    address = await asked(open_socket, "SLACK_APP_TOKEN")
    handler = AsyncSocketModeHandler(
        app, app_token=token, web_client=slack, ping_interval=PING_SECONDS
    )
    await impatient(handler.client)
    under_way = UnderWay(handler.handle)
    handler.client.socket_mode_request_listeners[:] = [under_way]
    handler.client.wss_uri = address["url"]
    return handler.client, under_way


async def serve(chosen: Settings, stop: asyncio.Event) -> None:
    """Run until told to stop; what is under way is finished first."""
    health = Health(chosen, handlers.all_routes().called)
    async with (
        opened(chosen, health.slack_error) as (deps, clock, socket),
        health.served(deps),
    ):
        if chosen.clock_url:
            await unless(stop, clock.catch_up(chosen.clock_url))  # before anything is dated
        us = await unless(stop, authorize(deps.slack))
        team = str(us.team_id)
        deps = replace(deps, address=us.url or "", agenda=schedules.agenda_of(chosen.retention))
        sender = Sender(deps, team, notice=tell_concerned, wording=as_it_stands)
        refresher, reader = Refresher(deps, team), Reader(deps, team)
        teller = Teller(deps, team, clock, chosen.clock_url) if chosen.clock_url else None
        exporter = Exporter(deps, team)
        workers = [Closer(deps, team), Drawer(deps, team), exporter]
        deps.database.on_outgoing = waking(sender, refresher, *workers, *filter(None, [teller]))
        await deps.database.write(team, partial(begin, deps=deps))
        connecting = socket_client(build(deps, us), socket, token=chosen.slack_app_token)
        client, under_way = await unless(stop, connecting)
        under_way.on_answered = health.answered
        health.follow(client, deps, team)
        sender.on_sent = waking(exporter, *filter(None, [teller]))
        async with asyncio.TaskGroup() as group:
            running = [sender.run(), refresher.run(), reader.run(), Keeper(deps, team).run()]
            running += [schedules.Ticker(deps, team).run(), roster.Learner(deps, team).run()]
            running += [worker.run() for worker in workers]
            running += [roster.learn(deps, team=team), connect(client), stay_connected(client)]
            if teller:
                running += [follow_clock(deps, sender, reader, teller), teller.run()]
            tasks = [group.create_task(each) for each in running]
            await stop.wait()
            await under_way.finish()
            await disconnect(client)
            for task in tasks:
                task.cancel()


def begin(session: Session, *, deps: Deps) -> None:
    """Keep where the workspace is, and when everything that comes round is next."""
    settings.change(session, address=deps.address or None)
    agenda.keep(session, deps.agenda, now=deps.now())


def waking(*sleepers: Sender | Refresher | Worker | Teller) -> Callable[[], None]:
    """Have whatever was written be sent at once, and shown on Home soon."""

    def wake() -> None:
        for sleeper in sleepers:
            sleeper.wake()

    return wake


async def follow_clock(deps: Deps, sender: Sender, reader: Reader, teller: Teller) -> None:
    """Keep to the fake Slack's clock, and do at once what it makes due."""

    async def moved() -> None:
        await schedules.look(deps, team=sender.team)
        sender.hurry()
        reader.wake()
        await teller.tell()

    await teller.clock.follow(teller.url, moved)


async def run(chosen: Settings) -> int:
    """Run until SIGTERM or Ctrl-C."""
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says and return the exit code."""
    asked_for, more = commandline.read(arguments)
    if asked_for.action == "demo":
        from bot.playground import demo

        return demo.main(more)
    running: dict[str, commandline.Action] = {
        "run": lambda chosen: asyncio.run(run(chosen)),
        "erase": lambda chosen: asyncio.run(_erase(chosen, asked_for)),
        "reindex": lambda chosen: asyncio.run(reindex(chosen.database_url)),
    }
    return commandline.act(asked_for, running)


async def _erase(chosen: Settings, named: Namespace) -> int:
    asked = erasure.Asked(named.person, named.team, named.yes, named.receipt)
    return await erasure.run(chosen, asked, forget=forget, now=Clock().now)


if __name__ == "__main__":
    sys.exit(main())
