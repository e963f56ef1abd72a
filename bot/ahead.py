"""What lies ahead: told to whoever moves a clock that we follow, so that they can stop there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot import due
from bot.agenda import Agenda, Coming
from bot.lanes import Lane
from bot.outbox import DUE, OutboxRow
from bot.rounds import Round, Status
from bot.rows import ask
from bot.tenancy import Utc

MOST = 5
MESSAGES = "Messages"


@dataclass(frozen=True)
class Ahead:
    """What people know by a name, the first one first, and whether something is to be sent now
    or is being counted.

    Where nothing can be sent before `rests_until`, only time helps.
    """

    coming: Sequence[Coming]
    is_busy: bool
    rests_until: datetime | None

    def told(self) -> dict[str, Any]:
        """Return it as the clock's owner takes it."""
        return {
            "next": [{"name": one.name, "at": one.at.isoformat()} for one in self.coming],
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
    select(func.min(Lane.free_at)).where(col(Lane.free_at) > _NOW).scalar_subquery(),
)


def ahead(session: Session, agenda: Agenda, *, now: datetime) -> Ahead:
    """Return what lies ahead of this moment."""
    named = {kind: one.name for kind, one in agenda.items() if one.name}
    dates = due.coming(session, named, now=now, most=MOST)
    coming = [Coming(named[one.kind], one.at) for one in dates]
    ((later, to_send, counted, held, free_at),) = ask(session, _STATE, now=now)
    coming += [Coming(MESSAGES, later)] if later else []
    is_busy = to_send is not None or counted is not None
    # While Slack is being asked it takes as long as it takes.
    rests_until = free_at if is_busy and held is None else None
    return Ahead(sorted(coming, key=lambda one: one.at)[:MOST], is_busy, rests_until)
