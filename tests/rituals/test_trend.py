"""The picture of the trend: in the thread of the result, once, and in words as well."""

import asyncio
import io

from matplotlib.image import imread
from sqlmodel import Session, select

from bot.attachments import Attachment
from bot.playground.server import FakeSlack
from tests.reading import text_of
from tests.rituals.weekly import pictures, week
from tests.support import LOUNGE, Bot

PICTURE_SECONDS = 30  # what draws has to be loaded first
WORDS = (
    "The mission, week by week. Favourable share, with its 95 % interval in brackets.\n"
    "This week we moved our mission forward: 9 Jan 67 % (39–86), 16 Jan 75 % (47–91)."
)


async def settled(bot: Bot, many: int) -> None:
    """Wait until of so many results it is settled whether they have a picture."""

    def begun(session: Session) -> int:
        return len(session.exec(select(Attachment)).all())

    async with asyncio.timeout(PICTURE_SECONDS):
        while await bot.read(begun) < many:
            pass  # each look lets the bot go on


async def test_from_the_second_result_on_there_is_a_picture_in_its_thread(
    slack: FakeSlack, asking: Bot
) -> None:
    first = await week(slack, 0, agree=8, disagree=4)
    await settled(asking, 1)
    second = await week(slack, 1, agree=9, disagree=3)
    shared = (await slack.until(lambda: pictures(slack), PICTURE_SECONDS))[0]
    assert shared["thread_ts"] == second["ts"]
    (file,) = shared["files"]
    assert file["alt_txt"] == WORDS
    where, png = slack.workspace.files.shared(file["id"])
    assert where == LOUNGE
    assert imread(io.BytesIO(png)).shape[1] == 3 * 360
    assert WORDS in text_of(second)
    assert "week by week" not in text_of(first)
    assert len(pictures(slack)) == 1


async def test_a_round_without_answers_has_one_line_and_no_picture(
    slack: FakeSlack, asking: Bot
) -> None:
    slack.fault("files.completeUploadExternal", "reset_after")
    await week(slack, 0, agree=8, disagree=4)
    await week(slack, 1, agree=12)
    await slack.until(lambda: pictures(slack), PICTURE_SECONDS)
    nobody = await week(slack, 2, agree=0)
    await settled(asking, 3)
    assert len(nobody["blocks"]) == 1
    assert "week by week" not in text_of(nobody)
    assert len(pictures(slack)) == 1  # one whose fate was unknown is not shared again
