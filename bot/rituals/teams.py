"""Teams: how owners name them, who leads them, and in which one of several somebody reports."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, update
from sqlmodel import Session, col

from bot import ledger, membership, naming, roster, teams
from bot.errors import UserError, length_of, quoted, raise_together
from bot.sources import WHY, Source
from bot.teams import ReportingChoice, ReportingLead, ReportingMember, ReportingTeam

LONGEST_NAME = 60
MOST_LEADS = 5
GONE = "This team is not there any more: somebody removed it meanwhile. Nothing was changed."


@dataclass(frozen=True)
class Shown:
    """A team, who leads it, how many are in its channel or group, and how many report in it."""

    team: ReportingTeam
    leads: Sequence[str]
    people: int
    reporting: int


def overview(session: Session) -> Sequence[Shown]:
    """Return all teams in the owners' order."""
    found, leads = teams.memberships(session), teams.leads(session)
    there = Counter(team for theirs in found.values() for team in theirs)
    report = Counter(teams.settled(found, teams.choices(session)).values())
    return [
        Shown(team, leads.get(team.id, []), there[team.id], report[team.id])
        for team in teams.in_order(session)
    ]


def shown(session: Session, team: int) -> Shown:
    """Return one of them; raise UserError where it was removed."""
    found = next((one for one in overview(session) if one.team.id == team), None)
    if found is None:
        raise UserError(GONE)
    return found


def add(
    session: Session,
    *,
    by: str,
    source: Source,
    name: str,
    leads: Sequence[str],
    now: datetime,
) -> ReportingTeam:
    """Make the people of a channel or a group a team, the last in the order, and return it.

    Without a name it has the one of its source. Raises UserError, with every fault at its field,
    and where `by` is no owner.
    """
    roster.must_be_owner(session, by)
    wanted = name.strip() or source.name[:LONGEST_NAME]
    field = "group" if teams.is_group(source.id) else "channel"
    problems = [*_source_problems(session, source, field), *_leads_problems(session, leads)]
    if source.trouble is None:
        problems += _name_problems(session, wanted)
    raise_together(problems)
    team = _new(session, source, wanted, now=now)
    membership.heard(session, team, came=source.people, at=now - membership.CLOCKS_DIFFER)
    _lead(session, team, leads)
    ledger.append(session, "reporting_team.added", at=now, actor=by, subject=team.id)
    return team


def _new(session: Session, source: Source, name: str, *, now: datetime) -> ReportingTeam:
    last = max((team.position for team in teams.in_order(session)), default=0)
    made = ReportingTeam(
        name=name, source=source.id, label=source.label, position=last + 1, created_at=now
    )
    session.add(made)
    session.flush()  # before its people, who are written past the session
    return made


def _source_problems(session: Session, source: Source, field: str) -> list[UserError]:
    if source.trouble is not None:
        return [UserError(WHY[source.trouble], field=field)]
    taken = teams.of_source(session, source.id)
    if taken is not None:
        made = f"{quoted(taken.name)} is made of {source.label} already."
        return [UserError(made, field=field)]
    here, _ = naming.check(session, source.people)
    if here or not source.is_whole:
        return []
    if not roster.is_complete(session):
        return [UserError(roster.STILL_LEARNING, field=field)]
    return [UserError(f"Nobody in {source.label} could report: it is empty.", field=field)]


def _leads_problems(session: Session, leads: Sequence[str]) -> list[UserError]:
    _, refusals = naming.check(session, leads)
    if not 1 <= len(set(leads)) <= MOST_LEADS:
        refusals.append(f"Choose one to {MOST_LEADS} people who lead it.")
    return [UserError(refusal, field="leads") for refusal in refusals]


def _name_problems(
    session: Session, name: str, *, besides: ReportingTeam | None = None
) -> list[UserError]:
    others = [team for team in teams.in_order(session) if team != besides]
    if not 1 <= length_of(name) <= LONGEST_NAME:
        return [UserError(f"A name takes 1 to {LONGEST_NAME} characters.", field="name")]
    if name.casefold() in [team.name.casefold() for team in others]:
        return [UserError("There is a team of this name already.", field="name")]
    return []


def _lead(session: Session, team: ReportingTeam, leads: Sequence[str]) -> None:
    before = delete(ReportingLead).where(col(ReportingLead.reporting_team_id) == team.id)
    session.execute(before)
    for position, person in enumerate(dict.fromkeys(leads)):
        session.add(ReportingLead(reporting_team_id=team.id, person=person, position=position))


def change(
    session: Session,
    *,
    by: str,
    team: int,
    based_on: int,
    name: str,
    leads: Sequence[str],
    position: str,
    now: datetime,
) -> ReportingTeam:
    """Give a team another name, other leads or another place in the order, and return it.

    `position` is the place as it was typed, the first being 1. Raises UserError, with every fault
    at its field, and where `by` is no owner or the team was changed since `based_on`.
    """
    roster.must_be_owner(session, by)
    known, wanted = _the_team(session, team), name.strip()
    raise_together(
        [
            *_name_problems(session, wanted, besides=known),
            *_leads_problems(session, leads),
            *_position_problems(session, position),
        ]
    )
    _claim(session, known, based_on=based_on, name=wanted)
    _lead(session, known, leads)
    _move(session, known, to=int(position))
    ledger.append(session, "reporting_team.changed", at=now, actor=by, subject=team)
    return known


def _the_team(session: Session, team: int) -> ReportingTeam:
    found = teams.find(session, team)
    if found is None:
        raise UserError(GONE)
    return found


def _claim(session: Session, team: ReportingTeam, *, based_on: int, name: str) -> None:
    mine = (col(ReportingTeam.id) == team.id, col(ReportingTeam.revision) == based_on)
    changed = update(ReportingTeam).where(*mine).values(name=name, revision=based_on + 1)
    if not cast(CursorResult[Any], session.execute(changed)).rowcount:
        raise UserError(
            "Nothing was saved: somebody else changed this team meanwhile. "
            "Close this form and open it again."
        )


def _position_problems(session: Session, position: str) -> list[UserError]:
    wanted, last = position.strip(), len(teams.in_order(session))
    if wanted.isdecimal() and len(wanted) <= 9 and 1 <= int(wanted) <= last:
        return []
    return [UserError(f"Write a number from 1 to {last}.", field="position")]


def _move(session: Session, team: ReportingTeam, *, to: int) -> None:
    others = [other for other in teams.in_order(session) if other.id != team.id]
    others.insert(to - 1, team)
    for position, one in enumerate(others, start=1):
        one.position = position
        session.add(one)


def remove(session: Session, *, by: str, team: int, now: datetime) -> ReportingTeam:
    """Have nobody report in the team any more, and return it; who is in it is forgotten.

    Raises UserError where `by` is no owner or it was removed already.
    """
    roster.must_be_owner(session, by)
    known = _the_team(session, team)
    for table in (ReportingMember, ReportingLead, ReportingChoice):
        session.execute(delete(table).where(col(table.reporting_team_id) == team))
    known.source = None
    session.add(known)
    ledger.append(session, "reporting_team.removed", at=now, actor=by, subject=team)
    return known


def choose(session: Session, *, by: str, chosen: Mapping[str, int | None], now: datetime) -> None:
    """Have these people report in the teams chosen for them, with None where the order says.

    Raises UserError at the field named like the person where they are not in that team any more,
    and where `by` is no owner.
    """
    roster.must_be_owner(session, by)
    theirs, before = teams.memberships(session), teams.choices(session)
    # What was chosen of a team that somebody is out of for now comes back with them.
    before = {who: team for who, team in before.items() if team in theirs.get(who, [])}
    raise_together(
        [
            UserError("They are not in this team any more. Choose another.", field=person)
            for person, team in chosen.items()
            if team is not None and team not in theirs.get(person, [])
        ]
    )
    changed = {who: team for who, team in chosen.items() if team != before.get(who)}
    if not changed:
        return
    anew = delete(ReportingChoice).where(col(ReportingChoice.person).in_(changed))
    session.execute(anew)
    for person, team in changed.items():
        if team is not None:
            session.add(ReportingChoice(person=person, reporting_team_id=team))
    people = sorted(changed)
    ledger.append(session, "reporting_team.chosen", at=now, actor=by, people=people)
