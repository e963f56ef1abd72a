"""Workspaces that Truenorth was taken out of: since when, and when all of theirs is to go."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import UniqueConstraint, delete
from sqlmodel import Field, Session, select

from bot.rows import insert_once
from bot.tenancy import TeamRow, Utc


class Departure(TeamRow, table=True):
    """Since when a workspace is without Truenorth."""

    __tablename__ = "departure"
    __table_args__ = (UniqueConstraint("team_id"),)

    at: datetime = Field(sa_type=Utc)


def keep(session: Session, *, now: datetime) -> bool:
    """Keep that the workspace is without Truenorth from now on; False where it was before."""
    return insert_once(session, Departure, at=now)


def forget(session: Session) -> None:
    """Keep the workspace's data: Truenorth is there again."""
    session.execute(delete(Departure))


def since(session: Session) -> datetime | None:
    """Return since when the workspace is without Truenorth, None where it is there."""
    return session.exec(select(Departure.at)).first()


def over_since(session: Session, *, days: int, now: datetime) -> datetime | None:
    """Return since when the workspace is without Truenorth, where that is so many days or more."""
    left = since(session)
    return left if left is not None and left + timedelta(days=days) <= now else None


def is_told(event: dict[str, Any]) -> bool:
    """Say whether the event tells that the bot's token works no more."""
    kind = event.get("type")
    return kind == "app_uninstalled" or (
        kind == "tokens_revoked" and bool((event.get("tokens") or {}).get("bot"))
    )
