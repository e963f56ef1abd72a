"""Numbers that people see: for each team they go up from 1, without gaps."""

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, Session

from bot.rows import count_up
from bot.tenancy import TeamRow

LARGEST = 2**31 - 1


class Counter(TeamRow, table=True):
    """How many of something that is numbered there are."""

    __tablename__ = "counter"
    __table_args__ = (UniqueConstraint("team_id", "name"),)

    name: str = Field(max_length=32)
    count: int = 0


def next_number(session: Session, name: str) -> int:
    """Return the next number of what has this name; it is taken when this transaction commits."""
    number = count_up(session, Counter, "count", limit=LARGEST, name=name)
    if number is None:
        raise OverflowError(f"no number is left for another {name}")
    return number
