"""Somebody whose zone Slack tells and nobody here knows lives by the workspace's."""

from typing import Any

import pytest

from bot.playground.server import FakeSlack
from tests.rituals.asking import card_of
from tests.rituals.few import CLOSES, answer_one, asked, at, go
from tests.rituals.test_mission import settle
from tests.support import ANA, BEN, GENERAL, Bot, text_of, told


@pytest.mark.parametrize("zone", ["Mars/Phobos", "America", "", None])
async def test_an_unknown_zone_is_the_workspaces_for_asking_reminding_and_what_is_said(
    slack: FakeSlack, few: Bot, zone: Any
) -> None:
    ben = slack.workspace.person(BEN) | {"tz": zone}
    slack.workspace.send_event({"type": "user_change", "user": ben})
    await slack.events.settled()
    # Half an hour from every other zone that anybody is in.
    assert (await settle(slack, timezone="Asia/Kolkata")).closed
    await slack.command(BEN, GENERAL, "/pulse")
    assert told(slack, BEN).endswith("The next round opens on Tuesday 6 January, 10:00.")
    await go(slack, at("06 10:00"))
    assert asked(slack, BEN) == ["06 04:30"]
    assert "until Friday 9 January, 16:00, your time" in text_of(card_of(slack, BEN) or {})
    assert "until Friday 9 January, 10:30, your time" in text_of(card_of(slack, ANA) or {})
    await slack.command(BEN, GENERAL, "/pulse privacy")
    assert "is open until Friday 9 January, 16:00, your time" in told(slack, BEN)
    await go(slack, CLOSES)
    assert asked(slack, BEN) == ["06 04:30", "08 04:30r", "09 04:30r"]
    await answer_one(slack, BEN)
    assert "The next one opens on Tuesday 13 January, 10:00." in told(slack, BEN)
