"""Stories on Home: beside each other, uncounted, and one's own with their menu."""

from bot.playground.server import FakeSlack
from bot.rituals import home, story
from bot.tale import Kind, Tale
from tests.rituals.test_home import opened, overflow
from tests.support import ANA, BEN, KIM, Bot, T

WORKED = {"happened": "We asked the front desks", "impact": "Nobody waits on the phone"}
FAILED = {
    "expected": "Everybody books online",
    "happened": "Half of them still called",
    "learned": "Nobody had told them of it",
    "change": "We tell them at the desk",
}


async def tell(bot: Bot, who: str, kind: Kind, title: str, at: int = 0) -> None:
    texts = WORKED if kind is Kind.SUCCESS else FAILED
    tale = Tale(who, kind, title, texts, "care")
    await bot.write(lambda session: story.tell(session, tale, now=T(at)))


async def test_stories_stand_side_by_side_in_the_order_of_their_telling(
    slack: FakeSlack, mission: Bot
) -> None:
    await tell(mission, BEN, Kind.LEARNING, "Nobody knew", 1)
    await tell(mission, ANA, Kind.SUCCESS, "We halved the wait", 2)
    lines = (await opened(slack, KIM)).splitlines()
    at = lines.index("Latest stories")
    assert lines[at + 1] == "We halved the wait — a story of what worked, told by @ana"
    assert lines[at + 3] == "Nobody knew — a story of what we learned, told by @ben"
    assert (await opened(slack, BEN)).count("Nobody knew") == 1


async def test_my_stories_are_there_once_with_their_menu(slack: FakeSlack, mission: Bot) -> None:
    await tell(mission, KIM, Kind.LEARNING, "My oldest story", 0)
    for number in range(1, home.LATEST + 1):
        await tell(mission, BEN, Kind.SUCCESS, f"Story of day {number}", number)
    text = await opened(slack, KIM)
    assert text.index("Latest stories") < text.index("Earlier stories of yours")
    assert text.index("Earlier stories of yours") < text.index("My oldest story")
    (menu,) = filter(overflow, (slack.home(KIM) or {})["blocks"])
    assert menu["accessory"]["action_id"] == "story_more"
    assert text.count("Story of day") == home.LATEST
