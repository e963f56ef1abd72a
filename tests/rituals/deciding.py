"""What the tests of decisions share: where their cards stand, and the ways to begin one."""

from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot.decisions import Decision
from bot.ledger import LedgerLine
from bot.playground.server import FakeSlack
from tests.support import ANA, BEN, GENERAL, LOUNGE, PACE, Bot, Doc, open_form, soon, text_of

LINE = "Ship the new booking page on Friday?"
REASON = "Two clinics wait for it, and we can take it back."


@pytest.fixture
async def deciding(slack: FakeSlack, mission: Bot) -> Bot:
    """The bot with a mission, posting decisions to #lounge."""
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], {"decisions_channel": LOUNGE})).closed
    await mission.has_sent_everything()
    await slack.jump(PACE)
    return mission


async def begin(slack: FakeSlack, filled: Doc | None = None, *, who: str = BEN) -> Doc:
    """Begin a decision, in one line or with the whole form, and return its card."""
    before = len(slack.messages(LOUNGE))
    if filled is None:
        outcome = await slack.command(who, GENERAL, f"/decide {LINE}")
        assert outcome.ok, outcome.error
    else:
        outcome = await fill_in(slack, filled, who=who)
        assert outcome.closed, outcome.errors
    return (await soon(slack, lambda: slack.messages(LOUNGE)[before:]))[0]


async def whole_form(slack: FakeSlack, who: str = BEN) -> Doc:
    """Open the form and press More."""
    form = await open_form(slack, who, "/decide")
    await slack.click(who, view=form["id"], action_id="decide_more")
    return slack.views(who)[-1]


async def fill_in(slack: FakeSlack, filled: Doc, *, who: str = BEN, force: bool = False) -> Any:
    """Send the whole form."""
    form = await whole_form(slack, who)
    return await slack.submit(who, form["id"], {"title": LINE} | filled, force=force)


async def press(
    slack: FakeSlack, who: str, card: Doc, action: str, channel: str = LOUNGE, **which: Any
) -> Doc | None:
    """Press a button of a card, and return the form that it opens, if any."""
    before = slack.views(who)
    await slack.click(who, channel=channel, ts=card["ts"], action_id=action, **which)
    opened = [view for view in slack.views(who) if view not in before]
    return opened[-1] if opened else None


async def shows(slack: FakeSlack, card: Doc, words: str, channel: str = LOUNGE) -> str:
    """Wait until the card says this, and return what it says."""
    await soon(slack, lambda: words in now(slack, card, channel))
    return now(slack, card, channel)


def now(slack: FakeSlack, card: Doc, channel: str = LOUNGE) -> str:
    """What the card says now."""
    return text_of(slack.workspace.messages.get(channel, card["ts"]) or {})


def all_of_them(session: Session) -> list[Decision]:
    return list(session.exec(select(Decision).order_by(col(Decision.id))))


def the_decision(session: Session) -> Decision:
    return session.exec(select(Decision)).one()


def ledger(session: Session) -> list[LedgerLine]:
    about = select(LedgerLine).where(col(LedgerLine.kind).startswith("decision."))
    return list(session.exec(about.order_by(col(LedgerLine.id))))


async def hides(slack: FakeSlack, card: Doc, words: str, channel: str = LOUNGE) -> str:
    """Wait until the card does not say this any more, and return what it says."""
    await soon(slack, lambda: words not in now(slack, card, channel))
    return now(slack, card, channel)


async def decide(
    slack: FakeSlack, card: Doc, reason: str = "", *, channel: str = LOUNGE, who: str = BEN
) -> Doc:
    """Decide for the first option; returns whether the form closed, its errors and itself."""
    form = await press(slack, who, card, "decide_decide", channel)
    assert form is not None, slack.picture()
    outcome = await slack.submit(who, form["id"], {"choice": "0", "reason": reason})
    return {"closed": outcome.closed, "errors": outcome.errors, "form": form}


async def open_withdrawal(slack: FakeSlack, who: str, card: Doc) -> Doc | None:
    """Choose to withdraw a decision in its card's menu, and return the question, if any."""
    elements = [each for block in card["blocks"] for each in block.get("elements", ())]
    values = [one["value"] for each in elements for one in each.get("options", ())]
    (value,) = [one for one in values if one.startswith("withdraw:")]
    return await press(slack, who, card, "decide_menu", option=value)


async def withdraw(slack: FakeSlack, who: str, card: Doc) -> None:
    """Withdraw a decision."""
    form = await open_withdrawal(slack, who, card)
    assert form is not None, slack.picture()
    assert (await slack.submit(who, form["id"])).closed
