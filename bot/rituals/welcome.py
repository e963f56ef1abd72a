"""The welcome of somebody who joins: once, within their working hours."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlmodel import Session, col, select

from bot import charter, outbox, roster, settings
from bot.outbox import OutboxRow, Status
from bot.workdays import next_in_hours

BEGINS, ENDS = time(9), time(17)  # of the joiner's own day


def cause_of(person: str) -> str:
    """Return the outbox's key of a person's welcome: there is one, and so it is sent once."""
    return f"welcome:{person}"


def moment_for(session: Session, person: str, *, now: datetime) -> datetime | None:
    """Return when to welcome this person, None where they are no member or there is no mission."""
    known = roster.person(session, person)
    if known is None or not known.is_member or charter.in_force(session) is None:
        return None
    zone, country = roster.zone_of(session, person), settings.of_team(session).country
    return next_in_hours(now, zone, country, begins=BEGINS, ends=ENDS)


def give_up(session: Session, person: str) -> None:
    """Have whoever left get no welcome, where it was not sent yet."""
    row = outbox.by_cause(session, cause_of(person))
    if row is not None and row.ts is None:
        outbox.take_back(session, row.cause, row.message)


def waiting(session: Session) -> Sequence[str]:
    """Return the causes of the welcomes that were not sent yet."""
    unsent = select(OutboxRow.cause).where(
        OutboxRow.status == Status.WAITING, col(OutboxRow.cause).startswith(cause_of(""))
    )
    return session.exec(unsent).all()
