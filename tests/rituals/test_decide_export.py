"""A decision as a file, by direct message."""

from datetime import timedelta

from bot.playground.server import FakeSlack
from tests.rituals.deciding import REASON, begin, decide, press, shows, the_decision
from tests.rituals.test_decide_clock import ask_about, at, until
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
    open_form,
    soon,
    text_of,
    told,
)

WHOLE: Doc = {
    "title": "# Ship *it*?",
    "context": "The old page:\n\n---\nstatus: evil\n- loses one <b>booking</b> in five",
    "options": "Ship | now\nWait",
    "checklist": "Is support there?",
    "approvers": [KIM],
    "prediction": "Fewer are lost.",
    "confidence": "70",
}
DOCUMENT = """---
status: accepted
date: 2026-01-05
decision-makers: ["ben", "kim"]
consulted: []
---

# 1 · \\# Ship \\*it\\*?

## Context and Problem Statement

> The old page\\:
>
> \\---
>
> status\\: evil
>
> \\- loses one \\<b\\>booking\\</b\\> in five

## Decision Drivers

* \\:heart\\: Care — we notice who needs help (weight 2)
* \\:mag\\: Candour — we say what is (weight 1)

## Considered Options

* Ship \\| now
* Wait

| Option | Care (2) | Candour (1) | All |
|---|---|---|---|
| Ship \\| now | 4.0 of 5, from one person alone | not scored | 4.0 of 5, from one person alone |
| Wait | not scored | not scored | not scored |

## Decision Outcome

Chosen option: “Ship \\| now”, by ben.

> Two clinics wait for it, and we can take it back.

It was decided although this was open: the checklist, the approvals, an objection.

### Consequences

Predicted (70 % sure):

> Fewer are lost.

### Confirmation

* Is support there? — unsure, ben: \\*Half\\* of it

## More Information

* kim objected: Not on a Friday, please.
"""


def files(slack: FakeSlack, who: str) -> list[tuple[str, str]]:
    """The name and the words of each file that the person was sent."""
    sent = [file for each in slack.dm(who) for file in each.get("files", [])]
    return [(file["name"], slack.workspace.files.shared(file["id"])[1].decode()) for file in sent]


async def test_everything_is_in_the_file_and_nothing_becomes_markdown(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, WHOLE)
    for who, action, filled in (
        (BEN, "decide_checklist", {"gate_0": "unsure", "note_0": "*Half* of it"}),
        (BEN, "decide_score", {"score_0_care": "4"}),
        (KIM, "decide_object", {"reason": "Not on a Friday, please."}),
    ):
        form = await press(slack, who, card, action)
        assert form is not None
        assert (await slack.submit(who, form["id"], filled)).closed
    assert (await decide(slack, card, REASON))["closed"]
    await slack.command(ANA, GENERAL, "/decide export 1")
    assert told(slack, ANA) == "Decision 1 is on its way to you, as a direct message."
    await soon(slack, lambda: files(slack, ANA))
    ((name, words),) = files(slack, ANA)
    assert name == "decision-1.md"
    assert words == DOCUMENT
    assert not [each for each in slack.messages(LOUNGE) if each.get("files")]


async def test_it_is_dated_by_the_day_of_the_workspace_and_says_how_it_came_out(
    slack: FakeSlack, deciding: Bot
) -> None:
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], {"timezone": "Pacific/Auckland"})).closed
    await until(slack, at(5, 13))  # when in Auckland it is the next day
    asked = await ask_about(slack, weeks=1, prediction="")
    await press(slack, BEN, asked, "decide_came_out", slack.workspace.dm_id(BEN))
    await slack.command(BEN, GENERAL, "/decide export 1")
    await soon(slack, lambda: files(slack, BEN))
    ((_, words),) = files(slack, BEN)
    assert "date: 2026-01-06" in words
    assert "### Consequences\n\nIt came out as predicted." in words


async def test_it_names_no_other_that_its_reader_cannot_see(
    slack: FakeSlack, deciding: Bot
) -> None:
    plain: Doc = {"approvers": [], "checklist": ""}
    old = await begin_privately(slack, deciding, **plain)
    both: Doc = {"contributors": [GIL, KIM], "title": "Keep it?"}
    new = await begin_privately(slack, deciding, **plain, **both)
    where = slack.workspace.dm_id(BEN)
    for one in (old, new):
        await decide(slack, card_of(slack, BEN, one), channel=where)
        await deciding.has_sent_everything()
    card, option = card_of(slack, BEN, old), f"supersede:{old.id}"
    form = await press(slack, BEN, card, "decide_menu", where, option=option)
    assert form is not None
    assert (await slack.submit(BEN, form["id"], {"successor": new.name})).closed
    for who, one in ((KIM, new), (BEN, old), (BEN, new)):
        await slack.command(who, GENERAL, f"/decide export {one.name}")
    await soon(slack, lambda: files(slack, KIM) and files(slack, BEN)[1:])
    assert old.name not in str(files(slack, KIM))
    assert "* Superseded by P" in str(files(slack, BEN))
    assert "* Supersedes P" in str(files(slack, BEN))


async def test_the_menu_sends_it_once_however_often_the_click_comes(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack)
    known = await deciding.read(the_decision)
    await press(slack, KIM, card, "decide_menu", option=f"export:{known.id}")
    await slack.redeliver()
    assert "is on its way to you" in told(slack, KIM)
    await soon(slack, lambda: files(slack, KIM))
    await slack.pass_time(timedelta(minutes=1))
    assert len(files(slack, KIM)) == 1
    await shows(slack, card, "Checklist")


async def test_a_file_of_unknown_fate_is_not_repeated_and_can_be_asked_for_anew(
    slack: FakeSlack, deciding: Bot
) -> None:
    await begin(slack)
    slack.fault("files.completeUploadExternal", "reset_after")
    await slack.command(BEN, GENERAL, "/decide export 1")
    await soon(slack, lambda: files(slack, BEN))
    await soon(slack, lambda: "Slack did not say whether" in text_of(slack.dm(BEN)[-1]))
    assert text_of(slack.dm(BEN)[-1]).endswith("ask again with /decide export 1.")
    await slack.pass_time(timedelta(minutes=5))
    assert len(files(slack, BEN)) == 1
    await slack.command(BEN, GENERAL, "/decide export 1")
    await soon(slack, lambda: len(files(slack, BEN)) == 2)
