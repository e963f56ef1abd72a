"""Messages whose fate nobody could find out: whose they are says whether to send them again."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, or_
from sqlmodel import Session, col, select

from bot.outbox import OutboxRow, Status

TO = ":to:"  # between what a direct message is about and to whom it goes


def about_of(cause: str) -> str:
    """Return what a message is about: the cause shared by the direct messages of one record."""
    return cause.partition(TO)[0]


_UNKNOWN = (
    select(OutboxRow)
    .where(OutboxRow.status == Status.UNKNOWN)
    .where(
        or_(
            col(OutboxRow.cause) == bindparam("about"),
            and_(
                col(OutboxRow.cause) >= bindparam("first"),
                col(OutboxRow.cause) < bindparam("last"),
            ),
        )
    )
    .order_by(col(OutboxRow.id))
)


def unknown(session: Session, about: str) -> Sequence[OutboxRow]:
    """Return the messages about this whose fate nobody could find out."""
    given = {"about": about, "first": about + TO, "last": about + TO + "~"}
    return session.scalars(_UNKNOWN, given).all()


def post_again(session: Session, about: str, *, by: str, now: datetime) -> int:
    """Send the messages about this again whose fate nobody could find out: their owner says so.

    Returns how many; none where that is not this person's to say, or all is settled already.
    """
    mine = [row for row in unknown(session, about) if row.owner == by]
    for row in mine:
        row.status = Status.WAITING
        row.send_after = now
        row.version += 1
        session.add(row)
    session.info["outgoing"] = True
    return len(mine)
