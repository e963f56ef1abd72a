"""The forms that the buttons of a decision's card open."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.blocks import decision as card
from bot.blocks import forms, kit
from bot.blocks.decided import title
from bot.blocks.missing import CANNOT_APPROVE, missing
from bot.blocks.record import number
from bot.deliberation import LONGEST_NOTE, LONGEST_REASON, SHORTEST_REASON, Answers, Said
from bot.scorecard import POINTS, Points
from bot.standing import Answer, Standing

WITHDRAW = "decide_withdraw"
SUPERSEDE = "decide_supersede"
REPLACE = "decide_replace"
NO_SCORE = "none"
ANSWERS = {Answer.YES: "Yes", Answer.NO: "No", Answer.UNSURE: "Unsure"}
DID = {
    "checked": " answered the checklist.",
    "approved": " approved.",
    "objected": " objected.",
    "replaced": " replaced an approver.",
    "driven": " drives it now.",
}


def about(view: kit.View) -> int:
    """Return which decision a form is about."""
    return number(view.get("private_metadata", "").split(":")[0])


def version(view: kit.View) -> int:
    """Return the version of the decision that a form showed."""
    return number(view.get("private_metadata", "").split(":")[-1])


def _about(stands: Standing, *notes: kit.Block) -> list[kit.Block]:
    line = kit.says(kit.words(title(stands.decision), bold=True))
    return [line, *notes]


def happened(changes: Sequence[tuple[str, str]]) -> kit.Block:
    """Says what others did since a form was opened; nothing of it was saved yet."""
    lines: list[list[kit.Part]] = [[kit.person(who), DID[what]] for who, what in changes]
    lead = kit.paragraph("Nothing is saved yet, because of what happened meanwhile:")
    return kit.rich(lead, kit.bullets(lines))


def checklist(stands: Standing, *notes: kit.Block, before: kit.View | None = None) -> kit.View:
    """The questions with what was last said to each; what was changed in `before` stays so."""
    hint = "A yes settles a question; everything else leaves it open."
    blocks = _about(stands, *notes, kit.note(hint))
    names = _held_as(before, stands) if before else {}
    for position, gate in enumerate(stands.gates):
        how: dict[str, Any] = {"optional": True, "held_as": names.get(position, "value")}
        options = [forms.option(text, answer) for answer, text in ANSWERS.items()]
        radio = forms.radio(options, chosen=gate.answer)
        note = forms.text_input(gate.note, multiline=True, longest=LONGEST_NOTE)
        blocks.append(forms.field(f"gate_{position}", gate.text, radio, **how))
        blocks.append(forms.field(f"note_{position}", "Note", note, **how))
    about = f"{stands.decision.id}:{stands.decision.version}"
    return forms.modal(card.CHECKLIST, "Checklist", blocks, submit="Save", about=about)


def _held_as(before: kit.View, stands: Standing) -> Mapping[int, str]:
    """Under which name each question's inputs are shown anew: a new one where it was left alone."""
    changed, seen = read_checklist(before)
    old = forms.inputs(before)
    new = f"value_{stands.decision.version}"
    return {at: old[f"gate_{at}"]["element"]["action_id"] if at in changed else new for at in seen}


def read_checklist(view: kit.View) -> tuple[Answers, Answers]:
    """Return what was changed in the form, and what it showed before."""
    filled, answers, seen = forms.filled(view), dict[int, Said](), dict[int, Said]()
    inputs = forms.inputs(view)
    for position in range(sum(name.startswith("gate_") for name in inputs)):
        gate, note = f"gate_{position}", f"note_{position}"
        seen[position] = _answer(_begun(inputs[gate])), _begun(inputs[note])
        said = _answer(filled.text(gate)), filled.text(note).strip()
        if said != seen[position]:
            answers[position] = said
    return answers, seen


def _begun(block: kit.Block) -> str:
    element = block["element"]
    chosen = element.get("initial_option")
    return str(chosen["value"] if chosen else element.get("initial_value") or "")


def _answer(value: str | None) -> Answer | None:
    if value and value not in list(Answer):
        raise forms.another_version()
    return Answer(value) if value else None


def score(stands: Standing, given: Points) -> kit.View:
    """Every option against every value, with what the person gave before."""
    decision = stands.decision
    hint = "0 works against the value, 5 serves it fully. What you leave open counts for nothing."
    blocks = _about(stands, kit.note(hint))
    for item, option in enumerate(decision.options):
        blocks.append(kit.says(kit.words(option, bold=True)))
        for value in stands.values:
            chosen = given.get((item, value.id))
            select = forms.select(_points(), chosen=_chosen(chosen), example="Not scored")
            name = f"score_{item}_{value.slug}"
            blocks.append(forms.field(name, value.title, select, optional=True))
    return forms.modal(card.SCORE, "Score", blocks, submit="Save", about=str(decision.id))


def _points() -> list[kit.Element]:
    given = [forms.option(str(point), str(point)) for point in POINTS]
    return [forms.option("Not scored", NO_SCORE), *given]


def _chosen(point: int | None) -> str | None:
    return None if point is None else str(point)


_SCORED = re.compile(r"score_(\d+)_(.+)")  # how `score` names its inputs


def read_score(view: kit.View, slugs: Mapping[str, int]) -> Points:
    """Return what was given; `slugs` has the ids of the decision's values."""
    points: dict[tuple[int, int], int] = {}
    for name, chosen in forms.filled(view).items():
        found = _SCORED.fullmatch(name)
        if found and chosen not in (None, NO_SCORE) and found[2] in slugs:
            points[number(found[1]), slugs[found[2]]] = number(chosen)
    return points


def scores(stands: Standing) -> kit.View:
    """How every option is scored for every value, to be read."""
    blocks = _about(stands)
    for item, option in enumerate(stands.decision.options):
        lines: list[list[kit.Part]] = [
            [f"{value.title} — {card.figure(stands.scores.cells[item, value.id])}"]
            for value in stands.values
        ]
        total = f" — {card.figure(stands.scores.items[item])}"
        lead = kit.paragraph(kit.words(option, bold=True), total)
        blocks.append(kit.rich(lead, kit.bullets(lines)))
    return forms.modal("notice", "Scores", blocks)


def objection(stands: Standing, reason: str) -> kit.View:
    """Why somebody objects; it stays on record."""
    typed = forms.text_input(reason, multiline=True, longest=LONGEST_REASON)
    hint = f"It stands on the card and stays on record. {SHORTEST_REASON} characters at least."
    blocks = [*_about(stands), forms.field("reason", "What speaks against it", typed, hint=hint)]
    about = str(stands.decision.id)
    return forms.modal(card.OBJECT, "Object", blocks, submit="Object", about=about)


def decide(stands: Standing, *notes: kit.Block) -> kit.View:
    """What is chosen and why; over what is missing, that has to be said."""
    decision = stands.decision
    options = [
        forms.option(option, str(position)) for position, option in enumerate(decision.options)
    ]
    why = forms.text_input(multiline=True, longest=LONGEST_REASON)
    hint = "Say why it is decided all the same; it stays on the card." if stands.missing else ""
    blocks = [
        *_about(stands, *notes, *missing(stands)),
        forms.field("choice", "The decision", forms.radio(options, chosen=None)),
        forms.field("reason", "Why", why, hint=hint, optional=not stands.missing),
    ]
    about = f"{decision.id}:{decision.version}"
    return forms.modal(card.DECIDE, "Decide", blocks, submit="Decide", about=about)


@dataclass(frozen=True)
class Choice:
    """What a driver chose, and the version of the decision that they saw."""

    choice: int
    reason: str
    based_on: int


def read_decide(view: kit.View) -> Choice:
    """Return what was chosen."""
    filled = forms.filled(view)
    choice = filled.text("choice")
    return Choice(number(choice) if choice else -1, filled.text("reason"), version(view))


def withdrawal(stands: Standing) -> kit.View:
    """Asks whether to withdraw a decision, and says what that does."""
    line = "Withdraw this? Its card says so and keeps everything else. This cannot be undone."
    blocks = _about(stands, kit.says(line))
    about = str(stands.decision.id)
    return forms.modal(WITHDRAW, "Withdraw", blocks, submit="Withdraw", about=about)


def supersede(stands: Standing) -> kit.View:
    """Asks which decision takes the place of this one."""
    typed = forms.text_input(example="12", longest=16)
    hint = "Its number, or the code of a private one. It has to be decided itself."
    blocks = [*_about(stands), forms.field("successor", "Which takes its place", typed, hint=hint)]
    about = str(stands.decision.id)
    return forms.modal(SUPERSEDE, "Supersede", blocks, submit="Supersede", about=about)


def replace(stands: Standing, gone: str) -> kit.View:
    """Asks who approves in the place of one who left."""
    person: kit.Element = {"type": "users_select", "placeholder": kit.plain("Nobody")}
    blocks = [
        *_about(stands, kit.says(kit.person(gone), CANNOT_APPROVE)),
        forms.field("approver", "Who approves instead", person, optional=True),
    ]
    about = f"{stands.decision.id}:{gone}"
    return forms.modal(REPLACE, "Replace an approver", blocks, submit="Save", about=about)


def read_replace(view: kit.View) -> tuple[str, str | None]:
    """Return who left, and who approves instead, if anybody."""
    gone = view.get("private_metadata", "").partition(":")[2]
    return gone, forms.filled(view).text("approver") or None
