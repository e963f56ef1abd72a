"""The form of /decide: what it asks for, what it refuses and where, and from which message."""

from datetime import timedelta
from typing import Any

import pytest

from bot.playground.server import FakeSlack
from bot.proposal import CHECKLIST
from tests.rituals.deciding import LINE, all_of_them, begin, fill_in, the_decision, whole_form
from tests.rituals.telling import form_of, initial, inputs
from tests.support import (
    ANA,
    BEN,
    DAN,
    EVE,
    GENERAL,
    GIL,
    KIM,
    LOUNGE,
    PIA,
    PRIVATE,
    ROBY,
    Bot,
    Doc,
    open_form,
    soon,
    text_of,
    told,
)

MORE = ["driver", "approvers", "contributors", "quorum", "due"]
MORE += ["prediction", "confidence", "review_in", "visibility"]
WHOLE: Doc = {
    "context": "The old page loses one booking in five.",
    "options": "Friday\nMonday\nNot at all",
    "checklist": "Is support there?\nCan we take it back?",
    "driver": KIM,
    "approvers": [ANA, BEN],
    "contributors": [GIL],
    "quorum": "majority",
    "due": "2026-01-09",
    "prediction": "One booking in twenty is lost.",
    "confidence": "70",
    "review_in": "4",
}


async def test_alone_it_opens_the_form(slack: FakeSlack, deciding: Bot) -> None:
    form = await open_form(slack, BEN, "/decide")
    assert form["callback_id"] == "decide"
    assert list(inputs(form)) == ["title", "context", "options", "checklist"]
    assert initial(form, "options") == "Do it\nDon't"
    assert initial(form, "checklist") == "\n".join(CHECKLIST)
    assert (await slack.submit(BEN, form["id"], {"title": LINE})).closed
    assert LINE in text_of((await soon(slack, lambda: slack.messages(LOUNGE)))[0])


async def test_more_shows_the_rest_and_loses_nothing_typed(slack: FakeSlack, deciding: Bot) -> None:
    form = await open_form(slack, BEN, "/decide")
    typed = {"title": LINE, "context": "so far", "options": "A\nB", "checklist": "Why?"}
    slack.fill(BEN, form["id"], typed)
    await slack.click(BEN, view=form["id"], action_id="decide_more")
    form = slack.views(BEN)[-1]
    assert list(inputs(form)) == ["title", "context", "options", "checklist", *MORE]
    held = {name: form["state"]["values"][name]["value"]["value"] for name in typed}
    assert held == typed
    assert "decide_more" not in str(form["blocks"])


async def test_everything_that_was_said_is_on_the_card(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack, WHOLE)
    assert text_of(card).splitlines()[:15] == [
        f"1 · {LINE}",
        "Open · @ben asked, @kim drives it, to be decided by Friday, 9 January 2026. "
        "To approve: @ana and @ben (a majority). Contributing: @gil.",
        WHOLE["context"],
        "Options",
        "Friday — not scored",
        "Monday — not scored",
        "Not at all — not scored",
        "Still missing",
        "Checklist: 0 of 2 settled.",
        "Is support there? — Not answered",
        "Can we take it back? — Not answered",
        "Approvals: 0 of the 2 that are needed.",
        "No word yet from @ana and @ben.",
        "Predicted (70 % sure): One booking in twenty is lost.",
        "Checklist",
    ]
    known = await deciding.read(the_decision)
    assert (known.review_in, known.confidence, known.quorum) == (4, 70, "majority")


async def test_the_driver_as_the_only_approver_is_said_on_the_card(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, {"approvers": [BEN]})
    assert "The driver is the only approver." in text_of(card)
    assert "one approval is needed" in text_of(card)


@pytest.mark.parametrize(
    ("name", "words", "reason"),
    [
        ("title", "Hm", "A title takes 3 to 150 characters; this is 2."),
        ("title", "x" * 151, "this is 151."),
        ("context", "x" * 2001, "2,000 is the most"),
        ("options", "Only one", "Write 2 to 5 options, one a line; this is 1 option."),
        ("options", "a\nb\nc\nd\ne\nf", "this is 6 options"),
        ("options", "Wait\n wait ", "“wait” stands there twice."),
        ("options", "Caf\u00e9\nCafe\u0301", "“Cafe\u0301” stands there twice."),
        ("options", "Ship A\nShip \uff21", "stands there twice."),  # of another width
        ("options", "Wait\nWa\u200bit\ufe0f", "stands there twice."),  # with what nobody sees
        ("options", "STRASSE\nstraße", "stands there twice."),
        ("options", "Wait\n\u200b", "this is 1 option"),
        ("options", f"{'x' * 76}\nNo", "75 is the most"),
        ("checklist", "\n".join(f"Question {n}?" for n in range(11)), "These are 11 questions"),
        ("checklist", "x" * 151, "150 is the most"),
        ("due", "2026-01-04", "4 January 2026 is past. Choose today or a later day."),
        ("due", "9999-12-31", "31 December 9999 is too far away."),
        ("prediction", "x" * 501, "500 is the most"),
        ("driver", ROBY, "roby is a bot."),
        ("driver", GIL, "gil is a guest"),
        ("approvers", [ANA, ROBY], "roby is a bot."),
        ("approvers", [GIL], "gil is a guest"),
        ("approvers", [EVE], "eve belongs to another organisation."),
        ("approvers", [DAN], "dan is no longer here"),
        ("contributors", [PIA], "has not joined yet"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    slack: FakeSlack, deciding: Bot, name: str, words: Any, reason: str
) -> None:
    outcome = await fill_in(slack, {name: words}, force=True)
    assert list(outcome.errors) == [name]
    assert reason.casefold() in outcome.errors[name].casefold()
    assert await deciding.read(all_of_them) == []


async def test_all_faults_are_told_together_and_what_was_typed_stays(
    slack: FakeSlack, deciding: Bot
) -> None:
    form = await whole_form(slack)
    wrong = {"title": "Hm", "options": "One", "due": "2025-12-31", "approvers": [ROBY, DAN]}
    outcome = await slack.submit(BEN, form["id"], wrong, force=True)
    assert set(outcome.errors) == {"title", "options", "due", "approvers"}
    assert "bot" in outcome.errors["approvers"]
    assert "no longer here" in outcome.errors["approvers"]
    held = slack.views(BEN)[-1]["state"]["values"]
    assert held["due"]["value"]["selected_date"] == "2025-12-31"
    assert held["approvers"]["value"]["selected_users"] == [ROBY, DAN]
    mended = {"title": LINE, "options": "One\nTwo", "due": "2026-01-05", "approvers": [ANA]}
    assert (await slack.submit(BEN, form["id"], mended)).closed  # today is allowed


async def test_today_is_the_day_where_whoever_asks_lives(slack: FakeSlack, deciding: Bot) -> None:
    await slack.jump(timedelta(hours=8))  # past midnight in Seoul, noon in New York
    outcome = await fill_in(slack, {"due": "2026-01-05"}, who=KIM)
    assert "5 January 2026 is past" in outcome.errors["due"]
    assert (await fill_in(slack, {"due": "2026-01-05"}, who=BEN)).closed


async def test_the_same_submission_twice_is_one_decision(slack: FakeSlack, deciding: Bot) -> None:
    await begin(slack, WHOLE)
    again = await slack.redeliver()
    assert (again.acked, again.payload) == (True, None)
    await deciding.has_sent_everything()
    assert len(await deciding.read(all_of_them)) == 1
    assert len(slack.messages(LOUNGE)) == 1


async def pressed(slack: FakeSlack, who: str, message: Doc, channel: str = GENERAL) -> Doc:
    return await form_of(slack, who, message, "decide_on_this", channel)


async def test_a_message_becomes_what_one_has_to_know_with_a_link_to_it(
    slack: FakeSlack, deciding: Bot
) -> None:
    message = await slack.message(KIM, GENERAL, "shall we open on Sundays & holidays?")
    form = await pressed(slack, BEN, message)
    assert initial(form, "context") == "shall we open on Sundays & holidays?"
    await slack.click(BEN, view=form["id"], action_id="decide_more")
    assert (await slack.submit(BEN, form["id"], {"title": "Open on Sundays?"})).closed
    card = (await soon(slack, lambda: slack.messages(LOUNGE)))[0]
    link = f"https://playground.slack.com/archives/{GENERAL}/p{message['ts'].replace('.', '')}"
    assert "It is about this message." in text_of(card)
    assert link in str(card["blocks"])
    assert (await deciding.read(the_decision)).link == link


async def test_what_not_everybody_can_read_is_not_linked(slack: FakeSlack, deciding: Bot) -> None:
    message = await slack.message(ANA, PRIVATE, "between us: the merger is off")
    form = await pressed(slack, BEN, message, PRIVATE)
    assert "the decision will not link to it" in text_of(form)
    filled = {"title": "Tell the team?", "context": "What we know since Friday."}
    assert (await slack.submit(BEN, form["id"], filled)).closed
    card = (await soon(slack, lambda: slack.messages(LOUNGE)))[0]
    assert "merger" not in str(card)
    assert PRIVATE not in str(card["blocks"])


async def test_a_form_leads_to_nowhere_but_a_message(slack: FakeSlack, deciding: Bot) -> None:
    form = await open_form(slack, BEN, "/decide")
    evil = form | {"private_metadata": "https://evil.example/archives/C1/p1"}
    slack.workspace.views.update(form["id"], evil)
    assert (await slack.submit(BEN, form["id"], {"title": LINE})).closed
    assert (await deciding.read(the_decision)).link is None


async def test_a_form_that_slack_does_not_open_is_said(slack: FakeSlack, deciding: Bot) -> None:
    slack.fault("views.open", "error", error="expired_trigger_id")
    await slack.command(BEN, GENERAL, "/decide")
    assert "nothing was saved" in told(slack, BEN)
