"""What the tests of reminders and digests share: a channel for updates, and days to go to."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.playground.server import FakeSlack
from tests.rituals.test_mission import settle
from tests.support import LOUNGE, PACE, Bot, pass_time, text_of

A_MINUTE = timedelta(minutes=1)


@pytest.fixture
async def updates(slack: FakeSlack, mission: Bot) -> Bot:
    """The bot with a mission, posting updates to #lounge."""
    assert (await settle(slack, updates_channel=LOUNGE)).closed
    await mission.has_sent_everything()
    await slack.jump(PACE)
    return mission


def lisbon(day: str, time: str = "09:00") -> datetime:
    """A time on a day of January or February in Lisbon, where winter time is UTC."""
    return datetime.fromisoformat(f"2026-{day}T{time}").replace(tzinfo=UTC)


async def go_to(slack: FakeSlack, day: str, time: str = "09:00") -> None:
    """Let time pass until a minute after this, and everything that is due with it."""
    await pass_time(slack, lisbon(day, time) + A_MINUTE - slack.now())


def posted(slack: FakeSlack, beginning: str, channel: str = LOUNGE) -> list[str]:
    """What the posts that begin like this say."""
    found = [text_of(message) for message in slack.messages(channel)]
    return [text for text in found if text.startswith(beginning)]
