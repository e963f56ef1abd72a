from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.playground.server import FakeSlack

from .app import pressable


async def respond(fake: FakeSlack, token: str, **body: Any) -> tuple[int, dict[str, Any]]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{fake.url}/response/{token}", json=body) as answer,
    ):
        return answer.status, await answer.json()


def token(fake: FakeSlack, **more: Any) -> str:
    return fake.installation.responses.new("UANA", "C1", **more)


async def test_an_address_is_good_for_five_answers(fake: FakeSlack) -> None:
    address = token(fake)
    for number in range(5):
        assert (await respond(fake, address, text=str(number)))[0] == 200
    assert await respond(fake, address, text="six") == (404, {"ok": False, "error": "used_url"})
    assert len(fake.ephemerals("UANA")) == 5
    assert fake.refusals[0]["method"] == "response_url"


async def test_an_address_is_good_for_thirty_minutes(fake: FakeSlack) -> None:
    address = token(fake)
    await fake.jump(timedelta(minutes=29))
    assert (await respond(fake, address, text="in time"))[0] == 200
    await fake.jump(timedelta(minutes=2))
    assert (await respond(fake, address, text="late"))[1]["error"] == "expired_url"
    assert (await respond(fake, "made-up", text="x"))[1]["error"] == "invalid_url"


async def test_the_clicked_message_can_be_replaced_or_deleted(fake: FakeSlack) -> None:
    body = {"user": "U0NORTH", "bot_id": "B0NORTH", "text": "x", "blocks": pressable()}
    ts = fake.workspace.messages.post("C1", body)["ts"]
    address = token(fake, ts=ts)
    await respond(fake, address, text="y", replace_original=True)
    [message] = fake.messages("C1")
    assert (message["ts"], message["text"]) == (ts, "y")
    assert "blocks" not in message
    await respond(fake, address, text="more")
    await respond(fake, address, delete_original=True)
    assert fake.messages("C1") == []
    assert [each["text"] for each in fake.ephemerals("UANA")] == ["more"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, "no_text"),
        ({"text": "x", "loud": True}, "invalid_arguments"),
        ({"text": "x", "response_type": "shout"}, "invalid_arguments"),
        ({"text": "x", "replace_original": "true"}, "invalid_arguments"),
        ({"text": "x", "blocks": [{"type": "song"}]}, "invalid_blocks"),
        ({"blocks": pressable()}, "invalid_arguments"),
    ],
)
async def test_an_answer_that_slack_refuses_is_refused(
    fake: FakeSlack, body: dict[str, Any], expected: str
) -> None:
    status, answer = await respond(fake, token(fake), **body)
    assert (status, answer["error"]) == (400, expected)
    assert fake.ephemerals("UANA") == []


async def test_a_fault_can_befall_an_answer(fake: FakeSlack) -> None:
    fake.fault("response_url", "error", error="service_unavailable")
    address = token(fake)
    assert (await respond(fake, address, text="x"))[1]["error"] == "service_unavailable"
    assert fake.ephemerals("UANA") == []
    assert (await respond(fake, address, text="x"))[0] == 200
