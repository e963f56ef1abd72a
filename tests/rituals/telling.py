"""What the tests of stories share: a story of each kind, and the ways to tell one."""

from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.ledger import LedgerLine
from bot.playground.server import FakeSlack
from bot.rituals.story import Credit, Story
from tests.support import ANA, BEN, GENERAL, LOUNGE, PACE, Bot, Doc, open_form, soon

HAPPENED = "We called every clinic on the list and asked what kept them."
SUCCESS: Doc = {
    "title": "We halved the waiting list",
    "happened": HAPPENED,
    "impact": "Twice as many people are seen in their first week.",
    "value": "care",
}
LEARNING: Doc = {
    "title": "The reminders went out twice",
    "expected": "We expected the old job to stop by itself.",
    "happened": "Both jobs ran, and everybody was called twice.",
    "learned": "We learned that nobody knew who owned the old job.",
    "change": "Every job has an owner now, with a name on it.",
    "value": "candour",
}


@pytest.fixture
async def stories(slack: FakeSlack, mission: Bot) -> Bot:
    """The bot with a mission, posting stories to #lounge."""
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], {"stories_channel": LOUNGE})).closed
    await mission.has_sent_everything()
    await slack.jump(PACE)
    return mission


async def fill_in(
    slack: FakeSlack, filled: Doc, *, who: str = BEN, force: bool = False, words: str = ""
) -> Any:
    """Open the form for a story of this kind and send it."""
    kind = "learning" if "learned" in filled else "success"
    form = await open_form(slack, who, f"/story {kind} {words}")
    return await slack.submit(who, form["id"], filled, force=force)


async def tell(slack: FakeSlack, filled: Doc, *, who: str = BEN) -> Doc:
    """Tell a story, and return its post once it is there."""
    before = len(slack.messages(LOUNGE))
    assert (await fill_in(slack, filled, who=who)).closed
    return (await soon(slack, lambda: slack.messages(LOUNGE)[before:]))[0]


def the_story(session: Session) -> Story:
    return session.exec(select(Story)).one()


def told_so_far(session: Session) -> list[Story]:
    return list(session.exec(select(Story).order_by(col(Story.id))))


def credits(session: Session) -> list[str]:
    return list(session.exec(select(Credit.person).order_by(col(Credit.position))))


def ledger(session: Session) -> list[LedgerLine]:
    about = select(LedgerLine).where(col(LedgerLine.kind).startswith("story."))
    return list(session.exec(about.order_by(col(LedgerLine.id))))


def inputs(view: Doc) -> Doc:
    """The view's inputs by their names."""
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


def initial(view: Doc, name: str) -> Any:
    """What an input begins with."""
    element = inputs(view)[name]["element"]
    chosen = element.get("initial_option")
    return chosen["value"] if chosen else element.get("initial_value", element.get("initial_users"))


async def form_of(
    slack: FakeSlack, who: str, message: Doc, shortcut: str, channel: str = GENERAL
) -> Doc:
    """Press a shortcut beside a message, and return the form that it opens."""
    outcome = await slack.message_shortcut(who, channel, message["ts"], shortcut)
    assert outcome.ok, outcome.error
    assert slack.views(who), slack.picture()
    return slack.views(who)[-1]
