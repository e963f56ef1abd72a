"""Stories on Home: beside each other, uncounted, and one's own with their menu."""

from bot.playground.server import FakeSlack
from bot.rituals import home
from tests.rituals.telling import LEARNING, SUCCESS, tell
from tests.rituals.test_home import chosen, link_to, opened, overflow
from tests.rituals.test_home_followed import shows
from tests.support import ANA, BEN, KIM, LOUNGE, Bot, soon, text_of


async def test_stories_stand_side_by_side_in_the_order_of_their_telling(
    slack: FakeSlack, stories: Bot
) -> None:
    await tell(slack, LEARNING, who=BEN)
    post = await tell(slack, SUCCESS, who=ANA)
    await stories.has_sent_everything()
    lines = (await opened(slack, KIM)).splitlines()
    at = lines.index("Latest stories")
    assert lines[at + 1] == f"{SUCCESS['title']} — a story of what worked, told by @ana"
    assert lines[at + 2].endswith(f" · <{link_to(LOUNGE, post)}|Read the story>")
    assert lines[at + 3] == f"{LEARNING['title']} — a story of what we learned, told by @ben"


async def test_thanks_for_a_story_change_nothing_on_home(slack: FakeSlack, stories: Bot) -> None:
    post = await tell(slack, LEARNING, who=BEN)
    await stories.has_sent_everything()
    await opened(slack, KIM)
    await slack.click(ANA, channel=LOUNGE, ts=post["ts"], action_id="thank")
    await stories.has_sent_everything()
    await opened(slack, KIM)
    assert len(slack.published(KIM)) == 1


async def test_my_earlier_stories_are_there_once_with_their_menu(
    slack: FakeSlack, stories: Bot
) -> None:
    await tell(slack, LEARNING, who=KIM)
    for number in range(1, home.LATEST + 1):
        await tell(slack, SUCCESS | {"title": f"Story of day {number}"}, who=BEN)
    text = await opened(slack, KIM)
    assert text.index("Latest stories") < text.index("Earlier stories of yours")
    assert text.index("Earlier stories of yours") < text.index(LEARNING["title"])
    (menu,) = filter(overflow, (slack.home(KIM) or {})["blocks"])
    assert menu["accessory"]["action_id"] == "story_more"
    assert text.count("Story of day") == home.LATEST
    assert "Earlier stories of yours" not in await opened(slack, BEN)


async def test_my_story_is_corrected_and_withdrawn_from_home(
    slack: FakeSlack, stories: Bot
) -> None:
    await tell(slack, SUCCESS, who=BEN)
    for who in (KIM, BEN):
        await opened(slack, who)
    form = await chosen(slack, BEN, "edit")
    assert (await slack.submit(BEN, form["id"], {"title": "We ended the waiting list"})).closed
    await shows(slack, KIM, "We ended the waiting list")
    question = await chosen(slack, BEN, "withdraw")
    assert (await slack.submit(BEN, question["id"])).acked
    await soon(slack, lambda: "Latest stories" not in text_of(slack.home(KIM) or {}))
    assert "Latest stories" not in await opened(slack, BEN)
