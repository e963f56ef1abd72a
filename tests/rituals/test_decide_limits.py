"""With every text at its limit, a decision fits into what Slack takes, and can be read."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import Session

from bot import cards, deliberation, roster
from bot.blocks import decision as blocks
from bot.blocks import decisionform, decisionforms
from bot.playground import blockkit, content
from bot.playground.content import BLOCKS_JSON_LIMIT
from bot.proposal import Draft, Proposal, Quorum
from bot.rituals import decision, mission, outcome
from bot.standing import Answer, Standing, Verdict
from tests.support import ANA, STATEMENT, T0, Bot

APPROVERS = [f"U0APPROVER{n}" for n in range(5)]
CROWD = [f"U0CONTRIBUTOR{n}" for n in range(20)]
FILLERS = ["word ", '"', "\\", ":+1:", ":a:", "👩‍🔬", "\u202eא"]
BLOCKS, VIEW_BYTES = 100, 250_000


def text(filler: str, length: int, end: str = "") -> str:
    """So many characters of it, all different at their end."""
    return (filler * length)[: length - len(end)] + end


def largest(session: Session, filler: str) -> Standing:
    """An open decision of which everything is as large as it may be."""
    people = [*APPROVERS, *CROWD]
    roster.remember(session, [{"id": who, "name": who.lower()} for who in people])
    values = "\n".join(f":heart: {text('Value ', 40, str(n))} — {'x' * 100}" for n in range(7))
    mission.set_up(session, by=ANA, statement=STATEMENT + "!", values=values, why="more", now=T0)
    proposal = Proposal(
        ANA,
        text(filler, 150),
        context=text(filler, 2000),
        options=[text(filler, 75, str(n)) for n in range(5)],
        checklist=[text(filler, 150, str(n)) for n in range(10)],
        approvers=APPROVERS,
        contributors=CROWD,
        quorum=Quorum.MAJORITY,
        prediction=text(filler, 500),
        confidence=95,
        link="https://playground.slack.com/archives/C0GENERAL/p1700000000000000",
    )
    known = decision.begin(session, proposal, now=T0).decision
    answers = {n: (Answer.UNSURE, text(filler, 300)) for n in range(10)}
    seen: Any = {n: (None, "") for n in range(10)}
    deliberation.check(session, known.id, by=CROWD[0], answers=answers, seen=seen, now=T0)
    for who in APPROVERS:
        what: Any = {"verdict": Verdict.OBJECTED, "reason": text(filler, 999, "."), "now": T0}
        deliberation.say(session, known.id, by=who, **what)
    stands = deliberation.must_be_open(session, known.id, by=ANA)
    points = {(item, value.id): 3 for item in range(5) for value in stands.values}
    for who in (ANA, CROWD[1]):
        stands = deliberation.score(session, known.id, by=who, points=points)
    return stands


def decided(session: Session, stands: Standing, filler: str) -> Standing:
    known = stands.decision
    what: Any = {"choice": 4, "reason": text(filler, 999, "."), "based_on": known.version}
    return outcome.decide(session, known.id, by=ANA, now=T0, **what)


def won_over(stands: Standing) -> Standing:
    """The same once everybody who objected approves."""
    approving = [replace(one, verdict=Verdict.APPROVED) for one in stands.approvals]
    return replace(stands, approvals=approving)


@pytest.mark.parametrize("filler", FILLERS)
async def test_the_largest_card_is_taken(mission: Bot, filler: str) -> None:
    def shown(session: Session) -> list[Any]:
        stands = largest(session, filler)
        after = decided(session, stands, filler)
        every = (stands, won_over(stands), after, won_over(after))
        return [blocks.message(cards.for_reader(session, one, None)) for one in every]

    for message in await mission.write(shown):
        content.checked(message, most=content.UPDATE_LIMIT)
        as_json = json.dumps(message["blocks"], ensure_ascii=False, separators=(",", ":"))
        assert len(as_json) <= BLOCKS_JSON_LIMIT


@pytest.mark.parametrize("filler", FILLERS)
async def test_the_largest_forms_are_taken(mission: Bot, filler: str) -> None:
    stands = await mission.write(lambda session: largest(session, filler))
    points = {(item, value.id): 3 for item in range(5) for value in stands.values}
    draft = Draft(text(filler, 150), text(filler, 2000), stands.decision.checklist)
    form = decisionform.form(draft)
    views = [
        form,
        decisionforms.checklist(stands),
        decisionforms.score(stands, points),
        decisionforms.scores(stands),
        decisionforms.objection(stands, text(filler, 1000)),
        decisionforms.decide(stands, decisionforms.happened([(ANA, "objected")] * 5)),
        decisionforms.withdrawal(stands),
        decisionforms.supersede(stands),
        decisionforms.replace(stands, APPROVERS[0]),
    ]
    shown = {**form, "blocks": [{"block_id": "made up", **each} for each in form["blocks"]]}
    more = decisionform.with_more(shown)
    for view in [*views, more]:
        assert blockkit.view_problems(view) == []
        assert view is not None
        assert len(view["blocks"]) <= BLOCKS
        assert len(json.dumps(view)) <= VIEW_BYTES
    selects = [each for each in views[2]["blocks"] if each["type"] == "input"]
    assert len(selects) == 35
