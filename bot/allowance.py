"""How much one person may give on one of their own days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import UniqueConstraint, bindparam
from sqlmodel import Field, Session, select

from bot import roster, settings
from bot.errors import UserError
from bot.rows import count_up, first
from bot.tenancy import TeamRow


class Allowance(TeamRow, table=True):
    """How many recognitions a giver has used on one of their own days."""

    __tablename__ = "allowance"
    __table_args__ = (UniqueConstraint("team_id", "giver", "day"),)

    giver: str = Field(max_length=32)
    day: date
    used: int = 0


@dataclass(frozen=True)
class Left:
    """What is left of a giver's allowance today."""

    recognitions: int
    of: int


def use_one(session: Session, *, giver: str, now: datetime) -> Left:
    """Use one recognition of the giver's day and return the rest; raise where none is left."""
    zone = roster.zone_of(session, giver)
    day = now.astimezone(zone).date()
    limit = settings.of_team(session).allowance
    used = count_up(session, Allowance, "used", limit=limit, giver=giver, day=day)
    if used is None:
        raise UserError(_used_up(limit, day=day, zone=zone))
    return Left(limit - used, limit)


_USED = select(Allowance.used).where(
    Allowance.giver == bindparam("who"), Allowance.day == bindparam("today")
)


def used_today(session: Session, *, giver: str, now: datetime) -> int:
    """Return how many recognitions the giver has used on their own day."""
    today = now.astimezone(roster.zone_of(session, giver)).date()
    return first(session, _USED, who=giver, today=today) or 0


def _used_up(limit: int, *, day: date, zone: ZoneInfo) -> str:
    renewal = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=zone)
    return (
        f"Nothing was saved: today's {limit} recognitions are used. "
        f"They renew on {renewal:%a %-d %b} at {renewal:%H:%M} ({zone.key})."
    )
