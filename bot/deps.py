"""The three things that a test replaces."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.db import Database


@dataclass(frozen=True)
class Deps:
    """What every listener and schedule works with."""

    database: Database
    now: Callable[[], datetime]
    slack: AsyncWebClient
