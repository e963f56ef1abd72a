"""The three things that a test replaces, and where the workspace is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.agenda import Agenda
from bot.db import Database


@dataclass(frozen=True)
class Deps:
    """What every listener and schedule works with.

    `address` is the workspace's own, to which links to its messages lead; without it there are
    no links. The `agenda` has what runs when it is due.
    """

    database: Database
    now: Callable[[], datetime]
    slack: AsyncWebClient
    address: str = ""
    agenda: Agenda = field(default_factory=dict)
