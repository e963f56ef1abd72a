"""What is missing before a decision is made, or was when it was made all the same."""

from collections.abc import Iterator, Sequence

from bot.blocks import kit
from bot.standing import Answer, Approval, Gate, Standing

# Characters of all of them together on a card, so that it fits a message.
GATES, OBJECTIONS = 750, 750
CANNOT_APPROVE = " cannot approve it any more, and said nothing."
ANSWERS = {Answer.NO: "No", Answer.UNSURE: "Unsure", None: "Not answered"}


def missing(stands: Standing) -> list[kit.Block]:
    """What is open, and whose word is missing."""
    lines = [*_open_gates(stands), *_verdicts(stands)]
    if not lines:
        return [
            kit.says("Nothing is missing: ", kit.person(stands.decision.driver), " can decide.")
        ]
    return [kit.rich(kit.paragraph(kit.words("Still missing", bold=True)), kit.bullets(lines))]


def _open_gates(stands: Standing) -> Iterator[list[kit.Part]]:
    if stands.open_gates:
        settled = len(stands.gates) - len(stands.open_gates)
        yield [f"Checklist: {settled} of {len(stands.gates)} settled."]
    yield from gates(stands.open_gates)


def gates(unsettled: Sequence[Gate]) -> list[list[kit.Part]]:
    """Questions of the checklist that are open, and what was last said to each."""
    room = GATES // max(len(unsettled), 1)
    return [_gate(gate, room) for gate in unsettled]


def _gate(gate: Gate, room: int) -> list[kit.Part]:
    answer = kit.words(f"{kit.cut(gate.text, room)} — {ANSWERS.get(gate.answer)}", room=room * 2)
    return [answer, ", says ", kit.person(gate.person)] if gate.person else [answer]


def _verdicts(stands: Standing) -> Iterator[list[kit.Part]]:
    if stands.approved < stands.needed:
        yield [f"Approvals: {stands.approved} of the {stands.needed} that are needed."]
    yield from objections(stands)
    if stands.approved < stands.needed and stands.silent:
        yield ["No word yet from ", kit.people(stands.silent), "."]
    if stands.gone:
        yield [kit.people(stands.gone), CANNOT_APPROVE]
    if stands.is_driverless:
        yield driverless(stands)


def driverless(stands: Standing) -> list[kit.Part]:
    """That somebody has to drive it."""
    return [kit.person(stands.decision.driver), " cannot drive it any more; somebody else has to."]


def objections(stands: Standing) -> list[list[kit.Part]]:
    """Who objects, and why."""
    return [_objection(one, " objects: ", stands) for one in stands.objections]


def overcome(stands: Standing) -> list[kit.Block]:
    """Who objected before they approved, and why: that stays on record."""
    lines = [_objection(one, " approves, and objected before: ", stands) for one in stands.overcome]
    return [kit.rich(kit.bullets(lines))] if lines else []


def _objection(one: Approval, said: str, stands: Standing) -> list[kit.Part]:
    room = OBJECTIONS // len([*stands.objections, *stands.overcome])
    return [
        kit.person(one.person),
        kit.words(f"{said}{kit.cut(one.reason, room)}", room=room * 2),
    ]
