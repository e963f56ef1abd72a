"""Fifty people score one decision at once: right in the end, and Slack is not flooded."""

from collections.abc import AsyncIterator

import pytest

from bot.playground.server import FakeSlack
from tests.beginnings import Beginning
from tests.rituals.deciding import begin, press, shows
from tests.support import LOUNGE, Bot

CROWD = [f"U0CROWD{number}" for number in range(50)]


@pytest.fixture
async def slack(beginning: Beginning) -> AsyncIterator[FakeSlack]:
    """The small organisation with a crowd in it, and Slack's rate limits enforced."""
    fake = beginning.slack(rate_limits=True)
    workspace = fake.workspace
    for person in CROWD:
        workspace.add_person(id=person, name=person.lower())
    await fake.start()
    for person in CROWD:
        workspace.enter(LOUNGE, person)
    yield fake
    await fake.stop()


async def test_fifty_people_score_at_once(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack)
    for number, who in enumerate(CROWD):
        form = await press(slack, who, card, "decide_score")
        assert form is not None
        filled = {"score_0_care": str(number % 6), "score_1_candour": "5"}
        assert (await slack.submit(who, form["id"], filled)).closed
    text = await shows(slack, card, "5.0 of 5, from 50 people who agree (± 0.0)")
    mean = sum(number % 6 for number in range(50)) / 50
    assert f"Do it — {mean:.1f} of 5, from 50 people who are far apart (± 1.7)" in text
    await deciding.has_sent_everything()
    updates = [call for call in slack.calls if call["method"] == "chat.update"]
    assert 1 <= len(updates) < len(CROWD)
    assert slack.refusals == []
