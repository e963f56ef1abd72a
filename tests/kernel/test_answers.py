"""What Slack's refusals mean for a message, by Slack's own words."""

import pytest

from bot.answers import Kind, answer_of
from tests.kernel.office import Office
from tests.support import KUDOS


async def answer_to(office: Office, error: str) -> Kind:
    office.slack.fault("chat.postMessage", "error", error=error)
    call = office.deps.slack.chat_postMessage(channel=KUDOS, text="hello")
    return (await answer_of(call)).kind


@pytest.mark.parametrize("error", ["ratelimited", "rate_limited"])
async def test_being_told_to_slow_down_without_a_429_loses_nothing(
    office: Office, error: str
) -> None:
    assert await answer_to(office, error) is Kind.SLOW_DOWN


@pytest.mark.parametrize("error", ["message_limit_exceeded", "update_failed"])
async def test_what_passes_by_itself_is_tried_again(office: Office, error: str) -> None:
    assert await answer_to(office, error) is Kind.TRY_AGAIN


@pytest.mark.parametrize("error", ["is_inactive", "restricted_action_thread_only_channel"])
async def test_a_channel_that_takes_no_posts_waits_for_its_mending(
    office: Office, error: str
) -> None:
    assert await answer_to(office, error) is Kind.CHANNEL
