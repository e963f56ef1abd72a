"""What became of a decision: what was chosen and why, over what, and which other came of it."""

from bot.blocks import kit
from bot.blocks.missing import gates, objections
from bot.cards import Card
from bot.decisions import Decision, Status
from bot.standing import Missing, Standing

REASON, TITLE, OPTION = 350, 150, 75  # characters on the card


def title(decision: Decision) -> str:
    """A decision as people name it, and what it is about."""
    return f"{decision.name} · {decision.title}"


def outcome(card: Card) -> list[kit.Block]:
    """What was decided, or that it was withdrawn; nothing while it is open."""
    decision = card.stands.decision
    if decision.choice is not None:
        return [
            *_superseded(card),
            _decided(decision),
            *_despite(card.stands),
            *_came_out(decision),
        ]
    if decision.status == Status.WITHDRAWN:
        return [kit.says(kit.person(str(decision.ended_by)), " withdrew it.")]
    return []


def _decided(decision: Decision) -> kit.Block:
    choice = kit.words(decision.options[decision.choice or 0], room=OPTION * 2, bold=True)
    line = kit.paragraph(kit.person(decision.decider), " decided: ", choice)
    reason = kit.quote(kit.cut(decision.reason, REASON), room=REASON * 2)
    return kit.rich(line, *([reason] if decision.reason else []))


def _despite(stands: Standing) -> list[kit.Block]:
    """What was open when it was decided: nothing of that changes afterwards."""
    lines: list[list[kit.Part]] = []
    for what in stands.decision.despite:
        match Missing(what):
            case Missing.GATE:
                lines += gates(stands.open_gates)
            case Missing.OBJECTION:
                lines += objections(stands)
            case Missing.QUORUM:
                silent = [one.person for one in stands.approvals if one.verdict is None]
                lines += [["Without the approval of ", kit.people(silent), "."]] if silent else []
    lead = kit.paragraph(kit.words("What was open when it was decided", bold=True))
    return [kit.rich(lead, kit.bullets(lines))] if lines else []


def _came_out(decision: Decision) -> list[kit.Block]:
    if decision.as_predicted is None:
        return []
    how = "came out" if decision.as_predicted else "did not come out"
    return [kit.says(f"It {how} as predicted.")]


def _superseded(card: Card) -> list[kit.Block]:
    other = card.stands.successor
    if other is None:
        return []
    named = _named(card, other)
    return [kit.says("Superseded by ", *named) if named else kit.says(card.stands.decision.state)]


def predecessors(card: Card) -> list[kit.Block]:
    """Which decisions this one has superseded."""
    lines = [named for other in card.stands.predecessors[:5] if (named := _named(card, other))]
    return [kit.says("It supersedes ", *named) for named in lines]


def _named(card: Card, other: Decision) -> list[kit.Part]:
    link = card.link_to(other)
    if link is None:
        return []
    words = kit.cut(title(other), TITLE)
    return [kit.link(link, words)] if link else [kit.words(words, room=TITLE * 2)]
