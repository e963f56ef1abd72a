"""Deciding: how a decision begins, and with which checklist."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot import charter, decisions, fulltext, gist, ledger, nudges, roster, settings
from bot.charter import Charter
from bot.counters import next_number
from bot.decisions import Decision, DecisionRole, Role
from bot.deliberation import (
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
    stands = noted(session, row["id"], "begun", by=proposal.author, now=now)
    fulltext.put(session, gist.entry(stands.decision))
    nudges.plan(session, stands.decision)
    return stands


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
