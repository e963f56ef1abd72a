"""The welcome of somebody who joins: once, within their working hours."""

from collections.abc import Iterable
from datetime import datetime, time

from sqlmodel import Session

from bot import charter, due, roster, settings
from bot.workdays import next_in_hours

KIND = "welcome"  # of the dates of those who are welcomed later
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


def reached(session: Session, people: Iterable[str], *, now: datetime) -> list[str]:
    """Return those of the people to welcome now; the others have it planned for their next hours.

    Who is no member, or not any more, is left out, and everybody while there is no mission.
    """
    named = list(people)
    if not named or charter.in_force(session) is None:
        return []
    here = [one.slack_id for one in roster.people(session, named).values() if one.is_member]
    moments = {person: _moment(session, person, now=now) for person in here}
    for person, at in moments.items():
        if at > now:
            due.plan(session, KIND, at=at, subject=person)
    return [person for person, at in moments.items() if at <= now]


def _moment(session: Session, person: str, *, now: datetime) -> datetime:
    zone, country = roster.zone_of(session, person), settings.of_team(session).country
    return next_in_hours(now, zone, country, begins=BEGINS, ends=ENDS)
