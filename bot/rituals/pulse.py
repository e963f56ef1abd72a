"""The pulse: everybody is asked the same few questions, and what they say is shown to all."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot import calendar, charter, due, ledger, own, roster, rounds, settings, teams
from bot.calendar import Days
from bot.errors import UserError, length_of
from bot.ids import new_id
from bot.quarters import Quarter, meant, quarter_of
from bot.questions import Question, of_round
from bot.reach import IS_HERE
from bot.responses import Participation, addressee
from bot.roster import Person, zone_named
from bot.rounds import Invitation, Kind, Round, RoundKey, Status
from bot.rows import ask, insert_rows, swap

WHY_NOT = {
    "no_mission": "The mission is not set up yet, and each round asks about it. Nothing was sent.",
    "still_open": "The last round is still open, so nothing was sent.",
    "nobody_here": roster.STILL_LEARNING,
}
REMIND = "pulse_remind"
CLOSE = "pulse_close"


@dataclass(frozen=True)
class Invited:
    """Somebody who is asked, the zone in which they live, and what stands for them in causes."""

    person: str
    zone: ZoneInfo
    addressee: str


@dataclass(frozen=True)
class Opened:
    """A round that was opened, whom it asks, and its days."""

    round: Round
    invited: Sequence[Invited]
    days: Days


_HERE = select_columns(col(Person.slack_id), col(Person.timezone)).where(IS_HERE)


def open_weekly(session: Session, *, first: datetime, now: datetime) -> Opened | None:
    """Open the week's round, for which it is time for the first people since `first`.

    None, with a line in the ledger, where it cannot be: without a mission, without anybody to ask,
    or while the last one is still open.
    """
    why_not = _why_not(session)
    if why_not is not None:
        ledger.append(session, "pulse.not_opened", at=now, why=why_not)
        return None
    return _open_next(session, day=calendar.opening_day(session, first), now=now)


def _open_next(session: Session, *, day: date, now: datetime, by: str | None = None) -> Opened:
    last = rounds.latest(session, Kind.WEEKLY)
    quarter = quarter_of(now, settings.of_team(session).zone)
    before = meant(last.quarter, current=quarter) if last else None
    number = last.number + 1 if last else 1
    asked = of_round(number, quarter=quarter, before=before, own=own.in_use(session))
    opened = _open(session, Kind.WEEKLY, number, asked, quarter=quarter, day=day, now=now, by=by)
    following = calendar.next_opening(session, now)
    if following is not None:
        due.move(session, calendar.OPENING, at=following)  # no other opens meanwhile
    return opened


def open_now(session: Session, *, by: str, now: datetime) -> Opened:
    """Open the week's round at once; raise UserError where `by` is no owner or it cannot be."""
    roster.must_be_owner(session, by)
    why_not = _why_not(session)
    if why_not is not None:
        raise UserError(WHY_NOT[why_not])
    return _open_next(session, day=_today(session, now), now=now, by=by)


def ask_everybody(session: Session, *, by: str, question: str, now: datetime) -> Opened:
    """Ask everybody one question at once; raise UserError where it cannot be asked."""
    roster.must_be_owner(session, by)
    if length_of(question) not in own.LENGTH:
        raise UserError(
            f"A question takes {own.LENGTH[0]} to {own.LENGTH[-1]} characters; this is "
            f"{length_of(question)}. It is answered from “strongly disagree” to “strongly agree”."
        )
    if not roster.is_complete(session):
        raise UserError(WHY_NOT["nobody_here"])
    last = rounds.latest(session, Kind.ASKED)
    number = last.number + 1 if last else 1
    asked = [Question(f"asked-{number}", question.strip())]
    quarter = quarter_of(now, settings.of_team(session).zone)
    day = _today(session, now)
    return _open(session, Kind.ASKED, number, asked, quarter=quarter, day=day, now=now, by=by)


def _today(session: Session, now: datetime) -> date:
    return now.astimezone(settings.of_team(session).zone).date()


def _why_not(session: Session) -> str | None:
    last = rounds.latest(session, Kind.WEEKLY)
    if charter.in_force(session) is None:
        return "no_mission"
    if last is not None and last.status == Status.OPEN:
        return "still_open"
    return None if roster.is_complete(session) and ask(session, _HERE) else "nobody_here"


def _open(
    session: Session,
    kind: Kind,
    number: int,
    asked: Sequence[Question],
    *,
    quarter: Quarter,
    day: date,
    now: datetime,
    by: str | None = None,
) -> Opened:
    chosen = settings.of_team(session)
    everywhere = calendar.zones(session)
    days = calendar.days_of(chosen, day, everywhere=everywhere)
    round_id = new_id()
    opened = {
        "id": round_id,
        "kind": kind.value,
        "number": number,
        "questions": [asdict(question) for question in asked],
        "quarter": quarter.typed,
        "opened_by": by,
        "opened_at": now,
        "closes_at": calendar.closing(days.closes, chosen.zone),
        "fewest_scores": chosen.minimum.scores,
        "fewest_comments": chosen.minimum.comments,
    }
    insert_rows(session, Round, [opened])
    key = rounds.new_key()
    insert_rows(session, RoundKey, [{"round_id": round_id, "key": key}])
    made = rounds.must_be_there(session, round_id)
    invited = _invite(session, made, key=key, zone=chosen.zone)
    _plan(session, made, days, everywhere)
    details = {"round": kind.value, "number": number}
    ledger.append(session, "pulse.opened", at=now, actor=by, subject=made.id, **details)
    return Opened(made, invited, days)


def _invite(session: Session, made: Round, *, key: bytes, zone: ZoneInfo) -> list[Invited]:
    reporting = teams.reporting(session)
    people = ask(session, _HERE)
    about = {"round_id": made.id}
    rows = [{"person": who, "reporting_team_id": reporting.get(who), **about} for who, _ in people]
    insert_rows(session, Invitation, rows)
    return _in_zones(people, key=key, zone=zone)


def _in_zones(
    people: Sequence[tuple[str, str | None]], *, key: bytes, zone: ZoneInfo
) -> list[Invited]:
    """Return the people with their zones; where one is unknown, it is the workspace's."""
    zones = {name: zone_named(name) or zone for name in {name for _, name in people}}
    return [Invited(who, zones[name], addressee(key, who)) for who, name in people]


def _plan(session: Session, made: Round, days: Days, everywhere: Collection[ZoneInfo]) -> None:
    for number, day in enumerate(days.reminders, start=1):
        at = calendar.first_instant(day, days.time, everywhere)
        if at < made.closes_at:
            subject = f"{made.id}:{number}:{day.isoformat()}"
            due.plan(session, REMIND, at=at, subject=subject)
    due.plan(session, CLOSE, at=made.closes_at, subject=str(made.id))


_SILENT = (
    select_columns(col(Invitation.person), col(Person.timezone))
    .join(Person, col(Person.slack_id) == col(Invitation.person))
    .where(col(Invitation.round_id) == bindparam("one"), IS_HERE)
    .where(col(Invitation.is_excused).is_(False))
    .where(
        col(Invitation.person).not_in(
            select(Participation.person).where(Participation.round_id == bindparam("one"))
        )
    )
)


def excuse(session: Session, round_id: int, *, person: str) -> None:
    """Count the person out of those who could answer: Slack could not reach them."""
    seen = {"round_id": round_id, "person": person}
    swap(session, Invitation, seen, is_excused=True)


def to_remind(session: Session, round_id: int, *, now: datetime) -> tuple[Round, list[Invited]]:
    """Return the round and who has not answered anything of it; nobody where it is over."""
    asked = rounds.must_be_there(session, round_id)
    key = rounds.key_of(session, round_id)
    if key is None or not asked.takes_answers(now):
        return asked, []
    silent = ask(session, _SILENT, one=round_id)
    return asked, _in_zones(silent, key=key, zone=settings.of_team(session).zone)


def stop(session: Session, round_id: int, *, now: datetime) -> bool:
    """Take no more answers; False where that was so already."""
    still_open = {"id": round_id, "status": Status.OPEN.value}
    if not swap(session, Round, still_open, status=Status.CLOSING.value):
        return False
    ledger.append(session, "pulse.closed", at=now, subject=round_id)
    return True
