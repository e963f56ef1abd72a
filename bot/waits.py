"""What waits for one person, of every ritual."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import bindparam
from sqlmodel import Session, select

from bot import acknowledgement, docket, doubt, nudges
from bot.ballot import Ballot, open_ballots
from bot.charter import CharterVersion
from bot.docket import Wait, Waiting
from bot.doubt import Doubt
from bot.outbox import OutboxRow
from bot.rows import ask

Thing = Ballot | Waiting | Doubt | CharterVersion  # a version is one that they have not read


def of(session: Session, person: str, *, now: datetime) -> Sequence[Thing]:
    """Return what waits for the person, the longest first."""
    version = acknowledgement.unread(session, person)
    everything: list[Thing] = [
        *([version] if version else []),
        *(one for one in open_ballots(session, person, now=now) if not one.is_complete),
        *docket.waiting(session, person, now=now),
        *doubt.of_owner(session, person),
    ]
    return sorted(everything, key=partial(since, session, person=person))


def since(session: Session, thing: Thing, *, person: str) -> datetime:
    """Return from when on it waits for this person.

    A version since it came into force; a round since it opened; messages of unknown fate since
    the first of them was tried. A decision waits for a verdict, and for its checklist, since it
    was asked, also for who approves in the place of somebody else, or is asked to drive it before
    they said so; for a driver else since it was asked who drives it instead; for another approver
    since its driver was asked for one; to be made since the last verdict on it, or since it was
    asked where there is none; and to be looked back upon since the day that was chosen for that.
    """
    match thing:
        case CharterVersion():
            return thing.created_at
        case Ballot():
            return thing.round.opened_at
        case Doubt():
            return thing.since
    return _of_decision(session, thing, person)


_ASKED = select(OutboxRow.created_at).where(OutboxRow.cause == bindparam("question"))


def _of_decision(session: Session, waiting: Waiting, person: str) -> datetime:
    decision, stands = waiting.decision, waiting.stands
    asked = decision.created_at
    match waiting.what:
        case Wait.DRIVER if not waiting.wants_verdict(person):
            return decision.driverless_at or asked
        case Wait.APPROVER:
            question = nudges.replacing_cause(stands, stands.gone[0])
            return next(iter(ask(session, _ASKED, question=question)), asked)
        case Wait.DECISION:
            return max([asked, *(one.at for one in stands.approvals if one.at)])
        case Wait.REVIEW:
            return decision.review_at or asked
    return asked
