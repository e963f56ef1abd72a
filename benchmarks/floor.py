"""The least that could do it: bare Bolt, and where something is saved, raw sqlite3.

A process of its own: `python -m benchmarks.floor raw|idle …`.
"""

import argparse
import asyncio
import importlib
import json
import sqlite3
from itertools import count
from pathlib import Path
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

USE_ONE = "UPDATE allowance SET used = used + 1 WHERE team_id = ? AND giver = ? AND used < 1000000"


class RawStore:
    """Writes a recognition's very rows, each time with new keys, in one durable transaction."""

    def __init__(self, database: Path, recorded: dict[str, Any]) -> None:
        self._connection = sqlite3.connect(database, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._record: int = recorded["record"]
        self._rows: list[tuple[str, list[Any]]] = recorded["rows"]
        self._ids = count(self._record + 1_000_000)

    def insert(self, *, team: str, giver: str, trigger: str) -> None:
        """Write them all."""
        record = next(self._ids)
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        for sql, values in self._rows:
            execute(sql, self._anew(values, record=record, trigger=trigger))
        execute(USE_ONE, (team, giver))
        execute("COMMIT")

    def _anew(self, values: list[Any], *, record: int, trigger: str) -> list[Any]:
        old, text = self._record, str(self._record)
        found = [
            record
            if value == old
            else value.replace(text, str(record)).replace("trigger:recorded", f"trigger:{trigger}")
            if isinstance(value, str)
            else value
            for value in values
        ]
        if values[0] != old:
            found[0] = next(self._ids)
        return found

    def close(self) -> None:
        self._connection.close()


def raw_app(client: AsyncWebClient, store: RawStore) -> AsyncApp:
    """Return an app with one listener, which saves and acknowledges."""
    app = AsyncApp(client=client, token=client.token, process_before_response=True)
    hear_recognize(app, store)
    return app


def hear_recognize(app: AsyncApp, store: RawStore) -> None:
    """Have the app save what the command says, and acknowledge."""

    async def recognize(body: dict[str, Any], ack: AsyncAck) -> None:
        store.insert(team=body["team_id"], giver=body["user_id"], trigger=body["trigger_id"])
        await ack()

    app.command("/recognize")(recognize)


def idle_app(client: AsyncWebClient) -> AsyncApp:
    """Return an app with one listener, which does nothing, and everything that ours imports."""
    importlib.import_module("app")
    app = AsyncApp(client=client, token=client.token, process_before_response=True)

    async def glance(ack: AsyncAck) -> None:
        await ack()

    app.event("app_home_opened")(glance)
    return app


async def serve(kind: str, *, api_url: str, store: RawStore) -> None:
    """Connect, and answer until the process ends."""
    client = AsyncWebClient(token="xoxb-bench", base_url=api_url)
    app = raw_app(client, store) if kind == "raw" else idle_app(client)
    handler = AsyncSocketModeHandler(app, app_token="xapp-bench")
    await handler.client.connect()  # type: ignore[no-untyped-call]
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=["raw", "idle"])
    parser.add_argument("api_url")
    parser.add_argument("database", type=Path)
    parser.add_argument("recorded", type=Path)
    asked = parser.parse_args()
    found = json.loads(asked.recorded.read_text(encoding="utf-8"))
    raw_store = RawStore(asked.database, found)
    asyncio.run(serve(asked.kind, api_url=asked.api_url, store=raw_store))
