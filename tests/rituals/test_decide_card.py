"""A decision's card: its checklist, scores and verdicts, and how it is decided."""

from datetime import timedelta

import pytest

from bot.playground.server import FakeSlack
from bot.roster import ONLY_OURS
from bot.standing import of
from tests.rituals.deciding import (
    LINE,
    REASON,
    all_of_them,
    begin,
    decide,
    hides,
    ledger,
    open_withdrawal,
    press,
    shows,
    the_decision,
    withdraw,
)
from tests.rituals.telling import initial, inputs
from tests.rituals.test_decide_export import files
from tests.support import (
    ANA,
    BEN,
    EVE,
    GENERAL,
    KIM,
    KUDOS,
    LOUNGE,
    Bot,
    Doc,
    open_form,
    soon,
    text_of,
    told,
)

TWO: Doc = {"checklist": "Is support there?\nCan we take it back?", "approvers": [ANA, KIM]}
PLAIN: Doc = {"checklist": ""}
LIA = "U0LIA"
OBJECTION = "Support is away on Friday afternoon."


async def settle(slack: FakeSlack, card: Doc, who: str = BEN, answer: str = "yes") -> None:
    """Answer both questions alike."""
    form = await press(slack, who, card, "decide_checklist")
    assert form is not None
    gates = {name: answer for name in inputs(form) if name.startswith("gate_")}
    assert (await slack.submit(who, form["id"], gates)).closed


async def object_to(slack: FakeSlack, card: Doc, who: str = KIM, reason: str = OBJECTION) -> None:
    form = await press(slack, who, card, "decide_object")
    assert form is not None
    assert (await slack.submit(who, form["id"], {"reason": reason})).closed


async def test_the_checklist_is_answered_with_a_note_and_the_card_follows(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, TWO)
    form = await press(slack, KIM, card, "decide_checklist")
    assert form is not None
    assert form["callback_id"] == "decide_checklist"
    assert list(inputs(form)) == ["gate_0", "note_0", "gate_1", "note_1"]
    filled = {"gate_0": "yes", "gate_1": "no", "note_1": "Not after noon."}
    assert (await slack.submit(KIM, form["id"], filled)).closed
    text = await shows(slack, card, "Checklist: 1 of 2 settled.")
    assert "Can we take it back? — No, says @kim" in text
    assert "Is support there?" not in text
    form = await press(slack, BEN, card, "decide_checklist")
    assert form is not None
    assert (initial(form, "gate_1"), initial(form, "note_1")) == ("no", "Not after noon.")


async def test_only_its_people_answer_the_checklist(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack, TWO | {"approvers": [ANA]})
    assert await press(slack, KIM, card, "decide_checklist") is None
    assert "Only its people answer the checklist. Nothing was saved." in told(slack, KIM)


async def test_a_note_without_an_answer_is_asked_for_one(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack, TWO)
    form = await press(slack, BEN, card, "decide_checklist")
    assert form is not None
    outcome = await slack.submit(BEN, form["id"], {"note_1": "Hm"})
    assert outcome.errors == {"gate_1": "Choose an answer as well."}


async def test_two_answer_one_question_and_the_second_sees_what_the_first_said(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, TWO)
    late = await press(slack, KIM, card, "decide_checklist")
    assert late is not None
    slack.fill(KIM, late["id"], {"gate_0": "yes", "note_0": "I asked them."})
    await settle(slack, card, BEN, "no")
    outcome = await slack.submit(KIM, late["id"])
    assert outcome.updated
    form = slack.views(KIM)[-1]
    assert "@ben answered the checklist." in text_of(form)
    assert initial(form, "gate_0") == "no"
    held = form["state"]["values"]
    assert held["gate_0"]["value"]["selected_option"]["value"] == "yes"
    assert held["note_0"]["value"]["value"] == "I asked them."
    assert (await slack.submit(KIM, form["id"])).closed
    await shows(slack, card, "Checklist: 1 of 2 settled.")


async def test_shown_anew_the_checklist_has_what_others_said_where_its_person_said_nothing(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, TWO | {"checklist": "One?\nTwo?\nThree?"})
    await settle(slack, card, BEN, "no")
    late = await press(slack, KIM, card, "decide_checklist")
    assert late is not None
    slack.fill(KIM, late["id"], {"gate_0": "unsure", "note_0": "I asked them."})
    for answer in ("yes", "unsure"):  # twice, since it can be shown anew twice
        form = await press(slack, BEN, card, "decide_checklist")
        assert form is not None
        said = {f"gate_{n}": answer for n in range(3)} | {"note_1": f"It is {answer}."}
        assert (await slack.submit(BEN, form["id"], said | {"note_0": answer})).closed
        assert (await slack.submit(KIM, late["id"])).updated
    assert (await slack.submit(KIM, late["id"])).closed
    gates = await deciding.read(lambda session: of(session, the_decision(session)).gates)
    assert [(gate.answer, gate.note, gate.person) for gate in gates] == [
        ("unsure", "I asked them.", KIM),
        ("unsure", "It is unsure.", BEN),
        ("unsure", "", BEN),
    ]


async def test_a_form_left_open_changes_nothing_that_its_person_left_alone(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, TWO)
    late = await press(slack, KIM, card, "decide_checklist")
    assert late is not None
    form = await press(slack, BEN, card, "decide_checklist")
    assert form is not None
    assert (await slack.submit(BEN, form["id"], {"gate_0": "yes"})).closed
    assert (await slack.submit(KIM, late["id"], {"gate_1": "yes"})).closed
    assert "Approvals: 0 of the 2" in await hides(slack, card, "Checklist:")


async def test_options_are_scored_by_everybody_once_and_changeable(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, PLAIN)
    for who, point in ((BEN, "5"), (KIM, "1"), (ANA, "3")):
        form = await press(slack, who, card, "decide_score")
        assert form is not None
        assert list(inputs(form)) == [
            *("score_0_care", "score_0_candour", "score_1_care", "score_1_candour")
        ]
        assert (await slack.submit(who, form["id"], {"score_0_care": point})).closed
    await shows(slack, card, "Do it — 3.0 of 5, from 3 people who are far apart (± 2.0)")
    form = await press(slack, KIM, card, "decide_score")
    assert form is not None
    assert initial(form, "score_0_care") == "1"
    assert (await slack.submit(KIM, form["id"], {"score_0_care": "4"})).closed
    assert "Don't — not scored" in await shows(slack, card, "4.0 of 5, from 3 people who differ")
    form = await press(slack, KIM, card, "decide_score")
    assert form is not None
    assert (await slack.submit(KIM, form["id"], {"score_0_care": "none"})).closed
    await shows(slack, card, "4.0 of 5, from 2 people")


async def test_the_menu_shows_all_scores(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack, PLAIN)
    form = await press(slack, BEN, card, "decide_score")
    assert form is not None
    filled = {"score_0_care": "5", "score_0_candour": "2"}
    assert (await slack.submit(BEN, form["id"], filled)).closed
    known = await deciding.read(the_decision)
    shown = await press(slack, KIM, card, "decide_menu", option=f"scores:{known.id}")
    assert shown is not None
    assert text_of(shown).splitlines() == [
        f"1 · {LINE}",
        "Do it — 4.0 of 5, from one person alone",
        ":heart: Care — 5.0 of 5, from one person alone",
        ":mag: Candour — 2.0 of 5, from one person alone",
        "Don't — not scored",
        ":heart: Care — not scored",
        ":mag: Candour — not scored",
    ]


async def test_a_value_retired_meanwhile_is_scored_as_the_decision_knows_it(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, PLAIN)
    changed = await open_form(slack, ANA, "/mission setup")
    values = "#care :handshake: Kindness — we are kind\nNew — we are new"
    assert (await slack.submit(ANA, changed["id"], {"values": values, "why": "clearer"})).closed
    form = await press(slack, BEN, card, "decide_score")
    assert form is not None
    assert "Kindness" not in text_of(form)
    assert (await slack.submit(BEN, form["id"], {"score_0_candour": "5"})).closed
    await shows(slack, card, "Do it — 5.0 of 5")


async def test_approvers_approve_and_object_with_a_reason(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack, TWO)
    await press(slack, ANA, card, "decide_approve")
    await shows(slack, card, "Approvals: 1 of the 2 that are needed.\nNo word yet from @kim.")
    form = await press(slack, KIM, card, "decide_object")
    assert form is not None
    outcome = await slack.submit(KIM, form["id"], {"reason": "no"})
    assert "10 characters at least" in outcome.errors["reason"]
    outcome = await slack.submit(KIM, form["id"], {"reason": " " * 20}, force=True)
    assert "10 characters at least" in outcome.errors["reason"]
    assert (await slack.submit(KIM, form["id"], {"reason": OBJECTION})).closed
    await shows(slack, card, f"@kim objects: {OBJECTION}")
    await press(slack, KIM, card, "decide_approve")
    assert "Approvals" not in await hides(slack, card, "objects: ")
    kinds = [line.kind for line in await deciding.read(ledger)]
    assert kinds == [f"decision.{k}" for k in ("begun", "approved", "objected", "approved")]


async def test_an_objection_stays_on_record_when_its_approver_approves_afterwards(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, PLAIN | {"approvers": [KIM]})
    await object_to(slack, card)
    await shows(slack, card, "@kim objects")
    await press(slack, KIM, card, "decide_approve")
    text = await shows(slack, card, f"@kim approves, and objected before: {OBJECTION}")
    assert "Nothing is missing: @ben can decide." in text
    assert (await decide(slack, card))["closed"]
    assert f"objected before: {OBJECTION}" in await shows(slack, card, "decided: Do it")
    await slack.command(BEN, GENERAL, "/decide export 1")
    ((_, document),) = await soon(slack, lambda: files(slack, BEN))
    assert f"* kim approved, after an objection: {OBJECTION}" in document


@pytest.mark.parametrize("action", ["decide_approve", "decide_object"])
async def test_a_verdict_by_no_approver_is_refused(
    slack: FakeSlack, deciding: Bot, action: str
) -> None:
    card = await begin(slack, TWO)
    await press(slack, BEN, card, action)
    assert "Only its approvers say yes or no to this decision." in told(slack, BEN)


async def test_somebody_of_another_organisation_may_press_nothing(
    slack: FakeSlack, mission: Bot
) -> None:
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], {"decisions_channel": KUDOS})).closed
    await mission.has_sent_everything()
    await slack.jump(timedelta(seconds=3))
    assert (await slack.command(BEN, KUDOS, f"/decide {LINE}")).ok
    await mission.has_sent_everything()
    card = slack.messages(KUDOS)[-1]
    for action in ("decide_score", "decide_checklist", "decide_decide"):
        assert await press(slack, EVE, card, action, KUDOS) is None
        assert told(slack, EVE) == ONLY_OURS


async def test_the_driver_decides_and_the_card_keeps_it(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack, PLAIN)
    assert "Nothing is missing: @ben can decide." in text_of(card)
    assert (await decide(slack, card, REASON))["closed"]
    text = await shows(slack, card, "@ben decided: Do it")
    assert text.splitlines() == [
        f"1 · {LINE}",
        "Decided · @ben drove it.",
        "@ben decided: Do it",
        REASON,
        "Options",
        "Do it — not scored",
        "Don't — not scored",
        "Scores",
        "Export",
        "Supersede",
    ]


async def test_somebody_else_does_not_decide(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack, PLAIN)
    assert await press(slack, KIM, card, "decide_decide") is None
    assert "Only ben can do that: they drive this decision." in told(slack, KIM)


@pytest.mark.parametrize("missing", ["gate", "quorum", "objection"])
async def test_over_what_is_missing_it_takes_a_reason_which_stays_on_the_card(
    slack: FakeSlack, deciding: Bot, missing: str
) -> None:
    approvers = [ANA, KIM] if missing != "gate" else []
    gates = "Is support there?" if missing == "gate" else ""
    card = await begin(slack, {"checklist": gates, "approvers": approvers, "quorum": "majority"})
    if missing == "objection":
        await object_to(slack, card)
        await shows(slack, card, "@kim objects")
    tried = await decide(slack, card)
    assert "reason" in tried["errors"]
    assert await deciding.read(lambda session: the_decision(session).status) == "open"
    outcome = await slack.submit(BEN, tried["form"]["id"], {"choice": "1", "reason": "because"})
    assert "10 characters at least: it stays on record." in outcome.errors["reason"]
    outcome = await slack.submit(BEN, tried["form"]["id"], {"choice": "1", "reason": REASON})
    assert outcome.closed
    text = await shows(slack, card, "What was open when it was decided")
    said = {
        "gate": "Is support there? — Not answered",
        "quorum": "Without the approval of @ana and @kim.",
        "objection": f"@kim objects: {OBJECTION}",
    }
    assert REASON in text
    assert said[missing] in text


async def test_what_happened_meanwhile_is_shown_before_it_is_decided(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, {"checklist": "", "approvers": [ANA], "contributors": [KIM]})
    await press(slack, ANA, card, "decide_approve")
    form = await press(slack, BEN, card, "decide_decide")
    assert form is not None
    assert "Still missing" not in text_of(form)
    await object_to(slack, card, ANA)
    outcome = await slack.submit(BEN, form["id"], {"choice": "0", "reason": "Go, then."})
    assert outcome.updated
    again = slack.views(BEN)[-1]
    assert "@ana objected." in text_of(again)
    assert f"@ana objects: {OBJECTION}" in text_of(again)
    held = again["state"]["values"]
    assert held["choice"]["value"]["selected_option"]["value"] == "0"
    assert held["reason"]["value"]["value"] == "Go, then."
    assert await deciding.read(lambda session: the_decision(session).status) == "open"
    assert (await slack.submit(BEN, again["id"], {"reason": REASON})).closed
    await shows(slack, card, "What was open when it was decided")


async def test_after_the_decision_nothing_is_taken_any_more(
    slack: FakeSlack, deciding: Bot
) -> None:
    slack.workspace.join(LIA, name="lia", real_name="Lia Mar")
    slack.workspace.enter(LOUNGE, LIA)
    card = await begin(slack, TWO)
    left_open: dict[str, tuple[str, Doc]] = {
        KIM: ("decide_object", {"reason": OBJECTION}),
        ANA: ("decide_checklist", {"gate_0": "yes"}),
        LIA: ("decide_score", {"score_0_care": "5"}),
    }
    forms = {who: await press(slack, who, card, action) for who, (action, _) in left_open.items()}
    stale = slack.workspace.messages.get(LOUNGE, card["ts"])
    assert (await decide(slack, card, REASON))["closed"]
    for who, form in forms.items():
        assert form is not None
        outcome = await slack.submit(who, form["id"], left_open[who][1])
        assert [*outcome.errors.values()] == ["Nothing was saved. It was decided for “Do it”."]
    for action in ("decide_score", "decide_checklist", "decide_approve", "decide_object"):
        await slack.click(KIM, channel=LOUNGE, message=stale, action_id=action)
        assert told(slack, KIM) == "Nothing was saved. It was decided for “Do it”."
    await slack.click(BEN, channel=LOUNGE, message=stale, action_id="decide_decide")
    assert told(slack, BEN) == "Nothing was saved. It was decided for “Do it”."


async def test_the_form_to_decide_delivered_twice_decides_once(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, PLAIN)
    form = await press(slack, BEN, card, "decide_decide")
    assert form is not None
    assert (await slack.submit(BEN, form["id"], {"choice": "1"})).closed
    again = await slack.redeliver()
    assert (again.acked, again.payload) == (True, None)
    assert "decided: Don't" in await shows(slack, card, "decided: ")
    assert [line.kind for line in await deciding.read(ledger)][1:] == ["decision.decided"]


async def test_an_owner_withdraws_while_the_driver_decides_and_the_driver_is_told(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, PLAIN)
    mine = await press(slack, BEN, card, "decide_decide")
    assert mine is not None
    await withdraw(slack, ANA, card)
    outcome = await slack.submit(BEN, mine["id"], {"choice": "0", "reason": REASON})
    assert outcome.errors == {"choice": "Nothing was saved. It was withdrawn."}
    held = slack.views(BEN)[-1]["state"]["values"]
    assert held["reason"]["value"]["value"] == REASON
    await shows(slack, card, "@ana withdrew it.")


async def test_a_click_delivered_twice_counts_once(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack, TWO)
    await press(slack, ANA, card, "decide_approve")
    await slack.redeliver()
    await press(slack, ANA, card, "decide_approve")
    await shows(slack, card, "Approvals: 1 of the 2 that are needed.")
    assert [line.kind for line in await deciding.read(ledger)][1:] == ["decision.approved"]


async def test_it_is_withdrawn_by_driver_author_or_owner_after_a_question(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, TWO)
    assert await open_withdrawal(slack, KIM, card) is None
    assert "Its driver, who asked for it, or an owner" in told(slack, KIM)
    form = await open_withdrawal(slack, ANA, card)
    assert form is not None
    assert "This cannot be undone." in text_of(form)
    assert (await slack.submit(ANA, form["id"])).closed
    text = await shows(slack, card, "@ana withdrew it.")
    assert "Withdrawn · @ben drove it." in text
    assert "Decide" not in text


async def superseding(slack: FakeSlack, card: Doc, old: int, name: str) -> Doc:
    form = await press(slack, BEN, card, "decide_menu", option=f"supersede:{old}")
    assert form is not None, slack.picture()
    outcome = await slack.submit(BEN, form["id"], {"successor": name})
    return {"closed": outcome.closed, **outcome.errors}


async def test_a_decision_supersedes_another_and_both_cards_lead_to_each_other(
    slack: FakeSlack, deciding: Bot
) -> None:
    first, second = await begin(slack, PLAIN), await begin(slack, PLAIN | {"title": "Then Monday?"})
    await decide(slack, first)
    await shows(slack, first, "Supersede")
    old, new = await deciding.read(all_of_them)
    assert await superseding(slack, first, old.id, "2") == {
        "closed": False,
        "successor": "It has to be decided itself. It is still open.",
    }
    await decide(slack, second)
    await shows(slack, second, "Supersede")
    assert (await superseding(slack, first, old.id, "#2"))["closed"]
    assert "Superseded by 2 · Then Monday?" in await shows(slack, first, "Superseded ·")
    assert f"It supersedes 1 · {LINE}" in await shows(slack, second, "It supersedes")
    for card, other in ((first, second), (second, first)):
        shown = slack.workspace.messages.get(LOUNGE, card["ts"]) or {}
        link = f"https://playground.slack.com/archives/{LOUNGE}/p{other['ts'].replace('.', '')}"
        assert link in str(shown["blocks"])
    circle = await superseding(slack, second, new.id, "1")
    assert "a circle would leave none that holds" in circle["successor"]
    third = await begin(slack, PLAIN | {"title": "Never?"})
    await decide(slack, third)
    await shows(slack, third, "Supersede")
    last = (await deciding.read(all_of_them))[-1]
    assert (await superseding(slack, second, new.id, "3"))["closed"]
    circle = await superseding(slack, third, last.id, "1")
    assert "a circle would leave none that holds" in circle["successor"]
    second, new = third, last
    itself = await superseding(slack, second, new.id, "3")
    assert itself["successor"] == "A decision cannot supersede itself."
    unknown = await superseding(slack, second, new.id, "77")
    assert unknown["successor"] == "I know no such decision."
    assert "It supersedes 2 · " in await shows(slack, second, "It supersedes")
