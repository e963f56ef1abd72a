"""Which decisions there are for somebody: in lists, and those that wait for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import and_, bindparam, exists, not_, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot import handover, roster, standing
from bot.decisions import Decision, DecisionRole, Role, Status
from bot.reach import IS_FULL_MEMBER
from bot.roster import Person
from bot.rows import ask
from bot.standing import Standing
from bot.tenancy import Utc

PAGE = 10
LATEST = 5


class Filter(StrEnum):
    """Which decisions a list is of."""

    OPEN = "open"
    DECIDED = "decided"
    MINE = "mine"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


_WITH_STATUS = {
    Filter.OPEN: [Status.OPEN],
    Filter.DECIDED: [Status.DECIDED, Status.REVIEWED],
    Filter.WITHDRAWN: [Status.WITHDRAWN],
    Filter.SUPERSEDED: [Status.SUPERSEDED],
}


class Wait(StrEnum):
    """What a decision waits for."""

    DRIVER = "driver"  # in the place of one who left, whatever else it waits for
    VERDICT = "verdict"
    APPROVER = "approver"  # another one, in the place of somebody who left
    CHECKLIST = "checklist"
    DECISION = "decision"
    REVIEW = "review"


@dataclass(frozen=True)
class Waiting:
    """A decision that waits for somebody, and for what."""

    stands: Standing
    what: Wait

    @property
    def decision(self) -> Decision:
        """Which it is."""
        return self.stands.decision

    def wants_verdict(self, person: str) -> bool:
        """Whether the person has not said yet whether they approve, whatever else it waits for."""
        return self.decision.is_open and person in self.stands.silent


@dataclass(frozen=True)
class Page:
    """Some decisions of a list, the latest first; the first page is 0."""

    which: Filter | None
    number: int
    decisions: Sequence[Decision]
    has_earlier: bool = False


_THEIRS = select_columns(col(DecisionRole.decision_id)).where(
    col(DecisionRole.person) == bindparam("who"), col(DecisionRole.sees)
)
_SEEN = or_(col(Decision.number).is_not(None), col(Decision.id).in_(_THEIRS))
_PAGE = (
    select(Decision)
    .order_by(col(Decision.id).desc())
    .limit(bindparam("most"))
    .offset(bindparam("after"))
)
_LIST = _PAGE.where(_SEEN, col(Decision.status).in_(bindparam("statuses", expanding=True)))
_MINE = _PAGE.where(col(Decision.id).in_(_THEIRS))


def page(
    session: Session, which: Filter | None, *, person: str, number: int, now: datetime
) -> Page:
    """Return a page of the list as this person may see it; with no filter, of all."""
    bounds = {"who": person, "most": PAGE + 1, "after": PAGE * number}
    if which is Filter.WAITING:
        found = [one.decision for one in waiting(session, person, now=now)][::-1]
        found = found[PAGE * number :]
    elif which is Filter.MINE:
        found = ask(session, _MINE, **bounds)
    else:
        statuses = _WITH_STATUS[which] if which else list(Status)
        found = ask(session, _LIST, statuses=statuses, **bounds)
    return Page(which, number, found[:PAGE], has_earlier=len(found) > PAGE)


_OPEN_FOR = (
    select(Decision)
    .where(
        Decision.status == Status.OPEN,
        col(Decision.id).in_(
            _THEIRS.where(col(DecisionRole.role).in_([Role.DRIVER, Role.APPROVER]))
        ),
    )
    .order_by(col(Decision.id))
)
_TO_REVIEW = (
    select(Decision)
    .where(Decision.status == Status.DECIDED, Decision.driver == bindparam("who"))
    .where(col(Decision.review_at) <= bindparam("now", type_=Utc))
    .order_by(col(Decision.id))
)
_OF_IT = select_columns(col(DecisionRole.id)).where(
    col(DecisionRole.decision_id) == col(Decision.id)
)
_APPROVES = _OF_IT.where(col(DecisionRole.role) == Role.APPROVER)
_HAS_TO_DO_WITH_IT = _OF_IT.where(col(DecisionRole.person) == bindparam("who"))
_AN_APPROVER_IS_HERE = _APPROVES.join(
    Person, col(Person.slack_id) == col(DecisionRole.person)
).where(IS_FULL_MEMBER)
# Those whom `handover.candidates` may name; that says whom it does.
_DRIVERLESS = (
    select(Decision)
    .where(
        col(Decision.driverless_at) <= bindparam("now", type_=Utc),
        or_(
            exists(_APPROVES.where(col(DecisionRole.person) == bindparam("who"))),
            and_(
                or_(
                    and_(col(Decision.number).is_not(None), bindparam("keeps_the_mission")),
                    and_(col(Decision.number).is_(None), exists(_HAS_TO_DO_WITH_IT)),
                ),
                not_(exists(_AN_APPROVER_IS_HERE)),
            ),
        ),
    )
    .order_by(col(Decision.id))
)


def waiting(session: Session, person: str, *, now: datetime) -> list[Waiting]:
    """Return the decisions that wait for this person, the oldest first."""
    found = [Waiting(one, Wait.DRIVER) for one in _to_drive(session, person, now)]
    to_drive = {one.decision.id for one in found}
    opened = [
        standing.of(session, one)
        for one in ask(session, _OPEN_FOR, who=person)
        if one.id not in to_drive
    ]
    found += [Waiting(one, what) for one in opened if (what := _awaited(one, person))]
    to_review = [standing.of(session, one) for one in ask(session, _TO_REVIEW, who=person, now=now)]
    found += [Waiting(one, Wait.REVIEW) for one in to_review if not one.is_driverless]
    return sorted(found, key=lambda each: each.decision.id)


def _to_drive(session: Session, person: str, now: datetime) -> list[Standing]:
    is_owner = roster.is_owner(session, person)
    marked = ask(session, _DRIVERLESS, who=person, now=now, keeps_the_mission=is_owner)
    found = [standing.of(session, one) for one in marked]
    return [
        one for one in found if one.is_driverless and person in handover.candidates(session, one)
    ]


def _awaited(stands: Standing, person: str) -> Wait | None:
    if person in stands.silent:
        return Wait.VERDICT
    if person != stands.decision.driver or stands.is_driverless:
        return None
    if stands.gone:
        return Wait.APPROVER
    if stands.open_gates:
        return Wait.CHECKLIST
    return Wait.DECISION if person in stands.owing else None


_LATEST = (
    select(Decision)
    .where(col(Decision.number).is_not(None), Decision.status != Status.WITHDRAWN)
    .order_by(col(Decision.number).desc())  # counted in the order in which they were asked
    .limit(LATEST)
)


def latest(session: Session) -> Sequence[Decision]:
    """Return the latest decisions that everybody can see and that were not withdrawn."""
    return ask(session, _LATEST)


_ANSWERS = select_columns(col(DecisionRole.decision_id)).where(
    col(DecisionRole.role).in_([Role.DRIVER, Role.APPROVER])
)
_NOT_DONE_WITH = or_(
    col(Decision.status) == Status.OPEN,
    and_(col(Decision.status) == Status.DECIDED, col(Decision.review_at).is_not(None)),
)


def _answered_for(by: Any) -> Any:
    return select(Decision).where(_NOT_DONE_WITH, col(Decision.id).in_(by))


_BY_WHO_LEFT = _answered_for(
    _ANSWERS.join(Person, col(Person.slack_id) == col(DecisionRole.person)).where(
        not_(IS_FULL_MEMBER)
    )
)
_BY_PERSON = _answered_for(_ANSWERS.where(col(DecisionRole.person) == bindparam("who")))


_MARKED = select(Decision).where(col(Decision.driverless_at) <= bindparam("now", type_=Utc))


def left(session: Session, *, now: datetime) -> list[Standing]:
    """Return the decisions that miss who left: their driver, or an approver who said nothing.

    And those that missed their driver when last looked at, whether they still do or not.
    """
    found = [*ask(session, _BY_WHO_LEFT), *ask(session, _MARKED, now=now)]
    stand = [standing.of(session, one) for one in {one.id: one for one in found}.values()]
    return [one for one in stand if _misses_somebody(one)]


def _misses_somebody(stands: Standing) -> bool:
    decision = stands.decision
    missed = decision.driverless_at is not None
    return missed or stands.is_driverless or (decision.is_open and bool(stands.gone))


def answered_for(session: Session, person: str) -> list[Standing]:
    """Return the decisions that this person drives or approves, and that are not done with."""
    return [standing.of(session, one) for one in ask(session, _BY_PERSON, who=person)]
