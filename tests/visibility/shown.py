"""All that one person can be shown: every answer, every message that reaches them, every file."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from types import SimpleNamespace
from typing import Any, TypeVar, cast

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, col, select

from bot import decisions
from bot.blocks import home as home_blocks
from bot.blocks import search as search_blocks
from bot.blocks.decisions import LATER
from bot.blocks.results import COMMENTS
from bot.db import Database
from bot.deps import Deps
from bot.docket import Filter
from bot.outbox import OutboxRow, Status
from bot.rituals import home
from bot.rounds import Round
from handlers import all_routes
from handlers.request import Request
from handlers.routes import Dispatcher
from schedules import ALL
from schedules.exporting import decision_file
from schedules.packing import pack
from tests.support import TEAM
from tests.visibility.organisation import CHANNELS, OUTSIDE, SHARED

T = TypeVar("T")

ADDRESS = "https://clinic.slack.com/"
ID = re.compile(r"\d{15,19}|P-[2-9A-HJKMNP-TV-Z]{6}")
Shown = tuple[str, str]  # what was asked, and the answer
Question = tuple[str, Awaitable[str]]
# Without what shows nothing and comes round too often to be waited for.
AGENDA = {kind: one for kind, one in ALL.items() if one.name}


@dataclass
class Recorder:
    """Takes what would go to Slack."""

    said: list[Any] = field(default_factory=list)
    response: Any = None
    base_url: str = "https://slack.com/api/"
    proxy: str | None = None
    ssl: Any = None

    @property
    def session(self) -> "Recorder":
        """What goes to an address of a click's goes here as well."""
        return self

    @asynccontextmanager
    async def post(self, url: str, **how: Any) -> AsyncIterator[Any]:
        """Take the answer to a click."""
        self.said.append(how["json"])
        yield SimpleNamespace(status=200)

    async def __call__(self, **answer: Any) -> None:
        self.said.append(answer)

    def __getattr__(self, call: str) -> Any:
        async def taken(**what: Any) -> Mapping[str, Any]:
            self.said.append({call: what})
            return {"ok": True}

        return taken


class Unhurried(Database):
    """Gives up on nothing: how busy the machine is is not what is looked at."""

    async def write(
        self, team: str, work: Callable[[Session], T], *, patience: float = 60, alone: bool = False
    ) -> T:
        return await super().write(team, work, patience=60, alone=alone)


class Asking:
    """One person who asks for everything there is to be asked for."""

    def __init__(self, database: Database, who: str, now: datetime) -> None:
        self.database, self.who, self.now = database, who, now

    def deps(self, slack: Recorder) -> Deps:
        client = cast(AsyncWebClient, slack)
        return Deps(self.database, lambda: self.now, client, address=ADDRESS, agenda=AGENDA)

    async def command(self, name: str, text: str) -> str:
        """What is answered to a command."""
        said = Recorder()
        dispatcher = Dispatcher(all_routes(), self.deps(said), TEAM)
        body = {"command": name, "text": text, "user_id": self.who, "trigger_id": f"{name}{text}"}
        answer: Any = said
        await dispatcher.command(body, cast(AsyncAck, answer))
        return str(said.said)

    async def click(self, action: str, value: str, *, chosen: bool = False) -> str:
        """What is answered to a click in a message."""
        said = Recorder()
        dispatcher = Dispatcher(all_routes(), self.deps(said), TEAM)
        pressed: dict[str, Any] = {"selected_option": {"value": value}} if chosen else {}
        pressed |= {"action_id": action} | ({} if chosen else {"value": value})
        body = {"type": "block_actions", "user": {"id": self.who}, "actions": [pressed]}
        body |= {"trigger_id": f"{action}{value}", "response_url": "https://hooks.slack.com/1"}
        answer: Any = said
        await dispatcher.action(body, cast(AsyncAck, answer))
        return str(said.said)

    async def everything(
        self, tokens: Sequence[str], ids: Sequence[int], codes: Sequence[str]
    ) -> list[Shown]:
        """Ask for everything; `ids` and `codes` are of records, theirs or not."""
        questions = [*self._searches(tokens), *self._decisions(codes), *self._forged(ids)]
        questions += [(f"{name} {text}", self.command(name, text)) for name, text in COMMANDS]
        questions += [
            ("comments", self.click(COMMENTS, str(one)))
            for one in await self.database.read(TEAM, _rounds)
        ]
        shown = [("home", str(await self.database.read(TEAM, self._home)))]
        shown += [(what, await answer) for what, answer in questions]
        files = await pack(self.deps(Recorder()), TEAM, self.who)
        shown += [("me", file.content.decode()) for file in files]
        for one in ids:
            found = await self.database.read(TEAM, partial(self._file, one))
            shown.append(("file", str(found)))
        messages = await self.database.read(TEAM, self._messages)
        return [*shown, *(("message", str(message)) for message in messages)]

    def _searches(self, tokens: Sequence[str]) -> Iterator[Question]:
        for text in (*tokens, "clinic", "booking late", "gardn", "word", *FILTERS):
            for page in range(2):
                value = f"{page}\n{text}"
                yield f"search {text} {page}", self.click(search_blocks.LATER, value)

    def _decisions(self, codes: Sequence[str]) -> Iterator[Question]:
        for which in ("", *Filter):
            yield f"list {which}", self.command("/decide", f"list {which}")
            for page in range(2):
                yield f"page {which} {page}", self.click(LATER, f"{which}:{page}")
        for name in (*map(str, range(1, 9)), *codes):
            yield f"show {name}", self.command("/decide", f"show {name}")

    def _forged(self, ids: Sequence[int]) -> Iterator[Question]:
        for one in ids:
            for action, option in FORGED:
                value = f"{option}:{one}" if option else str(one)
                yield f"forged {action}", self.click(action, value, chosen=bool(option))

    def _home(self, session: Session) -> Any:
        content = home.content(session, person=self.who, now=self.now)
        return home_blocks.page(content, address=ADDRESS).view

    def _file(self, one: int, session: Session) -> list[bytes]:
        if decisions.by_id(session, one) is None:
            return []
        return [file.content for file in decision_file(session, one, self.who)]

    def _channels(self) -> Sequence[str]:
        return SHARED if self.who == OUTSIDE else CHANNELS

    def _messages(self, session: Session) -> list[Any]:
        theirs = (
            select(OutboxRow)
            .where(col(OutboxRow.lane).in_([self.who, *self._channels()]))
            .where(OutboxRow.status != Status.TAKEN_BACK)
            .order_by(col(OutboxRow.lane), col(OutboxRow.id))
        )
        return [(row.lane, row.ts, row.thread_ts, row.message) for row in session.exec(theirs)]


def _rounds(session: Session) -> Sequence[int]:
    return session.exec(select(Round.id).order_by(col(Round.id))).all()


def request(database: Database, who: str, now: datetime) -> Request:
    """What somebody does at this moment, with nobody to answer to."""
    asking = Asking(database, who, now)
    nobody: Any = Recorder()
    body = {"user": {"id": who}, "trigger_id": "t"}
    return Request(asking.deps(nobody), TEAM, body, nobody, now)


def masked(shown: Sequence[Shown]) -> list[Shown]:
    """The same without what is drawn by lot: ids and codes, told apart by where each comes first.

    They tell of nothing else, and of no other.
    """
    known: dict[str, str] = {}

    def label(found: re.Match[str]) -> str:
        return known.setdefault(found[0], f"<{len(known)}>")

    return [(ID.sub(label, what), ID.sub(label, text)) for what, text in shown]


FILTERS = ("in:recognitions", "in:stories", "in:mission", "from:me", "value:care", "to:me")
COMMANDS = (
    ("/mission", ""),
    ("/mission", "me"),
    ("/mission", "values"),
    ("/mission", "history"),
    ("/mission", "teams"),
    ("/mission", "settings"),
    ("/decide", "calibration"),
    ("/decide", "What number has this one?"),
    ("/recognize", "<@U009|u009> for all that was done this week #care"),
    ("/pulse", ""),
    ("/pulse", "results"),
    ("/pulse", "privacy"),
)
FORGED = (
    ("decide_checklist", ""),
    ("decide_score", ""),
    ("decide_drive", ""),
    ("decide_menu", "withdraw"),
    ("decide_menu", "scores"),
    ("recognition_more", "edit"),
    ("recognition_more", "withdraw"),
)
