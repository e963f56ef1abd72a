"""What would tell, after a round, who had answered it although nothing names them there any more.

Whoever had not was reminded, and when their lane was last used, and how often, tells that. The
fingerprint of a Home tells it to whoever makes the same page once with and once without a question
that waits. And whom Slack could not reach counts only where they answered, so of one person the
count tells whether they did.
"""

from datetime import datetime

from sqlalchemy import bindparam, delete, not_, or_, update
from sqlmodel import Session, col, select

from bot.homes import Home
from bot.lanes import CHANNEL_PACE, IN_USE, LONGEST_REST, Lane
from bot.rounds import Invitation
from bot.rows import ask

IN = (Lane, Home)
ONCE = 1000  # lanes that are erased in one transaction

_TO_PEOPLE = select(Lane.id).where(
    or_(col(Lane.name).startswith("U"), col(Lane.name).startswith("W")),
    col(Lane.id) <= bindparam("until"),
)
_SOME = delete(Lane).where(col(Lane.id).in_(_TO_PEOPLE.where(not_(IN_USE)).limit(ONCE)))


def erase_lanes(session: Session, *, until: int, now: datetime) -> bool:
    """Erase some of people's lanes with ids up to this one; say whether there may be more.

    Those in use stay, as each keeps the order of what it sends; not one that only keeps its pace.
    """
    given = {"until": until, "now": now + CHANNEL_PACE, "latest": now + LONGEST_REST}
    erased = session.execute(_SOME, given, execution_options={"synchronize_session": False})
    return bool(getattr(erased, "rowcount", 0))


def lanes_are_left(session: Session, *, until: int) -> bool:
    """Whether some of them were in use, and are to be erased once they are free."""
    return bool(ask(session, _TO_PEOPLE.limit(1), until=until))


def erase_marks(session: Session, round_id: int) -> None:
    """Erase whom Slack could not reach, and what Homes show: each is published once more."""
    excused = update(Invitation).where(
        col(Invitation.round_id) == round_id, col(Invitation.is_excused)
    )
    shown = update(Home).where(col(Home.shown).is_not(None))
    for marks in (excused.values(is_excused=False), shown.values(shown=None)):
        session.execute(marks, execution_options={"synchronize_session": False})
