"""Truenorth over HTTP, as the least that does it: starlette and uvicorn around the very app.

A process of its own: `python -m benchmarks.front PORT`, settings in the environment.
"""

import argparse
import asyncio

import uvicorn
import uvloop
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import app
from benchmarks.web import SECRET
from bot import config
from bot.connection import authorize, opened
from bot.deadline import count_from_now
from bot.sender import Sender
from handlers.outbox import tell_concerned


def front(handler: AsyncSlackRequestHandler) -> Starlette:
    """Return what answers Slack: only what Slack signed is handled."""
    verifier = SignatureVerifier(SECRET)

    async def hear(request: Request) -> Response:
        count_from_now()
        if not verifier.is_valid_request(await request.body(), dict(request.headers)):
            return Response(status_code=401)
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", hear, methods=["POST"])])


async def serve(port: int) -> None:
    """Answer until the process ends; the sender is at work beside it, as always."""
    async with opened(config.load()) as (deps, _clock, _socket):
        us = await authorize(deps.slack)
        sender = Sender(deps, str(us.team_id), notice=tell_concerned)
        deps.database.on_outgoing = sender.wake
        sending = asyncio.create_task(sender.run())
        heard = front(AsyncSlackRequestHandler(app.build(deps, us)))
        chosen = uvicorn.Config(heard, port=port, http="httptools", lifespan="off", log_config=None)
        await uvicorn.Server(chosen).serve()
        sending.cancel()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    uvloop.run(serve(parser.parse_args().port))
