"""Lanes: one per channel keeps its order, one per method keeps Slack's pace.

They are rows, claimed by compare-and-swap on an integer, so any number of processes may send.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Index, ScalarSelect, and_, bindparam, case, func, not_, or_
from sqlalchemy import select as select_columns
from sqlmodel import Field, Session, col, select

from bot.outbox import DUE, OutboxRow, Status
from bot.rows import ask, insert_once, swap
from bot.tenancy import TeamRow, Utc

AT_ONCE = 8  # calls to Slack that one sender has under way
LEASE = timedelta(seconds=20)  # longer than a call to Slack may take
LONGEST_REST = timedelta(minutes=5)  # whoever rests for longer was told so by a wrong clock
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

    def rests(self, now: datetime) -> bool:
        """Whether it is to be left alone now; a clock that was set back keeps nothing at rest."""
        return now < self.free_at <= now + LONGEST_REST


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


def let_go(session: Session, name: str, *, holder: str, free_at: datetime) -> None:
    """Give the lane back, to be used again from `free_at` on; nothing where it was lost."""
    held = lane(session, name, now=free_at)
    if held.holder == holder:
        _swap(session, held, holder=None, free_at=free_at)


def rest(session: Session, method: str, *, until: datetime, now: datetime) -> None:
    """Leave the method alone until then, or for the longest rest: Slack said so."""
    paced, until = lane(session, method, now=now), min(until, now + LONGEST_REST)
    if paced.free_at < until:
        _swap(session, paced, free_at=until)


# What has to be done for a row, as the method that does it.
METHOD_OF_ROW = case(
    (col(OutboxRow.ts).is_not(None), "chat.update"),
    (col(OutboxRow.status).in_([Status.SENDING, Status.DOUBTFUL]), "conversations.history"),
    else_="chat.postMessage",
)


_NOW = bindparam("now", type_=Utc)
_METHODS = select(Lane).where(col(Lane.name).in_(METHOD_PACE))


def ready_methods(session: Session, *, now: datetime) -> dict[str, Lane]:
    """Return the lanes of the methods whose turn has come, by their names."""
    known = {one.name: one for one in ask(session, _METHODS)}
    for name in METHOD_PACE:
        if name not in known:
            known[name] = lane(session, name, now=now)
    return {name: one for name, one in known.items() if not one.rests(now)}


def in_order() -> ColumnElement[bool]:
    """Nothing is posted after a message that may not be there yet: first that one is looked up."""
    doubtful = select(OutboxRow.lane).where(
        col(OutboxRow.status).in_([Status.SENDING, Status.DOUBTFUL]), col(OutboxRow.ts).is_(None)
    )
    return or_(METHOD_OF_ROW != "chat.postMessage", col(OutboxRow.lane).not_in(doubtful))


_RESTS = and_(col(Lane.free_at) > _NOW, col(Lane.free_at) <= bindparam("latest", type_=Utc))
_HELD = and_(col(Lane.holder).is_not(None), col(Lane.held_until) > _NOW)
IN_USE = or_(_RESTS, _HELD)  # at `now`, where `latest` is the longest rest after it
_NEXT = (
    select(OutboxRow, METHOD_OF_ROW, Lane.id, Lane.version)
    .join(Lane, col(Lane.name) == col(OutboxRow.lane), isouter=True)
    .where(col(OutboxRow.send_after) <= _NOW)
    .where(or_(col(Lane.id).is_(None), not_(IN_USE)))
    .where(col(OutboxRow.lane).not_in(bindparam("besides", expanding=True)), in_order())
    .where(METHOD_OF_ROW.in_(bindparam("methods", expanding=True)))
    .order_by(col(OutboxRow.urgent).desc(), col(OutboxRow.send_after), col(OutboxRow.id))
    .limit(1)
)
# Of those that were not sent yet there may be very many: asked for by themselves and by their
# urgency, they stand in the index in the order in which they are to go.
_IS_WAITING = (
    col(OutboxRow.status) == Status.WAITING,
    col(OutboxRow.urgent) == bindparam("urgent"),
)
_IS_UNDER_WAY = col(OutboxRow.status).in_([Status.SENDING, Status.DOUBTFUL, Status.STALE])
_NEXT_WAITING = _NEXT.where(*_IS_WAITING)
_NEXT_UNDER_WAY = _NEXT.where(_IS_UNDER_WAY)


@dataclass(frozen=True)
class Next:
    """A message whose time has come, the method for it, and its lane where there is one yet."""

    row: OutboxRow
    method: str
    lane_id: int | None
    lane_version: int | None

    def turn(self) -> tuple[bool, datetime, int]:
        """Return what is less for what goes first."""
        return not self.row.urgent, self.row.send_after, self.row.id


def next_row(
    session: Session, *, now: datetime, methods: Collection[str], besides: Sequence[str] = ()
) -> Next | None:
    """Return the first message whose time has come, whose lane is free, and its method is ready.

    Lanes named in `besides` are left alone.
    """
    # Filled up, since each length of a list is a statement of its own.
    alone = [*besides, *[""] * (AT_ONCE - len(besides))]
    given: dict[str, Any] = {"now": now, "latest": now + LONGEST_REST, "besides": alone}
    given["methods"] = list(methods)
    found = ask(session, _NEXT_UNDER_WAY, **given)
    if "chat.postMessage" in methods:  # else a long backlog is not gone through either
        found += ask(session, _NEXT_WAITING, urgent=True, **given) or ask(
            session, _NEXT_WAITING, urgent=False, **given
        )
    return min((Next(*one) for one in found), key=Next.turn, default=None)


def _soonest(*which: ColumnElement[bool]) -> ScalarSelect[datetime]:
    soonest = select(OutboxRow.send_after).where(*which, col(OutboxRow.send_after) > _NOW)
    return soonest.order_by(col(OutboxRow.send_after)).limit(1).scalar_subquery()


_WAITS = (col(OutboxRow.status) == Status.WAITING,)
_TIMES: Any = select_columns(
    select(OutboxRow.id).where(col(OutboxRow.status).in_(DUE)).limit(1).scalar_subquery(),
    _soonest(*_WAITS, col(OutboxRow.urgent).is_(True)),
    _soonest(*_WAITS, col(OutboxRow.urgent).is_(False)),
    _soonest(_IS_UNDER_WAY),
    select(func.min(Lane.free_at)).where(_RESTS).scalar_subquery(),
    select(func.min(Lane.held_until)).where(_HELD).scalar_subquery(),
)


@dataclass(frozen=True)
class Claim:
    """A row that this sender holds, the method that will bring it on, and how long it holds it."""

    row: OutboxRow
    method: str
    until: datetime

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
    session: Session, *, holder: str, now: datetime, besides: Sequence[str] = ()
) -> Claim | None:
    """Take the first message that can be sent, with its lane and its method's turn."""
    ready = ready_methods(session, now=now)
    found = next_row(session, now=now, methods=ready, besides=besides) if ready else None
    if found is None or not (
        _swap(session, ready[found.method], free_at=now + METHOD_PACE[found.method])
        and _hold(session, found, holder=holder, now=now)
    ):
        return None
    row = found.row
    seen = {"id": row.id, "version": row.version}
    row.status = Status.SENDING
    row.attempts += 1
    row.first_tried_at = row.first_tried_at or now
    changes = {name: getattr(row, name) for name in ("status", "attempts", "first_tried_at")}
    taken = swap(session, OutboxRow, seen, **changes)
    return Claim(row, found.method, until=now + LEASE) if taken else None


def give_back(session: Session, taken: Claim, *, holder: str, now: datetime) -> None:
    """Let go of a claim of which Slack is not asked, so that it takes nobody's turn."""
    let_go(session, str(taken.row.lane), holder=holder, free_at=now)
    _swap(session, lane(session, taken.method, now=now), free_at=now)


def _hold(session: Session, found: Next, *, holder: str, now: datetime) -> bool:
    leased: dict[str, Any] = {"holder": holder, "held_until": now + LEASE}
    if found.lane_id is None:
        return insert_once(session, Lane, name=found.row.lane, free_at=now, **leased)
    return swap(session, Lane, {"id": found.lane_id, "version": found.lane_version}, **leased)


def next_time(session: Session, *, now: datetime) -> datetime | None:
    """Return when something may be ready next, None where nothing waits. Too early is harmless."""
    ((any_due, *times),) = ask(session, _TIMES, now=now, latest=now + LONGEST_REST)
    return min((at for at in times if at), default=None) if any_due else None
