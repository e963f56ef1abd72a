"""Deciding: how a decision begins, and how it ends."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot import charter, decisions, ledger, roster, settings
from bot.charter import Charter
from bot.counters import next_number
from bot.decisions import Decision, DecisionRole, Role, Status
from bot.deliberation import (
    LONGEST_REASON,
    ChangedError,
    check_length,
    check_reason,
    move,
    must_be_open,
    must_drive,
    noted,
    refused,
)
from bot.errors import UserError, raise_together
from bot.ids import new_id
from bot.proposal import (
    CHECKLIST,
    MOST_APPROVERS,
    MOST_CONTRIBUTORS,
    Proposal,
    check_checklist,
    problems,
    tidy_lines,
)
from bot.rows import insert_rows
from bot.standing import Standing
from bot.workdays import next_working_day

DAYS_TO_DECIDE = timedelta(days=7)  # where nobody says until when


def checklist(session: Session) -> list[str]:
    """Return the questions that a decision begins with."""
    chosen = settings.of_team(session).checklist
    return list(CHECKLIST if chosen is None else chosen)


def word_checklist(session: Session, lines: Sequence[str], *, by: str, now: datetime) -> None:
    """Save the questions that every new decision begins with; those that there are keep theirs.

    Raises UserError where `by` is no owner, and at its field where they cannot be asked like that.
    """
    roster.must_be_owner(session, by)
    questions = tidy_lines(lines)
    problem = check_checklist(questions)
    if problem:
        raise problem
    settings.change(session, checklist=questions)
    ledger.append(session, "settings.changed", at=now, actor=by)


def begin(session: Session, proposal: Proposal, *, now: datetime) -> Standing:
    """Save a decision that is to be made, and return it.

    Raises UserError, with every fault at its field, where it cannot be asked like that.
    """
    current = charter.must_be_in_force(session)
    proposal = proposal.tidied()
    today = now.astimezone(roster.zone_of(session, proposal.author)).date()
    raise_together([*problems(proposal, today=today), *_people_problems(session, proposal)])
    row = _row(session, proposal, current, today=today, now=now)
    insert_rows(session, Decision, [row])
    insert_rows(session, DecisionRole, [*_roles(proposal, row["id"])])
    return noted(session, row["id"], "begun", by=proposal.author, now=now)


def _people_problems(session: Session, proposal: Proposal) -> Iterator[UserError]:
    named = (
        ("driver", [proposal.driver], 1),
        ("approvers", proposal.approvers, MOST_APPROVERS),
        ("contributors", proposal.contributors, MOST_CONTRIBUTORS),
    )
    for field, people, most in named:
        for refusal in refused(session, people, no_guests=field != "contributors"):
            yield UserError(refusal, field=field)
        if len(people) > most:
            yield UserError(f"You named {len(people)} people; {most} fit.", field=field)


def _row(
    session: Session, proposal: Proposal, current: Charter, *, today: date, now: datetime
) -> dict[str, Any]:
    chosen = settings.of_team(session)
    words = asdict(proposal)
    for name in ("approvers", "contributors", "visibility"):
        del words[name]
    return words | {
        "id": new_id(),
        "number": None if proposal.is_private else next_number(session, Decision.KIND),
        "code": _free_code(session) if proposal.is_private else None,
        "version_id": current.version.id,
        "due": proposal.due or next_working_day(today + DAYS_TO_DECIDE, chosen.country),
        "channel": None if proposal.is_private else chosen.decisions_channel,
        "despite": [],
        "created_at": now,
    }


def _free_code(session: Session) -> str:
    while decisions.named(session, code := decisions.new_code()):
        continue
    return code


def _roles(proposal: Proposal, decision_id: int) -> Iterator[dict[str, Any]]:
    people = {
        Role.AUTHOR: [proposal.author],
        Role.DRIVER: [proposal.driver],
        Role.APPROVER: proposal.approvers,
        Role.CONTRIBUTOR: proposal.contributors,
    }
    for role, several in people.items():
        for position, who in enumerate(several):
            about = {"decision_id": decision_id, "person": who}
            yield {**about, "role": role.value, "position": position}


def decide(
    session: Session,
    decision_id: int,
    *,
    by: str,
    choice: int,
    reason: str,
    based_on: int,
    now: datetime,
) -> Standing:
    """Decide for an option; what is missing then stands on the card for good, with the reason.

    `based_on` is the version that the driver saw. Raises UserError where it is not open, not
    theirs to decide, or a reason is needed, and ChangedError where it is another one than they saw.
    """
    stands = must_be_open(session, decision_id, by=by)
    decision, reason = stands.decision, reason.strip()
    must_drive(session, decision, by=by)
    if based_on != decision.version:
        raise ChangedError
    if choice not in range(len(decision.options)):
        raise UserError("Choose one of the options.", field="choice")
    if stands.missing:
        check_reason(reason, "Say why it is decided all the same")
    check_length(reason, LONGEST_REASON, field="reason")
    despite = [what.value for what in stands.missing]
    ending = {"reason": reason, "despite": despite, "decided_at": now}
    move(session, decision, Status.DECIDED, choice=choice, **ending)
    return noted(session, decision_id, "decided", by=by, now=now, choice=choice)


def withdraw(session: Session, decision_id: int, *, by: str, now: datetime) -> Standing:
    """Take an open decision back for good; its driver, its author or an owner can."""
    decision = decisions.seen(session, decisions.by_id(session, decision_id), by=by)
    must_be_withdrawable(session, decision, by=by)
    move(session, decision, Status.WITHDRAWN, ended_by=by, ended_at=now)
    return noted(session, decision_id, "withdrawn", by=by, now=now)


def must_be_withdrawable(session: Session, decision: Decision, *, by: str) -> None:
    """Raise UserError where a decision is not open, or not theirs to withdraw."""
    if not decision.is_open:
        raise UserError(f"Nothing was changed. {decision.state}")
    if by not in (decision.driver, decision.author) and not roster.is_owner(session, by):
        raise UserError(
            "Its driver, who asked for it, or an owner of the mission can withdraw this decision. "
            "Nothing was changed."
        )


def supersede(
    session: Session, decision_id: int, *, by: str, successor: str, now: datetime
) -> Standing:
    """Have another decision, named as people name it, take the place of this one.

    Raises UserError where this one does not hold, is not theirs, or the other one cannot.
    """
    decision = decisions.seen(session, decisions.by_id(session, decision_id), by=by)
    must_be_supersedable(session, decision, by=by)
    other = _successor(session, decision, successor, by=by)
    ending = {"superseded_by": other.id, "ended_by": by, "ended_at": now}
    move(session, decision, Status.SUPERSEDED, **ending)
    return noted(session, decision_id, "superseded", by=by, now=now, successor=other.id)


def must_be_supersedable(session: Session, decision: Decision, *, by: str) -> None:
    """Raise UserError where a decision does not hold, or is not theirs to supersede."""
    if not Status(decision.status).holds:
        raise UserError(f"Only a decision that holds can be superseded. {decision.state}")
    must_drive(session, decision, by=by)


def _successor(session: Session, decision: Decision, name: str, *, by: str) -> Decision:
    found = decisions.named(session, name)
    why_not = None
    if found is None or not decisions.can_see(session, found, by=by):
        raise UserError("I know no such decision.", field="successor")
    if found.id == decision.id:
        why_not = "A decision cannot supersede itself."
    elif found.superseded_by == decision.id:
        why_not = "That one was superseded by this one, and a circle would leave none that holds."
    elif not Status(found.status).holds:
        why_not = f"It has to be decided itself. {found.state}"
    elif found.is_private != decision.is_private:
        why_not = "One of the two is private, and a link between them would show that it exists."
    if why_not:
        raise UserError(why_not, field="successor")
    return found


def review(
    session: Session, decision_id: int, *, by: str, as_predicted: bool, now: datetime
) -> Standing:
    """Keep how a decision came out, as its driver says it.

    Raises UserError where it is not decided, or reviewed already, or not theirs.
    """
    decision = decisions.seen(session, decisions.by_id(session, decision_id), by=by)
    if decision.status != Status.DECIDED:
        raise UserError(f"Nothing was saved. {decision.state}")
    must_drive(session, decision, by=by)
    came_out = {"as_predicted": as_predicted, "reviewed_at": now}
    move(session, decision, Status.REVIEWED, **came_out)
    return noted(session, decision_id, "reviewed", by=by, now=now)
