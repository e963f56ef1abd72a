"""What becomes of a decision: it is made, withdrawn, superseded, and looked back upon."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, update
from sqlmodel import Session, col, select

from bot import decisions, handover, nudges, roster, standing
from bot.decisions import Decision, DecisionRole, Status
from bot.deliberation import (
    LONGEST_REASON,
    ChangedError,
    check_length,
    check_reason,
    move,
    must_be_open,
    must_drive,
    noted,
)
from bot.errors import UserError
from bot.rights import Right
from bot.rows import ask
from bot.standing import Standing


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
    ending["review_at"] = _first_review(session, decision, now=now)
    move(session, decision, Status.DECIDED, choice=choice, **ending)
    nudges.stop(session, decision)
    stands = noted(session, decision_id, "decided", by=by, now=now, choice=choice)
    nudges.plan_review(session, stands.decision)
    return stands


def _first_review(session: Session, decision: Decision, *, now: datetime) -> datetime | None:
    if decision.review_in is None:
        return None
    return nudges.review_at(session, decision, after=timedelta(weeks=decision.review_in), now=now)


def withdraw(session: Session, decision_id: int, *, by: str, now: datetime) -> Standing:
    """Take an open decision back for good; its driver, its author or an owner can."""
    decision = decisions.seen(session, decisions.by_id(session, decision_id), by=by)
    must_be_withdrawable(session, decision, by=by)
    move(session, decision, Status.WITHDRAWN, ended_by=by, ended_at=now, driverless_at=None)
    nudges.stop(session, decision)
    return noted(session, decision_id, "withdrawn", by=by, now=now)


def must_be_withdrawable(session: Session, decision: Decision, *, by: str) -> None:
    """Raise UserError where a decision is not open, or not theirs to withdraw."""
    if not decision.is_open:
        raise UserError(f"Nothing was changed. {decision.state}")
    if not Right.WITHDRAW_DECISION.allows(decisions.parts(session, decision, by=by)):
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
    if decision.is_private:
        _shut_out(session, decision, other)
    nudges.drop_review(session, decision)
    return noted(session, decision_id, "superseded", by=by, now=now, successor=other.id)


def must_be_supersedable(session: Session, decision: Decision, *, by: str) -> None:
    """Raise UserError where a decision does not hold, or is not theirs to supersede.

    It is its driver's; where they left or became a guest, it is theirs who could drive it instead.
    """
    if not Status(decision.status).holds:
        raise UserError(f"Only a decision that holds can be superseded. {decision.state}")
    stands = standing.of(session, decision)
    if Right.SUPERSEDE.allows(handover.parts(session, stands, by=by)):
        return
    if stands.driver_is_here:
        must_drive(session, decision, by=by)
    could_drive = roster.names(session, handover.candidates(session, stands))
    names = ", ".join(could_drive.values()) or "nobody who is here"
    raise UserError(f"Nothing was changed. This can be superseded by {names}.")


def _successor(session: Session, decision: Decision, name: str, *, by: str) -> Decision:
    found = decisions.named(session, name)
    why_not = None
    if found is None or not decisions.can_see(session, found, by=by):
        raise UserError("I know no such decision.", field="successor")
    if found.id == decision.id:
        why_not = "A decision cannot supersede itself."
    elif _leads_to(session, found, decision):
        why_not = "That one was superseded by this one, and a circle would leave none that holds."
    elif not Status(found.status).holds:
        why_not = f"It has to be decided itself. {found.state}"
    elif found.is_private != decision.is_private:
        why_not = "One of the two is private, and a link between them would show that it exists."
    elif outside := _outside(session, found, decision):
        why_not = (
            f"{', '.join(outside)} cannot see that one, and would learn here that it exists. "
            "One that all people of this decision can see may take its place."
        )
    if why_not:
        raise UserError(why_not, field="successor")
    return found


def _outside(session: Session, found: Decision, decision: Decision) -> list[str]:
    """Return the names of a private decision's people who cannot see the one found.

    Who left counts for nothing here: nobody could name them in a new decision.
    """
    if not decision.is_private:
        return []
    known = roster.people(session, [*_cannot_follow(session, decision, found)])
    return [one.name for one in known.values() if not one.has_left]


def _cannot_follow(session: Session, decision: Decision, successor: Decision) -> set[str]:
    of_it, follow = (
        {one.person for one in decisions.roles(session, each.id)} for each in (decision, successor)
    )
    return of_it - follow


_LED_TO = select(Decision.id).where(
    col(Decision.superseded_by).in_(bindparam("these", expanding=True))
)


def _shut_out(session: Session, decision: Decision, successor: Decision) -> None:
    """Hide a private decision, and all that led to it, from who cannot see what takes its place.

    They left; were they to come back, its card would tell them that there is another one.
    """
    left = [*_cannot_follow(session, decision, successor)]
    these = [decision.id]
    while these:
        of_these = col(DecisionRole.decision_id).in_(these), col(DecisionRole.person).in_(left)
        session.execute(update(DecisionRole).where(*of_these).values(sees=False))
        these = ask(session, _LED_TO, these=these)


def _leads_to(session: Session, found: Decision, decision: Decision) -> bool:
    """Whether what took the place of the one found, and of that, is this decision in the end."""
    later: Decision | None = found
    while later is not None and later.superseded_by is not None:
        if later.superseded_by == decision.id:
            return True
        later = decisions.by_id(session, later.superseded_by)
    return False


def review(
    session: Session, decision_id: int, *, by: str, as_predicted: bool, now: datetime
) -> Standing:
    """Keep how a decision came out, as its driver says it.

    Raises UserError where it is not decided, or reviewed already, or not theirs.
    """
    decision = _must_be_reviewable(session, decision_id, by=by)
    came_out = {"as_predicted": as_predicted, "reviewed_at": now}
    move(session, decision, Status.REVIEWED, **came_out)
    nudges.drop_review(session, decision)
    return noted(session, decision_id, "reviewed", by=by, now=now)


def postpone_review(session: Session, decision_id: int, *, by: str, now: datetime) -> Standing:
    """Have the driver asked again later how a decision came out.

    Raises UserError where it is not decided, or reviewed already, or not theirs.
    """
    decision = _must_be_reviewable(session, decision_id, by=by)
    later = nudges.review_at(session, decision, after=nudges.AGAIN, now=now)
    move(session, decision, Status.DECIDED, review_at=later)
    nudges.drop_review(session, decision)
    stands = noted(session, decision_id, "review_postponed", by=by, now=now)
    nudges.plan_review(session, stands.decision)
    return stands


def _must_be_reviewable(session: Session, decision_id: int, *, by: str) -> Decision:
    decision = decisions.seen(session, decisions.by_id(session, decision_id), by=by)
    if decision.status != Status.DECIDED:
        raise UserError(f"Nothing was saved. {decision.state}")
    must_drive(session, decision, by=by)
    return decision
