"""Pictures and files that are shared beside a message, each begun at most once.

Slack cannot be asked whether one arrived, so what was begun is never begun again. What a picture
shows is in the message's own words as well; a file can be asked for anew.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import UniqueConstraint, bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Field, Session, col, select

from bot.outbox import DUE, OutboxRow, Status
from bot.prefix import Plainly
from bot.rounds import Kind, Round
from bot.rows import ask, insert_once
from bot.tenancy import TeamRow, Utc


class Attachment(TeamRow, table=True):
    """That what goes with the message of this cause was begun, whatever became of it."""

    __tablename__ = "attachment"
    __table_args__ = (UniqueConstraint("team_id", "cause"),)

    cause: str = Field(max_length=128)
    begun_at: datetime = Field(sa_type=Utc)


@dataclass(frozen=True)
class Thread:
    """A message in Slack under which a picture is to be shared; None while it is not there."""

    cause: str
    channel: str | None = None
    ts: str | None = None


_LATEST = (
    select(Round.id)
    .where(col(Round.kind) == Kind.WEEKLY, col(Round.key_destroyed_at).is_not(None))
    .order_by(col(Round.number).desc())
    .limit(1)
)
_BEGUN = select(Attachment.id).where(Attachment.cause == bindparam("of_cause"))
_MESSAGE = select_columns(col(OutboxRow.status), col(OutboxRow.channel), col(OutboxRow.ts)).where(
    col(OutboxRow.cause) == bindparam("of_cause")
)


def waiting(session: Session) -> Thread | None:
    """Return the thread of the latest weekly round's result, whose picture was not begun.

    None where it was, and where the result was not sent and is not being sent.
    """
    for round_id in ask(session, _LATEST):
        cause = f"round:{round_id}:result"
        if ask(session, _BEGUN, of_cause=cause):
            return None
        for status, channel, ts in ask(session, _MESSAGE, of_cause=cause):
            if status == Status.SENT:
                return Thread(cause, channel, ts)
            return Thread(cause) if status in DUE else None
    return None


def begin(session: Session, cause: str, *, now: datetime) -> bool:
    """Remember that the picture is begun; False where it was begun before, by whomever."""
    return insert_once(session, Attachment, cause=cause, begun_at=now)


_EXPORT, _ME = "export", "me"
_EXPORTS = (
    select_columns(col(OutboxRow.cause), col(OutboxRow.channel), col(OutboxRow.ts))
    .where(Plainly(col(OutboxRow.cause)).between(f"{_EXPORT}:", f"{_EXPORT}:~"))
    .where(col(OutboxRow.status) == Status.SENT)
    .where(col(OutboxRow.created_at) > bindparam("since", type_=Utc))
    .where(col(OutboxRow.cause).not_in(select_columns(col(Attachment.cause))))
    .order_by(col(OutboxRow.id))
    .limit(1)
)


def export_cause(decision_id: int | None, person: str, key: str) -> str:
    """Return the outbox's key of the message beside which the person gets a decision's file.

    Without a decision they get everything about themselves.
    """
    return f"{_EXPORT}:{decision_id or _ME}:{person}:{key}"


def export_of(cause: str) -> tuple[int | None, str]:
    """Return which decision's file that is, None for everything about them, and for whom."""
    _, what, person, *_ = cause.split(":")
    return None if what == _ME else int(what), person


def trouble_cause(cause: str) -> str:
    """Return the outbox's key of the message that says that such a file did not come."""
    return cause.replace(_EXPORT, "not_exported", 1)


def first_export(session: Session, *, since: datetime) -> Thread | None:
    """Return the first message that is there and whose file was not begun."""
    for cause, channel, ts in ask(session, _EXPORTS, since=since):
        return Thread(cause, channel, ts)
    return None
