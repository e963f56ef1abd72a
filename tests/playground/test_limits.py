from collections.abc import AsyncIterator, Awaitable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace

from .conftest import MANIFEST, small_workspace

T0 = datetime(2030, 1, 7, 9, 0, tzinfo=UTC)


@pytest.fixture
async def fake() -> AsyncIterator[FakeSlack]:
    """A fake Slack with its limits on, whose time stands still unless it is moved."""
    slack = FakeSlack(small_workspace(Workspace(now=lambda: T0)), manifest=MANIFEST)
    await slack.start()
    yield slack
    await slack.stop()


async def retry_after(call: Awaitable[Any]) -> int:
    with pytest.raises(SlackApiError) as caught:
        await call
    response: Any = caught.value.response
    assert response.status_code == 429
    assert response["error"] == "ratelimited"
    return int(response.headers["Retry-After"])


async def test_a_channel_takes_three_messages_at_once_and_then_one_a_second(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    for _ in range(3):
        await client.chat_postMessage(channel="C1", text="x")
    assert await retry_after(client.chat_postMessage(channel="C1", text="x")) == 1
    assert len(fake.messages("C1")) == 3
    await client.chat_postMessage(channel="UANA", text="x")
    await fake.jump(timedelta(seconds=1))
    await client.chat_postMessage(channel="C1", text="x")
    await retry_after(client.chat_postMessage(channel="C1", text="x"))


async def test_a_workspace_takes_eight_messages_at_once_and_then_four_a_second(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    for number in range(20):
        fake.workspace.add_person(id=f"U{number}", name=f"p{number}")
    for number in range(8):
        await client.chat_postMessage(channel=f"U{number}", text="x")
    await retry_after(client.chat_postMessage(channel="U8", text="x"))
    await fake.jump(timedelta(seconds=1))
    for number in range(8, 12):
        await client.chat_postMessage(channel=f"U{number}", text="x")
    await retry_after(client.chat_postMessage(channel="U12", text="x"))


async def test_a_tier_counts_the_calls_of_a_method_in_the_last_minute(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    for _ in range(20):
        await client.users_list()
    await fake.jump(timedelta(seconds=50))
    assert await retry_after(client.users_list()) == 10
    await client.conversations_list()
    await fake.jump(timedelta(seconds=10))
    await client.users_list()


async def test_a_limit_is_no_refusal(fake: FakeSlack, client: AsyncWebClient) -> None:
    for _ in range(3):
        await client.chat_postMessage(channel="C1", text="x")
    await retry_after(client.chat_postMessage(channel="C1", text="x"))
    assert fake.refusals == []
    assert len(fake.calls) == 3
