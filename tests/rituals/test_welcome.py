"""Whoever joins is welcomed: once, in their working hours, with two small steps."""

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import select

from bot import settings
from bot.acknowledgement import Acknowledgement
from bot.deps import Deps
from bot.playground.server import FakeSlack
from schedules import roster as learning
from tests.rituals.saying_when import go_to, lisbon
from tests.rituals.sleeping import A_MOMENT, Machine
from tests.rituals.sleeping import machine as machine
from tests.rituals.test_mission import set_up
from tests.support import (
    ANA,
    BEN,
    DAN,
    GIL,
    KIM,
    PIA,
    STATEMENT,
    TEAM,
    Bot,
    Doc,
    pass_time,
    soon,
    text_of,
)

ZOE = "U0ZOE"
SEOUL = {"tz": "Asia/Seoul"}  # where it is evening at T0


def welcomes(slack: FakeSlack, who: str = ZOE) -> list[Doc]:
    return [each for each in slack.dm(who) if text_of(each).startswith("Welcome.")]


async def join(slack: FakeSlack, who: str = ZOE, **details: Any) -> None:
    slack.workspace.join(who, **({"name": who.lower(), "real_name": "Zoe New"} | details))
    await slack.events.settled()
    await slack.jump(A_MOMENT)  # a move ends once it is told what lies ahead


async def change(slack: FakeSlack, who: str = ZOE, **details: Any) -> None:
    slack.workspace.edit_person(who, **details)
    await slack.events.settled()


async def test_whoever_joins_gets_the_mission_the_values_and_two_steps(
    slack: FakeSlack, mission: Bot
) -> None:
    await join(slack)
    (message,) = await soon(slack, lambda: welcomes(slack))
    assert STATEMENT in text_of(message)
    assert ":heart: Care — we notice who needs help" in text_of(message)
    dm = slack.workspace.dm_id(ZOE)
    await slack.click(ZOE, channel=dm, ts=message["ts"], action_id="acknowledge")
    assert "Thank you for reading version 1." in text_of(slack.ephemerals(ZOE)[-1])
    read = await mission.read(lambda session: session.exec(select(Acknowledgement.person)).all())
    assert read == [ZOE]
    await slack.click(ZOE, channel=dm, ts=message["ts"], action_id="open_recognize")
    assert slack.views(ZOE)[-1]["callback_id"] == "recognize"


async def test_whoever_joins_in_the_evening_is_welcomed_the_next_morning_of_their_own(
    slack: FakeSlack, mission: Bot
) -> None:
    await join(slack, **SEOUL)
    await go_to(slack, "01-05", "23:58")
    assert welcomes(slack) == []
    await go_to(slack, "01-06", "00:00")
    assert len(welcomes(slack)) == 1


async def test_after_a_weekend_it_is_monday(slack: FakeSlack, mission: Bot) -> None:
    await go_to(slack, "01-09", "17:00")
    await join(slack)
    await go_to(slack, "01-12", "08:58")
    assert welcomes(slack) == []
    await go_to(slack, "01-12", "09:00")
    assert len(welcomes(slack)) == 1


async def test_whoever_was_invited_is_welcomed_once_they_are_here(
    slack: FakeSlack, mission: Bot
) -> None:
    await join(slack, PIA)
    await pass_time(slack, timedelta(hours=1))
    assert slack.dm(PIA) == []
    await change(slack, PIA, is_invited_user=False)
    await soon(slack, lambda: welcomes(slack, PIA))


async def test_whoever_joined_while_nobody_listened_is_welcomed_at_the_next_start(
    slack: FakeSlack, mission: Bot
) -> None:
    slack.workspace.add_person(id=ZOE, name="zoe", real_name="Zoe New")
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    await learning.learn(Deps(mission.database, slack.now, client), team=TEAM)
    await soon(slack, lambda: welcomes(slack))
    await pass_time(slack, timedelta(days=1))
    assert [who for who in (ANA, BEN, KIM, GIL) if welcomes(slack, who)] == []


async def test_whom_the_first_reading_finds_was_here_before(slack: FakeSlack, mission: Bot) -> None:
    await mission.write(lambda session: settings.change(session, roster_loaded_at=None))
    slack.workspace.add_person(id=ZOE, name="zoe", real_name="Zoe New")
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    await learning.learn(Deps(mission.database, slack.now, client), team=TEAM)
    await pass_time(slack, timedelta(days=1))
    assert welcomes(slack) == []


async def test_whoever_joins_twice_is_welcomed_once(slack: FakeSlack, mission: Bot) -> None:
    await join(slack)
    await soon(slack, lambda: welcomes(slack))
    await join(slack)
    await change(slack, deleted=True)
    await change(slack, deleted=False)
    await join(slack)
    await pass_time(slack, timedelta(days=2))
    assert len(welcomes(slack)) == 1


@pytest.mark.parametrize(
    "details",
    [{"is_bot": True}, {"is_stranger": True, "team_id": "T0OTHER", "partner": "Harbour"}],
    ids=["bot", "external"],
)
async def test_bots_and_people_of_others_are_not(
    slack: FakeSlack, mission: Bot, details: Doc
) -> None:
    await join(slack, **details)
    await pass_time(slack, timedelta(days=2))
    assert slack.dm(ZOE) == []


async def test_whoever_was_here_before_is_not(slack: FakeSlack, mission: Bot) -> None:
    slack.workspace.edit_person(DAN, deleted=False)
    slack.workspace.join(DAN)
    await slack.events.settled()
    await pass_time(slack, timedelta(days=2))
    assert welcomes(slack, DAN) == []


async def test_whoever_leaves_before_it_is_sent_gets_nothing(
    slack: FakeSlack, mission: Bot
) -> None:
    await join(slack, **SEOUL)
    await change(slack, deleted=True)
    await pass_time(slack, timedelta(days=2))
    assert slack.dm(ZOE) == []
    await mission.has_sent_everything()


async def test_whoever_is_back_before_it_was_sent_gets_it(slack: FakeSlack, mission: Bot) -> None:
    await join(slack, **SEOUL)
    await change(slack, deleted=True)
    await change(slack, deleted=False)
    await pass_time(slack, timedelta(days=2))
    assert len(welcomes(slack)) == 1


@pytest.mark.parametrize("until", ["01-06 12:00", "01-09 23:00"], ids=["hours", "days"])
async def test_a_machine_that_slept_through_their_hours_welcomes_in_the_next(
    slack: FakeSlack, machine: Machine, until: str
) -> None:
    await join(slack, **SEOUL)
    await machine.sleep()
    await slack.jump_to(lisbon(*until.split()))
    await machine.wake()
    await machine.settle()
    assert welcomes(slack) == []
    morning = "01-07" if until.startswith("01-06") else "01-12"
    await go_to(slack, morning, "00:00")
    assert len(welcomes(slack)) == 1


async def test_without_a_mission_nobody_is(slack: FakeSlack, bot: Bot) -> None:
    await join(slack)
    await pass_time(slack, timedelta(days=2))
    assert slack.dm(ZOE) == []


async def test_what_was_reworded_meanwhile_is_what_they_read(
    slack: FakeSlack, mission: Bot
) -> None:
    await join(slack, **SEOUL)
    new = "We help every clinic to book in a minute."
    assert (await set_up(slack, statement=new, why="All of them")).closed
    await go_to(slack, "01-06", "00:00")
    (message,) = welcomes(slack)
    assert new in text_of(message)
    dm = slack.workspace.dm_id(ZOE)
    await slack.click(ZOE, channel=dm, ts=message["ts"], action_id="acknowledge")
    assert "Thank you for reading version 2." in text_of(slack.ephemerals(ZOE)[-1])
