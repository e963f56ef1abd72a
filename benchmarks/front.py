"""Truenorth over HTTP.

A process of its own: `python -m benchmarks.front PORT`, settings in the environment.
"""

import argparse
import asyncio

import uvloop

import app
from benchmarks.serving import answer
from bot import config
from bot.collecting import spare_what_stays
from bot.connection import authorize, opened
from bot.sender import Sender
from handlers.asking import as_it_stands
from handlers.outbox import tell_concerned


async def serve(port: int) -> None:
    """Answer until the process ends; the sender is at work beside it, as always."""
    async with opened(config.load()) as (deps, _clock, _socket):
        us = await authorize(deps.slack)
        sender = Sender(deps, str(us.team_id), notice=tell_concerned, wording=as_it_stands)
        deps.database.on_outgoing = lambda _team: sender.wake()
        sending = asyncio.create_task(sender.run())
        front = app.build(deps, us)
        spare_what_stays()
        await answer(front, port)
        sending.cancel()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    uvloop.run(serve(parser.parse_args().port))
