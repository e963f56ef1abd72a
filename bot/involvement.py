"""One person's part in decisions: their roles, and what they answered, scored and said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot import charter, scorecard
from bot.charter import CharterValue
from bot.decisions import Decision, DecisionRole, Role
from bot.rows import ask
from bot.scorecard import Points
from bot.standing import Answered, Spoken


@dataclass(frozen=True)
class Involved:
    """A decision, and one person's part in it, who sees it; nothing that others said is in it.

    `values` are those that `scores` are for, as they were worded in the decision's version.
    """

    decision: Decision
    roles: Sequence[Role]
    answers: Sequence[Answered]
    verdict: Spoken | None
    scores: Points
    values: Mapping[int, CharterValue]


_ROLES = select_columns(col(DecisionRole.decision_id), col(DecisionRole.role)).where(
    col(DecisionRole.person) == bindparam("who"), col(DecisionRole.sees)
)
_ANSWERED = select(Answered.decision_id).where(Answered.person == bindparam("who"))
_PUBLIC = select(Decision.id).where(
    col(Decision.id).in_(bindparam("these", expanding=True)), col(Decision.number).is_not(None)
)
_DECISIONS = (
    select(Decision)
    .where(col(Decision.id).in_(bindparam("these", expanding=True)))
    .order_by(col(Decision.id).desc())
)
_ANSWERS = (
    select(Answered)
    .where(col(Answered.decision_id).in_(bindparam("these", expanding=True)))
    .where(Answered.person == bindparam("who"))
    .order_by(col(Answered.position))
)
_VERDICTS = select(Spoken).where(
    col(Spoken.decision_id).in_(bindparam("these", expanding=True)),
    Spoken.person == bindparam("who"),
)


@dataclass(frozen=True)
class Part:
    """Which decisions somebody has to do with, and how, by the decisions' ids."""

    roles: Mapping[int, Sequence[Role]]
    besides: frozenset[int]  # what they answered or scored without a role
    scores: Mapping[int, Points]

    @property
    def ids(self) -> list[int]:
        """All of them, the latest first."""
        return sorted({*self.roles, *self.besides}, reverse=True)


def part_of(session: Session, person: str) -> Part:
    """Return which decisions the person has to do with, and can see."""
    roles: dict[int, list[Role]] = {}
    for decision_id, role in ask(session, _ROLES, who=person):
        roles.setdefault(decision_id, []).append(Role(role))
    of_cards = scorecard.given_by(session, person)
    scores = {_of_card(card): points for card, points in of_cards.items() if _of_card(card)}
    answered = ask(session, _ANSWERED, who=person)
    ordered = {one: [role for role in Role if role in these] for one, these in roles.items()}
    besides = sorted({*answered, *scores} - roles.keys())
    public = ask(session, _PUBLIC, these=besides) if besides else ()
    return Part(ordered, frozenset(public), scores)


def _of_card(card: str) -> int:
    kind, _, number = card.partition(":")
    return int(number) if kind == Decision.KIND else 0


def latest(session: Session, person: str, part: Part, ids: Sequence[int]) -> list[Involved]:
    """Return the person's part in these decisions, the latest first."""
    if not ids:
        return []
    these = list(ids)
    answers: dict[int, list[Answered]] = {one: [] for one in these}
    for answer in ask(session, _ANSWERS, these=these, who=person):
        answers[answer.decision_id].append(answer)
    verdicts = {one.decision_id: one for one in ask(session, _VERDICTS, these=these, who=person)}
    return [
        Involved(
            one,
            part.roles.get(one.id, ()),
            answers[one.id],
            verdicts.get(one.id),
            part.scores.get(one.id, {}),
            _values(session, one) if one.id in part.scores else {},
        )
        for one in ask(session, _DECISIONS, these=these)
    ]


def _values(session: Session, decision: Decision) -> Mapping[int, CharterValue]:
    return {value.id: value for value in charter.values_of(session, decision.version_id)}
