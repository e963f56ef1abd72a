"""A driver who leaves, or becomes a guest: somebody else drives the decision, who is asked once."""

from datetime import UTC, datetime

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.deps import Deps
from bot.playground.server import FakeSlack
from bot.roster import remember
from schedules import roster
from tests.rituals.deciding import (
    LINE,
    REASON,
    begin,
    decide,
    ledger,
    press,
    shows,
    withdraw,
)
from tests.rituals.test_decide_clock import until
from tests.rituals.test_decide_private import SECRET, begin_privately, card_of
from tests.support import ANA, BEN, GENERAL, GIL, KIM, LOUNGE, Bot, Doc, soon, text_of, told

DRIVEN: Doc = {"approvers": [ANA, KIM], "checklist": "", "due": "2026-01-08"}


async def changes(slack: FakeSlack, who: str, **what: bool) -> None:
    slack.workspace.edit_person(who, **what)
    await slack.events.settled()


async def leaves(slack: FakeSlack, who: str) -> None:
    await changes(slack, who, deleted=True)


def questions(slack: FakeSlack, who: str) -> list[Doc]:
    return [each for each in slack.dm(who) if "Drive it" in text_of(each)]


async def asked(slack: FakeSlack, who: str) -> Doc:
    (question,) = await soon(slack, lambda: questions(slack, who))
    return question


async def drive(slack: FakeSlack, who: str, question: Doc) -> None:
    where = slack.workspace.dm_id(who)
    await press(slack, who, question, "decide_drive", where, message=question)


async def test_its_approvers_are_asked_once_and_the_first_who_presses_drives_it(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, DRIVEN)
    await leaves(slack, BEN)
    await leaves(slack, BEN)
    of_ana, of_kim = await asked(slack, ANA), await asked(slack, KIM)
    assert text_of(of_kim).splitlines() == [
        f"1 · {LINE}",
        "@ben drove this and cannot any more. "
        "Whoever drives it now brings it to its end, and decides.",
        "Drive it",
    ]
    text = await shows(slack, card, "@ben cannot drive it any more; somebody else has to.")
    assert "Drive it" in text
    assert "Decide" not in text.splitlines()
    await drive(slack, KIM, of_kim)
    await drive(slack, ANA, of_ana)
    assert "Nothing was changed: kim drives it now." in told(slack, ANA)
    text = await shows(slack, card, "@kim drives it, to be decided by Thursday, 8 January 2026.")
    assert "It was handed over from @ben." in text
    assert "Drive it" not in text
    for who, question in ((ANA, of_ana), (KIM, of_kim)):
        await shows(slack, question, "@kim drives it now.", slack.workspace.dm_id(who))
    assert questions(slack, ANA) == questions(slack, KIM) == []
    line = (await deciding.read(ledger))[-1]
    assert (line.kind, line.actor, line.details["gone"]) == ("decision.driven", KIM, BEN)
    assert (await decide(slack, card, REASON, who=KIM))["closed"]
    await shows(slack, card, "@kim decided: Do it")


async def test_a_press_on_its_card_by_nobody_who_was_asked_changes_nothing(
    slack: FakeSlack, deciding: Bot
) -> None:
    slack.workspace.join("U0LIA", name="lia", real_name="Lia Mar", tz="Europe/Lisbon")
    card = await begin(slack, DRIVEN)
    await leaves(slack, BEN)
    await shows(slack, card, "Drive it")
    await press(slack, "U0LIA", card, "decide_drive")
    assert "This can be taken over by ana, kim." in told(slack, "U0LIA")
    await press(slack, KIM, card, "decide_drive")
    await shows(slack, card, "@kim drives it")


@pytest.mark.parametrize("approvers", [[], [KIM], [BEN]])
async def test_where_no_approver_is_here_the_owners_are_asked(
    slack: FakeSlack, deciding: Bot, approvers: list[str]
) -> None:
    card = await begin(slack, DRIVEN | {"approvers": approvers})
    await leaves(slack, KIM)
    await deciding.has_sent_everything()
    await leaves(slack, BEN)
    await drive(slack, ANA, await asked(slack, ANA))
    await shows(slack, card, "@ana drives it")


async def test_when_the_last_approver_leaves_after_the_driver_the_owners_are_asked(
    slack: FakeSlack, deciding: Bot
) -> None:
    await begin(slack, DRIVEN | {"approvers": [KIM]})
    await leaves(slack, BEN)
    await asked(slack, KIM)
    assert questions(slack, ANA) == []
    await leaves(slack, KIM)
    await asked(slack, ANA)


async def test_a_guest_drives_nothing_and_what_waited_for_them_is_taken_back(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, DRIVEN | {"approvers": []})
    await until(slack, datetime(2026, 1, 7, 14, 5, tzinfo=UTC))
    (reminder,) = [m for m in slack.dm(BEN) if "waits for your decision" in text_of(m)]
    await changes(slack, BEN, is_restricted=True)
    question = await asked(slack, ANA)
    where = slack.workspace.dm_id(BEN)
    await shows(slack, reminder, "It does not wait for you any more.", where)
    await press(slack, BEN, reminder, "decide_decide", where, message=reminder)
    assert "A guest cannot drive a decision." in told(slack, BEN)
    await slack.command(BEN, GENERAL, "/decide list waiting")
    assert LINE not in told(slack, BEN)
    await drive(slack, ANA, question)
    await until(slack, datetime(2026, 1, 8, 9, 5, tzinfo=UTC))
    assert [m for m in slack.dm(ANA) if "waits for your decision" in text_of(m)]
    await shows(slack, card, "It was handed over from @ben.")


async def test_late_it_is_said_below_the_card_that_somebody_has_to_drive_it(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, DRIVEN | {"approvers": []})
    await leaves(slack, BEN)
    await until(slack, datetime(2026, 1, 9, 9, 5, tzinfo=UTC))
    (reply,) = [m for m in slack.messages(LOUNGE) if m.get("thread_ts") == card["ts"]]
    assert "It waits for somebody to drive it." in text_of(reply)
    assert len(questions(slack, ANA)) == 1


async def test_who_comes_back_before_that_drives_it_on(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack, DRIVEN)
    await leaves(slack, BEN)
    question = await asked(slack, KIM)
    await changes(slack, BEN, deleted=False)
    await shows(slack, question, "@ben drives it now.", slack.workspace.dm_id(KIM))
    assert "Decide" in await shows(slack, card, "Decide\n")
    await leaves(slack, BEN)
    await drive(slack, KIM, await asked(slack, KIM))
    await shows(slack, card, "@kim drives it")


@pytest.mark.parametrize(
    "how", [{"deleted": True}, {"is_restricted": True}, {"team_id": "T0OTHER"}]
)
async def test_who_left_while_nobody_listened_is_replaced_at_the_next_start(
    slack: FakeSlack, deciding: Bot, how: Doc
) -> None:
    card = await begin(slack, DRIVEN)
    gone = {"id": BEN, "name": "ben", **how}
    await deciding.write(lambda session: remember(session, [gone]))
    deps = Deps(deciding.database, slack.now, AsyncWebClient())
    for _ in range(2):
        await deciding.write(lambda session: roster._complete(session, deps))
    await shows(slack, card, "Drive it")
    await asked(slack, KIM)


async def test_who_takes_it_over_is_asked_who_approves_instead_of_who_left(
    slack: FakeSlack, deciding: Bot
) -> None:
    await begin(slack, DRIVEN)
    await leaves(slack, KIM)
    await soon(slack, lambda: [m for m in slack.dm(BEN) if "Replace them" in text_of(m)])
    await leaves(slack, BEN)
    await drive(slack, ANA, await asked(slack, ANA))
    await soon(slack, lambda: [m for m in slack.dm(ANA) if "Replace them" in text_of(m)])


async def test_withdrawing_it_ends_the_question(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack, DRIVEN)
    await leaves(slack, BEN)
    question = await asked(slack, KIM)
    await withdraw(slack, ANA, card)
    await shows(slack, question, "It was withdrawn.", slack.workspace.dm_id(KIM))
    await drive(slack, KIM, question)
    assert "Nothing was changed. It was withdrawn." in told(slack, KIM)


async def test_of_a_private_one_nobody_but_its_people_is_asked(
    slack: FakeSlack, deciding: Bot
) -> None:
    known = await begin_privately(slack, deciding)
    await leaves(slack, BEN)
    question = await asked(slack, KIM)
    await slack.click(ANA, channel=GENERAL, message=forged(question), action_id="decide_drive")
    assert "I know no such decision." in told(slack, ANA)
    await drive(slack, KIM, question)
    text = await shows(slack, card_of(slack, KIM, known), "@kim drives it", dm(slack, KIM))
    assert "It was handed over from @ben." in text
    assert (await deciding.read(ledger))[-1].kind == "decision.driven_privately"
    await deciding.has_sent_everything()
    assert not [each for each in slack.dm(ANA) if SECRET in str(each)]


async def test_a_private_one_without_approvers_is_taken_over_by_another_of_its_people(
    slack: FakeSlack, deciding: Bot
) -> None:
    known = await begin_privately(slack, deciding, approvers=[], contributors=[KIM], driver=BEN)
    await leaves(slack, BEN)
    await drive(slack, KIM, await asked(slack, KIM))
    await shows(slack, card_of(slack, KIM, known), "@kim drives it", dm(slack, KIM))
    assert not [each for each in slack.dm(ANA) if SECRET in str(each)]


def forged(question: Doc) -> Doc:
    return question | {"ts": "1767607200.000100"}


def dm(slack: FakeSlack, who: str) -> str:
    return slack.workspace.dm_id(who)


async def test_whoever_left_does_not_keep_a_private_one_in_force(
    slack: FakeSlack, deciding: Bot
) -> None:
    plain: Doc = {"approvers": [], "checklist": ""}
    old = await begin_privately(slack, deciding, **plain)
    new = await begin_privately(slack, deciding, **plain, contributors=[], title="Keep it?")
    where = slack.workspace.dm_id(BEN)
    for one in (old, new):
        await decide(slack, card_of(slack, BEN, one), channel=where)
        await deciding.has_sent_everything()
    await leaves(slack, GIL)
    option, card = f"supersede:{old.id}", card_of(slack, BEN, old)
    form = await press(slack, BEN, card, "decide_menu", where, option=option)
    assert form is not None
    assert (await slack.submit(BEN, form["id"], {"successor": new.name})).closed
    await deciding.has_sent_everything()
    assert f"Superseded by {new.name}" in text_of(card_of(slack, BEN, old))
