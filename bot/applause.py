"""Applause for a record: one each, and it can be taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint, bindparam, delete, func
from sqlmodel import Field, Session, col, select

from bot import roster
from bot.record import Record, must_stand
from bot.rows import ask, insert_once
from bot.tenancy import TeamRow, Utc


class Applause(TeamRow, table=True):
    """Somebody's applause for the record with this id, whatever kind it is of."""

    __tablename__ = "applause"
    __table_args__ = (
        UniqueConstraint("team_id", "record_id", "person"),
        Index("ix_applause_person", "team_id", "person", "created_at"),
    )

    record_id: int = Field(sa_type=BigInteger)
    person: str = Field(max_length=32)
    created_at: datetime = Field(sa_type=Utc)


def toggle(session: Session, record: Record, *, person: str, now: datetime) -> None:
    """Applaud, or take the applause back where the person applauded already.

    Raises UserError where the record was withdrawn, and where the person is none of this workspace.
    """
    must_stand(record)
    roster.must_be_ours(session, person)
    if not insert_once(session, Applause, record_id=record.id, person=person, created_at=now):
        session.execute(_TAKE_BACK, {"record": record.id, "who": person})
    record.applause_changes += 1
    session.add(record)


_TAKE_BACK = (
    delete(Applause)
    .where(col(Applause.record_id) == bindparam("record"), col(Applause.person) == bindparam("who"))
    .execution_options(synchronize_session=False)
)
_PEOPLE = (
    select(Applause.person)
    .where(Applause.record_id == bindparam("record"))
    .order_by(col(Applause.id))
)


def people(session: Session, record_id: int) -> Sequence[str]:
    """Return who applauds the record, in the order in which they began."""
    return ask(session, _PEOPLE, record=record_id)


_OF_RECORDS = (
    select(Applause.record_id, Applause.person)
    .where(col(Applause.record_id).in_(bindparam("records", expanding=True)))
    .order_by(col(Applause.id))
)


def of_records(session: Session, records: Sequence[int]) -> Mapping[int, Sequence[str]]:
    """Return who applauds each of these records, in the order in which they began."""
    found: dict[int, list[str]] = {record: [] for record in records}
    for record, who in ask(session, _OF_RECORDS, records=list(records)) if records else ():
        found[record].append(who)
    return found


_BY = select(func.count()).select_from(Applause).where(Applause.person == bindparam("who"))


def count_by(session: Session, person: str) -> int:
    """Return how much there is that the person applauds."""
    return int(ask(session, _BY, who=person)[0])
