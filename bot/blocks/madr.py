"""A decision as a Markdown file, in the manner of MADR: https://adr.github.io/madr/.

What people wrote stands in it as they typed it and is never taken for Markdown of another kind.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.blocks.decided import title
from bot.blocks.decision import figure
from bot.cards import Card
from bot.decisions import Decision, Status
from bot.standing import Answer, Missing, Standing, Verdict

STATUS = {
    Status.OPEN: "proposed",
    Status.DECIDED: "accepted",
    Status.REVIEWED: "accepted",
    Status.WITHDRAWN: "withdrawn",
    Status.SUPERSEDED: "superseded",
}
ANSWERS = {Answer.YES: "yes", Answer.NO: "no", Answer.UNSURE: "unsure", None: "not answered"}
DESPITE = {
    Missing.GATE: "the checklist",
    Missing.QUORUM: "the approvals",
    Missing.OBJECTION: "an objection",
}
VERDICTS = {Verdict.APPROVED: "approved", Verdict.OBJECTED: "objected", None: "said nothing"}
_ANYWHERE = re.compile(r"([\\`*_\[\]<>|~&#!$^=@:])")  # what means something within a line
_BEGINNING = re.compile(r"^(\d*)([-+.)])")  # and at the beginning of one
Names = Mapping[str, str]


def words(text: str) -> str:
    """What people wrote as one line of Markdown that reads just so."""
    line = " ".join(text.split())
    return _BEGINNING.sub(r"\1\\\2", _ANYWHERE.sub(r"\\\1", line))


def quote(text: str) -> str:
    """What people wrote on several lines, set off; each line is a paragraph."""
    return "\n>\n".join(f"> {words(line)}" for line in text.splitlines() if line.strip())


def file_name(decision: Decision) -> str:
    """The file's name, which says nothing of what it is about."""
    return f"decision-{decision.name}.md"


def document(card: Card, names: Names, *, zone: ZoneInfo) -> str:
    """All of a decision as the card's reader may see it; `names` are those of its people.

    It is dated by the day in this zone.
    """
    parts = [
        *_front(card.stands, names, zone),
        *_question(card.stands),
        *_options(card.stands),
        *_outcome(card.stands, names),
        *_confirmation(card.stands, names),
        *_more(card, names),
    ]
    return "\n".join(parts) + "\n"


def _front(stands: Standing, names: Names, zone: ZoneInfo) -> Iterator[str]:
    decision = stands.decision
    day = decision.ended_at or decision.decided_at or decision.created_at
    yield "---"
    yield f"status: {STATUS[Status(decision.status)]}"
    yield f"date: {day.astimezone(zone):%Y-%m-%d}"
    yield f"decision-makers: {_list([decision.decider, *_approvers(stands)], names)}"
    yield f"consulted: {_list(stands.contributors, names)}"
    yield "---"
    yield f"\n# {words(title(decision))}"


def _approvers(stands: Standing) -> list[str]:
    return [one.person for one in stands.approvals if one.person != stands.decision.decider]


def _list(people: Sequence[str], names: Names) -> str:
    # JSON is YAML as well, and nobody's name can end its string.
    return json.dumps([names.get(one, one) for one in people], ensure_ascii=False)


def _question(stands: Standing) -> Iterator[str]:
    decision = stands.decision
    yield "\n## Context and Problem Statement\n"
    if decision.context:
        yield quote(decision.context)
    if decision.link:
        yield f"\nIt is about [this message](<{decision.link}>)."
    if not decision.context and not decision.link:
        yield "Nothing was written about it."
    yield "\n## Decision Drivers\n"
    for value in stands.values:
        yield f"* {words(value.title)} — {words(value.meaning)} (weight {value.weight})"


def _options(stands: Standing) -> Iterator[str]:
    columns = [f"{words(value.name)} ({value.weight})" for value in stands.values]
    yield "\n## Considered Options\n"
    for option in stands.decision.options:
        yield f"* {words(option)}"
    yield f"\n| Option | {' | '.join(columns)} | All |"
    yield f"|{'---|' * (len(columns) + 2)}"
    for item, option in enumerate(stands.decision.options):
        cells = [figure(stands.scores.cells[item, value.id]) for value in stands.values]
        total = figure(stands.scores.items[item])
        yield f"| {words(option)} | {' | '.join(cells)} | {total} |"


def _outcome(stands: Standing, names: Names) -> Iterator[str]:
    decision = stands.decision
    yield "\n## Decision Outcome\n"
    if decision.choice is None:
        yield "Nothing was decided."
        return
    chosen = words(decision.options[decision.choice])
    yield f"Chosen option: “{chosen}”, by {_name(decision.decider, names)}."
    if decision.reason:
        yield f"\n{quote(decision.reason)}"
    if decision.despite:
        despite = ", ".join(DESPITE[Missing(what)] for what in decision.despite)
        yield f"\nIt was decided although this was open: {despite}."


def _name(person: str, names: Names) -> str:
    return words(names.get(person, person))


def _confirmation(stands: Standing, names: Names) -> Iterator[str]:
    decision = stands.decision
    if decision.prediction or decision.as_predicted is not None:
        yield "\n### Consequences"
    if decision.prediction:
        sure = f" ({decision.confidence} % sure)" if decision.confidence else ""
        yield f"\nPredicted{sure}:\n\n{quote(decision.prediction)}"
    if decision.as_predicted is not None:
        how = "came out" if decision.as_predicted else "did not come out"
        yield f"\nIt {how} as predicted."
    if stands.gates:
        yield "\n### Confirmation\n"
    for gate in stands.gates:
        by = f", {_name(gate.person, names)}" if gate.person else ""
        note = f": {words(gate.note)}" if gate.note else ""
        yield f"* {words(gate.text)} — {ANSWERS[gate.answer]}{by}{note}"


def _more(card: Card, names: Names) -> Iterator[str]:
    stands = card.stands
    lines = [
        f"* {_name(one.person, names)} {VERDICTS[one.verdict]}"
        + (", after an objection" if one in stands.overcome else "")
        + (f": {words(one.reason)}" if one.reason else "")
        for one in stands.approvals
    ]
    if stands.successor and card.link_to(stands.successor) is not None:
        lines.append(f"* Superseded by {words(title(stands.successor))}")
    for other in stands.predecessors:
        if card.link_to(other) is not None:
            lines.append(f"* Supersedes {words(title(other))}")
    if lines:
        yield "\n## More Information\n"
        yield from lines
