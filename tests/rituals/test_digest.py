"""The week in one post: thanks by value, stories, and what is coming."""

import pytest
from sqlmodel import select

from bot.playground.server import FakeSlack
from bot.rituals.digest import Digest
from tests.rituals.saying_when import go_to, lisbon, posted
from tests.rituals.telling import LEARNING, SUCCESS, tell
from tests.rituals.test_mission import DEED, set_up, settle
from tests.rituals.test_reminder import choose, withdraw
from tests.rituals.test_welcome import join
from tests.support import ANA, BEN, KUDOS, LOUNGE, Bot, give, open_form, pass_time, soon

FRIDAY = ("01-09", "15:00")


@pytest.fixture
async def week(slack: FakeSlack, updates: Bot) -> Bot:
    """The bot with channels for updates and for stories, both #lounge."""
    assert (await settle(slack, stories_channel=LOUNGE)).closed
    await updates.has_sent_everything()
    return updates


def digests(slack: FakeSlack) -> list[list[str]]:
    """The lines of every digest."""
    return [text.splitlines() for text in posted(slack, "Our week")]


async def test_a_week_is_summed_up_on_friday(slack: FakeSlack, week: Bot) -> None:
    await give(slack, BEN, f"@kim {DEED} #care")
    await give(slack, BEN, f"@kim @ana {DEED} #care")
    await give(slack, ANA, f"@kim {DEED} #candour")
    told = await tell(slack, SUCCESS)
    await tell(slack, LEARNING)
    await go_to(slack, "01-09", "14:58")
    assert digests(slack) == []
    await go_to(slack, *FRIDAY)
    (lines,) = digests(slack)
    assert lines == [
        "Our week",
        "Since Monday 5 January",
        "Thanks, by value",
        ":heart: Care: 2 recognitions",
        ":mag: Candour: 1 recognition",
        "Stories",
        "We halved the waiting list — a story of what worked, told by @ben. Read it",
        "The reminders went out twice — a story of what we learned, told by @ben. Read it",
        "What is coming",
        "Friday 9 January: Pulse closes",
        "Monday 12 January: Reminder of the mission",
        "Tuesday 13 January: Weekly pulse",
    ]
    link = f"https://playground.slack.com/archives/{LOUNGE}/p{told['ts'].replace('.', '')}"
    assert link in str(slack.messages(LOUNGE)[-1])


async def test_the_pulse_is_coming_on_the_workspaces_day_though_it_is_there_later(
    slack: FakeSlack, week: Bot
) -> None:
    """At five of their own day: for Kim, in Seoul, that is on Monday evening in Lisbon."""
    assert (await settle(slack, pulse_time="05:00")).closed
    await give(slack, BEN, f"@kim {DEED} #care")
    await go_to(slack, *FRIDAY)
    (lines,) = digests(slack)
    assert "Tuesday 13 January: Weekly pulse" in lines
    assert lines[-1].startswith("Tuesday")


async def test_who_is_to_be_welcomed_is_nobody_elses_news(slack: FakeSlack, week: Bot) -> None:
    await give(slack, BEN, f"@kim {DEED} #care")
    await go_to(slack, "01-09", "14:00")
    await join(slack, tz="Asia/Seoul")
    await go_to(slack, *FRIDAY)
    (lines,) = digests(slack)
    assert "Welcome" not in str(lines)


async def test_a_channel_that_is_mended_after_weeks_gets_one_and_not_a_heap(
    slack: FakeSlack, week: Bot
) -> None:
    week.may_be_refused("is_archived")
    slack.workspace.archive(LOUNGE)
    for day in ("01-09", "01-16", "01-23"):
        await give(slack, BEN, f"@kim {DEED} #care")
        await go_to(slack, day, "15:00")
    assert digests(slack) == []
    slack.workspace.unarchive(LOUNGE)
    await soon(slack, lambda: digests(slack))
    await go_to(slack, "01-30", "15:00")
    first, later = digests(slack)
    assert (first[1], later[1]) == ("Since Monday 5 January", "Since Friday 16 January")
    assert ":heart: Care: 1 recognition" in first
    assert ":heart: Care: 1 recognition" in later


async def test_private_and_withdrawn_ones_are_in_no_figure(slack: FakeSlack, week: Bot) -> None:
    form = await open_form(slack, BEN, "/recognize")
    private = {"recipients": [ANA], "message": DEED, "value": "care", "visibility": "private"}
    assert (await slack.submit(BEN, form["id"], private)).closed
    await withdraw(slack, await give(slack, BEN, f"@kim {DEED} #care"))
    await go_to(slack, *FRIDAY)
    assert digests(slack) == []
    assert await week.read(lambda session: session.exec(select(Digest)).all()) == []


async def test_an_empty_week_posts_nothing_and_the_next_tells_only_of_itself(
    slack: FakeSlack, week: Bot
) -> None:
    await give(slack, BEN, f"@kim {DEED} #care")
    await go_to(slack, *FRIDAY)
    await go_to(slack, "01-16", "15:00")
    assert len(digests(slack)) == 1
    await give(slack, BEN, f"@kim {DEED} #candour")
    await go_to(slack, "01-23", "15:00")
    assert digests(slack)[1][1:4] == [
        "Since Friday 9 January",
        "Thanks, by value",
        ":mag: Candour: 1 recognition",
    ]


async def test_a_holiday_loses_nothing_and_counts_nothing_twice(
    slack: FakeSlack, week: Bot
) -> None:
    assert (await settle(slack, country="portugal")).closed
    await go_to(slack, "03-27", "14:00")
    await give(slack, BEN, f"@kim {DEED} #care")
    await go_to(slack, "03-27", "15:00")
    await give(slack, BEN, f"@kim {DEED} #candour")
    await go_to(slack, "04-03", "15:00")  # Good Friday
    assert len(digests(slack)) == 1
    await go_to(slack, "04-06", "15:00")
    assert digests(slack)[1][2:4] == ["Thanks, by value", ":mag: Candour: 1 recognition"]
    await give(slack, BEN, f"@kim {DEED} #care")
    await go_to(slack, "04-10", "15:00")
    assert digests(slack)[2][2:4] == ["Thanks, by value", ":heart: Care: 1 recognition"]


async def test_after_a_long_silence_it_tells_of_two_weeks_and_no_more(
    slack: FakeSlack, week: Bot
) -> None:
    assert (await settle(slack, updates_channel=None)).closed
    await give(slack, BEN, f"@kim {DEED} #care")
    await pass_time(slack, lisbon("01-26") - slack.now())
    await give(slack, BEN, f"@kim {DEED} #candour")
    assert (await settle(slack, updates_channel=LOUNGE)).closed
    await go_to(slack, "01-30", "15:00")
    assert digests(slack)[0][1:4] == [
        "Since Friday 16 January",
        "Thanks, by value",
        ":mag: Candour: 1 recognition",
    ]


async def test_values_read_as_they_are_worded_now(slack: FakeSlack, week: Bot) -> None:
    await give(slack, BEN, f"@kim {DEED} #care")
    await give(slack, BEN, f"@kim {DEED} #candour")
    values = "#care :sunny: Kindness — we notice and act\n:seedling: Growth — we learn"
    assert (await set_up(slack, values=values, why="Clearer")).closed
    await go_to(slack, *FRIDAY)
    assert digests(slack)[0][3:5] == [
        ":sunny: Kindness: 1 recognition",
        ":mag: Candour: 1 recognition",
    ]


async def test_what_is_withdrawn_or_corrected_later_is_followed(
    slack: FakeSlack, week: Bot
) -> None:
    first = await give(slack, BEN, f"@kim {DEED} #care")
    second = await give(slack, BEN, f"@ana {DEED} #care")
    await go_to(slack, *FRIDAY)
    await choose(slack, second, "edit")
    form = slack.views(BEN)[-1]
    assert (await slack.submit(BEN, form["id"], {"value": "candour"})).closed
    await soon(slack, lambda: ":mag: Candour: 1 recognition" in digests(slack)[0])
    await withdraw(slack, first)
    await soon(slack, lambda: ":heart: Care: 1 recognition" not in digests(slack)[0])
    await withdraw(slack, second)
    await soon(slack, lambda: "What this told of was withdrawn since." in digests(slack)[0])


async def test_a_withdrawn_storys_title_goes(slack: FakeSlack, week: Bot) -> None:
    post = await tell(slack, SUCCESS)
    await go_to(slack, *FRIDAY)
    assert SUCCESS["title"] in str(digests(slack))
    menu = next(
        element
        for block in post["blocks"]
        for element in block.get("elements", [])
        if element["type"] == "overflow"
    )
    await slack.click(
        BEN,
        channel=LOUNGE,
        ts=post["ts"],
        action_id=menu["action_id"],
        option=menu["options"][1]["value"],
    )
    assert (await slack.submit(BEN, slack.views(BEN)[-1]["id"])).ok
    await soon(slack, lambda: SUCCESS["title"] not in str(slack.messages(LOUNGE)))


async def test_what_waits_for_its_channel_counts_and_is_not_linked(
    slack: FakeSlack, week: Bot
) -> None:
    assert (await settle(slack, stories_channel=None, recognition_channel=KUDOS)).closed
    form = await open_form(slack, BEN, "/story success")
    assert (await slack.submit(BEN, form["id"], SUCCESS)).closed
    await go_to(slack, *FRIDAY)
    assert digests(slack)[0][3].endswith("told by @ben")
