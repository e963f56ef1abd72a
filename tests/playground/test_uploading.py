"""Sharing a picture: asked for, uploaded, and shared once in a thread."""

import json
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.files import MOST_BYTES, PNG
from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace

from .asking import error

PICTURE = PNG + b"a picture"
GET, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"


async def upload(url: str, content: bytes = PICTURE) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, data=content) as answer:
        return answer.status, await answer.text()


async def place(client: AsyncWebClient, **more: Any) -> Any:
    said = {"filename": "trend.png", "length": len(PICTURE), "alt_txt": "a line"}
    return await client.api_call(GET, params=said | more)


async def received(client: AsyncWebClient) -> str:
    """The id of a file that waits to be shared."""
    found = await place(client)
    assert (await upload(found["upload_url"]))[0] == 200
    return str(found["file_id"])


def completing(client: AsyncWebClient, id: str, **more: Any) -> Any:
    args = {"files": json.dumps([{"id": id}]), "channel_id": "C1"}
    return client.api_call(COMPLETE, params=args | more)


async def test_a_picture_stands_in_the_thread_with_its_words(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="the result"))["ts"]
    shared = await client.files_upload_v2(
        filename="trend.png",
        title="A trend",
        content=PICTURE,
        alt_txt="a line",
        channel="C1",
        thread_ts=ts,
        initial_comment="see above",
    )
    reply = fake.messages("C1")[-1]
    assert (reply["thread_ts"], reply["text"]) == (ts, "see above")
    (file,) = reply["files"]
    assert (file["title"], file["alt_txt"]) == ("A trend", "a line")
    assert fake.workspace.files.shared(file["id"]) == ("C1", PICTURE)
    assert shared["files"][0]["id"] == file["id"]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"length": 0}, "missing_argument"),
        ({"length": MOST_BYTES + 1}, "file_upload_size_restricted"),
        ({"length": "many"}, "invalid_arguments"),
        ({"filename": ""}, "invalid_arguments"),
        ({"filename": "trend.exe"}, "file_type_not_allowed"),
        ({"alt_txt": "x" * 1001}, "alt_txt_too_large"),
        ({"snippet_type": "python"}, "invalid_arguments"),
    ],
)
async def test_an_address_is_not_given_for_what_slack_would_not_take(
    client: AsyncWebClient, args: dict[str, Any], expected: str
) -> None:
    assert await error(place(client, **args)) == expected


async def test_an_address_is_not_asked_for_in_json(client: AsyncWebClient) -> None:
    call = client.api_call(GET, json={"filename": "trend.png", "length": 1})
    assert await error(call) == "invalid_arguments"


@pytest.mark.parametrize("content", [PICTURE + b"!", PICTURE[:-1], b"", b"x" * len(PICTURE)])
async def test_what_is_uploaded_must_be_what_was_said(
    fake: FakeSlack, client: AsyncWebClient, content: bytes
) -> None:
    found = await place(client)
    assert (await upload(found["upload_url"], content))[0] == 400
    assert fake.refusals[-1]["method"] == "upload"
    assert await error(completing(client, found["file_id"])) == "file_not_found"


async def test_an_address_is_good_for_one_upload(fake: FakeSlack, client: AsyncWebClient) -> None:
    found = await place(client)
    assert (await upload(found["upload_url"]))[0] == 200
    assert await upload(found["upload_url"]) == (404, "invalid_url")
    assert (await upload(f"{fake.url}/upload/guessed"))[0] == 404


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"channel_id": ""}, "invalid_arguments"),
        ({"channel_id": "C9"}, "channel_not_found"),
        ({"channel_id": "C2"}, "channel_not_found"),
        ({"channel_id": "C3"}, "is_archived"),
        ({"channel_id": "C4"}, "not_in_channel"),
        ({"channel_id": "UANA"}, "channel_not_found"),
        ({"thread_ts": "1.2"}, "invalid_arguments"),
        ({"initial_comment": "x" * 40_001}, "msg_too_long"),
        ({"channels": "C1"}, "invalid_arguments"),
        ({"files": "[]"}, "invalid_arguments"),
        ({"files": "nothing"}, "invalid_arguments"),
        ({"files": json.dumps([{"title": "x"}])}, "invalid_arguments"),
        ({"files": json.dumps([{"id": "F1", "colour": "red"}])}, "invalid_arguments"),
        ({"files": json.dumps([{"id": "F1"}])}, "file_not_found"),
    ],
)
async def test_what_slack_would_not_share_is_refused_and_can_still_be_shared(
    fake: FakeSlack, client: AsyncWebClient, args: dict[str, Any], expected: str
) -> None:
    id = await received(client)
    assert await error(completing(client, id, **args)) == expected
    assert fake.messages("C1") == []
    await completing(client, id)
    assert len(fake.messages("C1")) == 1


async def test_a_file_is_shared_once_and_never_before_it_came(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    waiting = (await place(client))["file_id"]
    assert await error(completing(client, waiting)) == "file_not_found"
    id = await received(client)
    await completing(client, id)
    assert await error(completing(client, id)) == "file_not_found"
    assert len(fake.messages("C1")) == 1


async def test_a_reply_has_no_thread_of_its_own(fake: FakeSlack, client: AsyncWebClient) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="the result"))["ts"]
    await completing(client, await received(client), thread_ts=ts)
    reply = fake.messages("C1")[-1]["ts"]
    call = completing(client, await received(client), thread_ts=reply)
    assert await error(call) == "cannot_reply_to_message"


@pytest.mark.parametrize("method", [GET, COMPLETE])
async def test_it_needs_its_scope(fake: FakeSlack, client: AsyncWebClient, method: str) -> None:
    id = await received(client)
    fake.installation.scopes.remove("files:write")
    call = place(client) if method == GET else completing(client, id)
    assert await error(call) == "missing_scope"


async def test_only_those_who_see_the_channel_see_the_picture(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    id = await received(client)
    seen = f"{fake.url}/_/file/{id}?as="
    async with aiohttp.ClientSession() as session:

        async def status(who: str) -> int:
            async with session.get(seen + who) as answer:
                return answer.status

        assert await status("UBEN") == 404  # it is not shared yet
        fake.workspace.invite_bot("C2")
        await completing(client, id, channel_id="C2")
        async with session.get(f"{seen}UBEN") as answer:
            assert (answer.content_type, await answer.read()) == ("image/png", PICTURE)
        assert await status("UANA") == 404


def test_a_picture_is_there_after_a_restart(tmp_path: Any) -> None:
    first = Workspace(tmp_path / "slack.db")
    doc, ticket = first.files.expect("trend.png", len(PICTURE), "a line")
    first.files.receive(ticket, PICTURE)
    first.files.share(doc["id"], "C1", "A trend")
    first.close()
    again = Workspace(tmp_path / "slack.db")
    assert again.files.shared(doc["id"]) == ("C1", PICTURE)
    again.close()
