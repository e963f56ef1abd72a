"""How a decision looks: its card, which everybody sees alike, and its buttons."""

from collections.abc import Iterator, Sequence

from bot.blocks import forms, kit
from bot.blocks.decided import OPTION, TITLE, outcome, predecessors, title
from bot.blocks.missing import driverless, missing, overcome
from bot.cards import Card
from bot.decisions import Decision, Status
from bot.outbox import Address, Message, Post
from bot.proposal import Quorum
from bot.scorecard import Figure
from bot.standing import Standing

CHECKLIST = "decide_checklist"
SCORE = "decide_score"
APPROVE = "decide_approve"
OBJECT = "decide_object"
DECIDE = "decide_decide"
DRIVE = "decide_drive"
MENU = "decide_menu"
ROUTE = "decisions_channel"
WITHDRAW, SUPERSEDE, EXPORT, SCORES = "withdraw", "supersede", "export", "scores"

STATES = {
    Status.OPEN: "open",
    Status.DECIDED: "decided",
    Status.REVIEWED: "decided and reviewed",
    Status.WITHDRAWN: "withdrawn",
    Status.SUPERSEDED: "superseded",
}
# Characters on the card, so that with every text at its limit it fits a message.
CONTEXT, PREDICTION = 350, 200
AGREE, FAR_APART = 0.5, 1.5  # points between which people's scores differ


def posts(cards: Sequence[Card]) -> Iterator[Post]:
    """The messages that show a decision: a post for everybody, or each person's own."""
    for card in cards:
        decision = card.stands.decision
        lane, route = (card.reader, None) if card.reader else (decision.channel, ROUTE)
        yield Post(card.cause, Address(lane, route, owner=decision.author), message(card))


def message(card: Card) -> Message:
    """The card of a decision as it stands."""
    decision = card.stands.decision
    blocks = [
        kit.rich(kit.paragraph(kit.words(title(decision), room=TITLE * 2, bold=True))),
        _head(card.stands),
        *_context(decision),
        *outcome(card),
        kit.rich(kit.paragraph(kit.words("Options", bold=True)), _options(card.stands)),
        *(missing(card.stands) if decision.is_open else _driverless(card.stands)),
        *overcome(card.stands),
        *_prediction(decision),
        *predecessors(card),
        _buttons(card.stands),
    ]
    return kit.message(f"Decision {decision.name}: {_state(decision)}", *blocks)


def _state(decision: Decision) -> str:
    return STATES[Status(decision.status)]


def _head(stands: Standing) -> kit.Block:
    decision = stands.decision
    state = kit.words(_state(decision).capitalize(), bold=True)
    asked: list[kit.Part] = []
    if decision.author != decision.driver:
        asked = [kit.person(decision.author), " asked, "]
    when = f" drives it, to be decided by {decision.due:%A, %-d %B %Y}."
    line: list[kit.Part] = [*state, " · ", *asked, kit.person(decision.driver)]
    line.append(when if decision.is_open else " drove it.")
    if stands.drove:
        line += [" It was handed over from ", kit.people(stands.drove), "."]
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


def _prediction(decision: Decision) -> list[kit.Block]:
    if not decision.prediction:
        return []
    sure = f" ({decision.confidence} % sure)" if decision.confidence else ""
    text = kit.words(kit.cut(decision.prediction, PREDICTION), room=PREDICTION * 2)
    return [kit.says(kit.words(f"Predicted{sure}: ", bold=True), text)]


def _driverless(stands: Standing) -> list[kit.Block]:
    return [kit.says(*driverless(stands))] if stands.is_driverless else []


def _buttons(stands: Standing) -> kit.Block:
    decision, about = stands.decision, str(stands.decision.id)
    buttons: list[kit.Element] = []
    if decision.is_open:
        buttons = [kit.button("Checklist", CHECKLIST, value=about)] if stands.gates else []
        buttons.append(kit.button("Score", SCORE, value=about))
        if stands.approvals:
            buttons.append(kit.button("Approve", APPROVE, value=about))
            buttons.append(kit.button("Object", OBJECT, value=about))
    if stands.is_driverless:
        buttons.append(drive_button(decision, style="primary"))
    elif decision.is_open:
        buttons.append(kit.button("Decide", DECIDE, value=about, style="primary"))
    return kit.actions(*buttons, _menu(decision))


def drive_button(decision: Decision, *, style: str | None = None) -> kit.Element:
    """Has who presses drive it in the place of who left."""
    return kit.button("Drive it", DRIVE, value=str(decision.id), style=style)


def _menu(decision: Decision) -> kit.Element:
    options = [("Scores", SCORES), ("Export", EXPORT)]
    if decision.is_open:
        options.append(("Withdraw", WITHDRAW))
    if Status(decision.status).holds:
        options.append(("Supersede", SUPERSEDE))
    chosen = [forms.option(text, f"{what}:{decision.id}") for text, what in options]
    return {"type": "overflow", "action_id": MENU, "options": chosen}
