"""Everybody is asked by their own zone, and by the workspace's where nobody here knows theirs."""

from typing import Any

import pytest

from bot.playground.server import FakeSlack
from tests.rituals.asking import card_of
from tests.rituals.few import A_MINUTE, CLOSES, answer_one, asked, at, go
from tests.rituals.test_mission import settle
from tests.support import ANA, BEN, GENERAL, KIM, Bot, text_of, told


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


async def test_who_moves_to_where_it_is_time_before_anywhere_else_is_asked_at_their_hour(
    slack: FakeSlack, few: Bot
) -> None:
    slack.workspace.edit_person(BEN, tz="Pacific/Auckland")
    await slack.events.settled()
    await slack.jump(A_MINUTE)  # a move ends once it is told what lies ahead
    await go(slack, at("06 10:00"))
    assert asked(slack, BEN) == ["05 21:00"]
    assert asked(slack, KIM) == ["06 01:00"]


async def test_who_joins_where_it_is_time_before_anywhere_else_is_asked_at_their_hour(
    slack: FakeSlack, few: Bot
) -> None:
    slack.workspace.join("U0ZOE", name="zoe", real_name="Zoe New", tz="Pacific/Auckland")
    await slack.events.settled()
    await slack.jump(A_MINUTE)
    await go(slack, at("06 10:00"))
    assert asked(slack, "U0ZOE") == ["05 21:00"]
