"""A driver who leaves before they said how a decision came out: who drives it now is asked."""

from datetime import timedelta

import pytest

from bot.decisions import Decision
from bot.playground.server import FakeSlack
from tests.rituals.deciding import (
    REASON,
    all_of_them,
    begin,
    decide,
    now,
    press,
    shows,
    the_decision,
)
from tests.rituals.test_decide_clock import REVIEW, ask_about, until
from tests.rituals.test_decide_handover import (
    DRIVEN,
    asked,
    changes,
    dm,
    drive,
    leaves,
    questions,
)
from tests.support import ANA, BEN, GENERAL, KIM, Bot, Doc, soon, text_of, told


async def decided(slack: FakeSlack, bot: Bot) -> tuple[Doc, Decision]:
    """Have a decision decided, of which the outcome is asked for in two weeks."""
    card = await begin(slack, REVIEW | {"approvers": [], "review_in": "2"})
    assert (await decide(slack, card, REASON))["closed"]
    return card, await bot.read(the_decision)


async def test_who_takes_over_a_decided_one_is_asked_how_it_came_out(
    slack: FakeSlack, deciding: Bot
) -> None:
    card, known = await decided(slack, deciding)
    await leaves(slack, BEN)
    question = await asked(slack, ANA)
    assert "Whoever drives it now is asked how it came out." in text_of(question)
    assert known.review_at is not None
    await drive(slack, ANA, question)
    assert "@ben decided: Do it" in await shows(slack, card, "It was handed over from @ben.")
    await until(slack, known.review_at - timedelta(minutes=5))
    assert outcomes(slack) == []
    await until(slack, known.review_at + timedelta(minutes=5))
    (asking,) = outcomes(slack)
    assert "@ben decided: Do it" in text_of(asking)
    assert "This is what was expected (70 % sure):" in text_of(asking)
    await press(slack, ANA, asking, "decide_came_out", dm(slack, ANA))
    await shows(slack, asking, "It came out as predicted.", dm(slack, ANA))
    await slack.command(ANA, GENERAL, "/decide calibration")
    assert "there are 0" in told(slack, ANA)  # it was not Ana who predicted


@pytest.mark.parametrize("change", [{"deleted": True}, {"is_restricted": True}])
async def test_what_nobody_drives_any_more_is_superseded_by_who_could(
    slack: FakeSlack, deciding: Bot, change: dict[str, bool]
) -> None:
    first = await begin(slack, {"checklist": "", "approvers": [KIM]})
    await press(slack, KIM, first, "decide_approve")
    second = await begin(slack, {"checklist": "", "title": "Then Monday?"}, who=ANA)
    assert (await decide(slack, first, REASON))["closed"]
    assert (await decide(slack, second, who=ANA))["closed"]
    await shows(slack, first, "Supersede")
    old = (await deciding.read(all_of_them))[0]
    await changes(slack, BEN, **change)
    option = f"supersede:{old.id}"
    assert await press(slack, ANA, first, "decide_menu", option=option) is None
    assert told(slack, ANA) == "Nothing was changed. This can be superseded by kim."
    form = await press(slack, KIM, first, "decide_menu", option=option)
    assert form is not None
    assert (await slack.submit(KIM, form["id"], {"successor": "2"})).closed
    await shows(slack, first, "Superseded by 2 · Then Monday?")


def outcomes(slack: FakeSlack) -> list[Doc]:
    return [each for each in slack.dm(ANA) if "Did it come out like that?" in text_of(each)]


async def test_who_takes_it_over_after_its_review_came_is_asked_at_once(
    slack: FakeSlack, deciding: Bot
) -> None:
    await ask_about(slack, weeks=2)  # Ben, who leaves without a word
    await leaves(slack, BEN)
    await drive(slack, ANA, await asked(slack, ANA))
    (asking,) = await soon(slack, lambda: outcomes(slack))
    await press(slack, ANA, asking, "decide_too_early", dm(slack, ANA))
    await shows(slack, asking, "I will ask you again on", dm(slack, ANA))
    await until(slack, slack.now() + timedelta(weeks=5))
    assert len(outcomes(slack)) == 1


async def test_where_nobody_took_it_over_until_its_review_they_are_asked_once_more(
    slack: FakeSlack, deciding: Bot
) -> None:
    _, known = await decided(slack, deciding)
    await leaves(slack, BEN)
    await asked(slack, ANA)
    assert known.review_at is not None
    await until(slack, known.review_at + timedelta(minutes=5))
    first, second = await soon(slack, lambda: both(slack))
    await drive(slack, ANA, second)
    for each in (first, second):
        await shows(slack, each, "@ana drives it now.", dm(slack, ANA))
    assert len(await soon(slack, lambda: outcomes(slack))) == 1


def both(slack: FakeSlack) -> list[Doc]:
    return found if len(found := questions(slack, ANA)) == 2 else []


async def test_of_a_decision_without_a_review_nobody_is_asked(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, DRIVEN | {"approvers": []})
    assert (await decide(slack, card, REASON))["closed"]
    await leaves(slack, BEN)
    await deciding.has_sent_everything()
    assert questions(slack, ANA) == []
    assert "Drive it" not in now(slack, card)
    assert [one.status for one in await deciding.read(all_of_them)] == ["decided"]
