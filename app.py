"""The one place where Truenorth's parts are put together, and where it is started."""

import asyncio
import logging
import sys
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

import handlers
import schedules
from bot import commandline
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
from bot.ending import ended_by_signals
from bot.errors import NotSaved
from bot.health import Health
from handlers import erasure
from schedules.search import forget, reindex
from schedules.telling import Teller
from serving import web
from serving.workspace import Workspace, build, spare_what_stays

log = logging.getLogger("truenorth")

# The writer lets go of the interpreter at each statement; by default a busy loop would keep it
# from there for 5 ms each time.
SWITCH_SECONDS = 0.0005


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
        teller = Teller(deps, team, clock, chosen.clock_url) if chosen.clock_url else None
        workspace = Workspace(deps, team, teller)
        deps.database.on_outgoing = workspace.wake
        await workspace.begin()
        connecting = socket_client(build(deps, us), socket, token=chosen.slack_app_token)
        spare_what_stays()
        client, under_way = await unless(stop, connecting)
        under_way.on_answered = health.answered
        health.follow(client, deps, team)
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
        "run": lambda chosen: web.run(chosen) if chosen.http else asyncio.run(run(chosen)),
        "erase": lambda chosen: asyncio.run(_erase(chosen, asked_for)),
        "reindex": lambda chosen: asyncio.run(reindex(chosen.database_url)),
    }
    return commandline.act(asked_for, running)


async def _erase(chosen: Settings, named: Namespace) -> int:
    asked = erasure.Asked(named.person, named.team, named.yes, named.receipt)
    return await erasure.run(chosen, asked, forget=forget, now=Clock().now)


if __name__ == "__main__":
    sys.exit(main())
