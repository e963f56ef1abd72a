"""How many of the people here did something, said so that it points at nobody."""

from dataclasses import dataclass

from sqlalchemy import and_, func
from sqlmodel import Session, col, select

from bot import roster
from bot.errors import UserError
from bot.roster import Person

FEW = 5  # people; of fewer no number is said
A_FEW = "fewer than five"

# The rule of Person.is_member, for queries.
IS_HERE = and_(
    col(Person.slack_id) != roster.SLACKBOT,
    col(Person.is_bot).is_(False),
    col(Person.has_left).is_(False),
    col(Person.is_pending).is_(False),
    col(Person.is_external).is_(False),
)
IS_FULL_MEMBER = and_(IS_HERE, col(Person.is_guest).is_(False))  # that of Person.is_full_member
_HERE = select(func.count(col(Person.id))).where(IS_HERE)


@dataclass(frozen=True)
class Reach:
    """How many of the people here did something.

    It counts everybody and samples nobody, so there is nothing that an interval could tell.
    """

    of: int
    count: int | None  # none where it, or the rest, is one to four: 47 of 48 would point at one
    is_most: bool = False  # where there is no number: all but a few did, not a few


def here(session: Session) -> int:
    """Return how many people are here: guests too; no bots, and nobody external, left or pending.

    Raises UserError while not everybody was learned yet.
    """
    if not roster.is_complete(session):
        raise UserError(roster.STILL_LEARNING)
    return session.exec(_HERE).one()


def reach(count: int, *, of: int) -> Reach:
    """Return how many did something, without a number where that would point at a few."""
    few, all_but_few = 0 < count < FEW, 0 < of - count < FEW
    if few or all_but_few:
        return Reach(of, None, is_most=not few)
    return Reach(of, count)
