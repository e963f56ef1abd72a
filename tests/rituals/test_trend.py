"""The picture of the trend: in the thread of the result, once, and in words as well."""

import asyncio
import io
from collections.abc import Callable

import pytest
from matplotlib.image import imread
from sqlmodel import Session, select

from bot import uploads
from bot.attachments import Attachment
from bot.playground.server import FakeSlack
from tests.reading import text_of
from tests.rituals.weekly import closed_twice, pictures, results, week
from tests.support import LOUNGE, Bot, Doc

WORDS = (
    "The mission, week by week. Favourable share, with its 95 % interval in brackets.\n"
    "This week we moved our mission forward.: 9 Jan 67 % (39–86), 16 Jan 75 % (47–91)."
)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "RETRY_SECONDS", 0.0)


def begun(session: Session) -> list[str]:
    return [one.cause for one in session.exec(select(Attachment))]


async def is_begun(bot: Bot, many: int = 1) -> list[str]:
    """Wait until so many pictures were begun or left out, and return their causes."""
    async with asyncio.timeout(20):
        while len(found := await bot.read(begun)) < many:
            await asyncio.sleep(0)
    return found


async def picture(slack: FakeSlack) -> Doc:
    return (await slack.until(lambda: pictures(slack), 20))[0]


def says(caplog: pytest.LogCaptureFixture, words: str) -> Callable[[], bool]:
    return lambda: words in caplog.text


async def test_the_second_result_has_a_picture_in_its_thread_that_says_what_it_shows(
    slack: FakeSlack, asking: Bot
) -> None:
    post = await closed_twice(slack, asking)
    shared = await picture(slack)
    (file,) = shared["files"]
    assert shared["thread_ts"] == post["ts"]
    assert file["alt_txt"] == WORDS
    where, png = slack.workspace.files.shared(file["id"])
    assert where == LOUNGE
    assert imread(io.BytesIO(png)).shape[1] == 3 * 360
    assert WORDS in text_of(post)


async def test_the_first_result_has_none_since_one_round_is_no_trend(
    slack: FakeSlack, asking: Bot
) -> None:
    post = await week(slack, 0, agree=8, disagree=4)
    (cause,) = await is_begun(asking)
    assert cause.endswith(":result")
    assert pictures(slack) == []
    assert "week by week" not in text_of(post)


async def test_a_round_without_answers_has_one_line_and_no_picture(
    slack: FakeSlack, asking: Bot
) -> None:
    await closed_twice(slack, asking)
    await picture(slack)
    post = await week(slack, 2, agree=0)
    await is_begun(asking, 3)
    assert text_of(post).count("\n") == 0
    assert len(pictures(slack)) == 1


async def test_what_is_withheld_or_clipped_is_shown_as_that(slack: FakeSlack, asking: Bot) -> None:
    await week(slack, 0, agree=8, disagree=4)
    await week(slack, 1, agree=4)
    await week(slack, 2, agree=12)
    words = (await picture(slack))["files"][0]["alt_txt"]
    assert words.endswith("9 Jan 67 % (39–86), 16 Jan too few to say, 23 Jan 80 % or more.")


async def test_a_picture_that_was_begun_is_never_begun_again(
    slack: FakeSlack, asking: Bot
) -> None:
    await closed_twice(slack, asking)
    await picture(slack)
    asked = [call["method"] for call in slack.calls].count("files.getUploadURLExternal")
    await slack.jump_to(slack.now())
    await is_begun(asking, 2)
    assert asked == 1
    assert len(await asking.read(begun)) == 2


@pytest.mark.parametrize(
    ("call", "fault", "details"),
    [
        ("files.getUploadURLExternal", "429", {"retry_after": 0}),
        ("files.getUploadURLExternal", "500", {}),
        ("files.getUploadURLExternal", "reset_after", {}),
        ("upload", "429", {"retry_after": 0}),
        ("upload", "500", {}),
        ("upload", "reset_after", {}),
        ("upload", "reset_before", {}),
        ("files.completeUploadExternal", "429", {"retry_after": 0}),
    ],
)
async def test_what_shows_nothing_yet_is_tried_again(
    slack: FakeSlack, asking: Bot, call: str, fault: str, details: dict[str, int]
) -> None:
    slack.fault(call, fault, times=2, **details)
    await closed_twice(slack, asking)
    await picture(slack)
    assert slack.faults.next(call) is None
    assert len(pictures(slack)) == 1


@pytest.mark.parametrize(
    ("fault", "there"),
    [("reset_after", 1), ("reset_before", 0), ("500", 0)],
)
async def test_a_picture_of_an_unknown_fate_is_not_shared_again(
    slack: FakeSlack, asking: Bot, caplog: pytest.LogCaptureFixture, fault: str, there: int
) -> None:
    slack.fault("files.completeUploadExternal", fault)
    post = await closed_twice(slack, asking)
    await slack.until(says(caplog, "is left out"), 20)
    assert len(pictures(slack)) == there
    assert slack.faults.next("files.completeUploadExternal") is None
    await week(slack, 2, agree=9, disagree=3)
    await slack.until(lambda: len(pictures(slack)) == there + 1, 20)
    assert [each["thread_ts"] for each in pictures(slack)].count(post["ts"]) == there


@pytest.mark.parametrize(
    ("call", "error"),
    [
        ("files.getUploadURLExternal", "missing_scope"),
        ("files.completeUploadExternal", "not_in_channel"),
    ],
)
async def test_a_refusal_is_logged_and_the_picture_left_out(
    slack: FakeSlack, asking: Bot, caplog: pytest.LogCaptureFixture, call: str, error: str
) -> None:
    slack.fault(call, "error", error=error)
    await closed_twice(slack, asking)
    await slack.until(says(caplog, "is left out"), 20)
    causes = await asking.read(begun)
    assert f"the picture of {causes[1]} is left out: {error}" in caplog.text
    assert "mission" not in caplog.text.replace("mission_", "")
    assert pictures(slack) == []


async def test_without_the_scope_the_result_stands_all_the_same(
    slack: FakeSlack, asking: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    asking.may_be_refused("missing_scope")
    slack.installation.scopes.remove("files:write")
    post = await closed_twice(slack, asking)
    await slack.until(says(caplog, "missing_scope"), 20)
    assert WORDS in text_of(post)
    assert len(results(slack)) == 2
