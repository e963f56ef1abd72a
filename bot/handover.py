"""When a decision's driver leaves, or becomes a guest: who can drive it instead, and does."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, update
from sqlmodel import Session, col

from bot import decisions, ledger, nudges, outbox, roster, standing
from bot.decisions import Decision, DecisionRole, Role, Status
from bot.deliberation import move, noted
from bot.errors import UserError
from bot.rights import Part, Right
from bot.rows import insert_once
from bot.standing import Standing
from bot.tenancy import Utc


def candidates(session: Session, stands: Standing) -> list[str]:
    """Return who can take the decision over: its approvers who are here.

    Where there are none of them, the owners; of a private one, the others of its people.
    """
    approvers = [one.person for one in stands.approvals]
    if here := _here(session, approvers):
        return here
    if stands.decision.is_private:
        return _here(session, stands.people)
    return [owner.slack_id for owner in roster.owners(session)]


def parts(session: Session, stands: Standing, *, by: str) -> set[Part]:
    """Return what this person is here and to the decision, whose driver may have to be replaced."""
    is_heir = not stands.driver_is_here and by in candidates(session, stands)
    return decisions.parts(session, stands.decision, by=by) | ({Part.HEIR} if is_heir else set())


_MARK = (
    update(Decision)
    .where(col(Decision.id) == bindparam("one"))
    .values(driverless_at=bindparam("since", type_=Utc))
    .execution_options(synchronize_session=False)
)


def follow(session: Session, stands: Standing, *, now: datetime) -> None:
    """Keep since when nobody drives it, where somebody of it left or came back.

    The Homes of everybody who is asked to drive it, or was until now, follow at once.
    """
    decision = stands.decision
    since = decision.driverless_at
    if since is None and not stands.is_driverless:
        return
    session.execute(
        _MARK, {"one": decision.id, "since": (since or now) if stands.is_driverless else None}
    )
    kind = f"decision.driver_{'wanted' if stands.is_driverless else 'came_back'}_privately"
    others = [] if decision.is_private else [owner.slack_id for owner in roster.owners(session)]
    whose = list(dict.fromkeys([*stands.people, *others]))
    ledger.append(session, kind, at=now, subject=decision.id, concerns=whose)


def is_asked(session: Session, stands: Standing, *, now: datetime) -> bool:
    """Whether everybody who can take a decision over that nobody drives has been asked."""
    keys = [
        nudges.driving_cause(stands.decision, one, now=now) for one in candidates(session, stands)
    ]
    is_known = stands.decision.driverless_at is not None
    return is_known and all(outbox.by_cause(session, key) is not None for key in keys)


def _here(session: Session, people: Sequence[str]) -> list[str]:
    known = roster.people(session, people)
    return [one for one in people if one in known and known[one].is_full_member]


def take_over(session: Session, decision_id: int, *, by: str, now: datetime) -> Standing:
    """Have this person drive a decision that nobody drives any more; the first who asks does.

    Raises UserError, saying who drives it, where somebody does, or where this person cannot.
    """
    decision = decisions.seen(session, decisions.by_id(session, decision_id), by=by)
    stands = standing.of(session, decision)
    _must_be_driverless(session, stands)
    _must_be_asked(session, stands, by=by)
    gone, status = decision.driver, Status(decision.status)
    decided_by = decision.decider if status is Status.DECIDED else None
    move(session, decision, status, driver=by, decided_by=decided_by, driverless_at=None)
    _pass_on(session, decision, by=by)
    return noted(session, decision.id, "driven", by=by, now=now, gone=gone)


def _must_be_driverless(session: Session, stands: Standing) -> None:
    if stands.is_driverless:
        return
    if not stands.decision.needs_driver:
        raise UserError(f"Nothing was changed. {stands.decision.state}")
    driver = roster.names(session, [stands.decision.driver])
    raise UserError(f"Nothing was changed: {', '.join(driver.values())} drives it now.")


def _must_be_asked(session: Session, stands: Standing, *, by: str) -> None:
    if not Right.TAKE_OVER.allows(parts(session, stands, by=by)):
        asked = candidates(session, stands)
        names = ", ".join(roster.names(session, asked).values()) or "nobody who is here"
        raise UserError(f"Nothing was changed. This can be taken over by {names}.")


def _pass_on(session: Session, decision: Decision, *, by: str) -> None:
    """Keep who drove it until now, and after how many others this person does."""
    before = decisions.roles(session, decision.id)
    was = next(one for one in before if one.role == Role.DRIVER)
    session.execute(delete(DecisionRole).where(col(DecisionRole.id) == was.id))
    of_it = {"decision_id": decision.id}
    drove = {"person": was.person, "role": Role.DROVE.value, "position": was.position}
    insert_once(session, DecisionRole, **of_it, **drove)
    drives = {"person": by, "role": Role.DRIVER.value, "position": was.position + 1}
    insert_once(session, DecisionRole, **of_it, **drives)
