"""What people answer in a round: under a code instead of their name, without a time or an order."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from bot.ids import random_id
from bot.tenancy import TeamRow

LONGEST_COMMENT = 3000  # characters

# In the order of their random keys and in no other: when a row came is not in the file.
_IN_NO_ORDER = {"sqlite_with_rowid": False}


class Participation(TeamRow, table=True):
    """That somebody has answered something."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("team_id", "round_id", "person"), _IN_NO_ORDER)

    id: int = Field(default_factory=random_id, primary_key=True, sa_type=BigInteger)
    round_id: int = Field(sa_column=Column(BigInteger, ForeignKey("round.id"), nullable=False))
    person: str = Field(max_length=32)


class Answer(TeamRow, table=True):
    """The answer of whoever has this code; no point where they skipped the question."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("team_id", "round_id", "respondent", "question"),
        _IN_NO_ORDER,
    )

    id: int = Field(default_factory=random_id, primary_key=True, sa_type=BigInteger)
    round_id: int = Field(sa_column=Column(BigInteger, ForeignKey("round.id"), nullable=False))
    respondent: str = Field(max_length=64)
    question: str = Field(max_length=64)
    point: int | None = None


class Comment(TeamRow, table=True):
    """What whoever has this code wants to add, while the round is open."""

    __tablename__ = "comment"
    __table_args__ = (UniqueConstraint("team_id", "round_id", "respondent"), _IN_NO_ORDER)

    id: int = Field(default_factory=random_id, primary_key=True, sa_type=BigInteger)
    round_id: int = Field(sa_column=Column(BigInteger, ForeignKey("round.id"), nullable=False))
    respondent: str = Field(max_length=64)
    words: str


class KeptComment(TeamRow, table=True):
    """A comment after the close: of a round, of nobody, in no order."""

    __tablename__ = "kept_comment"
    __table_args__ = (Index("ix_kept_comment", "team_id", "round_id"), _IN_NO_ORDER)

    id: int = Field(default_factory=random_id, primary_key=True, sa_type=BigInteger)
    round_id: int = Field(sa_column=Column(BigInteger, ForeignKey("round.id"), nullable=False))
    words: str


def respondent(key: bytes, person: str) -> str:
    """Return the person's code in the round of this key: HMAC-SHA256, in hexadecimal digits."""
    return next(respondents(key, [person]))


def respondents(key: bytes, people: Iterable[str]) -> Iterator[str]:
    """Return everybody's codes in the round of this key, in their order."""
    keyed = hmac.new(key, digestmod=hashlib.sha256)  # what the key costs is paid once
    for person in people:
        code = keyed.copy()
        code.update(person.encode())
        yield code.hexdigest()


def addressee(key: bytes, person: str) -> str:
    """Return what stands for the person in the causes of the round's messages to them.

    Not their name, since an index may keep some of a cause whose row is gone; and not the code of
    their answers, since the message itself says to whom it goes.
    """
    return respondent(key, f"message to {person}")
