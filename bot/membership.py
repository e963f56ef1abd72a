"""Who is in a team's channel or user group, as last heard of: by events, and read as a whole.

Slack sends events late, twice and out of their order, so the later word wins by Slack's own time.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot.rows import insert_rows
from bot.teams import ReportingMember, ReportingTeam, of_source

# By how much the clock here and Slack's may differ: what happened so shortly before a reading
# is told by its event.
CLOCKS_DIFFER = timedelta(minutes=1)


_OF_TEAM = select(ReportingMember).where(
    col(ReportingMember.reporting_team_id) == bindparam("team")
)
# Columns and no objects: a channel may have thousands of people.
_KNOWN = select_columns(
    col(ReportingMember.person), col(ReportingMember.is_in), col(ReportingMember.heard_at)
).where(col(ReportingMember.reporting_team_id) == bindparam("team"))


def heard(
    session: Session,
    team: ReportingTeam,
    *,
    at: datetime,
    came: Collection[str] = (),
    went: Collection[str] = (),
) -> None:
    """Keep that these people came into the team's source, and those went, at Slack's time `at`.

    What is older than what is known of a person changes nothing.
    """
    if team.told_at is not None and at <= team.told_at:
        return
    news = {**dict.fromkeys(came, True), **dict.fromkeys(went, False)}
    theirs = _OF_TEAM.where(col(ReportingMember.person).in_(news))
    known = {row.person: row for row in session.scalars(theirs, {"team": team.id})}
    for person, row in known.items():
        if row.heard_at < at:
            row.is_in, row.heard_at = news[person], at
            session.add(row)
    _insert(session, team, {p: is_in for p, is_in in news.items() if p not in known}, at=at)


def hear(
    session: Session,
    source: str,
    *,
    at: datetime,
    came: Collection[str] = (),
    went: Collection[str] = (),
) -> None:
    """Keep the same of a channel or group, where it is a team's.

    Whoever hears of it may look into it, so one that could not be read is read anew.
    """
    team = of_source(session, source)
    if team is None:
        return
    heard(session, team, at=at, came=came, went=went)
    if team.trouble:
        ask_anew(session, team)


def told(session: Session, team: ReportingTeam, people: Collection[str], *, at: datetime) -> None:
    """Keep that exactly these people were in the team's source at Slack's time `at`.

    What was heard of somebody later than that stays.
    """
    if team.told_at is not None and at < team.told_at:
        return
    team.told_at = at
    session.add(team)
    known = {row.person: row for row in session.execute(_KNOWN, {"team": team.id})}
    there = set(people)
    outdated = {
        person
        for person, row in known.items()
        if row.heard_at <= at and not (row.is_in and person in there)
    }
    _forget(session, team, outdated)
    new = there - (known.keys() - outdated)
    _insert(session, team, dict.fromkeys(sorted(new), True), at=at)


def whole(
    session: Session, source: str, label: str, people: Collection[str] | None, *, at: datetime
) -> None:
    """Keep what Slack told of a user group in use at its time `at`, where it is a team's.

    One whose people were not told is read anew. What is older than what is known changes nothing.
    """
    team = of_source(session, source)
    if team is None or (team.told_at is not None and at < team.told_at):
        return
    team.label, team.trouble = label, None
    session.add(team)
    if people is None:
        ask_anew(session, team)
    else:
        told(session, team, people, at=at)


def read(
    session: Session, team: ReportingTeam, people: Collection[str], *, began: datetime
) -> None:
    """Keep what reading the source as a whole found, which began at this time of ours."""
    told(session, team, people, at=began - CLOCKS_DIFFER)


def ask_anew(session: Session, *teams: ReportingTeam) -> None:
    """Have these teams' sources read as a whole, soon."""
    for team in teams:
        team.is_unread = True
        session.add(team)


def ask_about(session: Session, source: str) -> None:
    """Have a channel or a group read as a whole, soon, where it is a team's."""
    team = of_source(session, source)
    if team is not None:
        ask_anew(session, team)


_UNREAD = select(ReportingTeam).where(
    col(ReportingTeam.is_unread), col(ReportingTeam.source).is_not(None)
)


def unread(session: Session) -> Sequence[ReportingTeam]:
    """Return the teams whose sources have to be read as a whole."""
    return session.scalars(_UNREAD.order_by(col(ReportingTeam.id))).all()


def _forget(session: Session, team: ReportingTeam, people: Collection[str]) -> None:
    theirs = (col(ReportingMember.reporting_team_id) == team.id,)
    if people:
        gone = delete(ReportingMember).where(*theirs, col(ReportingMember.person).in_(people))
        session.execute(gone)


def _insert(session: Session, team: ReportingTeam, news: dict[str, bool], *, at: datetime) -> None:
    rows = [
        {"reporting_team_id": team.id, "person": person, "is_in": is_in, "heard_at": at}
        for person, is_in in news.items()
    ]
    insert_rows(session, ReportingMember, rows)
