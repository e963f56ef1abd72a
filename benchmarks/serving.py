"""A Bolt app over HTTP, as the least that does it: starlette and uvicorn around it."""

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from benchmarks.web import SECRET
from bot.deadline import count_from_now


async def answer(app: AsyncApp, port: int) -> None:
    """Answer Slack on this port until the process ends: only what Slack signed is handled."""
    handler, verifier = AsyncSlackRequestHandler(app), SignatureVerifier(SECRET)

    async def hear(request: Request) -> Response:
        count_from_now()
        if not verifier.is_valid_request(await request.body(), dict(request.headers)):
            return Response(status_code=401)
        return await handler.handle(request)

    heard = Starlette(routes=[Route("/slack/events", hear, methods=["POST"])])
    chosen = uvicorn.Config(heard, port=port, http="h11", lifespan="off", log_config=None)
    await uvicorn.Server(chosen).serve()
