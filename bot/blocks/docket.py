"""How decisions stand on Home: those that wait for its person, and the latest ones."""

from collections.abc import Mapping, Sequence

from bot.blocks import kit, nudges
from bot.blocks.decided import TITLE, title
from bot.blocks.decision import APPROVE, CHECKLIST, DECIDE, OBJECT, STATES
from bot.commands import command
from bot.decisions import Decision, Status
from bot.docket import Wait, Waiting

SHOWN = 5
ASKED = {
    Wait.VERDICT: "Your verdict is asked for",
    Wait.CHECKLIST: "Its checklist is not settled",
    Wait.DECISION: "You can decide",
    Wait.REVIEW: "Did it come out as predicted?",
}
BUTTONS = {
    Wait.VERDICT: (("Approve", APPROVE), ("Object", OBJECT)),
    Wait.CHECKLIST: (("Checklist", CHECKLIST), ("Decide", DECIDE)),
    Wait.DECISION: (("Decide", DECIDE),),
}


def waiting(waits: Sequence[Waiting], links: Mapping[int, str]) -> list[kit.Block]:
    """What waits for a person, the oldest first, with links to the cards and the buttons for it."""
    blocks: list[kit.Block] = []
    for one in waits[:SHOWN]:
        decision = one.decision
        until = f", until {decision.due:%-d %B %Y}" if decision.is_open else ""
        name = named(decision, links)
        blocks.append(kit.says(*name, f" — {ASKED[one.what]}{until}"))
        blocks.append(_buttons(one) | {"block_id": decision.cause})
    if len(waits) > SHOWN:
        more = f"{len(waits) - SHOWN} more wait for you: "
        blocks.append(kit.says(more, kit.words(command("decide list waiting"), code=True)))
    return blocks


def _buttons(one: Waiting) -> kit.Block:
    decision = one.decision
    if one.what is Wait.REVIEW:
        return nudges.review_buttons(decision)
    about = str(decision.id)
    return kit.actions(*(kit.button(t, action, value=about) for t, action in BUTTONS[one.what]))


def latest(decisions: Sequence[Decision], links: Mapping[int, str]) -> list[kit.Block]:
    """The latest decisions that everybody can see."""
    if not decisions:
        return []
    lines = [_line(one, links) for one in decisions]
    return [kit.header("Latest decisions"), kit.rich(kit.bullets(lines))]


def named(decision: Decision, links: Mapping[int, str]) -> list[kit.Element]:
    """A decision's name and title, leading to its card where that stands in Slack."""
    link = links.get(decision.id)
    if link:
        return [kit.link(link, title(decision))]
    return kit.words(title(decision), room=TITLE * 2)


def _line(decision: Decision, links: Mapping[int, str]) -> list[kit.Part]:
    name = named(decision, links)
    chosen = "" if decision.choice is None else f": {decision.options[decision.choice]}"
    state = STATES[Status(decision.status)]
    return [*name, f" — {state}{chosen}, ", kit.person(decision.driver)]
