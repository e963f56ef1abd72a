"""A post that is kept from its channel comes through by itself once somebody mends that."""

from datetime import timedelta
from typing import Any

import pytest

from bot.playground.server import FakeSlack
from tests.support import (
    ANA,
    BEN,
    GENERAL,
    KIM,
    KUDOS,
    STATEMENT,
    VALUES,
    Bot,
    open_form,
    soon,
    text_of,
    told,
)

DEED = "stayed late to help"


async def recognise(slack: FakeSlack) -> None:
    assert (await slack.command(BEN, GENERAL, f"/recognize @kim {DEED} #care")).ok


def posts(slack: FakeSlack) -> list[dict[str, Any]]:
    return [message for message in slack.messages(KUDOS) if DEED in text_of(message)]


def told_directly(slack: FakeSlack, person: str, words: str) -> list[dict[str, Any]]:
    return [message for message in slack.dm(person) if words in text_of(message)]


async def blocked(mission: Bot, error: str) -> FakeSlack:
    """Somebody recognises somebody, and Slack does not let it be posted."""
    slack = mission.slack
    mission.may_be_refused(error)
    await recognise(slack)
    await soon(slack, lambda: told_directly(slack, BEN, "not posted yet"))
    await soon(slack, lambda: told_directly(slack, ANA, "waits to be posted"))
    assert posts(slack) == []
    return slack


async def test_an_invitation_into_the_channel_sends_what_waited(mission: Bot) -> None:
    mission.slack.workspace.kick_bot(KUDOS)
    slack = await blocked(mission, "not_in_channel")
    slack.workspace.invite_bot(KUDOS)
    await soon(slack, lambda: posts(slack))
    assert len(told_directly(slack, BEN, "not posted yet")) == 1


async def test_a_channel_brought_back_gets_what_waited(mission: Bot) -> None:
    mission.slack.workspace.archive(KUDOS)
    slack = await blocked(mission, "is_archived")
    slack.workspace.unarchive(KUDOS)
    await soon(slack, lambda: posts(slack))


async def test_what_nobody_told_the_bot_of_is_tried_every_half_hour(mission: Bot) -> None:
    mission.slack.workspace.kick_bot(KUDOS)
    slack = await blocked(mission, "not_in_channel")
    slack.installation.events.discard("member_joined_channel")
    slack.workspace.invite_bot(KUDOS)
    await slack.jump(timedelta(minutes=31))
    await soon(slack, lambda: posts(slack))


async def test_choosing_a_channel_sends_what_waited_for_one(slack: FakeSlack, bot: Bot) -> None:
    form = await open_form(slack, ANA, "/mission setup")
    await slack.submit(ANA, form["id"], {"statement": STATEMENT, "values": VALUES})
    await recognise(slack)
    assert "not posted yet" in told(slack, BEN)
    form = await open_form(slack, ANA, "/mission settings")
    chosen = {"recognition_channel": KUDOS, "timezone": "Europe/Lisbon"}
    assert (await slack.submit(ANA, form["id"], chosen)).closed
    await soon(slack, lambda: posts(slack))


@pytest.fixture
async def question(mission: Bot) -> dict[str, Any]:
    """Ben is asked whether his recognition is there, which nobody else can find out."""
    slack = mission.slack
    mission.may_be_refused("missing_scope")
    slack.installation.scopes.remove("channels:history")
    slack.fault("chat.postMessage", "reset_before")
    await recognise(slack)
    await soon(slack, lambda: told_directly(slack, BEN, "could not find out"))
    assert posts(slack) == []
    return told_directly(slack, BEN, "could not find out")[0]


async def press(slack: FakeSlack, message: dict[str, Any]) -> str:
    """Press *Post again* and return what stands there afterwards."""
    dm = slack.workspace.dm_id(BEN)
    await slack.click(BEN, channel=dm, ts=message["ts"], message=message, action_id="post_again")
    return text_of(next(each for each in slack.dm(BEN) if each["ts"] == message["ts"]))


async def test_post_again_posts_once_however_often_it_is_pressed(
    mission: Bot, question: dict[str, Any]
) -> None:
    slack = mission.slack
    assert "posting it again" in await press(slack, question)
    await soon(slack, lambda: posts(slack))
    assert "settled already; pressing again changes nothing" in await press(slack, question)
    await soon(slack, lambda: told_directly(slack, KIM, DEED))
    assert len(posts(slack)) == 1


async def test_a_lost_direct_message_is_looked_up_and_arrives_once(mission: Bot) -> None:
    slack = mission.slack
    await recognise(slack)
    await soon(slack, lambda: told_directly(slack, KIM, DEED))
    slack.fault("chat.postMessage", "reset_after", times=2)
    await recognise(slack)
    await soon(slack, lambda: len(told_directly(slack, KIM, DEED)) == 2 and len(posts(slack)) == 2)
    await soon(slack, lambda: len([c for c in slack.calls if "history" in c["method"]]) >= 2)
    assert len(told_directly(slack, KIM, DEED)) == 2
    assert len(posts(slack)) == 2
