"""Decisions: what is to be decided, its people, what they said, and what became of it."""

import re
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, UniqueConstraint, bindparam
from sqlmodel import Field, Session, col, select

from bot import roster
from bot.errors import UserError
from bot.rights import Part, Right
from bot.rows import ask, first, with_id
from bot.tenancy import TeamRow, Utc

# Without what looks alike: nobody can tell from a code how many there are.
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 6
CODE = "P-"
LONGEST_NUMBER = 18  # digits that people may write, far more than there are decisions


class Status(StrEnum):
    """Where a decision stands."""

    OPEN = "open"
    DECIDED = "decided"
    REVIEWED = "reviewed"  # decided, and its driver has said how it came out
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"

    @property
    def holds(self) -> bool:
        """Whether it was decided and nothing has taken its place."""
        return self in (Status.DECIDED, Status.REVIEWED)


class Role(StrEnum):
    """What somebody has to do with a decision."""

    AUTHOR = "author"  # asked for it
    DRIVER = "driver"  # brings it to its end, and decides
    DROVE = "drove"  # before somebody else took it over
    APPROVER = "approver"
    CONTRIBUTOR = "contributor"


class Decision(TeamRow, table=True):
    """One decision, with its options and its checklist as they were worded when it began.

    Public ones are numbered without gaps; a private one has a code, which tells of no other.
    `choice` is an option's position; `despite` says what was open when it was decided. Its driver
    decided it, unless `decided_by` says that another one did, who drove it then. `driverless_at` is
    when it was first asked who drives it instead of who left, None while somebody does.
    """

    __tablename__ = "decision"
    __table_args__ = (
        UniqueConstraint("team_id", "number"),
        UniqueConstraint("team_id", "code"),
        Index("ix_decision_status", "team_id", "status", "id"),
        # Of many decisions a few wait for a driver, for whom every Home looks.
        Index("ix_decision_driverless", "team_id", "driverless_at"),
        Index("ix_decision_review", "team_id", "driver", "review_at"),
        Index("ix_decision_superseded", "team_id", "superseded_by"),
    )
    KIND: ClassVar[str] = "decision"

    number: int | None = None
    code: str | None = Field(default=None, max_length=16)
    version_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("charter_version.id"), nullable=False)
    )
    author: str = Field(max_length=32)
    driver: str = Field(max_length=32)
    title: str = Field(max_length=150)
    context: str = ""
    options: list[str] = Field(sa_column=Column(JSON, nullable=False))
    checklist: list[str] = Field(sa_column=Column(JSON, nullable=False))
    quorum: str = Field(max_length=16)
    due: date
    prediction: str = ""
    confidence: int | None = None
    review_in: int | None = None
    channel: str | None = Field(default=None, max_length=32)
    link: str | None = Field(default=None, max_length=255)
    status: str = Field(default=Status.OPEN, max_length=16)
    version: int = 0
    choice: int | None = None
    reason: str = ""
    despite: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    decided_at: datetime | None = Field(default=None, sa_type=Utc)
    decided_by: str | None = Field(default=None, max_length=32)
    as_predicted: bool | None = None
    review_at: datetime | None = Field(default=None, sa_type=Utc)
    reviewed_at: datetime | None = Field(default=None, sa_type=Utc)
    superseded_by: int | None = Field(default=None, sa_type=BigInteger)
    ended_by: str | None = Field(default=None, max_length=32)
    ended_at: datetime | None = Field(default=None, sa_type=Utc)
    driverless_at: datetime | None = Field(default=None, sa_type=Utc)
    created_at: datetime = Field(sa_type=Utc)

    @property
    def cause(self) -> str:
        """The outbox's key of its card; its other messages' keys begin with it."""
        return f"{self.KIND}:{self.id}"

    @property
    def is_private(self) -> bool:
        """Whether its people alone can see it."""
        return self.number is None

    @property
    def name(self) -> str:
        """How people name it: 12, or P-7KQ2M4."""
        return str(self.number) if self.number is not None else f"{CODE}{self.code}"

    @property
    def state(self) -> str:
        """Where it stands, in a sentence."""
        chosen = "" if self.choice is None else f" for “{self.options[self.choice]}”"
        return {
            Status.OPEN: "It is still open.",
            Status.DECIDED: f"It was decided{chosen}.",
            Status.REVIEWED: f"It was decided{chosen}, and reviewed.",
            Status.WITHDRAWN: "It was withdrawn.",
            Status.SUPERSEDED: "Another decision took its place.",
        }[Status(self.status)]

    @property
    def is_open(self) -> bool:
        """Whether it can still be worked on."""
        return self.status == Status.OPEN

    @property
    def decider(self) -> str:
        """Who decided it, or is to."""
        return self.decided_by or self.driver

    @property
    def needs_driver(self) -> bool:
        """Whether something is left to do for who drives it."""
        awaits_review = self.status == Status.DECIDED and self.review_at is not None
        return self.is_open or awaits_review


class DecisionRole(TeamRow, table=True):
    """Somebody who has to do with a decision, and how.

    Of those who drive or drove it, the position says after how many others. `sees` is False for who
    had left when a private one was superseded, and has no part in what took its place.
    """

    __tablename__ = "decision_role"
    __table_args__ = (
        UniqueConstraint("team_id", "decision_id", "role", "person"),
        Index("ix_decision_role_person", "team_id", "person", "role", "decision_id"),
    )

    decision_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("decision.id"), nullable=False)
    )
    person: str = Field(max_length=32)
    role: str = Field(max_length=16)
    position: int = 0
    sees: bool = True


def new_code() -> str:
    """Return the code of a new private decision."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


_WITH_ID = select(Decision).where(Decision.id == bindparam("one"))
_NUMBERED = select(Decision).where(Decision.number == bindparam("one"))
_CODED = select(Decision).where(Decision.code == bindparam("of_code"))
_ROLES = (
    select(DecisionRole)
    .where(DecisionRole.decision_id == bindparam("one"))
    .order_by(col(DecisionRole.position), col(DecisionRole.id))
)


def by_id(session: Session, decision_id: int) -> Decision | None:
    """Return the decision with this id as it is now."""
    return with_id(session, _WITH_ID, decision_id)


def must_be_there(session: Session, decision_id: int) -> Decision:
    """Return the decision with this id; raise LookupError where there is none."""
    found = by_id(session, decision_id)
    if found is None:
        raise LookupError(f"there is no decision {decision_id}")
    return found


def named(session: Session, name: str) -> Decision | None:
    """Return the decision that people call so: 12, #12 or P-7KQ2M4."""
    wanted = name.strip().removeprefix("#").upper()
    if wanted.isascii() and wanted.isdigit():
        return with_id(session, _NUMBERED, int(wanted)) if len(wanted) <= LONGEST_NUMBER else None
    return first(session, _CODED, of_code=wanted.removeprefix(CODE))


_NAME = re.compile(rf"#?\d+|{CODE}[{CODE_LETTERS}]+", re.IGNORECASE | re.ASCII)


def is_name(word: str) -> bool:
    """Whether a decision could be called so."""
    return bool(_NAME.fullmatch(word))


def roles(session: Session, decision_id: int) -> Sequence[DecisionRole]:
    """Return who has to do with a decision, and how."""
    return ask(session, _ROLES, one=decision_id)


def with_role(all_roles: Sequence[DecisionRole], role: Role) -> list[str]:
    """Return the people who have this role, in their order."""
    return [one.person for one in all_roles if one.role == role]


class NotThereError(UserError):
    """There is no such decision for whoever asks: none at all, or one that is not theirs to see."""

    def __init__(self) -> None:
        super().__init__("I know no such decision. Nothing was changed.")


def seen(session: Session, found: Decision | None, *, by: str) -> Decision:
    """Return the decision; raise NotThereError, as for what never was, where they cannot see it."""
    if found is None or not can_see(session, found, by=by):
        raise NotThereError
    return found


def can_see(session: Session, decision: Decision, *, by: str) -> bool:
    """Whether the person can see the decision: a private one its people, any other our members."""
    right = Right.SEE_DECISION if decision.is_private else Right.USE
    return right.allows(parts(session, decision, by=by))


def parts(session: Session, decision: Decision, *, by: str) -> set[Part]:
    """Return what this person is here and to the decision; nothing where they are none of ours."""
    here = roster.parts(session, by)
    theirs = (one for one in roles(session, decision.id) if one.person == by and one.sees)
    return here | {Part(one.role) for one in theirs} if here else here
