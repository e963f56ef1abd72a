"""The welcome of somebody who joins: once, within their working hours."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time

from sqlmodel import Session, col, select

from bot import charter, outbox, roster, settings
from bot.outbox import OutboxRow, Status
from bot.workdays import next_in_hours

BEGINS, ENDS = time(9), time(17)  # of the joiner's own day


def cause_of(person: str) -> str:
    """Return the outbox's key of a person's welcome: there is one, and so it is sent once."""
    return f"welcome:{person}"


def new_among(session: Session, people: Iterable[str], *, joining: bool = False) -> list[str]:
    """Return those who were never here before: who was only invited, and who is unknown.

    While not everybody was learned yet, somebody unknown is new only where Slack says that they are
    joining: all others were here before Truenorth. So is somebody of another organisation.
    """
    named = list(people)
    known = roster.people(session, named)
    invited = [
        one
        for one in named
        if one in known and (known[one].is_pending or (joining and known[one].is_external))
    ]
    unknown = [one for one in named if one not in known]
    return invited + (unknown if joining or roster.is_complete(session) else [])


def moments(session: Session, people: Iterable[str], *, now: datetime) -> Mapping[str, datetime]:
    """Return when to welcome those of the people who are members; nobody without a mission."""
    named = list(people)
    if not named or charter.in_force(session) is None:
        return {}
    here = [one.slack_id for one in roster.people(session, named).values() if one.is_member]
    return {person: _moment(session, person, now=now) for person in here}


def _moment(session: Session, person: str, *, now: datetime) -> datetime:
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
