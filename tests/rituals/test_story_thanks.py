"""Thanks for a story: one each, to be taken back; and a learning story is never counted."""

import asyncio
import re
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.applause import Applause
from bot.playground.server import FakeSlack
from bot.roster import ONLY_OURS
from tests.rituals.telling import LEARNING, SUCCESS, ledger, tell
from tests.support import ANA, BEN, EVE, KIM, LOUNGE, Bot, Doc, soon, text_of, told

ROOT = Path(__file__).parent.parent.parent
CROWD = [f"U0CROWD{letter}" for letter in "ABCDEFG"]
MENTION = re.compile(r"<[@#]\w+>")


def thanks(session: Session) -> list[str]:
    return list(session.exec(select(Applause.person)).all())


def button(post: Doc) -> Doc:
    actions = next(block for block in post["blocks"] if block["type"] == "actions")
    return dict(actions["elements"][0])


def shown(slack: FakeSlack) -> str:
    return str(button(slack.messages(LOUNGE)[-1])["text"]["text"])


async def thank(slack: FakeSlack, who: str, post: Doc) -> Any:
    """Press Thank beside the story as it is now."""
    return await slack.click(who, channel=LOUNGE, ts=post["ts"], action_id="thank")


async def test_thanks_count_each_person_once_and_can_be_taken_back(
    slack: FakeSlack, stories: Bot
) -> None:
    post = await tell(slack, SUCCESS)
    assert shown(slack) == "Thank"
    await thank(slack, ANA, post)
    await soon(slack, lambda: shown(slack) == "Thank · 1")
    await thank(slack, KIM, post)
    await soon(slack, lambda: shown(slack) == "Thank · 2")
    assert f"Thanks from <@{ANA}>, <@{KIM}>" in text_of(slack.messages(LOUNGE)[-1])
    await thank(slack, ANA, post)
    await soon(slack, lambda: shown(slack) == "Thank · 1")
    assert await stories.read(thanks) == [KIM]


@pytest.mark.parametrize("filled", [SUCCESS, LEARNING])
async def test_two_clicks_at_once_are_one(slack: FakeSlack, stories: Bot, filled: Doc) -> None:
    post = await tell(slack, filled)
    await asyncio.gather(thank(slack, ANA, post), thank(slack, ANA, post))
    await slack.redeliver()
    await soon(slack, lambda: "Thanks from" in text_of(slack.messages(LOUNGE)[-1]))
    assert await stories.read(thanks) == [ANA]


async def test_somebody_of_a_partner_is_told_politely_and_alone(
    slack: FakeSlack, stories: Bot
) -> None:
    slack.workspace.add_channel("C0SHARED", "shared", members=[BEN, EVE])
    post = await tell(slack, SUCCESS)
    await slack.click(EVE, channel="C0SHARED", message=post, action_id="thank")
    assert ONLY_OURS in told(slack, EVE)
    assert await stories.read(thanks) == []


async def everybody_thanks(slack: FakeSlack, post: Doc) -> None:
    for person in CROWD:
        slack.workspace.join(person, name=person.lower(), real_name=person)
    await slack.events.settled()
    for person in CROWD:
        await slack.click(person, channel=LOUNGE, message=post, action_id="thank")


async def test_many_thanks_for_what_worked_are_a_number(slack: FakeSlack, stories: Bot) -> None:
    post = await tell(slack, SUCCESS)
    await everybody_thanks(slack, post)
    await soon(slack, lambda: shown(slack) == "Thank · 7")
    assert "and 2 more" in text_of(slack.messages(LOUNGE)[-1])


def seen(slack: FakeSlack, who: str) -> list[str]:
    """Everything that the person can read about stories, without mentions."""
    messages = [*slack.messages(LOUNGE), *slack.dm(who), *slack.ephemerals(who)]
    texts = [f"{each['text']}\n{text_of(each)}" for each in messages if "story" in text_of(each)]
    assert texts, slack.picture()
    return [MENTION.sub("", text) for text in texts]


async def test_what_was_learned_is_counted_nowhere(slack: FakeSlack, stories: Bot) -> None:
    post = await tell(slack, LEARNING | {"credits": [KIM]})
    await tell(slack, LEARNING | {"title": "The backup was empty"})
    await everybody_thanks(slack, post)
    await soon(slack, lambda: "and others" in text_of(slack.messages(LOUNGE)[0]))
    await stories.has_sent_everything()
    assert button(slack.messages(LOUNGE)[0])["text"]["text"] == "Thank"
    for who in (ANA, BEN, KIM):
        for text in seen(slack, who):
            assert not re.search(r"\d", text), text
            assert not re.search(r"\b(one|two|three|seven|many|more|most|times|score)\b", text)
    for line in await stories.read(ledger):
        assert set(line.details) == {"credits", "value"}


def test_nothing_that_adds_up_or_ranks_looks_at_stories() -> None:
    ours = [path for folder in ("bot", "schedules") for path in (ROOT / folder).rglob("*.py")]
    for path in ours:
        if path.name == "erasing.py":  # a receipt counts what was erased, of one person
            continue
        source = path.read_text()
        if re.search(r"func\.(count|sum|avg|rank|total)|Counter\(", source):
            assert not re.search(r"\bStory\b", source), path
