"""Messages whose fate nobody could find out: whose they are says whether to send them again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from bot.outbox import TO, OutboxRow, Status
from bot.prefix import Plainly
from bot.rows import ask


def about_of(cause: str) -> str:
    """Return what is asked about with a message: itself, or all direct messages of its record.

    A record's post is asked about by itself: whoever looks for it has not asked anybody yet.
    """
    record, to, _ = cause.partition(TO)
    return record + to


_UNKNOWN = (
    select(OutboxRow)
    .where(OutboxRow.status == Status.UNKNOWN)
    .where(Plainly(col(OutboxRow.cause)).between(bindparam("first"), bindparam("last")))
    .order_by(col(OutboxRow.id))
)


def unknown(session: Session, about: str) -> Sequence[OutboxRow]:
    """Return the messages about this whose fate nobody could find out."""
    last = about + "~" if about.endswith(TO) else about
    return session.scalars(_UNKNOWN, {"first": about, "last": last}).all()


@dataclass(frozen=True)
class Doubt:
    """Messages of one owner's about one thing whose fate nobody could find out, at least one."""

    rows: Sequence[OutboxRow]

    @property
    def since(self) -> datetime:
        """When the first of them was tried."""
        return min(row.first_tried_at or row.created_at for row in self.rows)


_OF_OWNER = (
    select(OutboxRow)
    .where(OutboxRow.status == Status.UNKNOWN, OutboxRow.owner == bindparam("who"))
    .order_by(col(OutboxRow.id))
)


def of_owner(session: Session, owner: str) -> list[Doubt]:
    """Return what somebody has to say of their messages: direct ones of a record are one."""
    together: dict[tuple[str, bool], list[OutboxRow]] = {}
    for row in ask(session, _OF_OWNER, who=owner):
        about = about_of(row.cause) if row.is_direct else row.cause
        together.setdefault((about, row.is_direct), []).append(row)
    return [Doubt(rows) for rows in together.values()]


_QUESTIONS = (
    select(OutboxRow.cause)
    .where(Plainly(col(OutboxRow.cause)).between(bindparam("first"), bindparam("last")))
    .order_by(col(OutboxRow.id))
)


def question(about: str, *, attempts: int) -> str:
    """Return the outbox's key of the question about a message that was tried so often."""
    return f"unknown:{about}:{attempts}"


def questions(session: Session, cause: str) -> Sequence[str]:
    """Return the keys of all questions about a record's post and its direct messages."""
    first = f"unknown:{cause}:"
    return session.scalars(_QUESTIONS, {"first": first, "last": first + "~"}).all()


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
