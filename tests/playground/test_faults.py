import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack


async def test_a_429_says_when_to_come_back_and_applies_nothing(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    fake.fault("chat.postMessage", "429", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C1", text="x")
    assert caught.value.response.headers["Retry-After"] == "7"
    assert fake.messages("C1") == []
    await client.chat_postMessage(channel="C1", text="x")


async def test_a_server_error_and_an_error_by_name(fake: FakeSlack, client: AsyncWebClient) -> None:
    fake.fault("chat.postMessage", "500", times=2)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel="C1", text="x")
        assert caught.value.response.status_code == 500
    fake.fault("chat.postMessage", "error", error="token_revoked")
    with pytest.raises(SlackApiError, match="token_revoked"):
        await client.chat_postMessage(channel="C1", text="x")
    assert fake.messages("C1") == []


@pytest.mark.parametrize(("kind", "kept"), [("reset_before", 0), ("reset_after", 1)])
async def test_a_broken_connection_before_or_after_the_message_was_kept(
    fake: FakeSlack, client: AsyncWebClient, kind: str, kept: int
) -> None:
    fake.fault("chat.postMessage", kind)
    with pytest.raises(aiohttp.ClientError):
        await client.chat_postMessage(channel="C1", text="x")
    assert len(fake.messages("C1")) == kept
    await client.chat_postMessage(channel="C1", text="x")


async def test_a_hanging_answer_never_comes_though_the_message_is_there(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    fake.fault("chat.postMessage", "hang_after")
    call = asyncio.ensure_future(client.chat_postMessage(channel="C1", text="x"))
    await fake.until(lambda: fake.messages("C1"))
    assert not call.done()
    call.cancel()
    await asyncio.wait([call])


async def test_a_slow_answer_comes(fake: FakeSlack, client: AsyncWebClient) -> None:
    fake.fault("chat.postMessage", "slow", seconds=0.01)
    await client.chat_postMessage(channel="C1", text="x")
    assert len(fake.messages("C1")) == 1


async def test_an_unknown_fault_cannot_be_planned(fake: FakeSlack) -> None:
    with pytest.raises(ValueError, match="meteor"):
        fake.fault("chat.postMessage", "meteor")
