"""How far somebody's predictions can be trusted; only they are told."""

from dataclasses import dataclass
from math import sqrt
from statistics import mean, stdev

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from bot.decisions import Decision, DecisionRole, Role
from bot.rows import ask

FEWEST = 5  # reviewed decisions with a confidence
OF_A_COIN = 0.25  # what always saying 50 % gives


@dataclass(frozen=True)
class Calibration:
    """How many of a person's predictions were reviewed and, from FEWEST on, their Brier score.

    That is the mean of (confidence - outcome)²: 0 is never wrong and always sure. `error` is its
    standard error.
    """

    count: int
    score: float | None = None
    error: float | None = None


_REVIEWED = (
    select_columns(col(Decision.confidence), col(Decision.as_predicted))
    .join(DecisionRole, col(DecisionRole.decision_id) == col(Decision.id))
    .where(col(DecisionRole.person) == bindparam("who"), col(DecisionRole.position) == 0)
    .where(col(DecisionRole.role).in_([Role.DRIVER, Role.DROVE]))  # the first of them predicted
    .where(col(Decision.confidence).is_not(None), col(Decision.as_predicted).is_not(None))
)


def of(session: Session, person: str) -> Calibration:
    """Return how far this person's predictions can be trusted."""
    errors = [
        (int(confidence or 0) / 100 - bool(outcome)) ** 2
        for confidence, outcome in ask(session, _REVIEWED, who=person)
    ]
    if len(errors) < FEWEST:
        return Calibration(len(errors))
    return Calibration(len(errors), mean(errors), stdev(errors) / sqrt(len(errors)))
