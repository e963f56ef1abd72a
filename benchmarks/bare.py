"""Bare Bolt for Python over HTTP, which writes the very same rows: what is left to its own cost.

A process of its own: `python -m benchmarks.bare API_URL DATABASE RECORDED PORT`.
"""

import argparse
import json
from pathlib import Path

import uvloop
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.floor import RawStore, hear_recognize
from benchmarks.payloads import BOT, TEAM
from benchmarks.serving import answer

TOKEN = "xoxb-bench"  # noqa: S105


async def always_us() -> AuthorizeResult:
    """Say who we are, without asking."""
    return AuthorizeResult(enterprise_id=None, team_id=TEAM, bot_user_id=BOT, bot_token=TOKEN)


def bare(api_url: str, store: RawStore) -> AsyncApp:
    """Return an app with one listener; whether Slack signed it is checked before."""
    app = AsyncApp(
        name="bare",
        client=AsyncWebClient(base_url=api_url),
        authorize=always_us,
        process_before_response=True,
        request_verification_enabled=False,
    )
    hear_recognize(app, store)
    return app


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("api_url")
    parser.add_argument("database", type=Path)
    parser.add_argument("recorded", type=Path)
    parser.add_argument("port", type=int)
    asked = parser.parse_args()
    raw_store = RawStore(asked.database, json.loads(asked.recorded.read_text(encoding="utf-8")))
    uvloop.run(answer(bare(asked.api_url, raw_store), asked.port))
