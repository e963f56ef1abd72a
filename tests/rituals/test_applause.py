"""Hundreds applauding one recognition at once: right in the end, and Slack is not flooded."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlmodel import func, select

from bot.applause import Applause
from bot.playground.server import FakeSlack
from tests.beginnings import Beginning
from tests.rituals.test_corrections import DEED
from tests.support import BEN, KUDOS, Bot, give, soon, text_of

CROWD = 500
MINUTE = timedelta(seconds=60)


@pytest.fixture
async def slack(beginning: Beginning) -> AsyncIterator[FakeSlack]:
    """The small organisation with a crowd in it, and Slack's rate limits enforced."""
    fake = beginning.slack(rate_limits=True)
    workspace = fake.workspace
    crowd = [f"U0CROWD{number}" for number in range(CROWD)]
    for person in crowd:
        workspace.add_person(id=person, name=person.lower())
    workspace.add_channel("C0CROWD", "crowd", members=crowd, bot=False)
    await fake.start()
    yield fake
    await fake.stop()


async def test_five_hundred_claps_within_a_minute(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    began = slack.now()
    for number in range(CROWD):
        await slack.click(f"U0CROWD{number}", channel=KUDOS, message=post, action_id="applaud")
        await slack.jump(MINUTE / CROWD)
    await soon(slack, lambda: f"Applaud · {CROWD}" in str(slack.messages(KUDOS)[-1]["blocks"]))
    await mission.has_sent_everything()
    counted = await mission.read(lambda s: s.exec(select(func.count()).select_from(Applause)).one())
    assert counted == CROWD
    assert f"and {CROWD - 5} more" in text_of(slack.messages(KUDOS)[-1])
    updates = sum(call["method"] == "chat.update" for call in slack.calls)
    assert 1 <= updates <= (slack.now() - began).total_seconds()
