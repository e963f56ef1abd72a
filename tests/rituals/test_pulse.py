"""The weekly pulse: everybody is asked, taps, may change it, and hears what all of them said."""

import asyncio

from sqlmodel import Session, select

from bot import own
from bot.playground.server import FakeSlack
from bot.responses import Answer, KeptComment, Participation
from bot.rounds import Round, RoundKey, Status
from tests.rituals.asking import (
    CLOSES,
    answer,
    asked,
    buttons,
    card_of,
    comment,
    questions,
    shown,
    tap,
)
from tests.rituals.spreading import CROWD
from tests.rituals.telling import initial
from tests.support import ANA, BEN, LOUNGE, PACE, Bot, open_form, pass_time, soon, text_of, told

ERASING_SECONDS = 20


def the_round(session: Session) -> Round:
    return session.exec(select(Round)).one()


async def test_everybody_is_asked_four_questions_at_ten_of_their_own_day(
    slack: FakeSlack, asking: Bot
) -> None:
    card = card_of(slack, ANA)
    assert card is not None
    assert asked(slack, ANA) == 4 + 1  # the first round of a quarter asks one more
    assert "until Friday 9 January, 16:00, your time" in text_of(card)
    assert card_of(slack, BEN) is None  # in New York it is five in the morning
    await pass_time(slack, CLOSES - CLOSES.replace(hour=10))
    assert card_of(slack, BEN) is not None


async def test_a_tap_is_recorded_and_shown_as_recorded_only(slack: FakeSlack, asking: Bot) -> None:
    await answer(slack, ANA, 4)
    assert "Thank you, that is all" in shown(slack, ANA)
    assert shown(slack, ANA).count("Recorded.") == 5
    answers = await asking.read(lambda session: session.exec(select(Answer)).all())
    assert [one.point for one in answers] == [4] * 5
    assert ANA not in str(answers)


async def test_the_round_closes_with_a_post_and_forgets_who_answered(
    slack: FakeSlack, asking: Bot
) -> None:
    for who in CROWD[:8]:
        await answer(slack, who, 4)
    for who in CROWD[8:12]:
        await answer(slack, who, 2)
    await pass_time(slack, CLOSES - slack.now())
    post = (await soon(slack, lambda: slack.messages(LOUNGE)))[-1]
    assert "12 of 18 answered (67 %)." in text_of(post)
    assert "67 % agree (39–86 %), 12 answers" in text_of(post)
    await asking.has_sent_everything()

    def left(session: Session) -> list[object]:
        return [
            *session.exec(select(Answer)),
            *session.exec(select(Participation)),
            *session.exec(select(RoundKey)),
        ]

    async with asyncio.timeout(ERASING_SECONDS):
        while (await asking.read(the_round)).status != Status.CLOSED:
            await slack.jump(PACE)  # each look lets the bot go on
    assert await asking.read(left) == []
    await tap(slack, CROWD[12], questions(card_of(slack, CROWD[12]) or {})[0], 4)
    assert "This round is closed" in text_of(slack.ephemerals(CROWD[12])[-1])


async def test_owners_ask_questions_of_their_own(slack: FakeSlack, crowd: Bot) -> None:
    form = await open_form(slack, ANA, "/pulse questions")
    lines = "The move to the new office went well for me.\n\nI know whom to ask about my pay."
    assert (await slack.submit(ANA, form["id"], {"questions": lines})).closed
    form = await open_form(slack, ANA, "/pulse questions")
    assert initial(form, "questions").splitlines() == [line for line in lines.splitlines() if line]
    short = await slack.submit(ANA, form["id"], {"questions": "Why?"})
    assert "10 to 300 characters" in short.errors["questions"]
    in_use = [one.question.slug for one in await crowd.read(own.in_use)]
    assert in_use == ["own-1", "own-2"]


async def test_only_owners_choose_questions(slack: FakeSlack, crowd: Bot) -> None:
    await slack.command(BEN, LOUNGE, "/pulse questions")
    assert "Only an owner of the mission can do that" in told(slack, BEN)
    form = await open_form(slack, ANA, "/pulse questions")
    slack.workspace.edit_person(ANA, is_admin=False, is_owner=False)
    await slack.events.settled()
    lines = "The move to the new office went well for me."
    outcome = await slack.submit(ANA, form["id"], {"questions": lines})
    assert "Only an owner of the mission can do that" in str(outcome)
    assert await crowd.read(own.in_use) == []


async def test_only_owners_begin_a_round(slack: FakeSlack, crowd: Bot) -> None:
    for words in ("now", "ask How did the move go for you?"):
        await slack.command(BEN, LOUNGE, f"/pulse {words}")
        assert "Only an owner of the mission can do that" in told(slack, BEN)
    await slack.command(ANA, LOUNGE, "/pulse ask Why?")
    assert "A question takes 10 to 300 characters" in told(slack, ANA)


async def test_an_owner_asks_everybody_one_question_at_once(slack: FakeSlack, crowd: Bot) -> None:
    await slack.command(ANA, LOUNGE, "/pulse ask The move to the new office went well for me.")
    assert "18 people are being asked" in told(slack, ANA)
    assert "the result waits until one is, in /mission settings" in told(slack, ANA)
    card = await soon(slack, lambda: card_of(slack, BEN))
    assert card is not None
    assert questions(card) == ["asked-1"]
    await slack.command(ANA, LOUNGE, "/pulse now")
    await slack.command(ANA, LOUNGE, "/pulse now")
    assert "still open" in told(slack, ANA)


async def test_enough_comments_are_read_without_names_or_order(
    slack: FakeSlack, asking: Bot
) -> None:
    for place, who in enumerate(CROWD[:8]):
        await comment(slack, who, f"Comment number {place}.")
        await answer(slack, who, 4)
    await pass_time(slack, CLOSES - slack.now())
    post = (await soon(slack, lambda: slack.messages(LOUNGE)))[-1]
    await slack.click(BEN, channel=LOUNGE, ts=post["ts"], action_id="pulse_comments")
    shown_to_ben = text_of(slack.views(BEN)[-1])
    assert all(f"Comment number {place}." in shown_to_ben for place in range(8))


async def test_too_few_comments_are_shown_to_nobody_and_kept_by_nobody(
    slack: FakeSlack, asking: Bot
) -> None:
    for who in CROWD[:7]:
        await comment(slack, who, "Something that I want to add.")
        await answer(slack, who, 4)
    await pass_time(slack, CLOSES - slack.now())
    post = (await soon(slack, lambda: slack.messages(LOUNGE)))[-1]
    assert "pulse_comments" not in str(post)
    await asking.has_sent_everything()
    assert await asking.read(lambda session: session.exec(select(KeptComment)).all()) == []


async def test_privacy_says_exactly_what_is_held(slack: FakeSlack, asking: Bot) -> None:
    await slack.command(CROWD[0], LOUNGE, "/pulse privacy")
    assert "no sign that you answered" in told(slack, CROWD[0])
    await answer(slack, CROWD[0], 4)
    await slack.command(CROWD[0], LOUNGE, "/pulse privacy")
    said = told(slack, CROWD[0])
    assert "that you have answered something" in said
    assert "5 answers and no comment" in said
    assert "Strongly" not in said


async def test_home_shows_what_waits_and_lets_people_answer_there(
    slack: FakeSlack, asking: Bot
) -> None:
    home = await slack.open_home(CROWD[0])
    assert home is not None
    assert "Pulse 1: 5 questions wait for your answer" in text_of(home)
    await slack.click(CROWD[0], view=home, action_id="pulse_open")
    form = slack.views(CROWD[0])[-1]
    while slugs := questions(form):
        button = next(each for each in buttons(form) if f":{slugs[0]}:4" in each["value"])
        where = {"action_id": button["action_id"], "value": button["value"]}
        await slack.click(CROWD[0], view=form["id"], **where)
        form = slack.views(CROWD[0])[-1]
    assert "Thank you, that is all" in text_of(form)
    assert "Pulse 1" not in text_of(await slack.open_home(CROWD[0]) or {})
