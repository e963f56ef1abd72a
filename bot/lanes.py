"""Lanes: one per channel keeps its order, one per method keeps Slack's pace.

They are rows, claimed by compare-and-swap on an integer, so any number of processes may send.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Index, and_, bindparam, case, func, not_, or_
from sqlmodel import Field, Session, col, select

from bot.db import ask, insert_once, swap
from bot.outbox import DUE, OutboxRow, Status
from bot.tenancy import TeamRow, Utc

LEASE = timedelta(seconds=20)  # longer than a call to Slack may take
CHANNEL_PACE = timedelta(seconds=1)
METHOD_PACE = {
    "chat.postMessage": timedelta(milliseconds=250),  # "several hundred a minute" a workspace
    "chat.update": timedelta(milliseconds=1200),  # 50 a minute
    "conversations.history": timedelta(milliseconds=1200),
}


class Lane(TeamRow, table=True):
    """A channel or a method: who holds it, and from when on it may be used again."""

    __tablename__ = "lane"
    __table_args__ = (Index("ux_lane", "team_id", "name", unique=True),)

    name: str = Field(max_length=64)
    holder: str | None = Field(default=None, max_length=64)
    held_until: datetime = Field(sa_type=Utc)
    free_at: datetime = Field(sa_type=Utc)
    version: int = 0

    def frees_at(self) -> datetime:
        """When this lane can be taken next."""
        return max(self.free_at, self.held_until) if self.holder else self.free_at


# Every commit wakes the sender, so what it asks each time is put together once.
_NAMED = select(Lane).where(Lane.name == bindparam("name"))


def lane(session: Session, name: str, *, now: datetime) -> Lane:
    """Return the lane, made on its first use."""
    found = ask(session, _NAMED, name=name)
    if not found:
        insert_once(session, Lane, name=name, held_until=now, free_at=now)
        found = ask(session, _NAMED, name=name)
    return found[0]


def _swap(session: Session, taken: Lane, **changes: object) -> bool:
    return swap(session, Lane, {"id": taken.id, "version": taken.version}, **changes)


def hold(session: Session, name: str, *, holder: str, now: datetime) -> bool:
    """Lease the lane; False where somebody else has it or it rests."""
    taken = lane(session, name, now=now)
    if taken.frees_at() > now:
        return False
    return _swap(session, taken, holder=holder, held_until=now + LEASE)


def let_go(session: Session, name: str, *, holder: str, free_at: datetime) -> None:
    """Give the lane back, to be used again from `free_at` on; nothing where it was lost."""
    held = lane(session, name, now=free_at)
    if held.holder == holder:
        _swap(session, held, holder=None, free_at=free_at)


def take_turn(session: Session, method: str, *, now: datetime) -> bool:
    """Take the method's turn; False where somebody else was quicker."""
    paced = lane(session, method, now=now)
    return paced.free_at <= now and _swap(session, paced, free_at=now + METHOD_PACE[method])


def rest(session: Session, method: str, *, until: datetime, now: datetime) -> None:
    """Leave the method alone until then: Slack said so."""
    paced = lane(session, method, now=now)
    if paced.free_at < until:
        _swap(session, paced, free_at=until)


# What has to be done for a row, as the method that does it.
METHOD_OF_ROW = case(
    (col(OutboxRow.ts).is_not(None), "chat.update"),
    (col(OutboxRow.status).in_([Status.SENDING, Status.DOUBTFUL]), "conversations.history"),
    else_="chat.postMessage",
)


_NOW = bindparam("now", type_=Utc)
_RESTING_METHODS = select(Lane.name).where(
    col(Lane.name).in_(METHOD_PACE), col(Lane.free_at) > _NOW
)


def ready_methods(session: Session, *, now: datetime) -> list[str]:
    """Return the methods whose turn has come."""
    resting = ask(session, _RESTING_METHODS, now=now)
    return sorted(set(METHOD_PACE) - set(resting))


def in_order() -> ColumnElement[bool]:
    """Nothing is posted after a message that may not be there yet: first that one is looked up."""
    doubtful = select(OutboxRow.lane).where(
        col(OutboxRow.status).in_([Status.SENDING, Status.DOUBTFUL]), col(OutboxRow.ts).is_(None)
    )
    return or_(METHOD_OF_ROW != "chat.postMessage", col(OutboxRow.lane).not_in(doubtful))


_HELD = and_(col(Lane.holder).is_not(None), col(Lane.held_until) > _NOW)
_NEXT = (
    select(OutboxRow, METHOD_OF_ROW)
    .join(Lane, col(Lane.name) == col(OutboxRow.lane), isouter=True)
    .where(col(OutboxRow.status).in_(bindparam("statuses", expanding=True)))
    .where(col(OutboxRow.send_after) <= _NOW)
    .where(or_(col(Lane.id).is_(None), not_(or_(col(Lane.free_at) > _NOW, _HELD))))
    .where(col(OutboxRow.lane).not_in(bindparam("besides", expanding=True)), in_order())
    .where(METHOD_OF_ROW.in_(bindparam("methods", expanding=True)))
    .order_by(col(OutboxRow.urgent).desc(), col(OutboxRow.send_after), col(OutboxRow.id))
    .limit(1)
)


def next_row(
    session: Session, *, now: datetime, besides: Iterable[str] = ()
) -> tuple[OutboxRow, str] | None:
    """Return the first message whose time has come and whose lane is free, and its method.

    Lanes named in `besides` are left alone.
    """
    methods = ready_methods(session, now=now)
    if not methods:
        return None
    # While nothing may be posted, a long backlog is not gone through either.
    statuses = [one for one in DUE if one is not Status.WAITING or "chat.postMessage" in methods]
    found = ask(session, _NEXT, now=now, besides=list(besides), methods=methods, statuses=statuses)
    return found[0] if found else None


_ANY_DUE = select(OutboxRow.id).where(col(OutboxRow.status).in_(DUE)).limit(1)
_TIMES = (
    select(func.min(OutboxRow.send_after)).where(
        col(OutboxRow.status).in_(DUE), col(OutboxRow.send_after) > _NOW
    ),
    select(func.min(Lane.free_at)).where(col(Lane.free_at) > _NOW),
    select(func.min(Lane.held_until)).where(_HELD),
)


@dataclass(frozen=True)
class Claim:
    """A row that this sender holds, and the method that will bring it on."""

    row: OutboxRow
    method: str

    @property
    def was(self) -> Status:
        """The status to go back to where nothing came of it."""
        return {
            "chat.update": Status.STALE,
            "conversations.history": Status.DOUBTFUL,
            "chat.postMessage": Status.WAITING,
        }[self.method]

    @property
    def to_person(self) -> bool:
        """Whether this is a direct message."""
        return self.row.is_direct


def claim(
    session: Session, *, holder: str, now: datetime, besides: Iterable[str] = ()
) -> Claim | None:
    """Take the first message that can be sent, with its lane and its method's turn."""
    found = next_row(session, now=now, besides=besides)
    if found is None:
        return None
    row, method = found
    if not take_turn(session, method, now=now):
        return None
    if not hold(session, str(row.lane), holder=holder, now=now):
        return None
    seen = {"id": row.id, "version": row.version}
    row.status = Status.SENDING
    row.attempts += 1
    row.first_tried_at = row.first_tried_at or now
    changes = {name: getattr(row, name) for name in ("status", "attempts", "first_tried_at")}
    return Claim(row, method) if swap(session, OutboxRow, seen, **changes) else None


def next_time(session: Session, *, now: datetime) -> datetime | None:
    """Return when something may be ready next, None where nothing waits. Too early is harmless."""
    if not ask(session, _ANY_DUE):
        return None
    times = [ask(session, query, now=now)[0] for query in _TIMES]
    return min((at for at in times if at), default=None)
