"""Whatever Slack answers and whenever the sender dies: each message once, in its lane's order."""

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, select

from bot import outbox
from bot.db import Database
from bot.deps import Deps
from bot.outbox import Address, OutboxRow, Post, Status
from bot.sender import Sender
from tests.kernel.hand import Hand
from tests.support import TEAM

OK, SLOW_DOWN, LOST_BEFORE, LOST_AFTER, RESET = (
    "ok",
    "429",
    "500 before",
    "500 after",
    "reset after",
)
DIES_BEFORE, DIES_AFTER, DIES_LATER = "dies before", "dies after the call", "dies after the answer"
FATES = [OK, SLOW_DOWN, LOST_BEFORE, LOST_AFTER, RESET, DIES_BEFORE, DIES_AFTER, DIES_LATER]
LANES = ["C1", "C2", "C3"]
ROUNDS = 3000
A_WHILE = 1.0  # seconds


@pytest.fixture(autouse=True, scope="module")
def quiet() -> Iterator[None]:
    """Thousands of planned faults need no line each in the log."""
    log = logging.getLogger("bot.sender")
    before = log.level
    log.setLevel(logging.CRITICAL)
    yield
    log.setLevel(before)


class Died(RuntimeError):
    """The process ended here."""


@dataclass
class Response:
    data: dict[str, Any]
    status_code: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def failure(status: int, error: str) -> SlackApiError:
    response = Response({"ok": False, "error": error}, status)
    return SlackApiError(error, response)  # type: ignore[no-untyped-call]


@dataclass
class Channels:
    """Slack's side, whose answers are told beforehand; afterwards it answers well."""

    hand: Hand
    fates: list[str]
    posted: list[dict[str, Any]] = field(default_factory=list)
    on_answer: Callable[[], None] = lambda: None

    def _fate(self) -> str:
        return self.fates.pop(0) if self.fates else OK

    def _answer(self, take: Callable[[], dict[str, Any]]) -> Response:
        fate = self._fate()
        if fate == DIES_BEFORE:
            raise Died
        if fate == SLOW_DOWN:
            raise failure(429, "ratelimited")
        if fate == LOST_BEFORE:
            raise failure(500, "internal_error")
        data = take()
        if fate == LOST_AFTER:
            raise failure(500, "internal_error")
        if fate == RESET:
            raise aiohttp.ServerDisconnectedError
        if fate == DIES_AFTER:
            raise Died
        if fate == DIES_LATER:
            self.on_answer()
        return Response(data)

    async def chat_postMessage(self, **message: Any) -> Response:  # noqa: N802 (Slack's name)
        def take() -> dict[str, Any]:
            ts = f"{self.hand.now().timestamp() + len(self.posted) / 1e6:.6f}"
            self.posted.append({**message, "ts": ts})
            return {"channel": message["channel"], "ts": ts}

        return self._answer(take)

    async def chat_update(self, *, channel: str, ts: str, text: str) -> Response:
        def take() -> dict[str, Any]:
            (shown,) = (each for each in self.posted if each["ts"] == ts)
            shown["text"] = text
            return {"channel": channel, "ts": ts}

        return self._answer(take)

    async def conversations_history(self, *, channel: str, oldest: str, **_: Any) -> Response:
        def take() -> dict[str, Any]:
            there = [each for each in self.posted if each["channel"] == channel]
            return {"messages": [each for each in there if float(each["ts"]) > float(oldest)][::-1]}

        return self._answer(take)


class Mortal(Sender):
    """A sender that may die between Slack's answer and storing it."""

    dies = False

    async def _write(self, work: Callable[[Session], Any]) -> Any:
        if self.dies:
            raise Died
        return await super()._write(work)


class World:
    """One database, a Slack with told answers, and one sender after another."""

    def __init__(self, database: Database, fates: list[str]) -> None:
        self.hand = Hand()
        self.slack = Channels(self.hand, fates)
        slack = cast(AsyncWebClient, self.slack)
        self.deps = Deps(database, self.hand.now, slack)
        self.sender = self._new_sender()

    def _new_sender(self) -> Mortal:
        sender = Mortal(self.deps, TEAM, notice=lambda *_: None)

        def die() -> None:
            sender.dies = True

        self.slack.on_answer = die
        return sender

    async def post(self, lanes: list[str]) -> None:
        posts = [
            Post(f"{number}", Address(lane), {"text": f"{number}"})
            for number, lane in enumerate(lanes)
        ]
        await self.deps.database.write(
            TEAM, lambda session: outbox.post(session, *posts, now=self.hand.now())
        )

    async def statuses(self) -> set[str]:
        def query(session: Session) -> set[str]:
            return set(session.exec(select(OutboxRow.status)).all())

        return await self.deps.database.read(TEAM, query)

    async def send_everything(self) -> None:
        for _ in range(ROUNDS):
            soonest = await self._send()
            if await self.statuses() == {Status.SENT}:
                return
            later = (soonest - self.hand.now()).total_seconds() if soonest else A_WHILE
            self.hand.move(max(later, 0.01))
        raise AssertionError(f"not sent: {await self.statuses()}")

    async def _send(self) -> Any:
        try:
            soonest = await self.sender.send_due()
        except Died:
            soonest = None
        calls = list(self.sender._under_way)
        await self.sender.finish()
        if self.sender.dies or any(isinstance(call.exception(), Died) for call in calls):
            self.sender = self._new_sender()
        return soonest


async def run(file: Path, lanes: list[str], fates: list[str], revised: list[int]) -> list[Any]:
    database = Database.open(f"sqlite:///{file}")
    try:
        world = World(database, list(fates))
        await world.post(lanes)
        await world._send()
        for number in revised:
            words = {"text": f"{number} revised"}
            cause = f"{number}"
            await database.write(TEAM, lambda s, c=cause, w=words: outbox.revise(s, c, w))  # type: ignore[misc]
        await world.send_everything()
        return world.slack.posted
    finally:
        database.close()


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lanes=st.lists(st.sampled_from(LANES), min_size=1, max_size=6),
    fates=st.lists(st.sampled_from(FATES), max_size=14),
    revised=st.sets(st.integers(0, 5), max_size=2),
)
def test_every_message_arrives_once_and_in_its_lanes_order(
    migrated: Path, lanes: list[str], fates: list[str], revised: set[int]
) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        shutil.copy(migrated, folder / "db")
        known = [number for number in sorted(revised) if number < len(lanes)]
        posted = asyncio.run(run(folder / "db", lanes, fates, known))
    finally:
        shutil.rmtree(folder)
    wanted = [f"{n} revised" if n in known else f"{n}" for n in range(len(lanes))]
    for lane in LANES:
        shown = [each["text"] for each in posted if each["channel"] == lane]
        assert shown == [wanted[n] for n, chosen in enumerate(lanes) if chosen == lane]
