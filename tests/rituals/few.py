"""A round among few people in three zones, for tests that go through all of its dates.

Ana lives in Lisbon, where the workspace is, Ben in New York, Kim in Seoul, and Gil in UTC.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.ledger import LedgerLine
from bot.playground.server import FakeSlack
from bot.rounds import Round
from tests.reading import text_of
from tests.rituals.asking import buttons
from tests.rituals.test_mission import settle
from tests.support import ANA, BEN, GIL, KIM, LOUNGE, PACE, Bot, Doc, pass_time

PEOPLE = (ANA, BEN, KIM, GIL)
A_MINUTE, AN_HOUR, A_DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
A_WEEK = 7 * A_DAY
LOOKS = 80


def at(words: str) -> datetime:
    """A moment of January 2026 in Lisbon, where it is UTC: "06 10:00"."""
    return datetime.strptime(f"2026-01-{words}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


# Kim is the first whose Tuesday has a ten o'clock, and Ben the last.
OPENS, LAST_ASKED = at("06 01:00"), at("06 15:00")
REMINDS, REMINDS_LAST = at("08 01:00"), at("09 01:00")
CLOSES = at("09 16:00")


@pytest.fixture
async def few(slack: FakeSlack, mission: Bot) -> Bot:
    """The bot on its Monday, with a mission and a channel for updates."""
    assert (await settle(slack, updates_channel=LOUNGE)).closed
    await mission.has_sent_everything()
    await slack.jump(PACE)
    return mission


async def go(slack: FakeSlack, moment: datetime) -> None:
    """Let time pass until a minute after this, and all that is due with it."""
    await pass_time(slack, moment + A_MINUTE - slack.now())


def asked(slack: FakeSlack, who: str) -> list[str]:
    """When the person was asked or reminded: day and time in UTC, a reminder with its mark."""
    found = [message for message in slack.dm(who) if "pulse_comment" in str(message)]
    return [f"{_when(each):%d %H:%M}{'r' if _reminds(each) else ''}" for each in found]


def everybody_asked(slack: FakeSlack) -> list[list[str]]:
    """The same of all four, in the order of PEOPLE."""
    return [asked(slack, who) for who in PEOPLE]


def _when(message: Doc) -> datetime:
    return datetime.fromtimestamp(float(message["ts"]), UTC)


def _reminds(message: Doc) -> bool:
    return "You can still answer" in text_of(message)


def results(slack: FakeSlack) -> list[str]:
    """What was posted of rounds that were closed."""
    texts = [text_of(message) for message in slack.messages(LOUNGE)]
    return [text for text in texts if text.startswith(("Pulse", "Question"))]


async def rounds_of(bot: Bot) -> Sequence[Round]:
    """All rounds, the oldest first."""

    def query(session: Session) -> Sequence[Round]:
        return session.exec(select(Round).order_by(col(Round.id))).all()

    return await bot.read(query)


async def ledger(bot: Bot, *kinds: str) -> list[str]:
    """What the ledger keeps of these kinds, in its order; of a date that was skipped, which."""

    def query(session: Session) -> list[str]:
        wanted = (
            select(LedgerLine).where(col(LedgerLine.kind).in_(kinds)).order_by(col(LedgerLine.id))
        )
        return [str(one.details.get("due") or one.kind) for one in session.exec(wanted)]

    return await bot.read(query)


async def answer_one(slack: FakeSlack, who: str, point: int = 4) -> Doc:
    """Tap this point at the question that stands in the last message; return that message."""
    card = [each for each in slack.dm(who) if buttons(each)][-1]
    button = next(each for each in buttons(card) if each["value"].endswith(f":{point}"))
    where: Doc = {"channel": slack.workspace.dm_id(who), "ts": card["ts"]}
    await slack.click(who, action_id=button["action_id"], value=button["value"], **where)
    return card
