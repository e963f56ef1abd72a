"""How a decision looks: its card, which everybody sees alike, and its buttons."""

from collections.abc import Iterator, Sequence

from bot.blocks import forms, kit
from bot.cards import Card
from bot.decisions import Decision, Status
from bot.outbox import Address, Message, Post
from bot.proposal import Quorum
from bot.scorecard import Figure
from bot.standing import Answer, Approval, Gate, Missing, Standing

CHECKLIST = "decide_checklist"
SCORE = "decide_score"
APPROVE = "decide_approve"
OBJECT = "decide_object"
DECIDE = "decide_decide"
MENU = "decide_menu"
WITHDRAW, SUPERSEDE, EXPORT, SCORES = "withdraw", "supersede", "export", "scores"

# Characters of each text on the card, so that with every text at its limit it fits a message.
CONTEXT, REASON, PREDICTION, TITLE, OPTION = 350, 350, 200, 150, 75
GATES, OBJECTIONS = 750, 750  # of all of them together
ANSWERS = {Answer.NO: "No", Answer.UNSURE: "Unsure", None: "Not answered"}
AGREE, FAR_APART = 0.5, 1.5  # points between which people's scores differ


def posts(cards: Sequence[Card]) -> Iterator[Post]:
    """The messages that show a decision: a post for everybody, or each person's own."""
    for card in cards:
        decision = card.stands.decision
        lane, route = (card.reader, None) if card.reader else (decision.channel, ROUTE)
        yield Post(card.cause, Address(lane, route, owner=decision.author), message(card))


ROUTE = "decisions_channel"


def message(card: Card) -> Message:
    """The card of a decision as it stands."""
    decision = card.stands.decision
    blocks = [
        kit.rich(kit.paragraph(kit.words(title(decision), room=TITLE * 2, bold=True))),
        _head(card.stands),
        *_context(decision),
        *_outcome(card),
        kit.rich(kit.paragraph(kit.words("Options", bold=True)), _options(card.stands)),
        *(missing(card.stands) if decision.is_open else []),
        *_prediction(decision),
        *_predecessors(card),
        _buttons(card.stands),
    ]
    return kit.message(f"Decision {decision.name}: {_state(decision)}", *blocks)


def title(decision: Decision) -> str:
    """A decision as people name it, and what it is about."""
    return f"{decision.name} · {decision.title}"


def _state(decision: Decision) -> str:
    return {
        Status.OPEN: "open",
        Status.DECIDED: "decided",
        Status.REVIEWED: "decided and reviewed",
        Status.WITHDRAWN: "withdrawn",
        Status.SUPERSEDED: "superseded",
    }[Status(decision.status)]


def _head(stands: Standing) -> kit.Block:
    decision = stands.decision
    state = kit.words(_state(decision).capitalize(), bold=True)
    asked: list[kit.Part] = []
    if decision.author != decision.driver:
        asked = [kit.person(decision.author), " asked, "]
    when = f" drives it, to be decided by {decision.due:%A, %-d %B %Y}."
    line: list[kit.Part] = [*state, " · ", *asked, kit.person(decision.driver)]
    line.append(when if decision.is_open else " drove it.")
    if stands.approvals:
        people = kit.people([one.person for one in stands.approvals])
        line += [" To approve: ", people, f" ({_quorum(stands)})."]
    if stands.contributors:
        line += [" Contributing: ", kit.people(stands.contributors), "."]
    if decision.is_private:
        line.append(" Only its people see this.")
    if [one.person for one in stands.approvals] == [decision.driver]:
        line.append(" The driver is the only approver.")
    return kit.says(*line)


def _quorum(stands: Standing) -> str:
    if len(stands.approvals) == 1:
        return "one approval is needed"
    return "a majority" if stands.decision.quorum == Quorum.MAJORITY else "all of them"


def _context(decision: Decision) -> list[kit.Block]:
    about: list[kit.Part] = []
    if decision.link:
        about = ["It is about ", kit.link(decision.link, "this message"), "."]
    if decision.context:
        quote = kit.quote(kit.cut(decision.context, CONTEXT), room=CONTEXT * 2)
        return [kit.rich(*([kit.paragraph(*about)] if about else []), quote)]
    return [kit.says(*about)] if about else []


def _options(stands: Standing) -> kit.Element:
    chosen = stands.decision.choice
    items: list[list[kit.Part]] = [
        [
            kit.words(option, room=OPTION * 2, bold=position == chosen),
            f" — {figure(stands.scores.items[position])}",
        ]
        for position, option in enumerate(stands.decision.options)
    ]
    return kit.bullets(items)


def figure(of: Figure) -> str:
    """How an option is scored, never without how far people disagree."""
    if of.mean is None:
        return "not scored"
    if of.spread is None:
        return f"{of.mean:.1f} of 5, from one person alone"
    they = "agree" if of.spread < AGREE else "differ" if of.spread < FAR_APART else "are far apart"
    return f"{of.mean:.1f} of 5, from {of.people} people who {they} (± {of.spread:.1f})"


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
    yield from _gates(stands.open_gates)


def _gates(gates: Sequence[Gate]) -> list[list[kit.Part]]:
    """Questions of the checklist that are open, and what was last said to each."""
    room = GATES // max(len(gates), 1)
    return [_gate(gate, room) for gate in gates]


def _gate(gate: Gate, room: int) -> list[kit.Part]:
    answer = kit.words(f"{kit.cut(gate.text, room)} — {ANSWERS.get(gate.answer)}", room=room * 2)
    return [answer, " by ", kit.person(gate.person)] if gate.person else [answer]


def _verdicts(stands: Standing) -> Iterator[list[kit.Part]]:
    if stands.approved < stands.needed:
        yield [f"Approvals: {stands.approved} of the {stands.needed} that are needed."]
    yield from _objections(stands.objections)
    if stands.approved < stands.needed and stands.silent:
        yield ["No word yet from ", kit.people(stands.silent), "."]
    if stands.gone:
        yield [kit.people(stands.gone), " left before saying anything."]


def _objections(objecting: Sequence[Approval]) -> list[list[kit.Part]]:
    """Who objects, and why."""
    room = OBJECTIONS // max(len(objecting), 1)
    return [
        [kit.person(one.person), kit.words(f" objects: {kit.cut(one.reason, room)}", room=room * 2)]
        for one in objecting
    ]


def _outcome(card: Card) -> list[kit.Block]:
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
    line = kit.paragraph(kit.person(decision.driver), " decided: ", choice)
    reason = kit.quote(kit.cut(decision.reason, REASON), room=REASON * 2)
    return kit.rich(line, *([reason] if decision.reason else []))


def _despite(stands: Standing) -> list[kit.Block]:
    """What was open when it was decided: nothing of that changes afterwards."""
    lines: list[list[kit.Part]] = []
    for what in stands.decision.despite:
        match Missing(what):
            case Missing.GATE:
                lines += _gates(stands.open_gates)
            case Missing.OBJECTION:
                lines += _objections(stands.objections)
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


def _prediction(decision: Decision) -> list[kit.Block]:
    if not decision.prediction:
        return []
    sure = f" ({decision.confidence} % sure)" if decision.confidence else ""
    text = kit.words(kit.cut(decision.prediction, PREDICTION), room=PREDICTION * 2)
    return [kit.says(kit.words(f"Predicted{sure}: ", bold=True), text)]


def _superseded(card: Card) -> list[kit.Block]:
    other = card.stands.successor
    if other is None:
        return []
    named = _named(card, other)
    return [kit.says("Superseded by ", *named) if named else kit.says(card.stands.decision.state)]


def _predecessors(card: Card) -> list[kit.Block]:
    lines = [named for other in card.stands.predecessors[:5] if (named := _named(card, other))]
    return [kit.says("It supersedes ", *named) for named in lines]


def _named(card: Card, other: Decision) -> list[kit.Part]:
    link = card.link_to(other)
    if link is None:
        return []
    words = kit.cut(title(other), TITLE)
    return [kit.link(link, words)] if link else [kit.words(words, room=TITLE * 2)]


def _buttons(stands: Standing) -> kit.Block:
    decision, about = stands.decision, str(stands.decision.id)
    buttons: list[kit.Element] = []
    if decision.is_open:
        buttons = [kit.button("Checklist", CHECKLIST, value=about)] if stands.gates else []
        buttons.append(kit.button("Score", SCORE, value=about))
        if stands.approvals:
            buttons.append(kit.button("Approve", APPROVE, value=about))
            buttons.append(kit.button("Object", OBJECT, value=about))
        buttons.append(kit.button("Decide", DECIDE, value=about, style="primary"))
    return kit.actions(*buttons, _menu(decision))


def _menu(decision: Decision) -> kit.Element:
    options = [("Scores", SCORES), ("Export", EXPORT)]
    if decision.is_open:
        options.append(("Withdraw", WITHDRAW))
    if Status(decision.status).holds:
        options.append(("Supersede", SUPERSEDE))
    chosen = [forms.option(text, f"{what}:{decision.id}") for text, what in options]
    return {"type": "overflow", "action_id": MENU, "options": chosen}
