"""Recognitions: who was thanked by whom, for what, and how that is found again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint, bindparam, func
from sqlmodel import Field, Session, col, select

from bot.charter import CharterValue
from bot.fulltext import Entry
from bot.record import Record
from bot.rows import ask
from bot.tenancy import TeamRow, Utc


class Recognition(Record, table=True):
    """One recognition. A private one is a direct message to its people and nothing else.

    `link` leads to the message in Slack that it is about.
    """

    __tablename__ = "recognition"
    __table_args__ = (Index("ix_recognition_author", "team_id", "author", "created_at"),)
    KIND: ClassVar[str] = "recognition"

    message: str
    is_private: bool = False
    link: str | None = Field(default=None, max_length=255)

    def ledger_kind(self, what: str) -> str:
        """Return the kind of the ledger's line, which tells a private one apart."""
        return super().ledger_kind(what) + ("_privately" if self.is_private else "")


class Recipient(TeamRow, table=True):
    """Somebody who was recognised."""

    __tablename__ = "recipient"
    __table_args__ = (
        UniqueConstraint("team_id", "recognition_id", "person"),
        Index("ix_recipient_person", "team_id", "person", "created_at"),
    )

    recognition_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("recognition.id"), nullable=False)
    )
    person: str = Field(max_length=32)
    position: int
    created_at: datetime = Field(sa_type=Utc)


_STANDING = (
    select(Recognition, CharterValue.slug)
    .join(CharterValue, col(CharterValue.id) == col(Recognition.value_id))
    .where(col(Recognition.id).in_(bindparam("ids", expanding=True)))
    .where(col(Recognition.withdrawn_at).is_(None))
)


def entry(given: Recognition, *, value: str) -> Entry:
    """Return the recognition as it is found; `value` is the slug."""
    return Entry(
        id=given.id,
        kind=given.KIND,
        author=given.author,
        at=given.created_at,
        title="",
        words=given.message,
        value=value,
        is_private=given.is_private,
    )


def entries(session: Session, ids: Sequence[int]) -> list[Entry]:
    """Return those of these recognitions that stand, as they are found."""
    return [entry(one, value=slug) for one, slug in ask(session, _STANDING, ids=list(ids))]


_NAMED = (
    select(Recipient.recognition_id, Recipient.person)
    .where(col(Recipient.recognition_id).in_(bindparam("records", expanding=True)))
    .order_by(col(Recipient.recognition_id), col(Recipient.position))
)


def named_in(session: Session, ids: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """Return whom each of these recognitions names, in their order."""
    named: dict[int, list[str]] = {one: [] for one in ids}
    for record, who in ask(session, _NAMED, records=list(named)) if named else ():
        named[record].append(who)
    return named


_GOT = select(func.count()).select_from(Recipient).where(Recipient.person == bindparam("who"))
_GAVE = select(func.count()).select_from(Recognition).where(Recognition.author == bindparam("who"))


def got_and_gave(session: Session, person: str) -> tuple[int, int]:
    """Return how many recognitions the person got, and how many they gave."""
    return ask(session, _GOT, who=person)[0], ask(session, _GAVE, who=person)[0]
