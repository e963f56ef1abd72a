"""What Slack delivered and had an effect: it delivers again, the effect stays one."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, UniqueConstraint, delete
from sqlmodel import Field, Session, col

from bot.rows import insert_once
from bot.tenancy import TeamRow, Utc

REMEMBERED = timedelta(days=2)  # Slack's last retry comes within the hour


class Inbound(TeamRow, table=True):
    """The natural key of one delivery: an event's id, a trigger's, a view's id and hash.

    Over HTTP also what it was signed with, of no workspace.
    """

    __tablename__ = "inbound"
    __table_args__ = (UniqueConstraint("team_id", "key"),)

    key: str = Field(max_length=255)
    at: datetime = Field(sa_type=Utc)


def first_time(session: Session, key: str, *, at: datetime) -> bool:
    """Say whether this delivery is new, and remember it in the transaction of its effect."""
    return insert_once(session, Inbound, key=key, at=at)


def forget(session: Session, *, before: datetime) -> int:
    """Remove the keys from before, which no delivery can repeat any more; return how many."""
    old = delete(Inbound).where(col(Inbound.at) < before)
    return cast(CursorResult[Any], session.execute(old)).rowcount


def forget_one(session: Session, key: str) -> None:
    """Have a delivery be new again that came to nothing."""
    session.execute(delete(Inbound).where(col(Inbound.key) == key))
