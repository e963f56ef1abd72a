"""What happens next, and when: a row for every date, claimed by one process only."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import CursorResult, Delete, Index, Update, bindparam, delete, update
from sqlmodel import Field, Session, col, select

from bot.rows import ask, first, insert_once
from bot.tenancy import TeamRow, Utc


class Due(TeamRow, table=True):
    """One date of one thing. `kind` names the schedule that runs it, `subject` what it is about.

    `last_at` is the date before this one, which is over.
    """

    __tablename__ = "due"
    __table_args__ = (
        Index("ux_due", "team_id", "kind", "subject", unique=True),
        Index("ix_due_at", "team_id", "at"),
    )

    kind: str = Field(max_length=64)
    subject: str = Field(default="", max_length=64)
    at: datetime = Field(sa_type=Utc)
    last_at: datetime | None = Field(default=None, sa_type=Utc)
    version: int = 0


def plan(session: Session, kind: str, *, at: datetime, subject: str = "") -> bool:
    """Have it run at this time; False where a date stands already, which then stays."""
    _tell(session)
    return insert_once(session, Due, kind=kind, subject=subject, at=at)


def move(session: Session, kind: str, *, at: datetime, subject: str = "") -> bool:
    """Have it run at this time instead; False where no date stands.

    Whoever saw the old date and has not claimed it yet cannot claim it any more.
    """
    _tell(session)
    moved = _of(update(Due), kind, subject).values(at=at, version=col(Due.version) + 1)
    return _changed(session, moved)


def drop(session: Session, kind: str, *, subject: str = "") -> bool:
    """Have it run no more; False where no date stands."""
    _tell(session)
    return _changed(session, _of(delete(Due), kind, subject))


_IN_ORDER = (col(Due.at), col(Due.id))
_NOW = bindparam("now", type_=Utc)
_OF_KINDS = col(Due.kind).in_(bindparam("kinds", expanding=True))
_ALONE = select(Due).where(col(Due.subject) == "", _OF_KINDS)
_RIPE = (
    select(Due)
    .where(col(Due.at) <= _NOW, _OF_KINDS)
    .where(col(Due.id).not_in(bindparam("besides", expanding=True)))
    .order_by(*_IN_ORDER)
    .limit(1)
)
_COMING = (
    select(Due).where(col(Due.at) > _NOW, _OF_KINDS).order_by(*_IN_ORDER).limit(bindparam("most"))
)


def date_of(session: Session, kind: str) -> Due | None:
    """Return the date without a subject that stands, None where there is none."""
    return dates_of(session, [kind]).get(kind)


def dates_of(session: Session, kinds: Collection[str]) -> dict[str, Due]:
    """Return those dates without a subject that stand, by their kinds."""
    return {date.kind: date for date in ask(session, _ALONE, kinds=list(kinds))}


def first_ripe(
    session: Session, kinds: Collection[str], *, now: datetime, besides: Collection[int] = ()
) -> Due | None:
    """Return what came due first of these kinds, leaving out the dates with these ids."""
    return first(session, _RIPE, now=now, kinds=list(kinds), besides=list(besides))


def coming(session: Session, kinds: Collection[str], *, now: datetime, most: int) -> Sequence[Due]:
    """Return the next dates of these kinds, the first one first."""
    return ask(session, _COMING, now=now, kinds=list(kinds), most=most)


def claim(session: Session, due: Due, *, next_at: datetime | None) -> bool:
    """Take this date and move on to the next, or end it; False where somebody else has.

    Whoever gets True does the work in the same transaction, so it is done once.
    """
    mine = (col(Due.id) == due.id, col(Due.version) == due.version)
    if next_at is None:
        return _changed(session, delete(Due).where(*mine))
    advanced = {"at": next_at, "last_at": due.at, "version": due.version + 1}
    return _changed(session, update(Due).where(*mine).values(advanced))


def _tell(session: Session) -> None:
    # Whoever is told what lies ahead hears of it at once.
    session.info["outgoing"] = True


Found = TypeVar("Found", Update, Delete)


def _of(statement: Found, kind: str, subject: str) -> Found:
    return statement.where(col(Due.kind) == kind, col(Due.subject) == subject)


def _changed(session: Session, statement: Update | Delete) -> bool:
    return bool(cast(CursorResult[Any], session.execute(statement)).rowcount)
