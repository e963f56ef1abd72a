"""Messages that must reach Slack, once: a row is a message, and what Slack shows of it so far.

Written in the transaction of the change that they announce. `bot.sender` takes them out.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index, Text, UniqueConstraint, bindparam, cast, update
from sqlmodel import Field, Session, col, select

from bot import pseudonym
from bot.rows import first, insert_rows, swap
from bot.tenancy import TeamRow, Utc

Message = dict[str, Any]  # {"text": …, "blocks": […]}


class Status(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"  # not sent yet
    SENDING = "sending"  # handed to Slack; its answer is not stored yet
    DOUBTFUL = "doubtful"  # Slack's answer was lost: look whether the message is there
    SENT = "sent"  # Slack shows the latest wording
    STALE = "stale"  # Slack shows an earlier wording
    BLOCKED = "blocked"  # the channel cannot be posted to; somebody has to mend that
    UNKNOWN = "unknown"  # it may be there or not, and nobody can look; a person decides
    REFUSED = "refused"  # Slack will never take it
    GONE = "gone"  # somebody removed it in Slack
    TAKEN_BACK = "taken_back"  # what it announces was withdrawn before it was sent

    @property
    def is_due(self) -> bool:
        """Whether the sender has something to do."""
        return self in DUE


TO = ":to:"  # between what a direct message is about and to whom it goes, in its cause
NOT_SENT = (Status.WAITING, Status.BLOCKED, Status.UNKNOWN)
DUE = (Status.WAITING, Status.SENDING, Status.DOUBTFUL, Status.STALE)
KEPT = timedelta(days=30)  # the wording of a direct message that was sent
RETURNING = "taken_back"  # the trouble of one that was taken back while it was on its way


class OutboxRow(TeamRow, table=True):
    """One message. `cause` names why it exists, so that the same cause never posts twice."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("team_id", "cause"),
        Index("ix_outbox_due", "team_id", "status", "urgent", "send_after", "id"),
        Index("ix_outbox_lane", "team_id", "lane"),
    )

    cause: str = Field(max_length=128)
    lane: str | None = Field(default=None, max_length=32)
    route: str | None = Field(default=None, max_length=32)
    owner: str | None = Field(default=None, max_length=32)
    thread_ts: str | None = Field(default=None, max_length=32)
    message: Message = Field(sa_column=Column(JSON, nullable=False))
    urgent: bool = True
    status: str = Field(default=Status.WAITING, max_length=16)
    created_at: datetime = Field(sa_type=Utc)
    send_after: datetime = Field(sa_type=Utc)
    first_tried_at: datetime | None = Field(default=None, sa_type=Utc)
    attempts: int = 0
    revision: int = 0
    shown_revision: int = -1
    version: int = 0
    channel: str | None = Field(default=None, max_length=32)
    ts: str | None = Field(default=None, max_length=32)
    trouble: str | None = Field(default=None, max_length=64)

    @property
    def is_direct(self) -> bool:
        """Whether this is a direct message."""
        return (self.lane or "").startswith(("U", "W"))


@dataclass(frozen=True)
class Address:
    """Where a message goes, and who hears when it cannot.

    `lane` is a channel's id, a person's id for a direct message, or None while no channel is
    chosen; `route` names the setting that chose the channel, so that mending it sends the message.
    `thread_ts` is the `ts` of what a reply answers.
    """

    lane: str | None
    route: str | None = None
    owner: str | None = None
    thread_ts: str | None = None


@dataclass(frozen=True)
class Post:
    """A message to be posted. `cause` is its unique key."""

    cause: str
    address: Address
    message: Message
    send_after: datetime | None = None
    urgent: bool = True

    def values(self, *, now: datetime) -> dict[str, Any]:
        """Return the row's values; without a lane it waits for somebody to choose a channel."""
        lane = self.address.lane
        return {
            "cause": self.cause,
            **vars(self.address),
            "message": self.message,
            "urgent": self.urgent,
            "status": Status.WAITING.value if lane else Status.BLOCKED.value,
            "trouble": None if lane else "no_channel",
            "created_at": now,
            "send_after": self.send_after or now,
        }


def post(session: Session, *posts: Post, now: datetime) -> None:
    """Have the messages posted once this transaction is committed.

    A message whose cause is known is left as it is; nobody who was erased gets any.
    """
    session.info["outgoing"] = True
    here = [one.values(now=now) for one in posts if not pseudonym.is_one(one.address.lane)]
    insert_rows(session, OutboxRow, here)


def direct(cause: str, person: str, message: Message, *, owner: str | None = None) -> Post:
    """Return a direct message to the person."""
    return Post(cause, Address(lane=person, owner=owner), message)


_OF_CAUSE = select(OutboxRow).where(OutboxRow.cause == bindparam("of_cause"))
_WITH_ID = select(OutboxRow).where(OutboxRow.id == bindparam("row"))


def by_cause(session: Session, cause: str) -> OutboxRow | None:
    """Return the message of this cause."""
    return session.scalars(_OF_CAUSE, {"of_cause": cause}).first()


def by_id(session: Session, row_id: int) -> OutboxRow | None:
    """Return the message with this id as it is now, to be read only."""
    return first(session, _WITH_ID, row=row_id)


def show(session: Session, *posts: Post, now: datetime) -> None:
    """Have Slack show these messages: new ones are posted, known ones show this wording instead."""
    for one in posts:
        row = by_cause(session, one.cause)
        if row is None:
            post(session, one, now=now)
        else:
            reword(session, row, one.message)
            if row.status == Status.TAKEN_BACK:  # one that was tried may be there all the same
                row.status = Status.DOUBTFUL if row.attempts else Status.WAITING
            row.trouble = None if row.trouble == RETURNING else row.trouble


def revise(
    session: Session, cause: str, message: Message, *, not_before: datetime | None = None
) -> None:
    """Have Slack show this wording instead; many revisions at once need one update only."""
    row = by_cause(session, cause)
    if row is not None:
        row.send_after = not_before or row.send_after
        reword(session, row, message)


def take_back(session: Session, cause: str, message: Message) -> bool:
    """Keep a message from being sent; where Slack has it already, it shows this wording instead.

    Returns whether Slack may show the earlier wording for good.
    """
    row = by_cause(session, cause)
    if row is None:
        return False
    reword(session, row, message)
    was_unknown = row.ts is None and row.status == Status.UNKNOWN
    if row.ts is None and row.status in NOT_SENT:
        row.status = Status.TAKEN_BACK
    elif row.ts is None and row.status in DUE:
        row.trouble = RETURNING
    return was_unknown


def reword(session: Session, row: OutboxRow, message: Message) -> None:
    """Have Slack show this wording of a message instead."""
    if row.message == message:
        return
    row.message = message
    row.revision += 1
    row.version += 1
    if row.status == Status.SENT:
        row.status = Status.STALE
    session.add(row)
    session.info["outgoing"] = True


def release(session: Session, *, lane: str | None = None, route: str | None = None) -> int:
    """Try blocked messages again: those of a channel, or those of a route, into `lane`.

    Returns how many there were. With neither, all that have a channel.
    """
    blocked = select(OutboxRow).where(OutboxRow.status == Status.BLOCKED)
    if route is not None:
        blocked = blocked.where(OutboxRow.route == route)
    elif lane is not None:
        blocked = blocked.where(OutboxRow.lane == lane)
    rows = [row for row in session.exec(blocked) if lane or row.lane]
    for row in rows:
        row.lane = lane or row.lane
        row.status = Status.STALE if row.ts else Status.WAITING
        row.version += 1
        session.add(row)
    session.info["outgoing"] = True
    return len(rows)


def settle(session: Session, row: OutboxRow, **changes: object) -> bool:
    """Store what became of a claimed row, unless somebody else changed its claim meanwhile.

    One that was taken back meanwhile and did not arrive is not to be sent any more.
    """
    if changes.get("status") in NOT_SENT and _is_returning(session, row):
        changes["status"] = Status.TAKEN_BACK
    claimed = {"id": row.id, "status": Status.SENDING, "attempts": row.attempts}
    return swap(session, OutboxRow, claimed, **changes)


def _is_returning(session: Session, row: OutboxRow) -> bool:
    current = by_id(session, row.id)
    return current is not None and current.trouble == RETURNING and current.ts is None


def forget(session: Session, *, now: datetime) -> int:
    """Empty the wording of old direct messages, which stays in Slack alone; return how many."""
    old = (
        update(OutboxRow)
        .where(col(OutboxRow.route).is_(None), col(OutboxRow.created_at) < now - KEPT)
        .where(col(OutboxRow.status).in_([Status.SENT, Status.REFUSED, Status.GONE]))
        .where(cast(col(OutboxRow.message), Text) != "{}")
        .values(message={})
    )
    return int(getattr(session.execute(old), "rowcount", 0))
