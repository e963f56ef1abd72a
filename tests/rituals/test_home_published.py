"""When Home is published: on opening and after a change, and never twice for the same content."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import select

from bot.homes import Home
from bot.playground.server import FakeSlack
from tests.rituals.test_home import DEED, given, opened
from tests.support import KIM, Bot, Doc, soon


async def reopened_without_a_view(slack: FakeSlack, who: str) -> None:
    """Open Home as Slack tells of it where it has none, as after installing the app again."""
    event = {"type": "app_home_opened", "user": who, "tab": "home", "event_ts": "1.2"}
    tried = slack.events.send(event | {"channel": slack.workspace.dm_id(who)})
    assert tried is not None
    await tried.wait()


async def test_opening_it_again_publishes_nothing_while_nothing_changed(
    slack: FakeSlack, mission: Bot
) -> None:
    await opened(slack, KIM)
    await opened(slack, KIM)
    assert len(slack.published(KIM)) == 1


async def test_what_changed_is_published_on_the_next_opening(
    slack: FakeSlack, mission: Bot
) -> None:
    await opened(slack, KIM)
    await slack.jump(timedelta(hours=2))
    await given(slack, mission)
    assert DEED in await opened(slack, KIM)
    assert len(slack.published(KIM)) == 2


async def test_it_is_published_anew_where_slack_has_none_any_more(
    slack: FakeSlack, mission: Bot
) -> None:
    await opened(slack, KIM)
    await reopened_without_a_view(slack, KIM)
    first, second = slack.published(KIM)
    assert first == second


async def test_two_openings_at_once_publish_once(slack: FakeSlack, mission: Bot) -> None:
    slack.fault("views.publish", "slow", seconds=0.2)
    await asyncio.gather(slack.open_home(KIM), slack.open_home(KIM))
    assert len(slack.published(KIM)) == 1


async def test_the_messages_tab_is_nothing_to_publish_for(slack: FakeSlack, mission: Bot) -> None:
    event = {"type": "app_home_opened", "user": KIM, "tab": "messages", "event_ts": "1.2"}
    tried = slack.events.send(event | {"channel": slack.workspace.dm_id(KIM)})
    assert tried is not None
    await tried.wait()
    assert slack.published(KIM) == []


@pytest.mark.parametrize(
    ("kind", "details"),
    [("429", {"retry_after": 30}), ("error", {"error": "internal_error"}), ("reset_after", {})],
)
async def test_what_slack_did_not_certainly_take_is_published_when_it_asks_again(
    slack: FakeSlack, mission: Bot, kind: str, details: Doc
) -> None:
    slack.fault("views.publish", kind, **details)
    await slack.open_home(KIM)
    await soon(slack, lambda: slack.home(KIM))
    assert all(view == slack.published(KIM)[0] for view in slack.published(KIM))


async def test_a_lost_answer_leaves_unknown_what_slack_shows(
    slack: FakeSlack, mission: Bot
) -> None:
    await opened(slack, KIM)
    slack.fault("views.publish", "reset_after", times=9)
    await reopened_without_a_view(slack, KIM)
    shown = select(Home.shown).where(Home.person == KIM)
    assert await mission.read(lambda session: session.exec(shown).one()) is None
