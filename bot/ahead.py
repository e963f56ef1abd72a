"""What lies ahead: told to whoever moves a clock that we follow, so that they can stop there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot import due
from bot.agenda import Agenda, Coming
from bot.lanes import LONGEST_REST, Lane
from bot.outbox import DUE, OutboxRow
from bot.rounds import Round, Status

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


def ahead(session: Session, agenda: Agenda, *, now: datetime) -> Ahead:
    """Return what lies ahead of this moment."""
    named = {kind: one.name for kind, one in agenda.items() if one.name}
    dates = due.coming(session, named, now=now, most=MOST)
    coming = [Coming(named[one.kind], one.at) for one in dates]
    later = _earliest(session, col(OutboxRow.send_after) > now)
    coming += [Coming(MESSAGES, later)] if later else []
    is_busy = _earliest(session, col(OutboxRow.send_after) <= now) is not None or _counts(session)
    rests_until = _rests_until(session, now) if is_busy else None
    return Ahead(sorted(coming, key=lambda one: one.at)[:MOST], is_busy, rests_until)


def _earliest(session: Session, when: Any) -> datetime | None:
    waiting = select(func.min(OutboxRow.send_after)).where(col(OutboxRow.status).in_(DUE), when)
    return session.exec(waiting).one()


_COUNTED_NOW = select(Round.id).where(
    Round.status == Status.CLOSING, col(Round.key_destroyed_at).is_(None)
)


def _counts(session: Session) -> bool:
    """Whether a round was closed of which it is not said yet what came of it."""
    return session.exec(_COUNTED_NOW.limit(1)).first() is not None


def _rests_until(session: Session, now: datetime) -> datetime | None:
    held = select(Lane.id).where(col(Lane.holder).is_not(None), col(Lane.held_until) > now)
    if session.exec(held.limit(1)).first() is not None:
        return None  # Slack is being asked, which takes as long as it takes
    resting = col(Lane.free_at) > now, col(Lane.free_at) <= now + LONGEST_REST
    return session.exec(select(func.min(Lane.free_at)).where(*resting)).one()
