"""What waits for a person stands on their Home, the longest first, and is done from there."""

from datetime import timedelta

from sqlmodel import select

from bot import homes
from bot.acknowledgement import Acknowledgement
from bot.blocks.docket import ASKED
from bot.playground.server import FakeSlack
from tests.rituals.deciding import LINE, all_of_them, begin, press
from tests.rituals.few import at, go
from tests.rituals.test_decide_clock import leave
from tests.rituals.test_home import opened
from tests.rituals.test_home_followed import caught_up
from tests.rituals.test_mission import settle
from tests.rituals.waiting import UNREAD, form_on_home, on_home, waits
from tests.support import ANA, BEN, KIM, KUDOS, LOUNGE, Bot, Doc, soon, text_of

ASKING: Doc = {"approvers": [KIM], "checklist": "Is support there?", "due": "2026-01-09"}


async def lose_one(slack: FakeSlack, who: str) -> None:
    """Have nobody know whether a recognition of theirs was posted."""
    slack.fault("chat.postMessage", "reset_before")
    slack.fault("conversations.history", "error", times=3, error="missing_scope")
    assert (await slack.command(who, KUDOS, "/recognize @ana stayed late again #care")).ok
    await soon(slack, lambda: [m for m in slack.dm(who) if "could not find out" in text_of(m)])


def kinds(slack: FakeSlack, who: str) -> list[str]:
    """Which kinds of things wait, in their order."""
    said = {
        "stands below, for you to read": "mission",
        "for your answer": "pulse",
        "could not find out": "message",
        **{words: what.value for what, words in ASKED.items()},
    }
    lines = waits(slack, who)
    return [what for line in lines for words, what in said.items() if words in line]


async def test_every_kind_stands_there_the_longest_first_and_goes_once_it_is_done(
    slack: FakeSlack, deciding: Bot
) -> None:
    assert (await settle(slack, decisions_channel=LOUNGE, updates_channel=LOUNGE)).closed
    await begin(slack, ASKING)
    await slack.jump(timedelta(minutes=5))
    await lose_one(slack, KIM)
    await go(slack, at("06 15:00"))
    await begin(slack, ASKING)
    await opened(slack, KIM)
    assert kinds(slack, KIM) == ["mission", "verdict", "message", "pulse", "verdict"]
    first, second = await deciding.read(all_of_them)
    assert (await on_home(slack, KIM, "acknowledge")).ok
    assert kinds(slack, KIM) == ["verdict", "message", "pulse", "verdict"]
    assert (await on_home(slack, KIM, "decide_approve", first.cause)).ok
    assert kinds(slack, KIM) == ["message", "pulse", "verdict"]
    assert (await on_home(slack, KIM, "post_again")).ok
    assert kinds(slack, KIM) == ["pulse", "verdict"]
    form = await form_on_home(slack, KIM, "pulse_open")
    while button := next_answer(slack.views(KIM)[-1]):
        await slack.click(KIM, view=form["id"], action_id=button["action_id"])
    assert kinds(slack, KIM) == ["verdict"]
    form = await form_on_home(slack, KIM, "decide_object", second.cause)
    assert (await slack.submit(KIM, form["id"], {"reason": "Support is away."})).closed
    await soon(slack, lambda: waits(slack, KIM) == [])


def next_answer(form: Doc) -> Doc | None:
    """The first button that answers the question which the form asks now."""
    rows = [block["elements"] for block in form["blocks"] if block["type"] == "actions"]
    answers = [e for row in rows for e in row if e["action_id"].startswith("pulse_answer")]
    return answers[0] if answers else None


async def test_what_was_last_said_of_a_decision_is_when_it_begins_to_wait_for_its_driver(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, ASKING | {"checklist": ""})
    await slack.jump(timedelta(minutes=5))
    await begin(slack, ASKING | {"approvers": []})
    await slack.jump(timedelta(minutes=5))
    await opened(slack, BEN)
    assert kinds(slack, BEN) == ["mission", "checklist"]
    await press(slack, KIM, card, "decide_approve")
    await soon(slack, lambda: kinds(slack, BEN) == ["mission", "checklist", "decision"])


async def test_an_approver_who_left_is_replaced_from_the_drivers_home(
    slack: FakeSlack, deciding: Bot
) -> None:
    await begin(slack, ASKING)
    await slack.jump(timedelta(minutes=5))
    await begin(slack, ASKING | {"approvers": []})
    await slack.jump(timedelta(minutes=5))
    await opened(slack, BEN)
    await caught_up(slack, deciding, BEN)
    await leave(slack, KIM)
    await soon(slack, lambda: kinds(slack, BEN) == ["mission", "checklist", "approver"])
    words = f"1 · {LINE} — @kim cannot approve it any more; another approver is asked for,"
    words += " until 9 January 2026"
    assert waits(slack, BEN)[-5:] == [words, "Replace them", "Checklist", "Score", "Decide"]
    form = await form_on_home(slack, BEN, "decide_open_replace")
    assert (await slack.submit(BEN, form["id"], {"approver": ANA})).closed
    await soon(slack, lambda: kinds(slack, BEN) == ["mission", "checklist", "checklist"])
    await opened(slack, ANA)
    assert kinds(slack, ANA) == ["verdict"]


async def test_an_option_is_scored_from_home(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack, ASKING)
    await opened(slack, KIM)
    form = await form_on_home(slack, KIM, "decide_score")
    first = next(b["block_id"] for b in form["blocks"] if b["type"] == "input")
    assert (await slack.submit(KIM, form["id"], {first: "4"})).closed
    await soon(slack, lambda: "of 5, from one person" in text_of(now(slack, card)))


def now(slack: FakeSlack, card: Doc) -> Doc:
    return slack.workspace.messages.get(LOUNGE, card["ts"]) or {}


async def test_whoever_has_read_the_mission_is_asked_no_more_and_nobody_counts_twice(
    slack: FakeSlack, mission: Bot
) -> None:
    await opened(slack, BEN)
    assert waits(slack, BEN) == UNREAD
    assert (await on_home(slack, BEN, "acknowledge")).ok
    assert waits(slack, BEN) == []
    assert (await slack.redeliver()).ok
    assert waits(slack, BEN) == []
    who = await mission.read(lambda session: session.exec(select(Acknowledgement.person)).all())
    assert who == [BEN]
    assert slack.views(BEN) == []


async def test_who_wrote_the_mission_is_not_asked_to_read_it(
    slack: FakeSlack, mission: Bot
) -> None:
    await opened(slack, ANA)
    assert waits(slack, ANA) == []


async def test_a_press_on_a_home_that_is_out_of_date_shows_it_anew_and_says_why_not(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, ASKING)
    (known,) = await deciding.read(all_of_them)
    await opened(slack, KIM)
    await slack.jump(homes.LOOKING + timedelta(minutes=1))  # it is not published any more
    option = f"withdraw:{known.id}"
    form = await press(slack, BEN, card, "decide_menu", option=option)
    assert form is not None
    assert (await slack.submit(BEN, form["id"])).ok
    assert kinds(slack, KIM) == ["mission", "verdict"]
    await on_home(slack, KIM, "decide_approve", known.cause)
    assert "It was withdrawn." in text_of(slack.views(KIM)[-1])
    assert kinds(slack, KIM) == ["mission"]


async def test_what_was_pressed_is_done_where_home_cannot_be_shown(
    slack: FakeSlack, mission: Bot
) -> None:
    await opened(slack, BEN)
    slack.fault("views.publish", "error", error="fatal_error")
    assert (await on_home(slack, BEN, "acknowledge")).ok
    assert waits(slack, BEN) == UNREAD
    assert (await slack.redeliver()).ok
    assert waits(slack, BEN) == []
