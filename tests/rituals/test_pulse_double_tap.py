"""Two quick taps on one button: both are about the question that stood there, which counts once."""

import asyncio

from sqlmodel import Session, select

from bot.playground.server import FakeSlack
from bot.responses import Answer
from tests.rituals.asking import buttons, card_of, now, questions
from tests.rituals.few import at, go
from tests.support import ANA, Bot, Doc, text_of


async def answers(bot: Bot) -> dict[str, int | None]:
    """What is stored, by question; only one person answers."""

    def query(session: Session) -> dict[str, int | None]:
        found = session.exec(select(Answer)).all()
        assert len({one.question for one in found}) == len(found)
        return {one.question: one.point for one in found}

    return await bot.read(query)


async def tap(slack: FakeSlack, card: Doc, point: int) -> None:
    """Tap where this card, which may be replaced by now, had this point."""
    button = next(each for each in buttons(card) if each["value"].endswith(f":{point}"))
    where: Doc = {"channel": slack.workspace.dm_id(ANA), "message": card}
    outcome = await slack.click(ANA, action_id=button["action_id"], value=button["value"], **where)
    assert outcome.ok


async def first_card(slack: FakeSlack) -> Doc:
    await go(slack, at("06 10:00"))
    card = card_of(slack, ANA)
    assert card is not None
    return card


async def test_the_second_tap_answers_no_other_question(slack: FakeSlack, few: Bot) -> None:
    card = await first_card(slack)
    (slug,) = questions(card)
    await tap(slack, card, 4)
    await tap(slack, card, 4)
    assert await answers(few) == {slug: 4}
    assert "Recorded. Question 2 of 5." in text_of(now(slack, ANA, card))


async def test_neither_does_one_that_comes_before_the_first_is_done(
    slack: FakeSlack, few: Bot
) -> None:
    card = await first_card(slack)
    (slug,) = questions(card)
    await asyncio.gather(tap(slack, card, 4), tap(slack, card, 4))
    assert await answers(few) == {slug: 4}
    assert "Recorded. Question 2 of 5." in text_of(now(slack, ANA, card))


async def test_a_late_tap_on_another_answer_changes_that_question_and_leads_on(
    slack: FakeSlack, few: Bot
) -> None:
    card = await first_card(slack)
    (first,) = questions(card)
    await tap(slack, card, 4)
    (second,) = questions(now(slack, ANA, card))
    await tap(slack, now(slack, ANA, card), 5)
    await tap(slack, card, 2)
    assert await answers(few) == {first: 2, second: 5}
    assert "Recorded. Question 3 of 5." in text_of(now(slack, ANA, card))


async def test_two_taps_in_the_form_answer_one_question(slack: FakeSlack, few: Bot) -> None:
    few.may_be_refused("hash_conflict")
    await first_card(slack)
    home = await slack.open_home(ANA)
    assert home is not None
    await slack.click(ANA, view=home, action_id="pulse_open")
    form = slack.views(ANA)[-1]
    (slug,) = questions(form)
    where = {"action_id": "pulse_answer_4", "view": form["id"]}
    await asyncio.gather(slack.click(ANA, **where), slack.click(ANA, **where))
    assert await answers(few) == {slug: 4}
    assert "Recorded. Question 2 of 5." in text_of(slack.views(ANA)[-1])
