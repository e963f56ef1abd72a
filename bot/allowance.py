"""How much one person may give on one of their own days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import UniqueConstraint, bindparam, update
from sqlmodel import Field, Session, col

from bot import roster, settings
from bot.db import insert_once
from bot.errors import UserError
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
    insert_once(session, Allowance, giver=giver, day=day, used=0)
    # Enforced by the update itself: counting first and inserting after would be a race.
    used = session.scalars(_USE_ONE, {"of_giver": giver, "on_day": day, "limit": limit}).first()
    if used is None:
        raise UserError(_used_up(limit, day=day, zone=zone))
    return Left(limit - used, limit)


_USE_ONE = (
    update(Allowance)
    .where(
        col(Allowance.giver) == bindparam("of_giver"),
        col(Allowance.day) == bindparam("on_day"),
        col(Allowance.used) < bindparam("limit"),
    )
    .values(used=col(Allowance.used) + 1)
    .returning(col(Allowance.used))
    .execution_options(synchronize_session=False)
)


def _used_up(limit: int, *, day: date, zone: ZoneInfo) -> str:
    renewal = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=zone)
    return (
        f"Nothing was saved: today's {limit} recognitions are used. "
        f"They renew on {renewal:%a %-d %b} at {renewal:%H:%M} ({zone.key})."
    )
