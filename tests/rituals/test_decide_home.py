"""What Home shows of decisions: those that wait for its person, and the latest."""

from datetime import timedelta

from sqlmodel import Session

from bot import docket
from bot.playground.server import FakeSlack
from bot.proposal import Proposal
from bot.rituals import decision
from tests.rituals.deciding import LINE, REASON, all_of_them, begin, decide, shows
from tests.rituals.test_decide_private import SECRET, begin_privately
from tests.rituals.waiting import UNREAD, form_on_home, on_home, waits
from tests.support import ANA, BEN, KIM, LOUNGE, T0, Bot, Doc, open_form, soon, text_of

HALF: Doc = {"approvers": [KIM], "checklist": "Is support there?"}


async def home(slack: FakeSlack, who: str) -> str:
    return text_of(await slack.open_home(who) or {})


async def test_each_part_of_a_decision_waits_on_the_home_of_who_has_it(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, HALF | {"due": "2026-01-09"})
    (known,) = await deciding.read(all_of_them)
    until = "until 9 January 2026"
    verdict = f"1 · {LINE} — Your verdict is asked for, {until}"
    await home(slack, KIM)
    assert waits(slack, KIM) == [*UNREAD, verdict, "Approve", "Object", "Checklist", "Score"]
    await home(slack, ANA)
    assert waits(slack, ANA) == []
    await home(slack, BEN)
    checklist = f"1 · {LINE} — Its checklist is not settled, {until}"
    assert waits(slack, BEN) == [*UNREAD, checklist, "Checklist", "Score", "Decide"]
    assert (await on_home(slack, KIM, "decide_approve", known.cause)).ok
    assert waits(slack, KIM) == UNREAD  # at once
    await shows(slack, card, "Checklist: 0 of 1 settled.")
    form = await form_on_home(slack, BEN, "decide_checklist", known.cause)
    assert (await slack.submit(BEN, form["id"], {"gate_0": "yes"})).closed
    can_decide = f"1 · {LINE} — You can decide, {until}"
    await soon(slack, lambda: waits(slack, BEN) == [*UNREAD, can_decide, "Score", "Decide"])
    form = await form_on_home(slack, BEN, "decide_decide", known.cause)
    assert (await slack.submit(BEN, form["id"], {"choice": "1"})).closed
    await soon(slack, lambda: waits(slack, BEN) == UNREAD)
    assert f"1 · {LINE} — decided: Don't, @ben" in await home(slack, ANA)


async def test_an_objection_opens_its_form_from_home(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack, HALF)
    (known,) = await deciding.read(all_of_them)
    await home(slack, KIM)
    form = await form_on_home(slack, KIM, "decide_object", known.cause)
    assert (await slack.submit(KIM, form["id"], {"reason": "Support is away."})).closed
    await shows(slack, card, "@kim objects: Support is away.")


async def test_the_review_waits_on_home_and_is_answered_there(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, {"checklist": "", "review_in": "1"})
    assert (await decide(slack, card, REASON))["closed"]
    (known,) = await deciding.read(all_of_them)
    await slack.pass_time(timedelta(days=7, hours=4, minutes=30))
    assert "Did it come out" not in await home(slack, BEN)
    await slack.pass_time(timedelta(minutes=35))  # nine in New York
    await soon(slack, lambda: "Did it come out as predicted?" in text_of(slack.home(BEN) or {}))
    await on_home(slack, BEN, "decide_came_out", known.cause)
    assert waits(slack, BEN) == UNREAD
    await shows(slack, card, "It came out as predicted.")
    await deciding.has_sent_everything()
    assert "It came out as predicted." in text_of(slack.dm(BEN)[-1])


async def test_a_private_one_stands_on_the_home_of_its_people_alone(
    slack: FakeSlack, deciding: Bot
) -> None:
    await begin_privately(slack, deciding)
    assert SECRET in await home(slack, KIM)
    assert SECRET not in await home(slack, ANA)
    assert "Latest decisions" not in await home(slack, ANA)


async def test_the_oldest_come_first_and_many_are_counted(slack: FakeSlack, deciding: Bot) -> None:
    def many(session: Session) -> None:
        for number in range(13):
            title = f"Question {number}?"
            decision.begin(session, Proposal(BEN, title, driver=KIM), now=T0)

    await deciding.write(many)
    text = await home(slack, KIM)
    lines = [line for line in text.splitlines() if "You can decide" in line]
    assert [line.split(" · ")[0] for line in lines] == [str(n) for n in range(1, 11)]
    assert "4 more wait for you: 3 in /decide list waiting, 1 in /mission" in text
    latest = text.split("Latest decisions\n")[1].splitlines()
    assert [line.split(" · ")[0] for line in latest[: docket.LATEST]] == [
        "13",
        "12",
        "11",
        "10",
        "9",
    ]


async def test_the_cards_are_a_link_away_once_they_are_there(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack)
    await slack.open_home(ANA)
    shown = slack.home(ANA)
    assert f"/archives/{LOUNGE}/p{card['ts'].replace('.', '')}" in str(shown)


async def test_the_digest_says_nothing_of_what_is_somebodys_own(
    slack: FakeSlack, deciding: Bot
) -> None:
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], {"updates_channel": LOUNGE})).closed
    await begin_privately(slack, deciding, due="2026-01-12", review_in="1")
    await slack.command(BEN, LOUNGE, "/recognize @kim stayed late for the clinic #care")
    await slack.pass_time(timedelta(days=5))
    posts = await soon(slack, lambda: [text_of(m) for m in slack.messages(LOUNGE)])
    assert [each for each in posts if "week" in each]
    assert not [each for each in posts if "decision" in each.casefold() or SECRET in each]
