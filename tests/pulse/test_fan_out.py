"""A round asks everybody through a Slack that refuses more than four posts a second.

Time is simulated; the sender is killed again and again in the middle of its calls.
"""

import asyncio
import tracemalloc
from collections import Counter
from dataclasses import dataclass, field

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, col, select

from bot import outbox, roster, settings
from bot.blocks import asking
from bot.db import Database
from bot.deps import Deps
from bot.outbox import DUE, OutboxRow
from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace
from bot.rituals import pulse
from bot.sender import Sender
from handlers.asking import as_it_stands
from handlers.outbox import tell_concerned
from tests.kernel.hand import Hand
from tests.support import ANA, MANIFEST, TEAM, small_organisation

KILLS = 5
STEP = 0.25  # seconds
MOST_GROWTH = 15_000_000  # bytes, however many are asked
QUESTION = "How do you like the new room?"


async def _fan_out(database_url: str, people: int) -> tuple["Tray", int]:
    hand = Hand()
    workspace = small_organisation(Workspace(now=hand.now))
    for number in range(people):
        name = f"p{number}"
        workspace.add_person(id=f"U0P{number:05}", name=name, real_name=name, tz="Europe/Lisbon")
    slack = FakeSlack(workspace, manifest=MANIFEST, rate_limits=True)
    await slack.start()
    database = Database.open(database_url)
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
        )
        deps = Deps(database, hand.now, client)
        await _open(database, hand, slack)
        tray = Tray(slack)
        tracemalloc.start()
        await _send(deps, hand, people, tray)
        grown, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    database.close()
    await slack.stop()
    return tray, grown


@dataclass
class Tray:
    """Counts what arrived and takes it out of the fake Slack, which would keep all of it.

    What is held afterwards is the bot's, but for what little the fake Slack keeps besides.
    """

    slack: FakeSlack
    posts: int = 0
    asked: Counter[str] = field(default_factory=Counter)
    looked_at: set[str] = field(default_factory=set)  # whose conversations the bot may read later

    def empty(self) -> None:
        """Count and take out what arrived since."""
        self.posts += sum(call["method"] == "chat.postMessage" for call in self.slack.calls)
        self.slack.calls.clear()
        conversations = self.slack.workspace.messages._channels
        for channel in conversations.keys() - self.looked_at:
            for doc in conversations.pop(channel).values():
                self.asked[channel] += QUESTION in str(doc["message"])


async def _open(database: Database, hand: Hand, slack: FakeSlack) -> None:
    def work(session: Session) -> None:
        roster.remember(session, slack.workspace.people())
        settings.change(session, roster_loaded_at=hand.now())
        opened = pulse.ask_everybody(session, by=ANA, question=QUESTION, now=hand.now())
        outbox.post(session, *asking.posts(opened.round, opened.invited), now=hand.now())

    await database.write(TEAM, work, patience=60)


async def _send(deps: Deps, hand: Hand, people: int, tray: Tray) -> None:
    """Send until nothing is left; a sender that is killed leaves its calls and claims behind."""
    sender = Sender(deps, TEAM, notice=tell_concerned, wording=as_it_stands)
    steps, kills = 0, 0
    while await deps.database.read(TEAM, _is_waiting):
        await sender.send_due()
        if steps == (kills + 1) * people // (KILLS + 1) and kills < KILLS:
            kills += 1
            tray.looked_at |= {f"D{lane[1:]}" for lane in sender._under_way.values()}
            for call in list(sender._under_way):
                call.cancel()
            await asyncio.gather(*sender._under_way, return_exceptions=True)
            sender = Sender(deps, TEAM, notice=tell_concerned, wording=as_it_stands)
        await sender.finish()
        tray.empty()
        hand.move(STEP)
        steps += 1
    assert kills == KILLS
    tray.looked_at.clear()
    tray.empty()


def _is_waiting(session: Session) -> bool:
    waiting = select(OutboxRow.id).where(col(OutboxRow.status).in_(DUE)).limit(1)
    return session.exec(waiting).first() is not None


def _check(tray: Tray, grown: int, people: int) -> None:
    refused = [each for each in tray.slack.refusals if each["error"] == "ratelimited"]
    print(f"{people} people, {tray.posts} posts, {len(refused)} refused, {grown:,} bytes held")
    everybody = {f"D0P{number:05}": 1 for number in range(people)}
    assert {who: times for who, times in tray.asked.items() if who in everybody} == everybody
    assert len(refused) < tray.posts / 100
    assert grown < MOST_GROWTH


async def test_everybody_is_asked_once_at_slacks_pace(database_url: str) -> None:
    people = 300
    tray, grown = await _fan_out(database_url, people)
    _check(tray, grown, people)


@pytest.mark.soak
async def test_ten_thousand_are_asked_once_at_slacks_pace(database_url: str) -> None:
    people = 10_000
    tray, grown = await _fan_out(database_url, people)
    _check(tray, grown, people)
