"""How a decision stands: what was answered, scored and said, and what is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint, bindparam
from sqlmodel import Field, Session, select

from bot import charter, decisions, roster, scorecard
from bot.charter import CharterValue
from bot.decisions import Decision, Role
from bot.proposal import Quorum
from bot.rows import ask
from bot.scorecard import Scorecard
from bot.tenancy import TeamRow, Utc


class Answer(StrEnum):
    """What can be said to a question of the checklist; only a yes settles it."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"


class Verdict(StrEnum):
    """What an approver said."""

    APPROVED = "approved"
    OBJECTED = "objected"


class Missing(StrEnum):
    """What can be open when a decision is made all the same, with a reason."""

    GATE = "gate"
    QUORUM = "quorum"
    OBJECTION = "objection"


class Answered(TeamRow, table=True):
    """What was last said to one question of a decision's checklist, and by whom."""

    __tablename__ = "decision_answer"
    __table_args__ = (
        UniqueConstraint("team_id", "decision_id", "position"),
        Index("ix_decision_answer_person", "team_id", "person", "decision_id"),
    )

    decision_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("decision.id"), nullable=False)
    )
    position: int
    answer: str = Field(max_length=16)
    note: str = ""
    person: str = Field(max_length=32)
    at: datetime = Field(sa_type=Utc)


class Spoken(TeamRow, table=True):
    """An approver's verdict as it stands; an objection has a reason, which stays on record."""

    __tablename__ = "decision_verdict"
    __table_args__ = (UniqueConstraint("team_id", "decision_id", "person"),)

    decision_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("decision.id"), nullable=False)
    )
    person: str = Field(max_length=32)
    verdict: str = Field(max_length=16)
    reason: str = ""
    at: datetime = Field(sa_type=Utc)


@dataclass(frozen=True)
class Gate:
    """A question of the checklist, and what was last said to it."""

    text: str
    answer: Answer | None = None
    note: str = ""
    person: str = ""

    @property
    def said(self) -> tuple[Answer | None, str]:
        """What was last said to it: an answer and a note."""
        return self.answer, self.note

    @property
    def is_open(self) -> bool:
        """Whether it is not settled."""
        return self.answer is not Answer.YES


@dataclass(frozen=True)
class Approval:
    """An approver, what they said so far, and whether they can still say something.

    Whoever approves after an objection keeps its reason.
    """

    person: str
    verdict: Verdict | None = None
    reason: str = ""
    is_here: bool = True  # and no guest
    at: datetime | None = None  # when they said it


@dataclass(frozen=True)
class Standing:
    """A decision with everything that its card shows."""

    decision: Decision
    gates: Sequence[Gate]
    approvals: Sequence[Approval]
    contributors: Sequence[str]
    values: Sequence[CharterValue]
    scores: Scorecard
    successor: Decision | None = None
    predecessors: Sequence[Decision] = ()
    drove: Sequence[str] = ()
    driver_is_here: bool = True

    @property
    def people(self) -> list[str]:
        """Everybody who has to do with it, each once, the driver first."""
        approvers = [one.person for one in self.approvals]
        of_it = [self.decision.driver, self.decision.author, *approvers, *self.contributors]
        return list(dict.fromkeys([*of_it, *self.drove]))

    @property
    def is_driverless(self) -> bool:
        """Whether somebody else has to drive it, since its driver left or became a guest."""
        return self.decision.needs_driver and not self.driver_is_here

    @property
    def open_gates(self) -> list[Gate]:
        """The questions that are not settled."""
        return [gate for gate in self.gates if gate.is_open]

    @property
    def objections(self) -> list[Approval]:
        """Who objects."""
        return [one for one in self.approvals if one.verdict is Verdict.OBJECTED]

    @property
    def overcome(self) -> list[Approval]:
        """Who objected before they approved."""
        return [one for one in self.approvals if one.verdict is Verdict.APPROVED and one.reason]

    @property
    def silent(self) -> list[str]:
        """The approvers who are here and have not said anything."""
        return [one.person for one in self.approvals if one.is_here and one.verdict is None]

    @property
    def gone(self) -> list[str]:
        """The approvers who left, or became guests, before they said anything."""
        return [one.person for one in self.approvals if not one.is_here and one.verdict is None]

    @property
    def counted(self) -> int:
        """How many approvers the quorum counts: who is here, or has said something."""
        return sum(one.is_here or one.verdict is not None for one in self.approvals)

    @property
    def approved(self) -> int:
        """How many approve."""
        return sum(one.verdict is Verdict.APPROVED for one in self.approvals)

    @property
    def needed(self) -> int:
        """How many have to approve."""
        is_majority = self.decision.quorum == Quorum.MAJORITY and self.counted
        return self.counted // 2 + 1 if is_majority else self.counted

    @property
    def missing(self) -> list[Missing]:
        """What is open."""
        found = {
            Missing.GATE: bool(self.open_gates),
            Missing.QUORUM: self.approved < self.needed,
            Missing.OBJECTION: bool(self.objections),
        }
        return [what for what, is_open in found.items() if is_open]

    @property
    def owing(self) -> list[str]:
        """Who keeps it from being decided: approvers who are silent, else its driver.

        Nobody where it waits for somebody to drive it.
        """
        if self.approved < self.needed and self.silent:
            return self.silent
        return [] if self.is_driverless else [self.decision.driver]


_ANSWERED = select(Answered).where(Answered.decision_id == bindparam("one"))
_SAID = select(Spoken).where(Spoken.decision_id == bindparam("one"))
_PREDECESSORS = select(Decision).where(Decision.superseded_by == bindparam("one"))


def of(session: Session, decision: Decision) -> Standing:
    """Return how the decision stands now."""
    roles = decisions.roles(session, decision.id)
    values = charter.values_of(session, decision.version_id)
    weights = {value.id: value.weight for value in values}
    given = scorecard.given(session, decision.cause)
    successor = decision.superseded_by
    driver = roster.person(session, decision.driver)
    return Standing(
        decision,
        _gates(session, decision),
        _approvals(session, decision, decisions.with_role(roles, Role.APPROVER)),
        decisions.with_role(roles, Role.CONTRIBUTOR),
        values,
        scorecard.count(given.values(), items=len(decision.options), weights=weights),
        decisions.by_id(session, successor) if successor else None,
        ask(session, _PREDECESSORS, one=decision.id),
        decisions.with_role(roles, Role.DROVE),
        driver_is_here=driver is not None and driver.is_full_member,
    )


def _gates(session: Session, decision: Decision) -> list[Gate]:
    said = {one.position: one for one in ask(session, _ANSWERED, one=decision.id)}
    return [
        Gate(text, Answer(one.answer), one.note, one.person)
        if (one := said.get(position))
        else Gate(text)
        for position, text in enumerate(decision.checklist)
    ]


def _approvals(session: Session, decision: Decision, approvers: Sequence[str]) -> list[Approval]:
    said: Mapping[str, Spoken] = {one.person: one for one in ask(session, _SAID, one=decision.id)}
    known = roster.people(session, approvers)
    return [
        Approval(
            who,
            Verdict(said[who].verdict) if who in said else None,
            said[who].reason if who in said else "",
            is_here=who in known and known[who].is_full_member,
            at=said[who].at if who in said else None,
        )
        for who in approvers
    ]
