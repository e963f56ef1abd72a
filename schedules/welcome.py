"""When somebody is welcomed who joined outside their working hours."""

from datetime import datetime

from sqlmodel import Session

from bot import charter, outbox
from bot.blocks import welcome as blocks
from bot.due import Due
from bot.rituals import welcome


def greet(session: Session, due: Due, now: datetime) -> None:
    """Welcome them, if they are still here; where their hours were slept through, in the next."""
    reached = welcome.reached(session, [due.subject], now=now)
    if reached:
        posts = blocks.posts(charter.must_be_in_force(session), reached)
        outbox.post(session, *posts, now=now)
