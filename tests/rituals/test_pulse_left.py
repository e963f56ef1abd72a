"""Somebody leaves while a round is open: they answer no more and are not reminded."""

from sqlmodel import Session, select

from bot.playground.server import FakeSlack
from bot.responses import Answer, Participation
from bot.roster import ONLY_OURS
from tests.rituals.few import CLOSES, LAST_ASKED, answer_one, asked, go, results
from tests.support import ANA, BEN, KIM, Bot, soon, told


async def leaves(slack: FakeSlack, who: str) -> None:
    """Have the bot hear that they left, a moment before Slack closes what they have open."""
    gone = slack.workspace.person(who) | {"deleted": True}
    slack.workspace.send_event({"type": "user_change", "user": gone})
    await slack.events.settled()


def stored(session: Session) -> list[object]:
    return [*session.exec(select(Answer)), *session.exec(select(Participation))]


async def test_whoever_has_left_answers_nothing_and_is_not_reminded(
    slack: FakeSlack, few: Bot
) -> None:
    await go(slack, LAST_ASKED)
    await leaves(slack, BEN)
    await answer_one(slack, BEN)
    assert told(slack, BEN) == ONLY_OURS
    assert await few.read(stored) == []
    await answer_one(slack, ANA)
    await go(slack, CLOSES)
    await soon(slack, lambda: results(slack))
    assert asked(slack, BEN) == ["06 15:00"]
    assert asked(slack, KIM) == ["06 01:00", "08 01:00r", "09 01:00r"]
