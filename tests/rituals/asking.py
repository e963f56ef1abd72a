"""What the tests of the pulse share: a round that is open, and ways to answer it."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.playground.server import FakeSlack
from tests.rituals.spreading import CROWD
from tests.support import ANA, LOUNGE, Bot, Doc, open_form, pass_time, text_of

OPENS = datetime(2026, 1, 6, 10, tzinfo=UTC)  # the Tuesday after T0, in Lisbon
CLOSES = datetime(2026, 1, 9, 16, tzinfo=UTC)  # its Friday
AGREE, DISAGREE = 4, 2


@pytest.fixture
async def asking(slack: FakeSlack, crowd: Bot) -> Bot:
    """The bot on the Tuesday on which it asked its first eighteen people, who have it now."""
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], {"updates_channel": LOUNGE})).closed
    await pass_time(slack, OPENS - slack.now())
    await pass_time(slack, CLOSES - CLOSES)
    await slack.until(lambda: card_of(slack, CROWD[0]))
    return crowd


def card_of(slack: FakeSlack, who: str) -> Doc | None:
    """The last message to this person that asks them something."""
    cards = [message for message in slack.dm(who) if buttons(message)]
    return cards[-1] if cards else None


def buttons(message: Doc) -> list[Doc]:
    """The buttons of the answers in a message."""
    return [
        element
        for block in message.get("blocks", [])
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"].startswith("pulse_answer")
    ]


def questions(message: Doc) -> list[str]:
    """The question of a message that can be answered now, by its slug; none where all are."""
    return list(dict.fromkeys(each["value"].split(":")[1] for each in buttons(message)))


def asked(slack: FakeSlack, who: str) -> int:
    """How many questions the latest message that asks has in all."""
    card = card_of(slack, who)
    assert card is not None, slack.picture()
    found = re.search(r"Question \d+ of (\d+)", text_of(card))
    return int(found[1]) if found else 1


async def answer(slack: FakeSlack, who: str, point: int | str = AGREE, **chosen: Any) -> None:
    """Tap the same point at each question, but for those that are chosen otherwise."""
    card = card_of(slack, who)
    assert card is not None, slack.picture()
    while slugs := questions(now(slack, who, card)):
        await tap(slack, who, slugs[0], chosen.get(slugs[0].replace("-", "_"), point))


def now(slack: FakeSlack, who: str, card: Doc) -> Doc:
    """A message to the person as it is by now."""
    found = slack.workspace.messages.get(slack.workspace.dm_id(who), card["ts"])
    assert found is not None, slack.picture()
    return found


async def tap(slack: FakeSlack, who: str, slug: str, point: int | str) -> Any:
    """Tap one answer in the latest message that asks."""
    card = card_of(slack, who)
    assert card is not None, slack.picture()
    (button,) = [each for each in buttons(card) if each["value"].endswith(f":{slug}:{point}")]
    return await slack.click(
        who,
        channel=slack.workspace.dm_id(who),
        message=card,
        action_id=button["action_id"],
        value=button["value"],
    )


def shown(slack: FakeSlack, who: str) -> str:
    """What the latest message to the person says."""
    return text_of(slack.dm(who)[-1])


async def comment(slack: FakeSlack, who: str, words: str) -> Any:
    """Open the form for the comment from the latest message that asks, and send it."""
    card = slack.dm(who)[-1]
    where: Doc = {"channel": slack.workspace.dm_id(who), "message": card}
    await slack.click(who, action_id="pulse_comment", **where)
    return await slack.submit(who, slack.views(who)[-1]["id"], {"comment": words})
