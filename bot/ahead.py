"""What lies ahead: told to whoever moves a clock that we follow, so that they can stop there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot import due
from bot.agenda import Agenda, Coming, Schedule, told
from bot.due import Due
from bot.lanes import LONGEST_REST, Lane
from bot.outbox import DUE, OutboxRow
from bot.rounds import Round, Status
from bot.rows import ask
from bot.tenancy import Utc

MOST = 5
# What a message for later is called, by what the outbox's key of it looks like.
CALLED = (
    (re.compile(r"round:.*:reminder\d"), "Pulse reminder"),
    (re.compile(r"round:"), "Pulse"),
    (re.compile(""), "Message"),
)


@dataclass(frozen=True)
class Ahead:
    """What comes next as people are told it, the first one first, and when something is done.

    `is_busy` says whether something is to be sent now or is being counted; where nothing can be
    sent before `rests_until`, only time helps.
    """

    coming: Sequence[Coming]
    stops: Sequence[datetime]
    is_busy: bool
    rests_until: datetime | None

    def told(self) -> dict[str, Any]:
        """Return it as the clock's owner takes it."""
        return {
            "next": [{"name": one.name, "at": one.at.isoformat()} for one in self.coming],
            "stops": [at.isoformat() for at in self.stops],
            "busy": self.is_busy,
            "rests_until": self.rests_until.isoformat() if self.rests_until else None,
        }


_NOW = bindparam("now", type_=Utc)
_TO_SEND = select(func.min(OutboxRow.send_after)).where(col(OutboxRow.status).in_(DUE))
_HELD = select(Lane.id).where(col(Lane.holder).is_not(None), col(Lane.held_until) > _NOW)
# A round was closed of which it is not said yet what came of it.
_COUNTED_NOW = select(Round.id).where(
    Round.status == Status.CLOSING, col(Round.key_destroyed_at).is_(None)
)
# Asked at every move of the clock and of every message, so all at once.
_STATE: Any = select_columns(
    _TO_SEND.where(col(OutboxRow.send_after) > _NOW).scalar_subquery(),
    _TO_SEND.where(col(OutboxRow.send_after) <= _NOW).scalar_subquery(),
    _COUNTED_NOW.limit(1).scalar_subquery(),
    _HELD.limit(1).scalar_subquery(),
    select(func.min(Lane.free_at))
    .where(col(Lane.free_at) > _NOW, col(Lane.free_at) <= bindparam("latest", type_=Utc))
    .scalar_subquery(),
)


def ahead(session: Session, agenda: Agenda, *, now: datetime) -> Ahead:
    """Return what lies ahead of this moment."""
    named = {kind: one for kind, one in agenda.items() if one.name}
    dates = due.coming(session, named, now=now, most=MOST)
    coming = [_as_told(session, named[one.kind], one) for one in dates]
    stops = [one.at for one in dates]
    state = ask(session, _STATE, now=now, latest=now + LONGEST_REST)
    ((later, to_send, counted, held, free_at),) = state
    if later:
        coming.append(Coming(_messages(session, later), later))
        stops.append(later)
    is_busy = to_send is not None or counted is not None
    # While Slack is being asked it takes as long as it takes.
    rests_until = free_at if is_busy and held is None else None
    in_order = sorted(coming, key=lambda one: one.at)[:MOST]
    return Ahead(in_order, sorted(stops), is_busy, rests_until)


def _as_told(session: Session, schedule: Schedule, date: Due) -> Coming:
    # Whoever goes to a time before it begins would miss it.
    one = told(session, schedule, date)
    return replace(one, at=max(one.at, date.at))


_WAITING = select(OutboxRow.cause).where(
    col(OutboxRow.status).in_(DUE), OutboxRow.send_after == bindparam("at", type_=Utc)
)


def _messages(session: Session, at: datetime) -> str:
    """Return what is sent then, and to how many; nobody is named, who may be reminded."""
    called = [_called(cause) for cause in ask(session, _WAITING, at=at)]
    people = "1 person" if len(called) == 1 else f"{len(called):,} people"
    what = called[0] if len(set(called)) == 1 else "Messages"
    return f"{what} for {people}"


def _called(cause: str) -> str:
    return next(name for pattern, name in CALLED if pattern.match(cause))
