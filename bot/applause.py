"""Applause for a record: one each, and it can be taken back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import BigInteger, UniqueConstraint, delete
from sqlmodel import Field, Session, col, select

from bot import roster
from bot.db import insert_once
from bot.errors import UserError
from bot.tenancy import TeamRow, Utc


class Applause(TeamRow, table=True):
    """Somebody's applause for the record with this id, whatever kind it is of."""

    __tablename__ = "applause"
    __table_args__ = (UniqueConstraint("team_id", "record_id", "person"),)

    record_id: int = Field(sa_type=BigInteger)
    person: str = Field(max_length=32)
    created_at: datetime = Field(sa_type=Utc)


def toggle(session: Session, *, record_id: int, person: str, now: datetime) -> None:
    """Applaud, or take the applause back where the person applauded already.

    Raises UserError where the person is none of this workspace.
    """
    known = roster.person(session, person)
    if known is None or not known.is_member:
        raise UserError(
            "Thank you for applauding. Only people of this workspace count here, "
            "so nothing was changed."
        )
    if not insert_once(session, Applause, record_id=record_id, person=person, created_at=now):
        theirs = (col(Applause.record_id) == record_id, col(Applause.person) == person)
        session.execute(delete(Applause).where(*theirs))


def people(session: Session, record_id: int) -> Sequence[str]:
    """Return who applauds the record, in the order in which they began."""
    theirs = select(Applause.person).where(Applause.record_id == record_id)
    return session.exec(theirs.order_by(col(Applause.id))).all()
