"""Somebody answers before what asks or reminds them has left: it says what is left, or is not sent.

It goes by the real sender, and answering changes nothing in the outbox.
"""

import pytest

from bot.playground.server import FakeSlack
from tests.rituals.asking import buttons, comment, questions
from tests.rituals.few import (
    CLOSES,
    LAST_ASKED,
    REMINDS,
    REMINDS_LAST,
    answer_one,
    asked,
    at,
    go,
)
from tests.stored import rows
from tests.support import ANA, BEN, GENERAL, KIM, Bot, Doc, soon, text_of, told

BEFORE_BEN = at("06 11:00")  # it is ten for Ana, and six in the morning for Ben


async def of_command(slack: FakeSlack, who: str) -> Doc:
    """Ask what is open, and return the answer."""
    assert (await slack.command(who, GENERAL, "/pulse")).ok
    return slack.ephemerals(who)[-1]


async def tap_first(slack: FakeSlack, who: str, card: Doc) -> None:
    button = buttons(card)[3]
    where = {"action_id": button["action_id"], "value": button["value"]}
    if "ts" in card:
        await slack.click(who, channel=GENERAL, ts=card["ts"], **where)
    else:
        await slack.click(who, view=card["id"], **where)


async def answer_by_command(slack: FakeSlack, who: str, *, most: int = 9) -> None:
    card = await of_command(slack, who)
    for _ in range(most):
        if buttons(card):
            await tap_first(slack, who, card)
            card = slack.ephemerals(who)[-1]


async def answer_on_home(slack: FakeSlack, who: str, *, most: int = 9) -> None:
    home = await slack.open_home(who)
    assert home is not None
    await slack.click(who, view=home, action_id="pulse_open")
    for _ in range(most):
        if buttons(form := slack.views(who)[-1]):
            await tap_first(slack, who, form)


@pytest.mark.parametrize("answers", [answer_by_command, answer_on_home])
async def test_who_has_answered_all_of_it_is_not_asked(
    slack: FakeSlack, few: Bot, answers: object
) -> None:
    await go(slack, BEFORE_BEN)
    assert callable(answers)
    await answers(slack, BEN)
    await go(slack, CLOSES)
    assert asked(slack, BEN) == []
    assert asked(slack, KIM) == ["06 01:00", "08 01:00r", "09 01:00r"]


@pytest.mark.parametrize("answers", [answer_by_command, answer_on_home])
async def test_who_has_begun_is_asked_what_is_left(
    slack: FakeSlack, few: Bot, answers: object
) -> None:
    await go(slack, BEFORE_BEN)
    assert callable(answers)
    first, *_ = questions(await of_command(slack, BEN))
    await answers(slack, BEN, most=2)
    await go(slack, LAST_ASKED)
    (card,) = [each for each in slack.dm(BEN) if buttons(each)]
    assert "Recorded. Question 3 of 5." in text_of(card)
    assert first not in questions(card)
    await go(slack, CLOSES)
    assert asked(slack, BEN) == ["06 15:00"]  # and no reminder


async def test_who_answers_while_a_reminder_waits_for_its_hour_gets_none(
    slack: FakeSlack, few: Bot
) -> None:
    await go(slack, REMINDS)
    assert asked(slack, KIM) == ["06 01:00", "08 01:00r"]
    await answer_one(slack, BEN)
    await go(slack, REMINDS_LAST)
    assert asked(slack, BEN) == ["06 15:00"]
    assert asked(slack, ANA) == ["06 10:00", "08 10:00r"]
    await answer_one(slack, ANA)
    await go(slack, CLOSES)
    assert asked(slack, ANA) == ["06 10:00", "08 10:00"]  # the reminder, as it reads since
    assert asked(slack, KIM) == ["06 01:00", "08 01:00r", "09 01:00r"]


async def test_who_only_comments_is_not_reminded_either(slack: FakeSlack, few: Bot) -> None:
    await go(slack, REMINDS)
    assert (await comment(slack, BEN, "All is well.")).closed
    await go(slack, CLOSES)
    assert asked(slack, BEN) == ["06 15:00"]


async def test_a_reminder_that_failed_is_not_tried_again_once_its_person_has_answered(
    slack: FakeSlack, few: Bot
) -> None:
    await go(slack, at("07 01:00"))
    slack.fault("chat.postMessage", "error", error="message_limit_exceeded")
    await slack.jump_to(REMINDS)
    await slack.until(lambda: tried_in_vain(few))
    await answer_one(slack, KIM)
    await go(slack, at("08 02:00"))
    assert asked(slack, KIM) == ["06 01:00"]


async def test_a_question_that_is_shown_once_more_shows_where_its_person_stands(
    slack: FakeSlack, few: Bot
) -> None:
    """Slack's answer is lost, so the message is looked up and brought up to date."""
    slack.fault("chat.postMessage", "reset_after")
    await slack.jump_to(at("06 01:00"))
    await slack.until(lambda: asked(slack, KIM))
    await answer_one(slack, KIM)
    await soon(slack, lambda: updates(slack))
    (card,) = [each for each in slack.dm(KIM) if buttons(each)]
    assert "Recorded. Question 2 of 5." in text_of(card)


def updates(slack: FakeSlack) -> list[Doc]:
    return [each for each in slack.calls if each["method"] == "chat.update"]


def tried_in_vain(bot: Bot) -> bool:
    query = "SELECT 1 FROM outbox WHERE status = 'waiting' AND attempts = 1"
    return bool(rows(bot.settings.database_url, query))


async def test_answering_changes_nothing_of_what_waits_to_be_sent(
    slack: FakeSlack, few: Bot
) -> None:
    await go(slack, BEFORE_BEN)

    def waiting() -> list[tuple[object, ...]]:
        return rows(few.settings.database_url, "SELECT * FROM outbox ORDER BY id")

    before = waiting()
    await answer_by_command(slack, BEN)
    assert "Thank you, that is all" in told(slack, BEN)
    assert waiting() == before
