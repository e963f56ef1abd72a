"""What an owner chooses besides the mission: two channels, and how much each person can give."""

import pytest
from sqlmodel import Session

from bot import settings
from bot.playground.server import FakeSlack
from tests.rituals.telling import SUCCESS, fill_in, initial
from tests.rituals.test_mission import DEED, settle
from tests.support import (
    ANA,
    BEN,
    GENERAL,
    KUDOS,
    LOUNGE,
    PRIVATE,
    Bot,
    give,
    open_form,
    soon,
    text_of,
    told,
)


def chosen(session: Session) -> tuple[str | None, str | None, int]:
    row = settings.of_team(session)
    return row.recognition_channel, row.stories_channel, row.allowance


async def test_a_channel_for_stories_is_joined_and_kept_beside_the_other(
    slack: FakeSlack, mission: Bot
) -> None:
    assert (await settle(slack, stories_channel=LOUNGE)).closed
    assert await mission.read(chosen) == (KUDOS, LOUNGE, 10)
    assert (await fill_in(slack, SUCCESS)).closed
    await soon(slack, lambda: slack.messages(LOUNGE))


async def test_one_channel_can_be_for_both(slack: FakeSlack, mission: Bot) -> None:
    assert (await settle(slack, recognition_channel=LOUNGE, stories_channel=LOUNGE)).closed
    assert (await fill_in(slack, SUCCESS)).closed
    await slack.command(BEN, GENERAL, f"/recognize @kim {DEED} #care")
    await soon(slack, lambda: len(slack.messages(LOUNGE)) == 2)


async def test_the_form_shows_what_was_chosen(slack: FakeSlack, mission: Bot) -> None:
    assert (await settle(slack, stories_channel=LOUNGE, allowance="25")).closed
    form = await open_form(slack, ANA, "/mission settings")
    values = form["state"]["values"]
    assert values["stories_channel"]["value"]["selected_conversation"] == LOUNGE
    assert values["recognition_channel"]["value"]["selected_conversation"] == KUDOS
    assert initial(form, "allowance") == "25"


async def test_a_private_channel_for_stories_asks_for_an_invitation(
    slack: FakeSlack, mission: Bot
) -> None:
    mission.may_be_refused(
        "method_not_supported_for_channel_type", "channel_not_found", "not_in_channel"
    )
    assert (await settle(slack, stories_channel=PRIVATE)).closed
    await soon(slack, lambda: "please invite me there" in text_of(slack.dm(ANA)[-1]))
    assert (await fill_in(slack, SUCCESS)).closed
    slack.workspace.invite_bot(PRIVATE)
    await soon(slack, lambda: slack.messages(PRIVATE))


async def test_a_slow_slack_keeps_no_form_from_closing_over_two_channels(
    slack: FakeSlack, mission: Bot
) -> None:
    slack.fault("conversations.join", "slow", times=2, seconds=60)
    assert (await settle(slack, recognition_channel=LOUNGE, stories_channel=PRIVATE)).closed
    assert await mission.read(chosen) == (LOUNGE, PRIVATE, 10)


async def test_the_allowance_counts_from_when_it_is_chosen(slack: FakeSlack, mission: Bot) -> None:
    await give(slack, BEN, f"@kim {DEED} #care")
    assert (await settle(slack, allowance=" 2 ")).closed
    await give(slack, BEN, f"@kim {DEED} again #care")
    assert "0 of 2 left today" in told(slack, BEN)
    await slack.command(BEN, GENERAL, f"/recognize @kim {DEED} once more #care")
    assert "today's 2 recognitions are used" in told(slack, BEN)


@pytest.mark.parametrize("typed", ["0", "100"])
async def test_none_and_a_hundred_can_be_chosen(slack: FakeSlack, mission: Bot, typed: str) -> None:
    assert (await settle(slack, allowance=typed)).closed
    assert (await mission.read(chosen))[2] == int(typed)


@pytest.mark.parametrize("typed", ["101", "-1", "ten", "2.5", "1 0", "²", "9" * 5000])
async def test_what_is_no_number_from_0_to_100_is_said_at_its_field(
    slack: FakeSlack, mission: Bot, typed: str
) -> None:
    outcome = await settle(slack, allowance=typed)
    assert list(outcome.errors) == ["allowance"]
    assert f"“{typed[:50]}" in outcome.errors["allowance"]
    assert "is no number from 0 to 100." in outcome.errors["allowance"]
    assert (await mission.read(chosen))[2] == 10


async def test_no_number_at_all_is_said_too(slack: FakeSlack, mission: Bot) -> None:
    outcome = await settle(slack, allowance=None)
    assert outcome.errors == {"allowance": "Write a number from 0 to 100."}


async def test_home_and_help_name_the_channel_for_stories(slack: FakeSlack, mission: Bot) -> None:
    missing = "No channel for stories is chosen yet"
    assert missing in text_of(await slack.open_home(ANA) or {})
    assert missing not in text_of(await slack.open_home(BEN) or {})
    await settle(slack, stories_channel=LOUNGE)
    assert missing not in text_of(await slack.open_home(ANA) or {})
    await slack.command(BEN, GENERAL, "/mission help")
    assert "the channels for recognitions, stories, decisions and updates, how much each" in told(
        slack, BEN
    )
