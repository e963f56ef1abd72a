"""What a message costs to send over TLS, by the sender or by a bare POST of the same body.

A process of its own: `python -m benchmarks.sending KIND …` prints seconds of CPU a message.
"""

import argparse
import asyncio
import json
import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from benchmarks.payloads import TEAM
from bot import lanes, outbox
from bot.db import Database
from bot.deps import Deps
from bot.lanes import AT_ONCE
from bot.outbox import OutboxRow
from bot.sender import EVENT_TYPE, Sender

TOKEN = "xoxb-bench"  # noqa: S105
WORDS = "stayed late so that the clinic could book again"
MESSAGE: dict[str, Any] = {
    "text": "Ben recognised you",
    "blocks": [{"type": "section", "text": {"type": "plain_text", "text": WORDS}}] * 3,
}


async def fill(database: Database, messages: int) -> None:
    """Have so many messages wait, each for somebody else: nobody of them twice, who would rest."""
    now = datetime.now(UTC)
    posts = [outbox.direct(f"bench:{n}", f"UB{n}", MESSAGE) for n in range(messages)]
    await database.write(TEAM, lambda session: outbox.post(session, *posts, now=now))


async def send(url: str, http: aiohttp.ClientSession, database: Database, messages: int) -> float:
    """Send what waits as the sender does, only without its pace; return the CPU of one."""
    lanes.METHOD_PACE["chat.postMessage"] = timedelta(0)
    slack = AsyncWebClient(token=TOKEN, base_url=f"{url}/api/", session=http, retry_handlers=[])
    deps = Deps(database, lambda: datetime.now(UTC), slack)
    await fill(database, messages)
    sender = Sender(deps, TEAM, notice=_unheard_of)
    began = time.process_time()
    while await sender.send_due() is not None or await sender.finish():
        await sender.finish()
    return (time.process_time() - began) / messages


async def call(url: str, http: aiohttp.ClientSession, messages: int) -> float:
    """Post the same bodies by the client that the sender uses; return the CPU of one."""
    slack = AsyncWebClient(token=TOKEN, base_url=f"{url}/api/", session=http, retry_handlers=[])
    numbers = iter(range(messages))

    async def keep_calling() -> None:
        for number in numbers:
            metadata = {"event_type": EVENT_TYPE, "event_payload": {"id": str(number)}}
            await slack.chat_postMessage(
                channel=f"U{number}", metadata=metadata, unfurl_links=False, **MESSAGE
            )

    began = time.process_time()
    await asyncio.gather(*(keep_calling() for _ in range(AT_ONCE)))
    return (time.process_time() - began) / messages


def _unheard_of(_session: Session, row: OutboxRow, _now: datetime) -> None:
    raise AssertionError(f"{row.cause} could not be sent")


async def post(url: str, http: aiohttp.ClientSession, messages: int) -> float:
    """Post the same bodies over the same connections; return the CPU of one."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    numbers = iter(range(messages))

    async def keep_posting() -> None:
        for number in numbers:
            metadata = {"event_type": EVENT_TYPE, "event_payload": {"id": str(number)}}
            body = {"channel": f"U{number}", "metadata": metadata, "unfurl_links": False}
            data = json.dumps(body | MESSAGE)
            async with http.post(f"{url}/api/chat.postMessage", data=data, headers=headers) as said:
                assert (await said.json())["ok"]

    began = time.process_time()
    await asyncio.gather(*(keep_posting() for _ in range(AT_ONCE)))
    return (time.process_time() - began) / messages


async def measure(kind: str, url: str, certificate: Path, database: Path, messages: int) -> float:
    """Return the seconds of CPU that a message takes."""
    trusted = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=str(certificate)))
    async with aiohttp.ClientSession(connector=trusted) as http:
        if kind == "floor":
            return await post(url, http, messages)
        if kind == "client":
            return await call(url, http, messages)
        opened = Database.open(f"sqlite:///{database}")
        try:
            return await send(url, http, opened, messages)
        finally:
            opened.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["ours", "client", "floor"])
    parser.add_argument("url")
    parser.add_argument("certificate", type=Path)
    parser.add_argument("database", type=Path)
    parser.add_argument("messages", type=int)
    print(asyncio.run(measure(**vars(parser.parse_args()))))
