"""Reminders of the mission: one thing at a time, each before any comes again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from bot import due
from bot.outbox import OutboxRow
from bot.playground.server import FakeSlack
from bot.rituals.reminder import Reminder, next_item
from tests.rituals.saying_when import go_to, lisbon, posted
from tests.rituals.test_mission import DEED, set_up, settle
from tests.support import (
    ANA,
    BEN,
    KUDOS,
    LOUNGE,
    STATEMENT,
    VALUES,
    Bot,
    Doc,
    give,
    open_form,
    pass_time,
    soon,
    text_of,
)

ABOUT = ("What we are here for", "One of our values")
CARE, CANDOUR = (
    "One of our values: :heart: Care — we notice who needs help",
    "One of our values: :mag: Candour — we say what is",
)


def reminders(slack: FakeSlack) -> list[str]:
    """The first line of every reminder."""
    texts = [text_of(message) for message in slack.messages(LOUNGE)]
    return [text.splitlines()[0] for text in texts if text.startswith(ABOUT)]


def taken(session: Session) -> list[str]:
    return list(session.exec(select(Reminder.item).order_by(col(Reminder.turn))))


async def test_each_thing_is_shown_once_before_any_again(slack: FakeSlack, updates: Bot) -> None:
    for day in ("01-12", "01-19", "01-26", "02-02"):
        await go_to(slack, day)
    assert reminders(slack) == [
        *("What we are here for:", CARE, CANDOUR),
        "What we are here for:",
    ]
    assert await updates.read(taken) == ["", "care", "candour", ""]
    assert STATEMENT in posted(slack, "What we are here for")[0]


async def test_a_value_comes_with_the_latest_recognition_and_a_link_to_it(
    slack: FakeSlack, updates: Bot
) -> None:
    await give(slack, BEN, f"@kim {DEED} #care")
    later = await give(slack, BEN, "@ana drew the way of a referral with three desks #care")
    await give(slack, BEN, "@ana said in front of everybody what does not work #candour")
    await go_to(slack, "01-19")
    (value,) = posted(slack, "One of our values")
    assert value.splitlines()[1:4] == [
        "@ben recognised @ana:",
        "drew the way of a referral with three desks",
        "Open the post",
    ]
    link = f"https://playground.slack.com/archives/{KUDOS}/p{later['ts'].replace('.', '')}"
    assert link in str(slack.messages(LOUNGE)[-1])


async def test_no_recognition_is_quoted_twice(slack: FakeSlack, updates: Bot) -> None:
    await go_to(slack, "01-12")
    await give(slack, BEN, f"@kim {DEED} #care")
    await go_to(slack, "01-19")
    for day in ("01-26", "02-02", "02-09"):
        await go_to(slack, day)
    first, second = posted(slack, CARE)
    assert DEED in first
    assert DEED not in second
    assert "Whom did you see doing this lately? /recognize with #care tells them." in second


async def test_what_is_private_withdrawn_old_or_not_posted_is_never_quoted(
    slack: FakeSlack, updates: Bot
) -> None:
    form = await open_form(slack, BEN, "/recognize")
    private = {"recipients": [ANA], "message": DEED, "value": "care", "visibility": "private"}
    assert (await slack.submit(BEN, form["id"], private)).closed
    await withdraw(slack, await give(slack, BEN, f"@ana {DEED} #care"))
    await go_to(slack, "01-19")
    assert DEED not in str(slack.messages(LOUNGE))
    assert len(posted(slack, CARE)) == 1
    await give(slack, BEN, f"@ana {DEED} #candour")
    updates.may_be_refused("channel_not_found", "not_in_channel", "is_archived")
    slack.workspace.channels[KUDOS]["is_archived"] = True
    await slack.command(BEN, LOUNGE, "/recognize @ana waits for a channel to be open #candour")
    await go_to(slack, "01-26")
    (shown,) = posted(slack, CANDOUR)
    assert DEED in shown
    assert "waits for a channel" not in shown


async def test_what_is_older_than_four_weeks_is_not_quoted(slack: FakeSlack, updates: Bot) -> None:
    await give(slack, BEN, f"@kim {DEED} #care")
    assert (await settle(slack, updates_channel=None)).closed
    await pass_time(slack, lisbon("02-05") - slack.now())
    assert (await settle(slack, updates_channel=LOUNGE)).closed
    for day in ("02-09", "02-16"):
        await go_to(slack, day)
    assert DEED not in posted(slack, CARE)[0]


async def test_what_is_withdrawn_later_is_quoted_no_more(slack: FakeSlack, updates: Bot) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await go_to(slack, "01-19")
    assert DEED in posted(slack, CARE)[0]
    await withdraw(slack, post)
    await soon(slack, lambda: DEED not in str(slack.messages(LOUNGE)))
    assert "Whom did you see doing this lately?" in posted(slack, CARE)[0]


async def test_a_correction_is_followed(slack: FakeSlack, updates: Bot) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await go_to(slack, "01-19")
    await choose(slack, post, "edit")
    form = slack.views(BEN)[-1]
    assert (await slack.submit(BEN, form["id"], {"message": "came back on a Sunday"})).closed
    await soon(slack, lambda: "came back on a Sunday" in posted(slack, CARE)[0])
    assert DEED not in str(slack.messages(LOUNGE))


async def choose(slack: FakeSlack, post: Doc, what: str) -> None:
    option = next(
        each["value"]
        for block in post["blocks"]
        for element in block.get("elements", [])
        for each in element.get("options", [])
        if each["value"].startswith(what)
    )
    outcome = await slack.click(
        BEN, channel=KUDOS, ts=post["ts"], action_id="recognition_more", option=option
    )
    assert outcome.ok


async def withdraw(slack: FakeSlack, post: Doc) -> None:
    await choose(slack, post, "withdraw")
    assert (await slack.submit(BEN, slack.views(BEN)[-1]["id"])).ok


async def test_nothing_is_planned_before_there_are_a_mission_and_a_channel(
    slack: FakeSlack, bot: Bot
) -> None:
    async def planned(kind: str) -> bool:
        return await bot.read(lambda session: due.date_of(session, kind)) is not None

    assert not await planned("reminder")
    assert (await settle(slack, updates_channel=LOUNGE, timezone="Europe/Lisbon")).closed
    assert not await planned("reminder")
    assert not await planned("digest")
    assert (await set_up(slack, statement=STATEMENT, values=VALUES)).closed
    assert await planned("reminder")
    assert await planned("digest")
    assert (await settle(slack, updates_channel=None, recognition_channel=KUDOS)).closed
    assert not await planned("reminder")
    await pass_time(slack, lisbon("01-19") - slack.now())
    assert await bot.read(taken) == []


async def test_a_holiday_moves_it_to_the_next_working_day(slack: FakeSlack, updates: Bot) -> None:
    assert (await settle(slack, country="austria", reminder_day=["tuesday"])).closed
    await go_to(slack, "01-06", "23:00")  # Epiphany
    assert reminders(slack) == []
    await go_to(slack, "01-07")
    assert reminders(slack) == ["What we are here for:"]


async def test_it_comes_on_every_day_that_was_chosen(slack: FakeSlack, updates: Bot) -> None:
    chosen = {"country": "austria", "reminder_day": ["monday", "tuesday", "thursday"]}
    assert (await settle(slack, **chosen)).closed
    await go_to(slack, "01-06", "23:00")  # Epiphany, which moves Tuesday's to Wednesday
    assert len(reminders(slack)) == 0
    await go_to(slack, "01-07")
    assert len(reminders(slack)) == 1
    await go_to(slack, "01-08")
    assert len(reminders(slack)) == 2
    await go_to(slack, "01-12")
    assert len(reminders(slack)) == 3


async def test_of_days_that_a_holiday_moves_together_one_reminder_comes(
    slack: FakeSlack, updates: Bot
) -> None:
    chosen = {"country": "austria", "reminder_day": ["tuesday", "wednesday"]}
    assert (await settle(slack, **chosen)).closed
    await go_to(slack, "01-07", "23:00")
    assert len(reminders(slack)) == 1
    await go_to(slack, "01-12", "23:00")
    assert len(reminders(slack)) == 1


async def test_a_reminder_needs_a_day(slack: FakeSlack, updates: Bot) -> None:
    outcome = await settle(slack, reminder_day=[])
    assert outcome.errors == {"reminder_day": "Choose a day from Monday to Sunday."}


async def test_moved_to_later_on_its_day_it_neither_comes_twice_nor_takes_a_turn(
    slack: FakeSlack, updates: Bot
) -> None:
    await go_to(slack, "01-12")
    assert (await settle(slack, reminder_time="11:00")).closed
    await go_to(slack, "01-12", "11:00")
    assert reminders(slack) == ["What we are here for:"]
    assert await updates.read(taken) == [""]
    await go_to(slack, "01-19", "11:00")
    assert reminders(slack)[1:] == [CARE]


async def test_a_channel_that_is_mended_after_weeks_gets_one_and_not_a_heap(
    slack: FakeSlack, updates: Bot
) -> None:
    updates.may_be_refused("is_archived")
    slack.workspace.archive(LOUNGE)
    for day in ("01-12", "01-19", "01-26"):
        await go_to(slack, day)
    assert reminders(slack) == []
    slack.workspace.unarchive(LOUNGE)
    await soon(slack, lambda: reminders(slack))
    await go_to(slack, "02-02")
    assert reminders(slack) == ["What we are here for:", CARE]
    assert await updates.read(taken) == ["", "care"]


async def test_a_new_value_has_its_turn_before_any_comes_again(
    slack: FakeSlack, updates: Bot
) -> None:
    await go_to(slack, "01-12")
    values = "#care :heart: Care — we notice (2)\n:seedling: Growth — we learn in the open"
    assert (await set_up(slack, values=values, why="We learned")).closed
    for day in ("01-19", "01-26", "02-02"):
        await go_to(slack, day)
    assert await updates.read(taken) == ["", "care", "growth", ""]


async def test_it_opens_the_form_for_a_recognition(slack: FakeSlack, updates: Bot) -> None:
    await go_to(slack, "01-19")
    post = slack.messages(LOUNGE)[-1]
    await slack.click(BEN, channel=LOUNGE, ts=post["ts"], action_id="open_recognize")
    assert slack.views(BEN)[-1]["callback_id"] == "recognize"


async def test_its_cause_names_its_day(slack: FakeSlack, updates: Bot) -> None:
    await go_to(slack, "01-12")
    causes = select(OutboxRow.cause).where(col(OutboxRow.cause).startswith("reminder:"))
    assert await updates.read(lambda session: session.exec(causes).all()) == ["reminder:2026-01-12"]


ITEMS = st.sets(st.sampled_from("abcdefgh"), min_size=2)


@given(st.lists(ITEMS, min_size=1, max_size=40))
def test_nothing_comes_twice_in_a_row_nor_before_what_was_there_all_the_time(
    there: list[set[str]],
) -> None:
    last: dict[str, int] = {}
    shown: list[str] = []
    for turn, items in enumerate(there, start=1):
        item = next_item(sorted(items), last)
        assert item in items
        if item in shown:
            since = len(shown) - 1 - shown[::-1].index(item)
            meanwhile = set.intersection(*there[since:turn]) - {item}
            assert meanwhile <= set(shown[since + 1 :])
        assert not shown or item != shown[-1] or len(there[turn - 2] & items) == 1
        shown.append(item)
        last[item] = turn


@pytest.mark.parametrize("count", [2, 5])
def test_with_the_same_things_each_round_is_the_same(count: int) -> None:
    items, last = [str(number) for number in range(count)], dict[str, int]()
    for turn in range(1, 3 * count + 1):
        item = next_item(items, last)
        assert item == str((turn - 1) % count)
        last[item] = turn
