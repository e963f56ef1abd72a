"""Records: what people give, tell and decide. Each has an author, a value, a place and a status.

Who may correct one and who may take it back is one rule for all of them.
"""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger
from sqlmodel import Field, Session

from bot import ledger, roster
from bot.errors import UserError
from bot.rights import Part, Right
from bot.tenancy import TeamRow, Utc


class Record(TeamRow):
    """What every kind of record has. `value_id` refers to the value as worded when it was made.

    `channel` is where it is shown, None while none is chosen; `revision` counts corrections.
    """

    KIND: ClassVar[str]

    author: str = Field(max_length=32)
    value_id: int = Field(sa_type=BigInteger, foreign_key="charter_value.id")
    channel: str | None = Field(default=None, max_length=32)
    revision: int = 0
    applause_changes: int = 0
    withdrawn_by: str | None = Field(default=None, max_length=32)
    withdrawn_at: datetime | None = Field(default=None, sa_type=Utc)
    created_at: datetime = Field(sa_type=Utc)

    @property
    def cause(self) -> str:
        """The outbox's key of this record's post; its direct messages' keys begin with it."""
        return f"{self.KIND}:{self.id}"

    @property
    def stands(self) -> bool:
        """Whether it was not withdrawn."""
        return self.withdrawn_at is None

    def ledger_kind(self, what: str) -> str:
        """Return the kind of the ledger's line that says this of it."""
        return f"{self.KIND}.{what}"


def must_stand(record: Record) -> None:
    """Raise UserError where the record was withdrawn."""
    if not record.stands:
        raise UserError(f"This {record.KIND} was withdrawn, so nothing was changed.")


def parts(session: Session, record: Record, *, by: str) -> set[Part]:
    """Return what this person is here and to the record."""
    return roster.parts(session, by) | ({Part.AUTHOR} if by == record.author else set())


def must_be_authors(session: Session, record: Record, *, by: str) -> None:
    """Raise UserError where the record was withdrawn or is not theirs to correct."""
    must_stand(record)
    if not Right.CORRECT.allows(parts(session, record, by=by)):
        author = roster.person(session, record.author)
        who = author.name if author else "whoever wrote it"
        raise UserError(f"Only {who} can change this {record.KIND}. Nothing was changed.")


def must_be_withdrawable(session: Session, record: Record, *, by: str) -> None:
    """Raise UserError where it was withdrawn already, or they are neither author nor owner."""
    if not record.stands:
        raise UserError(f"This {record.KIND} was withdrawn already.")
    if not Right.WITHDRAW.allows(parts(session, record, by=by)):
        author = roster.person(session, record.author)
        who = author.name if author else "Whoever wrote it"
        raise UserError(
            f"{who} or an owner of the mission can withdraw this {record.KIND}. "
            "Nothing was changed."
        )


def corrected(
    session: Session, record: Record, *, based_on: int, now: datetime, **changes: object
) -> None:
    """Count a correction by the author, and keep it in the ledger: ids and names of fields only.

    Raises UserError where another correction came between it and the wording it is based on.
    """
    if based_on != record.revision:
        raise UserError(
            f"Nothing was saved: this {record.KIND} was changed meanwhile in another window. "
            "Keep a copy of your words, close this form and open it again."
        )
    record.revision += 1
    session.add(record)
    kind = record.ledger_kind("corrected")
    ledger.append(session, kind, at=now, actor=record.author, subject=record.id, **changes)


def withdraw(session: Session, record: Record, *, by: str, now: datetime) -> None:
    """Take the record back for good; raise UserError where it is not theirs to withdraw."""
    must_be_withdrawable(session, record, by=by)
    record.withdrawn_by = by
    record.withdrawn_at = now
    session.add(record)
    kind = record.ledger_kind("withdrawn")
    ledger.append(session, kind, at=now, actor=by, subject=record.id)
