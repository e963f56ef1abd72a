"""Weekly rounds one after the other, of which only the fixed question is answered."""

from contextlib import suppress
from datetime import timedelta

from bot.playground.server import FakeSlack
from tests.rituals.asking import AGREE, CLOSES, DISAGREE, OPENS, answer, card_of
from tests.rituals.spreading import CROWD
from tests.support import LOUNGE, Doc, pass_time, soon

MISSION = "mission_moved"
WEEK = timedelta(days=7)
COUNTING_SECONDS = 20  # what judges changes has to be loaded first, and gives way to everything


async def week(slack: FakeSlack, number: int, *, agree: int, disagree: int = 0) -> Doc:
    """Have so many answer in this week's round, counted from 0, and return its result's post."""
    if number:
        before = (card_of(slack, CROWD[0]) or {"ts": None})["ts"]
        await pass_time(slack, OPENS + number * WEEK - slack.now())
        await slack.until(lambda: (card_of(slack, CROWD[0]) or {"ts": before})["ts"] != before)
    for place in range(agree + disagree):
        point = AGREE if place < agree else DISAGREE
        await answer(slack, CROWD[place], "skip", **{MISSION: point})
    posted = len(results(slack))
    await pass_time(slack, CLOSES + number * WEEK - slack.now())
    with suppress(AssertionError):  # a channel that rests needs the clock, and not our patience
        await slack.until(lambda: results(slack)[posted:], COUNTING_SECONDS)
    return (await soon(slack, lambda: results(slack)[posted:]))[0]


def results(slack: FakeSlack) -> list[Doc]:
    """The posts that stand in the channel itself."""
    return [each for each in slack.messages(LOUNGE) if "thread_ts" not in each]


def pictures(slack: FakeSlack) -> list[Doc]:
    """The messages with a picture, wherever they stand."""
    return [each for each in slack.messages(LOUNGE) if each.get("files")]
