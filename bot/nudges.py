"""When a decision waits: who is asked when, and what is taken back once they have done it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from bot import calendar, decisions, due, ledger, outbox, roster, settings, teams
from bot.decisions import Decision
from bot.outbox import OutboxRow, Status
from bot.prefix import Plainly
from bot.recurrence import at_local
from bot.rows import ask
from bot.standing import Standing
from bot.workdays import last_working_day, next_working_day

REMINDING, REVIEWING = "decision_remind", "decision_review"  # the kinds of dates
AT = time(9)  # of each one's own day
AGAIN = timedelta(weeks=4)  # after which a review that comes too early is asked for anew


class Stage(StrEnum):
    """How far a decision is from the day until which it is to be made."""

    BEFORE = "before"  # the working day before, to who owes
    DAY = "day"  # on the day, to who owes
    LATE = "late"  # the next working day, below its card; where it is private to who owes
    LEADS = "leads"  # the one after that, to the leads of who owes


@dataclass(frozen=True)
class Nudge:
    """A direct message that is to reach somebody at this time, and of whose part it is.

    `owing` are those whose part is missing: the person, or those whom the person leads.
    """

    cause: str
    person: str
    owing: Sequence[str]
    at: datetime


def days(session: Session, decision: Decision) -> dict[Stage, date]:
    """Return the day of each stage."""
    country, one = settings.of_team(session).country, timedelta(days=1)
    late = next_working_day(decision.due + one, country)
    return {
        Stage.BEFORE: last_working_day(decision.due - one, country),
        Stage.DAY: decision.due,
        Stage.LATE: late,
        Stage.LEADS: next_working_day(late + one, country),
    }


def plan(session: Session, decision: Decision) -> None:
    """Have who owes reminded of an open decision, each stage in its time."""
    everywhere = calendar.zones(session)
    for stage, day in days(session, decision).items():
        at = calendar.first_instant(day, AT, everywhere or [settings.of_team(session).zone])
        if at + calendar.ZONES_APART > decision.created_at:  # else it is past everywhere
            due.plan(session, REMINDING, at=at, subject=f"{decision.id}:{stage}")


def about(subject: str) -> tuple[int, Stage]:
    """Return which decision a date is about, and which stage."""
    decision_id, _, stage = subject.partition(":")
    return int(decision_id), Stage(stage)


def stop(session: Session, decision: Decision) -> None:
    """Remind nobody any more."""
    for stage in Stage:
        due.drop(session, REMINDING, subject=f"{decision.id}:{stage}")


def of_stage(session: Session, stands: Standing, stage: Stage) -> list[Nudge]:
    """Return whom to remind, each at nine of their own day; nobody of a time before it began."""
    decision, day = stands.decision, days(session, stands.decision)[stage]
    owing = {who: [who] for who in stands.owing}
    told = _led(session, stands.owing) if stage is Stage.LEADS else owing
    if decision.is_private:  # to nobody else it is there
        told = {person: whose for person, whose in told.items() if person in stands.people}
    nudges = [
        Nudge(
            f"{_prefix(decision)}{stage}:{person}",
            person,
            whose,
            at_local(day, AT, roster.zone_of(session, person)),
        )
        for person, whose in told.items()
    ]
    return [one for one in nudges if one.at >= decision.created_at]


def _prefix(decision: Decision) -> str:
    return f"{decision.cause}:remind:"


def late_at(session: Session, decision: Decision) -> datetime:
    """Return when the reply below the card is due."""
    return at_local(days(session, decision)[Stage.LATE], AT, settings.of_team(session).zone)


def _led(session: Session, people: Sequence[str]) -> dict[str, list[str]]:
    """Return whose part is missing by their leads, who are told of all of theirs at once."""
    led: dict[str, list[str]] = {}
    for person in people:
        for lead in teams.leads_of(session, person=person):
            led.setdefault(lead, []).append(person)
    return led


def late_cause(decision: Decision) -> str:
    """Return the outbox's key of the reply below the card that says that it is late."""
    return f"{_prefix(decision)}{Stage.LATE}"


_NUDGED = select_columns(col(OutboxRow.cause), col(OutboxRow.lane), col(OutboxRow.status)).where(
    Plainly(col(OutboxRow.cause)).between(bindparam("first"), bindparam("last"))
)


def settled(session: Session, stands: Standing) -> Iterator[str]:
    """Return the keys of the reminders that have no reason any more."""
    prefix = _prefix(stands.decision)
    is_open, owing = stands.decision.is_open, set(stands.owing)
    for cause, person, status in ask(session, _NUDGED, first=prefix, last=f"{prefix}~"):
        if status == Status.TAKEN_BACK or (is_open and cause == late_cause(stands.decision)):
            continue
        if not (is_open and (person in owing or _still_leads(session, cause, str(person), owing))):
            yield cause


def _still_leads(session: Session, cause: str, person: str, owing: set[str]) -> bool:
    if f":{Stage.LEADS}:" not in cause:
        return False
    return any(person in teams.leads_of(session, person=each) for each in owing)


def review_cause(stands: Standing) -> str:
    """Return the outbox's key of the question whether it came out; each time it is another."""
    decision = stands.decision
    when = decision.review_at.date().isoformat() if decision.review_at else ""
    return f"{decision.cause}:review:{when}{_anew(stands)}"


def _anew(stands: Standing) -> str:
    """What tells a question to who took it over from the same one to who drove it before."""
    return f":{stands.decision.driver}" if stands.drove else ""


def is_to_review(decision: Decision, *, now: datetime) -> bool:
    """Whether the time has come to say how it came out."""
    due_at = decision.review_at
    return decision.status == decisions.Status.DECIDED and due_at is not None and due_at <= now


def review_at(session: Session, decision: Decision, *, after: timedelta, now: datetime) -> datetime:
    """Return when to ask its driver, so long after now: at nine of their own day."""
    zone = roster.zone_of(session, decision.driver)
    return at_local((now + after).astimezone(zone).date(), AT, zone)


def plan_review(session: Session, decision: Decision) -> None:
    """Have the driver asked when the time has come, where one was chosen."""
    if decision.review_at is not None:
        due.plan(session, REVIEWING, at=decision.review_at, subject=str(decision.id))


def drop_review(session: Session, decision: Decision) -> None:
    """Ask the driver no more."""
    due.drop(session, REVIEWING, subject=str(decision.id))


def tell_drivers_home(session: Session, stands: Standing, *, now: datetime) -> None:
    """Have the driver's Home, and nobody else's, follow that an approver left: once for each."""
    decision = stands.decision
    whose = [] if stands.is_driverless else stands.gone
    for gone in whose:
        if outbox.by_cause(session, replacing_cause(stands, gone)) is None:
            kind = "decision.approver_left_privately"
            ledger.append(session, kind, at=now, subject=decision.id, concerns=[decision.driver])


def replacing_cause(stands: Standing, gone: str) -> str:
    """Return the outbox's key of the question who approves instead; it is asked once."""
    return f"{stands.decision.cause}:replace:{gone}{_anew(stands)}"


def driving_cause(decision: Decision, person: str, *, now: datetime) -> str:
    """Return the outbox's key of the question whether this person drives it instead.

    It is asked once, and once more where nobody does until the outcome is to be asked for.
    """
    when = "review:" if is_to_review(decision, now=now) else ""
    return f"{_driving(decision)}{decision.driver}:{when}{person}"


def _driving(decision: Decision) -> str:
    return f"{decision.cause}:drive:"


def asked_to_drive(session: Session, decision: Decision) -> list[str]:
    """Return the keys of every question who drives it instead."""
    prefix = _driving(decision)
    return [cause for cause, *_ in ask(session, _NUDGED, first=prefix, last=f"{prefix}~")]
