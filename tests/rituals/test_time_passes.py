"""Time goes by: everything that is due on the way happens, in its order, to each at their hour."""

from datetime import timedelta

import pytest

import schedules
from bot import due
from bot.playground.server import FakeSlack
from tests.rituals.test_mission import settle
from tests.support import ANA, BEN, KIM, Bot
from tests.surveys import SURVEYS, asked, said

FORTNIGHT = timedelta(days=15, hours=12)


@pytest.fixture(autouse=True)
def surveys(monkeypatch: pytest.MonkeyPatch) -> None:
    """A survey each Tuesday at ten."""
    monkeypatch.setattr(schedules, "ALL", {**schedules.ALL, **SURVEYS})


async def test_a_long_jump_does_everything_on_its_way_in_order_and_at_its_time(
    slack: FakeSlack, mission: Bot
) -> None:
    await slack.pass_time(FORTNIGHT)
    assert said(slack, ANA) == [
        *("Survey of the 06", "End of the 06", "Survey of the 13", "End of the 13"),
        "Survey of the 20",
    ]
    assert asked(slack, ANA) == ["06 10:00", "13 10:00", "20 10:00"]
    assert asked(slack, BEN) == ["06 15:00", "13 15:00", "20 15:00"]
    assert asked(slack, KIM) == ["06 10:00", "13 10:00", "20 10:00"]  # theirs was hours before


async def test_a_zone_that_nobody_here_knows_is_the_workspaces(
    slack: FakeSlack, mission: Bot
) -> None:
    ben = slack.workspace.person(BEN) | {"tz": "Mars/Olympus_Mons"}
    slack.workspace.send_event({"type": "user_change", "user": ben})
    await slack.until(lambda: not slack.events.busy)
    await slack.pass_time(timedelta(days=1, hours=2))
    assert asked(slack, BEN) == ["06 10:00"]


async def test_an_hour_later_for_some_is_an_hour_later_for_the_rest(
    slack: FakeSlack, mission: Bot
) -> None:
    await slack.pass_time(timedelta(days=1))
    assert (await settle(slack, pulse_time="11:00", timezone="Europe/Berlin")).closed
    await slack.pass_time(timedelta(hours=8))
    assert asked(slack, ANA) == ["06 11:00"]
    assert asked(slack, BEN) == ["06 16:00"]


async def test_what_people_know_by_name_is_told_with_what_waits_to_be_sent(
    slack: FakeSlack, mission: Bot
) -> None:
    await slack.pass_time(timedelta(days=1, hours=2))
    shown = slack.workspace.clock.ahead.shown(slack.now())
    assert [(one["name"], one["at"]) for one in shown] == [
        ("Message for 1 person", "2026-01-06T15:00:00+00:00"),
        ("End of the survey", "2026-01-09T10:00:00+00:00"),
        ("Weekly survey", "2026-01-13T10:00:00+00:00"),
    ]


async def test_a_jump_by_hand_past_everything_still_keeps_the_order(
    slack: FakeSlack, mission: Bot
) -> None:
    await slack.jump(FORTNIGHT)
    await slack.until(lambda: len(said(slack, ANA)) == 2)
    assert said(slack, ANA) == ["Survey of the 06", "End of the 06"]
    close = await mission.read(lambda session: due.date_of(session, "survey"))
    assert close is not None
    assert close.at > slack.now()
