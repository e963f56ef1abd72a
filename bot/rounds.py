"""Rounds: questions asked of everybody at once, who is asked, and what they answer.

While a round is open its answers stand under a code that is made of its key and the person, beside
who has answered at all. Neither has a time, and their rows are in no order of their own. When it
closes the key goes, and with it all that leads from an answer to a person.
"""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, UniqueConstraint, bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Field, Session, col, select

from bot.questions import Question
from bot.responses import KeptComment
from bot.rows import ask, first, with_id
from bot.scales import Scale
from bot.tenancy import TeamRow, Utc

KEY_BYTES = 32
_TO_PEOPLE = re.compile(r"round:(\d+):to:\w+(:reminder\d)?")


class Kind(StrEnum):
    """What sort of round it is; each sort is numbered from 1 on."""

    WEEKLY = "weekly"
    ASKED = "asked"  # one question of an owner's


class Status(StrEnum):
    """Where a round stands."""

    OPEN = "open"
    CLOSING = "closing"  # takes no answers; not everything that names a person is gone
    CLOSED = "closed"


class Round(TeamRow, table=True):
    """One round, with its questions as they were worded and the minimums that it keeps.

    `result` is what may be shown, from when its key was destroyed on.
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("team_id", "kind", "number"),
        Index("ix_round_status", "team_id", "status"),
    )

    kind: str = Field(max_length=16)
    number: int
    questions: list[dict[str, str]] = Field(sa_column=Column(JSON, nullable=False))
    quarter: str = Field(max_length=8)
    opened_by: str | None = Field(default=None, max_length=32)
    opened_at: datetime = Field(sa_type=Utc)
    closes_at: datetime = Field(sa_type=Utc)
    fewest_scores: int
    fewest_comments: int
    status: str = Field(default=Status.OPEN, max_length=16)
    result: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    key_destroyed_at: datetime | None = Field(default=None, sa_type=Utc)
    erased_at: datetime | None = Field(default=None, sa_type=Utc)
    version: int = 0

    @property
    def cause(self) -> str:
        """What the outbox's keys of this round's messages begin with."""
        return f"round:{self.id}"

    def to(self, addressee: str, *, reminder: int = 0) -> str:
        """Return the outbox's key of what asks somebody, or reminds them for the nth time."""
        return f"{self.cause}:to:{addressee}" + (f":reminder{reminder}" if reminder else "")

    def takes_answers(self, now: datetime) -> bool:
        """Whether somebody can still answer."""
        return self.status == Status.OPEN and now < self.closes_at

    def asks(self) -> list[Question]:
        """Return its questions as they were worded."""
        return [
            Question(one["slug"], one["text"], Scale(one["scale"]), one["driver"])
            for one in self.questions
        ]


class RoundKey(TeamRow, table=True):
    """What turns people into the codes of their answers, as long as the round is open."""

    __tablename__ = "round_key"
    __table_args__ = (UniqueConstraint("team_id", "round_id"),)

    round_id: int = Field(sa_column=Column(BigInteger, ForeignKey("round.id"), nullable=False))
    key: bytes


class Invitation(TeamRow, table=True):
    """Somebody who is asked, and the team they reported in when the round opened."""

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("team_id", "round_id", "person"),)

    round_id: int = Field(sa_column=Column(BigInteger, ForeignKey("round.id"), nullable=False))
    person: str = Field(max_length=32)
    reporting_team_id: int | None = Field(default=None, sa_type=BigInteger)
    is_excused: bool = False


@dataclass(frozen=True)
class Asked:
    """That somebody was asked in a round, and the team that they reported in when it opened."""

    kind: str
    number: int
    opened_at: datetime
    team: int | None


def to_people(cause: str) -> tuple[int, bool] | None:
    """Return the round of a message that asks or reminds somebody, and whether it reminds."""
    found = _TO_PEOPLE.fullmatch(cause)
    return (int(found[1]), found[2] is not None) if found else None


def new_key() -> bytes:
    """Return the key of a new round."""
    return secrets.token_bytes(KEY_BYTES)


_WITH_ID = select(Round).where(Round.id == bindparam("one"))
_KEY = select(RoundKey.key).where(RoundKey.round_id == bindparam("one"))
_INVITED = select(Invitation).where(
    Invitation.round_id == bindparam("one"), Invitation.person == bindparam("who")
)
_OPEN_FOR = (
    select(Round)
    .join(Invitation, col(Invitation.round_id) == col(Round.id))
    .where(Round.status == Status.OPEN, Invitation.person == bindparam("who"))
    .order_by(col(Round.id))
)
_ASKED = (  # columns, since what is shown of a round may be long
    select_columns(
        col(Round.kind),
        col(Round.number),
        col(Round.opened_at),
        col(Invitation.reporting_team_id),
    )
    .join(Invitation, col(Invitation.round_id) == col(Round.id))
    .where(col(Invitation.person) == bindparam("who"))
    .order_by(col(Round.id).desc())
)
_LATEST = (
    select(Round).where(Round.kind == bindparam("kind")).order_by(col(Round.number).desc()).limit(1)
)
_WITH_STATUS = select(Round).where(Round.status == bindparam("status")).order_by(col(Round.id))
_CLOSED = (
    select(Round)
    .where(Round.kind == bindparam("kind"), col(Round.key_destroyed_at).is_not(None))
    .order_by(col(Round.number).desc())
    .limit(bindparam("most"))
)


_COMMENTS = select(KeptComment.words).where(KeptComment.round_id == bindparam("one"))
_WITHOUT_KEY = (
    select(Round)
    .where(col(Round.key_destroyed_at).is_not(None))
    .order_by(col(Round.id).desc())
    .limit(bindparam("most"))
)


def by_id(session: Session, round_id: int) -> Round | None:
    """Return the round with this id as it is now."""
    return with_id(session, _WITH_ID, round_id)


def must_be_there(session: Session, round_id: int) -> Round:
    """Return the round with this id; raise LookupError where there is none."""
    found = by_id(session, round_id)
    if found is None:
        raise LookupError(f"there is no round {round_id}")
    return found


def key_of(session: Session, round_id: int) -> bytes | None:
    """Return the round's key, None where it was destroyed."""
    return first(session, _KEY, one=round_id)


def invitation(session: Session, round_id: int, *, person: str) -> Invitation | None:
    """Return the person's invitation to the round."""
    return first(session, _INVITED, one=round_id, who=person)


def open_for(session: Session, person: str, *, now: datetime) -> Sequence[Round]:
    """Return the rounds that the person can answer now, the oldest first."""
    return [one for one in ask(session, _OPEN_FOR, who=person) if one.takes_answers(now)]


def asked_in(session: Session, person: str) -> Sequence[Asked]:
    """Return the rounds in which the person was asked, the latest first."""
    return [Asked(*of) for of in ask(session, _ASKED, who=person)]


def latest(session: Session, kind: Kind) -> Round | None:
    """Return the last round of this sort, whatever its status."""
    return first(session, _LATEST, kind=kind)


def with_status(session: Session, status: Status) -> Sequence[Round]:
    """Return the rounds that stand there, the oldest first."""
    return ask(session, _WITH_STATUS, status=status)


def without_key(session: Session, *, most: int) -> Sequence[Round]:
    """Return the last rounds whose key was destroyed, the latest first."""
    return ask(session, _WITHOUT_KEY, most=most)


def comments_of(session: Session, round_id: int) -> Sequence[str]:
    """Return the comments that were kept of the round, in no order."""
    return ask(session, _COMMENTS, one=round_id)


def counted(session: Session, kind: Kind, *, most: int) -> Sequence[Round]:
    """Return the last rounds of this sort that have a result, the latest first."""
    return ask(session, _CLOSED, kind=kind, most=most)
