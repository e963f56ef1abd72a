"""The weekly pulse: everybody is asked, taps, may change it, and hears what all of them said."""

from sqlmodel import Session, select

from bot.playground.server import FakeSlack
from bot.responses import Answer, Participation
from bot.rounds import Round, RoundKey, Status
from tests.rituals.asking import CLOSES, answer, card_of, questions, shown, tap
from tests.rituals.spreading import CROWD
from tests.support import ANA, BEN, LOUNGE, PACE, Bot, soon, text_of


def the_round(session: Session) -> Round:
    return session.exec(select(Round)).one()


async def test_everybody_is_asked_four_questions_at_ten_of_their_own_day(
    slack: FakeSlack, asking: Bot
) -> None:
    card = card_of(slack, ANA)
    assert card is not None
    assert len(questions(card)) == 4 + 1  # the first round of a quarter asks one more
    assert "until Friday 9 January, 16:00, your time" in text_of(card)
    assert card_of(slack, BEN) is None  # in New York it is five in the morning
    await slack.pass_time(CLOSES - CLOSES.replace(hour=10))
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
    await slack.pass_time(CLOSES - slack.now())
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

    while (await asking.read(the_round)).status != Status.CLOSED:
        await slack.jump(PACE)  # each look lets the bot go on
    assert await asking.read(left) == []
    await tap(slack, CROWD[12], questions(card_of(slack, CROWD[12]) or {})[0], 4)
    assert "This round is closed" in text_of(slack.ephemerals(CROWD[12])[-1])
