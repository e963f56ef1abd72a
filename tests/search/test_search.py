"""What was recognised, told and worded is found by who may see it."""

from bot.playground.server import FakeSlack
from tests.rituals.telling import SUCCESS, tell
from tests.support import GENERAL, KIM, Bot, told


async def search(slack: FakeSlack, who: str, words: str) -> str:
    """What the person is answered."""
    outcome = await slack.command(who, GENERAL, f"/mission search {words}")
    assert outcome.ok, outcome.error
    return told(slack, who)


async def test_a_story_that_was_told_is_found(slack: FakeSlack, stories: Bot) -> None:
    await tell(slack, SUCCESS)
    answer = await search(slack, KIM, "clinic")
    assert "Story: We halved the waiting list" in answer
    assert "We called every clinic on the list" in answer
