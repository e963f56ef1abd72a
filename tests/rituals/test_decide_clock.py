"""Who is reminded of a decision, when, and when no more."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, col, select

from bot.deps import Deps
from bot.due import Due
from bot.outbox import OutboxRow, Status
from bot.playground.server import FakeSlack
from bot.roster import remember
from schedules import roster
from tests.rituals.deciding import (
    LINE,
    REASON,
    all_of_them,
    begin,
    decide,
    press,
    shows,
    the_decision,
    withdraw,
)
from tests.rituals.naming_teams import are_read
from tests.rituals.telling import initial, inputs
from tests.rituals.test_decide_private import begin_privately, card_of
from tests.support import (
    ANA,
    BEN,
    GENERAL,
    GIL,
    KIM,
    LOUNGE,
    Bot,
    Doc,
    soon,
    text_of,
    told,
)

# Ana lives in Lisbon, Ben in New York, Kim in Seoul; T0 is a Monday, this the Thursday after.
DUE: Doc = {"due": "2026-01-08", "approvers": [ANA, KIM], "checklist": "Is support there?"}
OBJECTION = "Support is away on Friday afternoon."


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


async def until(slack: FakeSlack, when: datetime) -> None:
    await slack.pass_time(when - slack.now())


def reminders(slack: FakeSlack, who: str) -> list[Doc]:
    return [each for each in slack.dm(who) if "It is to be decided by" in text_of(each)]


def waiting(session: Session) -> list[str]:
    rows = select(OutboxRow.cause).where(OutboxRow.status == Status.WAITING)
    return list(session.exec(rows.where(col(OutboxRow.cause).contains(":remind:"))))


def dates(session: Session) -> list[str]:
    found = select(Due.subject).where(col(Due.kind).startswith("decision"))
    return sorted(session.exec(found))


async def name_team(slack: FakeSlack, bot: Bot, *, lead: str) -> None:
    """Have Kim, Gil and Ana report to this lead."""
    slack.workspace.add_channel("C0TEAM", "team", members=[KIM, GIL, ANA], bot=False)
    await slack.command(ANA, GENERAL, "/mission teams")
    there = slack.ephemerals(ANA)[-1]
    await slack.click(ANA, channel=GENERAL, ts=there["ts"], action_id="open_teams_add")
    filled: Doc = {"name": "Support", "leads": [lead], "channel": "C0TEAM"}
    await slack.submit(ANA, slack.views(ANA)[-1]["id"], filled)
    await slack.close_view(ANA, slack.views(ANA)[-1]["id"])
    await are_read(slack, bot)


async def test_who_owes_is_reminded_the_day_before_and_on_the_day_at_nine_of_their_own(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, DUE)
    for day in (7, 8):
        before = len(reminders(slack, KIM)), len(reminders(slack, ANA))
        await until(slack, at(day - 1, 23, 50))
        assert (len(reminders(slack, KIM)), len(reminders(slack, ANA))) == before
        await until(slack, at(day, 0, 5))  # nine in Seoul
        assert len(reminders(slack, KIM)) == before[0] + 1
        await until(slack, at(day, 8, 50))
        assert len(reminders(slack, ANA)) == before[1]
        await until(slack, at(day, 9, 5))  # nine in Lisbon
        assert len(reminders(slack, ANA)) == before[1] + 1
    assert reminders(slack, BEN) == []  # who drives it waits for the others
    assert text_of(reminders(slack, KIM)[0]).splitlines() == [
        f"1 · {LINE}",
        "It is to be decided by Thursday, 8 January 2026, and waits for your verdict.",
        "Approve",
        "Object",
        f"<https://playground.slack.com/archives/{LOUNGE}/p{card['ts'].replace('.', '')}"
        "|Open its card>",
    ]


async def test_the_part_is_done_from_the_reminder_and_it_stops(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, DUE | {"approvers": [ANA]})
    await until(slack, at(7, 9, 5))
    (asked,) = reminders(slack, ANA)
    await press(slack, ANA, asked, "decide_approve", slack.workspace.dm_id(ANA))
    await shows(slack, card, "Checklist: 0 of 1 settled.")
    await soon(slack, lambda: "does not wait for you any more" in text_of(slack.dm(ANA)[-1]))
    await until(slack, at(8, 15))
    assert reminders(slack, ANA) == []  # the one that there was says that it is settled
    assert "its checklist and your decision" in text_of(reminders(slack, BEN)[0])
    form = await press(
        slack, BEN, reminders(slack, BEN)[0], "decide_decide", slack.workspace.dm_id(BEN)
    )
    assert form is not None
    assert (await slack.submit(BEN, form["id"], {"choice": "0", "reason": REASON})).closed
    await soon(slack, lambda: "It was decided for “Do it”." in text_of(slack.dm(BEN)[-1]))
    assert await deciding.read(dates) == []


@pytest.mark.parametrize("ending", ["approve", "decide", "withdraw"])
async def test_what_waits_to_be_sent_is_taken_back(
    slack: FakeSlack, deciding: Bot, ending: str
) -> None:
    card = await begin(slack, DUE)
    await until(slack, at(7, 0, 5))
    assert len(await deciding.read(waiting)) == 1  # for Ana, who still sleeps
    if ending == "approve":
        await press(slack, ANA, card, "decide_approve")
    elif ending == "decide":
        assert (await decide(slack, card, REASON))["closed"]
    else:
        await withdraw(slack, BEN, card)
    assert await deciding.read(waiting) == []
    await until(slack, at(7, 12))
    assert [m for m in slack.dm(ANA) if LINE in text_of(m)] == []


async def test_the_next_working_day_it_is_said_below_the_card_and_then_to_the_leads(
    slack: FakeSlack, deciding: Bot
) -> None:
    await name_team(slack, deciding, lead=BEN)
    card = await begin(slack, DUE | {"due": "2026-01-09"})  # a Friday
    await until(slack, at(12, 8, 50))
    assert [m for m in slack.messages(LOUNGE) if "thread_ts" in m] == []
    await until(slack, at(12, 9, 5))  # Monday, nine in the workspace's zone
    (reply,) = [m for m in slack.messages(LOUNGE) if "thread_ts" in m]
    assert reply["thread_ts"] == card["ts"]
    assert text_of(reply) == (
        "This was to be decided by Friday, 9 January 2026. It waits for @ana and @kim."
    )
    assert not [m for m in slack.dm(BEN) if "you lead their team" in text_of(m)]
    await until(slack, at(13, 14, 5))  # nine in New York
    (lead,) = [m for m in slack.dm(BEN) if "you lead their team" in text_of(m)]
    assert "It waits for @ana and @kim, and you lead their team." in text_of(lead)
    await press(slack, ANA, card, "decide_approve")
    await soon(
        slack,
        lambda: (
            "It waits for @kim."
            in str(text_of(slack.workspace.messages.get(LOUNGE, reply["ts"]) or {}))
        ),
    )
    await until(slack, at(20, 12))
    assert len([m for m in slack.messages(LOUNGE) if "thread_ts" in m]) == 1
    assert await deciding.read(dates) == []


async def test_of_a_private_one_nothing_is_public_and_no_lead_hears(
    slack: FakeSlack, deciding: Bot
) -> None:
    await name_team(slack, deciding, lead=ANA)
    known = await begin_privately(slack, deciding, due="2026-01-08", checklist="")
    await until(slack, at(14, 12))
    assert slack.messages(LOUNGE) == []
    assert len(reminders(slack, KIM)) == 3  # the day before, on the day, and the next
    assert not [m for m in slack.dm(ANA) if known.title in str(m)]


async def test_a_decision_of_today_reminds_of_nothing_that_is_past(
    slack: FakeSlack, deciding: Bot
) -> None:
    await until(slack, at(7, 12))
    await begin(slack, DUE | {"due": "2026-01-07", "approvers": [ANA, KIM], "driver": BEN})
    await until(slack, at(7, 23))
    assert (len(reminders(slack, KIM)), len(reminders(slack, ANA))) == (0, 0)


async def test_what_was_missed_for_long_is_left_out_and_said_below_the_card_once(
    slack: FakeSlack, deciding: Bot
) -> None:
    await begin(slack, DUE)
    await slack.jump(at(12, 12) - slack.now())  # nothing ran in between
    await soon(slack, lambda: [m for m in slack.messages(LOUNGE) if "thread_ts" in m])
    await deciding.has_sent_everything()
    assert (len(reminders(slack, KIM)), len(reminders(slack, ANA))) == (0, 0)


async def leave(slack: FakeSlack, who: str) -> None:
    slack.workspace.edit_person(who, deleted=True)
    await slack.events.settled()


async def test_an_approver_who_leaves_is_replaced_by_the_driver_who_is_asked_once(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, DUE)
    await leave(slack, KIM)
    await leave(slack, KIM)
    (asked,) = await soon(
        slack, lambda: [m for m in slack.dm(BEN) if "cannot any more" in text_of(m)]
    )
    assert "@kim was to approve this and cannot any more." in text_of(asked)
    text = await shows(slack, card, "@kim cannot approve it any more, and said nothing.")
    assert "Approvals: 0 of the 1 that are needed." in text
    where = slack.workspace.dm_id(BEN)
    form = await press(slack, BEN, asked, "decide_open_replace", where)
    assert form is not None
    assert form["callback_id"] == "decide_replace"
    assert list(inputs(form)) == ["approver"]
    outcome = await slack.submit(BEN, form["id"], {"approver": GIL})
    assert "gil is a guest" in outcome.errors["approver"]
    outcome = await slack.submit(BEN, form["id"], {"approver": ANA})
    assert "They approve already." in outcome.errors["approver"]
    assert (await slack.submit(BEN, form["id"], {"approver": BEN})).closed
    assert "To approve: @ana and @ben" in await shows(slack, card, "0 of the 2")
    await soon(slack, lambda: "does not wait" in text_of(slack.dm(BEN)[-1]))
    await press(slack, BEN, asked, "decide_open_replace", where, message=asked)
    assert "somebody took their place" in told(slack, BEN)


async def test_an_approver_who_becomes_a_guest_counts_no_more_and_is_replaced(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, DUE)
    open_form = await press(slack, KIM, card, "decide_object")
    assert open_form is not None
    slack.workspace.edit_person(KIM, is_restricted=True)
    await slack.events.settled()
    text = await shows(slack, card, "@kim cannot approve it any more, and said nothing.")
    assert "Approvals: 0 of the 1 that are needed." in text
    outcome = await slack.submit(KIM, open_form["id"], {"reason": OBJECTION})
    assert outcome.errors["reason"].startswith("A guest cannot approve a decision")
    await press(slack, KIM, card, "decide_approve")
    assert "A guest cannot approve a decision" in told(slack, KIM)
    (asked,) = await soon(slack, lambda: [m for m in slack.dm(BEN) if "Replace" in text_of(m)])
    form = await press(slack, BEN, asked, "decide_open_replace", slack.workspace.dm_id(BEN))
    assert form is not None
    assert (await slack.submit(BEN, form["id"], {"approver": BEN})).closed
    assert "To approve: @ana and @ben" in await shows(slack, card, "0 of the 2")


async def test_who_left_while_nobody_listened_is_asked_about_at_the_next_start(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, DUE)
    gone = {"id": KIM, "name": "kim", "deleted": True}
    await deciding.write(lambda session: remember(session, [gone]))
    deps = Deps(deciding.database, slack.now, AsyncWebClient())
    for _ in range(2):
        await deciding.write(lambda session: roster._complete(session, deps))
    await shows(slack, card, "@kim cannot approve it any more, and said nothing.")
    assert len([m for m in slack.dm(BEN) if "cannot any more" in text_of(m)]) == 1


async def test_an_approver_who_said_something_before_they_left_still_counts(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, DUE)
    await press(slack, KIM, card, "decide_approve")
    await shows(slack, card, "Approvals: 1 of the 2")
    await leave(slack, KIM)
    await deciding.has_sent_everything()
    assert [m for m in slack.dm(BEN) if "cannot any more" in text_of(m)] == []


REVIEW: Doc = {"checklist": "", "prediction": "One in twenty is lost.", "confidence": "70"}


async def ask_about(slack: FakeSlack, *, weeks: int = 4, **changes: Any) -> Doc:
    """Decide, let the weeks pass, and return what the driver is asked."""
    card = await begin(slack, REVIEW | {"review_in": str(weeks)} | changes)
    assert (await decide(slack, card, REASON))["closed"]
    day = slack.now() + timedelta(weeks=weeks)
    await until(slack, day.replace(hour=13, minute=50))
    count = len(questions(slack))
    await until(slack, day.replace(hour=14, minute=5))  # nine in New York
    assert len(questions(slack)) == count + 1
    return questions(slack)[-1]


def questions(slack: FakeSlack) -> list[Doc]:
    return [each for each in slack.dm(BEN) if "Did it come out like that?" in text_of(each)]


async def answer(slack: FakeSlack, question: Doc, action: str) -> Doc | None:
    return await press(slack, BEN, question, action, slack.workspace.dm_id(BEN))


async def test_the_driver_is_asked_how_it_came_out_and_a_miss_offers_a_story(
    slack: FakeSlack, deciding: Bot
) -> None:
    question = await ask_about(slack)
    assert text_of(question).splitlines() == [
        f"1 · {LINE}",
        "You decided: Do it",
        "This is what you expected (70 % sure):",
        "One in twenty is lost.",
        "Did it come out like that?",
        "As predicted",
        "Not as predicted",
        "Too early to say",
    ]
    await answer(slack, question, "decide_came_out_not")
    await slack.redeliver()
    where = slack.workspace.dm_id(BEN)
    await shows(slack, question, "It did not come out as predicted.", where)
    (card,) = [m for m in slack.messages(LOUNGE) if LINE in text_of(m)]
    await shows(slack, card, "Decided and reviewed")
    form = await answer(slack, question, "decide_lesson")
    assert form is not None
    assert (form["callback_id"], initial(form, "kind"), initial(form, "title")) == (
        *("story", "learning", LINE),
    )


async def test_too_early_asks_again_in_four_weeks(slack: FakeSlack, deciding: Bot) -> None:
    question = await ask_about(slack, weeks=1)
    await answer(slack, question, "decide_too_early")
    where = slack.workspace.dm_id(BEN)
    await shows(slack, question, "I will ask you again on 9 February 2026.", where)
    assert questions(slack) == []
    await until(slack, datetime(2026, 2, 9, 14, 5, tzinfo=UTC))
    (again,) = questions(slack)
    await answer(slack, again, "decide_came_out")
    await shows(slack, again, "It came out as predicted.", where)
    assert (await deciding.read(the_decision)).as_predicted is True
    assert await deciding.read(dates) == []


async def test_asking_again_is_told_by_the_day_where_the_driver_lives(
    slack: FakeSlack, deciding: Bot
) -> None:
    slack.workspace.edit_person(BEN, tz="Pacific/Auckland")
    await slack.events.settled()
    card = await begin(slack, REVIEW | {"review_in": "1"})
    assert (await decide(slack, card, REASON))["closed"]
    await until(slack, at(11, 20, 5))  # nine on Monday the twelfth
    (question,) = questions(slack)
    await answer(slack, question, "decide_too_early")
    where = slack.workspace.dm_id(BEN)
    await shows(slack, question, "I will ask you again on 9 February 2026.", where)


async def test_from_five_reviews_on_a_person_alone_is_told_their_calibration(
    slack: FakeSlack, deciding: Bot
) -> None:
    await slack.command(BEN, GENERAL, "/decide calibration")
    assert "there are 0" in told(slack, BEN)
    cards = [
        await begin(slack, REVIEW | {"title": f"Question {n}?", "review_in": "1"}) for n in range(6)
    ]
    for card in cards:
        assert (await decide(slack, card, REASON))["closed"]
        await deciding.has_sent_everything()
    await until(slack, at(12, 14, 30))
    asked = questions(slack)
    assert len(asked) == 6
    where = slack.workspace.dm_id(BEN)
    for question in asked[:4]:
        await answer(slack, question, "decide_came_out")
        assert "Brier" not in await shows(slack, question, "It came out as predicted.", where)
    await answer(slack, asked[4], "decide_came_out_not")
    score = (4 * 0.3**2 + 0.7**2) / 5
    text = await shows(slack, asked[4], "It did not come out", where)
    assert f"Your Brier score is {score:.2f}, give or take 0.08, over 5 decisions" in text
    assert "better than always saying 50 %" in text
    await slack.command(BEN, GENERAL, "/decide calibration")
    assert f"{score:.2f}" in told(slack, BEN)
    await slack.command(ANA, GENERAL, "/decide calibration")
    assert "there are 0" in told(slack, ANA)
    assert not [m for m in slack.messages(LOUNGE) if "Brier" in str(m)]


async def test_a_lesson_of_a_private_one_says_that_everybody_reads_the_story(
    slack: FakeSlack, deciding: Bot
) -> None:
    known = await begin_privately(
        slack, deciding, approvers=[], checklist="", prediction="Well.", review_in="1"
    )
    where = slack.workspace.dm_id(BEN)
    await decide(slack, card_of(slack, BEN, known), REASON, channel=where)
    await until(slack, at(12, 14, 30))
    (question,) = questions(slack)
    await answer(slack, question, "decide_came_out_not")
    await shows(slack, question, "did not come out", where)
    form = await answer(slack, question, "decide_lesson")
    assert form is not None
    assert "everybody will read the story" in text_of(form)


async def test_superseding_ends_the_wait_for_a_review(slack: FakeSlack, deciding: Bot) -> None:
    first = await begin(slack, REVIEW | {"review_in": "2"})
    second = await begin(slack, {"checklist": "", "title": "Monday then?"})
    for card in (first, second):
        assert (await decide(slack, card, REASON))["closed"]
    assert len(await deciding.read(dates)) == 1
    await shows(slack, first, "Supersede")
    old = (await deciding.read(all_of_them))[0]
    form = await press(slack, BEN, first, "decide_menu", option=f"supersede:{old.id}")
    assert form is not None
    assert (await slack.submit(BEN, form["id"], {"successor": "2"})).closed
    assert await deciding.read(dates) == []


async def test_before_a_monday_it_is_friday(slack: FakeSlack, deciding: Bot) -> None:
    await begin(slack, DUE | {"due": "2026-01-12"})
    await until(slack, at(9, 0, 5))
    assert len(reminders(slack, KIM)) == 1
    await until(slack, at(11, 23, 50))
    assert len(reminders(slack, KIM)) == 1
