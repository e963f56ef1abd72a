"""A picture is shared once or not at all, whatever happens between us and Slack."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot import uploads
from bot.answers import Answer, Kind
from bot.playground.files import PNG
from bot.playground.server import FakeSlack
from bot.uploads import File, share
from tests.support import ARCHIVE, KUDOS, LOUNGE

GET, COMPLETE = "files.getUploadURLExternal", "files.completeUploadExternal"
FILE = File(PNG + b"drawn", "trend.png", "A trend", "a line that rises", "see above")
AT_ONCE = {"retry_after": 0}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "RETRY_SECONDS", 0.0)


@pytest.fixture
async def client(slack: FakeSlack) -> AsyncIterator[AsyncWebClient]:
    timeout = aiohttp.ClientTimeout(total=1)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield AsyncWebClient(
            token=slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
        )


async def shared(slack: FakeSlack, client: AsyncWebClient, channel: str = KUDOS) -> Answer:
    """Share the picture below a message, and return what came of it."""
    ts = (await client.chat_postMessage(channel=KUDOS, text="the result"))["ts"]
    return await share(client, FILE, channel=channel, ts=ts)


def there(slack: FakeSlack) -> int:
    return sum(bool(each.get("files")) for each in slack.messages(KUDOS))


async def test_it_stands_in_the_thread_with_its_words(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    assert (await shared(slack, client)).kind is Kind.TAKEN
    post, reply = slack.messages(KUDOS)
    assert (reply["thread_ts"], reply["text"]) == (post["ts"], FILE.comment)
    (file,) = reply["files"]
    assert (file["alt_txt"], file["title"]) == (FILE.alt_text, FILE.title)
    assert slack.workspace.files.shared(file["id"]) == (KUDOS, FILE.content)
    assert slack.refusals == []


async def test_words_longer_than_slack_takes_are_shortened(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postMessage(channel=KUDOS, text="the result"))["ts"]
    long = File(FILE.content, FILE.name, FILE.title, "x" * 1500, FILE.comment)
    assert (await share(client, long, channel=KUDOS, ts=ts)).kind is Kind.TAKEN
    assert len(slack.messages(KUDOS)[-1]["files"][0]["alt_txt"]) == uploads.LONGEST_ALT


@pytest.mark.parametrize(
    ("call", "fault"),
    [
        *((call, fault) for call in (GET, "upload") for fault in ("429", "500", "reset_after")),
        (GET, "hang_after"),
        ("upload", "hang_after"),
        ("upload", "reset_before"),
        (COMPLETE, "429"),
    ],
)
async def test_what_showed_nobody_anything_is_done_again(
    slack: FakeSlack, client: AsyncWebClient, call: str, fault: str
) -> None:
    slack.fault(call, fault, times=2, **AT_ONCE)
    assert (await shared(slack, client)).kind is Kind.TAKEN
    assert slack.faults.next(call) is None
    assert there(slack) == 1


@pytest.mark.parametrize(
    ("fault", "arrived"), [("reset_after", 1), ("hang_after", 1), ("reset_before", 0), ("500", 0)]
)
async def test_what_may_have_been_shared_is_not_shared_again(
    slack: FakeSlack, client: AsyncWebClient, fault: str, arrived: int
) -> None:
    slack.fault(COMPLETE, fault)
    assert (await shared(slack, client)).kind is Kind.NOBODY_KNOWS
    assert there(slack) == arrived


@pytest.mark.parametrize("call", [GET, "upload", COMPLETE])
async def test_who_is_put_off_again_and_again_gives_up(
    slack: FakeSlack, client: AsyncWebClient, call: str
) -> None:
    slack.fault(call, "429", times=uploads.TRIES + 1, **AT_ONCE)
    assert (await shared(slack, client)).kind is Kind.SLOW_DOWN
    assert slack.faults.next(call) is not None  # one was left
    assert slack.faults.next(call) is None
    assert there(slack) == 0


@pytest.mark.parametrize(
    ("channel", "error"),
    [(LOUNGE, "not_in_channel"), (ARCHIVE, "is_archived"), ("C0NOWHERE", "channel_not_found")],
)
async def test_a_channel_that_cannot_be_shared_to_is_said(
    slack: FakeSlack, client: AsyncWebClient, channel: str, error: str
) -> None:
    answer = await shared(slack, client, channel)
    assert (answer.kind, answer.error) == (Kind.CHANNEL, error)
    assert len(slack.refusals) == 1


async def test_without_the_scope_nothing_is_uploaded(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.installation.scopes.remove("files:write")
    answer = await shared(slack, client)
    assert (answer.kind, answer.error) == (Kind.TOKEN, "missing_scope")
    assert [each["method"] for each in slack.refusals] == [GET]


async def test_who_is_told_to_stop_while_waiting_stops(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.fault(GET, "429", retry_after=600)
    sharing = asyncio.create_task(shared(slack, client))
    await slack.until(lambda: slack.messages(KUDOS))
    sharing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sharing
    assert there(slack) == 0
