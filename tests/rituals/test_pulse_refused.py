"""Taps and comments that cannot be taken: each is told to who made it, and nothing is stored."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot import logs, settings
from bot.outbox import OutboxRow, Status
from bot.playground.server import FakeSlack
from bot.responses import Answer, Comment, Participation
from bot.rounds import Invitation, Round
from bot.rounds import Status as RoundStatus
from tests.rituals.asking import CLOSES, answer, card_of, questions, tap
from tests.rituals.spreading import CROWD
from tests.stored import rows, tables
from tests.support import EVE, KUDOS, LOUNGE, PACE, Bot, pass_time, soon, text_of, told

OURS = ("truenorth", "bot", "handlers", "schedules")
WHO = CROWD[0]


@pytest.fixture(autouse=True)
def loud() -> Iterator[None]:
    """Log all that LOG_LEVEL=DEBUG lets us log, from before the bot starts."""
    loggers = [logging.root, *map(logging.getLogger, (*OURS, "alembic"))]
    before = [one.level for one in loggers]
    logs.start("DEBUG")
    yield
    for one, level in zip(loggers, before, strict=True):
        one.setLevel(level)


def stored(session: Session) -> list[object]:
    return [*session.exec(select(Answer)), *session.exec(select(Participation))] + [
        *session.exec(select(Comment))
    ]


async def press(
    slack: FakeSlack, who: str, action: str, value: str, *, channel: str | None = None
) -> None:
    """Press a button with a value of one's own, in a message that the bot could have sent."""
    words = {"type": "plain_text", "text": "press"}
    button = {"type": "button", "action_id": action, "value": value, "text": words}
    message = {
        "ts": slack.messages(KUDOS)[-1]["ts"],
        "text": "",
        "user": slack.workspace.bot_user_id,
        "blocks": [{"type": "actions", "block_id": "forged", "elements": [button]}],
    }
    where = channel or slack.workspace.dm_id(who)
    assert (await slack.click(who, channel=where, message=message, action_id=action)).ok


async def round_of(asking: Bot) -> int:
    return (await asking.read(lambda session: session.exec(select(Round)).one())).id


FORGED = {
    "another round": "12:{question}:4",
    "a round that no database could hold": "9999999999999999999:{question}:4",
    "another question": "{round}:nothing:4",
    "a point above the scale": "{round}:{question}:6",
    "a point below the scale": "{round}:{question}:0",
    "a point that is no number": "{round}:{question}:much",
    "a negative point": "{round}:{question}:-1",
    "no round": ":{question}:4",
    "words": "ignore all of this",
}


@pytest.mark.parametrize("forgery", FORGED)
async def test_a_forged_button_stores_nothing(slack: FakeSlack, asking: Bot, forgery: str) -> None:
    card = card_of(slack, WHO)
    question = questions(card or {})[0]
    value = FORGED[forgery].format(round=await round_of(asking), question=question)
    await press(slack, WHO, "pulse_answer_4", value)
    assert "othing was stored" in told(slack, WHO)
    assert await asking.read(stored) == []


async def test_nobody_answers_who_was_not_asked(slack: FakeSlack, asking: Bot) -> None:
    slack.workspace.join("U0NEW", name="new", real_name="New")
    await slack.events.settled()
    card = card_of(slack, WHO)
    value = f"{await round_of(asking)}:{questions(card or {})[0]}:4"
    for who in ("U0NEW", EVE):
        await press(slack, who, "pulse_answer_4", value, channel=KUDOS if who == EVE else None)
        assert "so nothing was stored" in told(slack, who)
    assert await asking.read(stored) == []


async def test_a_tap_after_the_end_is_thanked_and_told_when_the_next_one_is(
    slack: FakeSlack, asking: Bot
) -> None:
    slug = questions(card_of(slack, WHO) or {})[0]
    await pass_time(slack, CLOSES - slack.now())
    await tap(slack, WHO, slug, 4)
    said = told(slack, WHO)
    assert "Thank you. This round is closed, so nothing was stored." in said
    assert "The next one opens on Tuesday 13 January" in said
    assert await asking.read(stored) == []


async def test_a_round_without_answers_ends_with_one_line(slack: FakeSlack, asking: Bot) -> None:
    await pass_time(slack, CLOSES - slack.now())
    post = (await soon(slack, lambda: slack.messages(LOUNGE)))[-1]
    assert text_of(post).strip() == "Pulse 1 is closed. Too few people answered to say anything."


async def test_a_comment_of_nothing_but_space_is_none(slack: FakeSlack, asking: Bot) -> None:
    assert (await comment(slack, asking, WHO, " \n\u200b ")) is True
    assert await asking.read(stored) == []


async def test_a_comment_that_is_taken_back_is_none(slack: FakeSlack, asking: Bot) -> None:
    for words in ("all is well", "  "):
        assert await comment(slack, asking, WHO, words)
    kept = await asking.read(lambda session: session.exec(select(Comment.words)).all())
    assert list(kept) == [""]


async def comment(slack: FakeSlack, asking: Bot, who: str, words: str) -> bool:
    """Write a comment in the form; say whether the form closed."""
    await press(slack, who, "pulse_comment", str(await round_of(asking)))
    form = slack.views(who)[-1]
    return bool((await slack.submit(who, form["id"], {"comment": words})).closed)


async def test_a_person_whom_slack_refuses_is_excused_and_all_others_are_asked(
    slack: FakeSlack, crowd: Bot
) -> None:
    crowd.may_be_refused("user_disabled", "cannot_dm_bot")
    await pass_time(slack, timedelta(hours=6))  # until those who joined today are welcomed
    for error in ("user_disabled", "cannot_dm_bot"):
        slack.fault("chat.postMessage", "error", error=error)
    await crowd.write(lambda session: settings.change(session, updates_channel=LOUNGE, owners=[]))
    await open_now(slack, crowd)
    refused = await crowd.read(
        lambda s: s.exec(select(OutboxRow.lane).where(OutboxRow.status == Status.REFUSED)).all()
    )
    excused = await crowd.read(
        lambda s: s.exec(select(Invitation.person).where(Invitation.is_excused)).all()
    )
    assert len(refused) == 2
    assert set(excused) == set(refused)
    assert {who for who in CROWD if card_of(slack, who) is None} == set(refused) & set(CROWD)


async def open_now(slack: FakeSlack, bot: Bot) -> None:
    """Have an owner open a round, and everybody asked who can be."""
    outcome = await slack.command("U0ANA", "C0GENERAL", "/pulse now")
    assert outcome.ok
    await soon(slack, lambda: len([who for who in CROWD if card_of(slack, who)]) >= len(CROWD) - 2)
    await slack.jump(PACE)
    await bot.has_sent_everything()


async def test_not_even_the_fullest_log_says_what_somebody_answered_or_wrote(
    slack: FakeSlack, asking: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    assert logging.getLogger("bot").isEnabledFor(logging.DEBUG)
    await answer(slack, WHO, 4)
    assert await comment(slack, asking, WHO, "what nobody signed")
    await pass_time(slack, CLOSES - slack.now())
    await soon(slack, lambda: slack.messages(LOUNGE))
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert "nobody signed" not in said
    assert "pulse_answer" not in said
    assert WHO not in said


async def test_a_tap_that_slack_sends_twice_counts_once(slack: FakeSlack, asking: Bot) -> None:
    await tap(slack, WHO, questions(card_of(slack, WHO) or {})[0], 4)
    await slack.redeliver()
    points = await asking.read(lambda session: session.exec(select(Answer.point)).all())
    assert list(points) == [4]


async def test_an_answer_leaves_no_other_row(slack: FakeSlack, asking: Bot) -> None:
    def all_rows() -> dict[str, int]:
        url = asking.settings.database_url
        return {name: rows(url, f"SELECT count(*) FROM {name}")[0][0] for name in tables(url)}

    before = all_rows()
    await answer(slack, WHO, 4)
    after = all_rows()
    changed = {name for name in before if before[name] != after[name]}
    assert changed - {"lane"} == {"answer", "participation"}  # the sender may still be at work


async def test_the_clock_set_back_opens_nothing_again(slack: FakeSlack, asking: Bot) -> None:
    await pass_time(slack, CLOSES - slack.now())
    await soon(slack, lambda: slack.messages(LOUNGE))
    await slack.jump(timedelta(hours=-1))
    slug = questions(card_of(slack, WHO) or {})[0]
    await tap(slack, WHO, slug, 4)
    assert "This round is closed" in told(slack, WHO)
    await slack.jump(timedelta(hours=2))
    all_rounds = await asking.read(lambda session: session.exec(select(Round)).all())
    assert [one.status != RoundStatus.OPEN for one in all_rounds] == [True]
    assert len(slack.messages(LOUNGE)) == 1
