"""What happens next, and when: a row for every date, claimed by one process only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Index, delete, update
from sqlmodel import Field, Session, col, select

from bot.db import insert_once
from bot.tenancy import TeamRow, Utc


class Due(TeamRow, table=True):
    """One date of one thing. `kind` names the schedule that runs it, `subject` what it is about."""

    __tablename__ = "due"
    __table_args__ = (
        Index("ux_due", "team_id", "kind", "subject", unique=True),
        Index("ix_due_at", "team_id", "at"),
    )

    kind: str = Field(max_length=64)
    subject: str = Field(default="", max_length=64)
    at: datetime = Field(sa_type=Utc)
    version: int = 0


def plan(session: Session, kind: str, *, at: datetime, subject: str = "") -> bool:
    """Have it run at this time; False where a date stands already, which then stays."""
    return insert_once(session, Due, kind=kind, subject=subject, at=at)


def ripe(session: Session, *, now: datetime) -> Sequence[Due]:
    """Return what has come due, the oldest first."""
    return session.exec(select(Due).where(Due.at <= now).order_by(col(Due.at), col(Due.id))).all()


def claim(session: Session, due: Due, *, next_at: datetime | None) -> bool:
    """Take this date and move on to the next, or end it; False where somebody else has.

    Whoever gets True does the work in the same transaction, so it is done once.
    """
    mine = (col(Due.id) == due.id, col(Due.version) == due.version)
    if next_at is None:
        ended = session.execute(delete(Due).where(*mine))
        return bool(cast(CursorResult[Any], ended).rowcount)
    moved = update(Due).where(*mine).values(at=next_at, version=due.version + 1)
    return bool(cast(CursorResult[Any], session.execute(moved)).rowcount)
