"""After the close the file is the same whoever answered, and so whoever was reminded."""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, col, select

import schedules
from bot import ballot, homes, lanes
from bot.blocks import home as blocks
from bot.blocks import pulse as pulse_blocks
from bot.deps import Deps
from bot.homes import Page
from bot.outbox import DUE, OutboxRow
from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace
from bot.rituals import home, pulse
from bot.rounds import Status
from bot.rows import swap
from bot.sender import Sender
from handlers.asking import as_it_stands
from handlers.outbox import tell_concerned
from schedules.pulse import Closer
from tests.pulse.poll import CLOSES, INVITED, OPENS, Poll, opened, user
from tests.pulse.test_forgetting import codes, found
from tests.reading import text_of
from tests.stored import everything, tables
from tests.support import LOUNGE, MANIFEST, TEAM

EVENING = timedelta(hours=9)  # when it is past ten in everybody's zone
EARLY, OTHERS = INVITED[:6], INVITED[6:12]
MADE_UP = re.compile(r"\d{15,19}|[0-9a-f]{64}")  # ids, and codes


@dataclass
class Week:
    """A round whose messages go through the real sender into a Slack of their own."""

    poll: Poll
    deps: Deps

    def __post_init__(self) -> None:
        self.closer = Closer(self.deps, TEAM)

    async def at(self, moment: Any) -> None:
        """Let it be then, do what is due, and send what is to be sent."""
        self.poll.hand.at = moment
        await schedules.tick(self.deps, team=TEAM)
        await self.send()

    async def send(self) -> None:
        sender = Sender(self.deps, TEAM, notice=tell_concerned, wording=as_it_stands)
        while await self.poll.read(self._is_due):
            await sender.send_due()
            await sender.finish()
            self.poll.hand.move(0.25)

    def _is_due(self, session: Session) -> bool:
        due = select(OutboxRow.id).where(
            col(OutboxRow.status).in_(DUE), OutboxRow.send_after <= self.poll.hand.now()
        )
        return session.exec(due).first() is not None

    async def look_at_home(self, who: str) -> None:
        now = self.poll.hand.now

        def page(session: Session) -> Page:
            return blocks.page(home.content(session, person=who, now=now()), address="")

        await self.poll.write(lambda session: homes.opened(session, who, now=now()))
        await homes.publish(self.deps, team=TEAM, person=who, page=page)

    async def play(self, people: Sequence[str]) -> None:
        """Let these people answer before the reminder, and all look at their Homes."""
        await self.at(OPENS + EVENING)
        await self.poll.answer_all(people)
        for who in INVITED:
            await self.look_at_home(who)
        await self.at(OPENS + timedelta(days=2) + EVENING)
        await self.at(CLOSES)

    async def end(self) -> None:
        await self.closer.close_all()
        await self.send()
        self.poll.hand.at = CLOSES + timedelta(minutes=1)

    def left(self) -> dict[str, list[str]]:
        """Every row, without what is made up anew each time."""
        return {
            table: sorted(MADE_UP.sub("…", str(row)) for row in self.poll.rows(table))
            for table in tables(self.poll.url)
        }


@asynccontextmanager
async def week(url: str) -> AsyncIterator[Week]:
    """The prepared organisation, in which nothing was asked yet."""
    async with opened(url) as poll, aiohttp.ClientSession() as session:
        workspace = Workspace(now=poll.hand.now)
        for who in INVITED:
            about = user(who)
            workspace.add_person(id=who, name=about["name"], real_name=who, tz=about["tz"])
        workspace.add_channel(LOUNGE, "lounge", members=INVITED, bot=True)
        slack = FakeSlack(workspace, manifest=MANIFEST, rate_limits=False)
        await slack.start()
        client = AsyncWebClient(
            token=slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
        )
        yield Week(poll, Deps(poll.database, poll.hand.now, client, agenda=poll.deps().agenda))
        await slack.stop()


@pytest.fixture
async def a_week(prepared_url: str) -> AsyncIterator[Week]:
    async with week(prepared_url) as played:
        yield played


async def test_no_row_is_another_where_others_answered(
    prepared_url: str, another_prepared_url: str
) -> None:
    left = []
    for url, people in ((prepared_url, EARLY), (another_prepared_url, OTHERS)):
        async with week(url) as played:
            await played.play(people)
            assert [row for row in played.poll.rows("lane") if row[2] in INVITED]
            await played.end()
            assert (await played.poll.round()).status == Status.CLOSED
            left.append(played.left())
    assert left[0] == left[1]


async def test_no_fingerprint_of_a_home_with_a_question_is_left(a_week: Week) -> None:
    await a_week.play(EARLY)
    shown = [row[-1].encode() for row in a_week.poll.rows("home")]
    on_disk = everything(a_week.poll.database)
    assert len([one for one in shown if one in on_disk]) == len(INVITED)
    await a_week.end()
    on_disk = everything(a_week.poll.database)
    assert not [one for one in shown if one in on_disk]


def naming(poll: Poll, *names: str) -> set[str]:
    """The tables in which one of these names or codes stands."""
    return {
        table
        for table in tables(poll.url)
        if any(name in str(row) for row in poll.rows(table) for name in names)
    }


async def test_everything_that_is_held_about_a_person_is_told_to_them(a_week: Week) -> None:
    poll, who = a_week.poll, INVITED[4]
    before = naming(poll, who)
    await a_week.at(OPENS + EVENING)
    await poll.answer_all([who])
    assert await poll.comment(who, "words")
    asked = await poll.round()
    await poll.write(lambda session: pulse.excuse(session, asked.id, person=who))
    held = await poll.read(lambda session: ballot.held(session, asked, person=who))
    code = (await codes(poll))[who].decode()
    lines = text_of(pulse_blocks.privacy([held], [], zone=ZoneInfo("UTC")))
    told = {
        "invitation": "that you are asked, in the team team 101, as it was when the round opened; "
        "and that Slack could not bring you the question",
        "participation": "that you have answered something",
        "answer": "5 answers and a comment, not under your name but under a code",
        "comment": "5 answers and a comment, not under your name but under a code",
        "outbox": "the messages that ask and remind you, in Slack and as copies here",
        "lane": "and when the last one was sent; none shows what you answered",
    }
    assert naming(poll, who, code) - before == told.keys()
    assert [line for line in told.values() if line not in lines] == []


async def test_a_lane_in_use_stays_until_it_is_free(a_week: Week) -> None:
    await a_week.at(OPENS + EVENING)
    secrets = await codes(a_week.poll)
    await a_week.play(EARLY)
    who, now = INVITED[0], a_week.poll.hand.now

    def hold(session: Session) -> None:
        held = lanes.lane(session, who, now=now())
        until = now() + lanes.LEASE
        assert swap(session, lanes.Lane, {"id": held.id}, holder="me", held_until=until)

    await a_week.poll.write(hold)
    assert await a_week.closer.work() < a_week.closer.looks_again
    assert [row[2] for row in a_week.poll.rows("lane") if row[2] in INVITED] == [who]
    assert (await a_week.poll.round()).status == Status.CLOSING
    assert found(a_week.poll, secrets) == []
    a_week.poll.hand.move(lanes.LEASE.total_seconds())
    assert await a_week.closer.work() == a_week.closer.looks_again
    assert [row for row in a_week.poll.rows("lane") if row[2] in INVITED] == []
    assert (await a_week.poll.round()).status == Status.CLOSED


async def test_nobody_can_tell_whether_who_was_out_of_reach_answered(poll: Poll) -> None:
    """They count only where they did, so beside who it was the count would say so."""
    asked = await poll.round()
    await poll.write(lambda session: pulse.excuse(session, asked.id, person=INVITED[0]))
    await poll.answer_all(INVITED[:10])
    before = poll.rows("invitation")
    await poll.close()
    assert len(set(before) - set(poll.rows("invitation"))) == 1
    closed = await poll.round()
    assert closed.result is not None
    assert closed.result["turnout"]["whole"] == {"invited": 14, "responders": 10}
    assert [row for row in poll.rows("invitation") if row[-1]] == []


async def test_of_many_lanes_nothing_is_left_in_divided_pages(a_week: Week) -> None:
    many = [f"UX{number * 7919 % 10_000:05}" for number in range(1500)]
    await a_week.play(EARLY)
    now = a_week.poll.hand.now

    def use(session: Session) -> None:
        for who in many:
            lanes.lane(session, who, now=now())
            lanes.lane(session, f"C{who[1:]}", now=now())  # which stays
        for who in many[::2]:
            held = lanes.lane(session, who, now=now())
            swap(session, lanes.Lane, {"id": held.id}, holder="somebody for a while")

    await a_week.poll.write(use)
    on_disk = everything(a_week.poll.database)
    assert all(who.encode() in on_disk for who in many)
    await a_week.end()
    on_disk = everything(a_week.poll.database)
    assert not [who for who in many if who.encode() in on_disk]


async def test_who_is_out_of_reach_is_not_reminded(poll: Poll) -> None:
    asked, who = await poll.round(), INVITED[3]
    await poll.write(lambda session: pulse.excuse(session, asked.id, person=who))
    for later in (-EVENING, EVENING):  # when the first are reminded, and when all were
        await poll.at(OPENS + timedelta(days=2) + later)
    reminded = {to for to, cause, _ in poll.delivered if ":reminder" in cause}
    assert reminded == {*INVITED} - {who}


async def test_nobody_who_has_answered_has_a_reminder_that_waits(poll: Poll) -> None:
    await poll.answer_all(EARLY)
    poll.hand.at = OPENS + timedelta(days=2)  # Thursday, when it is time to remind people
    await schedules.tick(poll.deps(), team=TEAM)
    reminders = select(OutboxRow.lane).where(col(OutboxRow.cause).contains(":reminder"))
    waiting = await poll.read(lambda session: set(session.exec(reminders)))
    assert waiting == {*INVITED} - {*EARLY}
