"""What happens between the steps that people take, and what Slack sends that nobody meant."""

import pytest
from sqlmodel import Session, select

from bot.outbox import OutboxRow
from bot.playground.server import FakeSlack
from tests.rituals.telling import SUCCESS, fill_in
from tests.rituals.test_corrections import DEED, withdrawing
from tests.rituals.test_home import chosen
from tests.support import BEN, KIM, Bot, Doc, give, soon, text_of


def all_words(session: Session) -> str:
    """Every wording that the outbox holds."""
    return str(session.exec(select(OutboxRow.message)).all())


def asked(slack: FakeSlack, who: str, words: str) -> list[Doc]:
    return [message for message in slack.dm(who) if words in text_of(message)]


async def test_no_notice_holds_the_words_of_a_withdrawn_story_that_waits(
    slack: FakeSlack, mission: Bot
) -> None:
    assert (await fill_in(slack, SUCCESS | {"credits": [KIM]})).closed
    await soon(slack, lambda: asked(slack, BEN, "not posted yet"))
    await slack.open_home(BEN)
    question = await chosen(slack, BEN, "withdraw")
    assert (await slack.submit(BEN, question["id"])).result == "updated"
    await soon(slack, lambda: not asked(slack, BEN, "will post it"))
    await mission.has_sent_everything()
    assert "@ben withdrew this story" in text_of(slack.dm(BEN)[-1])
    assert SUCCESS["happened"] not in await mission.read(all_words)


@pytest.mark.parametrize("scope", ["channels:history", "im:history"])
async def test_no_question_holds_the_words_of_a_withdrawn_recognition(
    slack: FakeSlack, mission: Bot, scope: str
) -> None:
    mission.may_be_refused("missing_scope")
    slack.installation.scopes.remove(scope)
    if scope == "im:history":  # then the post is to arrive
        slack.fault("chat.postMessage", "slow", seconds=0)
    slack.fault("chat.postMessage", "reset_after")
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await soon(slack, lambda: asked(slack, BEN, "could not find out"))
    question = await withdrawing(slack, BEN, post)
    assert (await slack.submit(BEN, question["id"])).result == "updated"
    await soon(slack, lambda: not asked(slack, BEN, "could not find out"))
    await mission.has_sent_everything()
    assert DEED not in await mission.read(all_words)
