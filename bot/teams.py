"""Teams in which people report: whose answers are shown together, and who leads whom.

In code they are reporting teams, since `team_id` names the workspace everywhere else.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Index, UniqueConstraint, bindparam
from sqlalchemy import select as select_columns
from sqlmodel import Field, Session, col, select

from bot import roster
from bot.reach import IS_HERE
from bot.roster import Person
from bot.rows import ask
from bot.tenancy import TeamRow, Utc


class ReportingTeam(TeamRow, table=True):
    """A team as the owners named it. Its people are those of a channel or of a user group.

    `source` is the id of that channel or group and `label` its name in Slack; a team that was
    removed has no source and keeps its name, for what was shown of it. `position` is its place in
    the owners' order.
    """

    __tablename__ = "reporting_team"
    __table_args__ = (UniqueConstraint("team_id", "source"),)

    name: str = Field(max_length=60)
    source: str | None = Field(default=None, max_length=32)
    label: str = Field(max_length=255)
    position: int
    revision: int = 0
    # When its people were last told as a whole; whether that has to be asked anew, and what kept
    # it from being answered the last time.
    told_at: datetime | None = Field(default=None, sa_type=Utc)
    is_unread: bool = True
    trouble: str | None = Field(default=None, max_length=32)
    created_at: datetime = Field(sa_type=Utc)

    @property
    def is_of_group(self) -> bool:
        """Whether its people are those of a user group."""
        return is_group(str(self.source))


class ReportingMember(TeamRow, table=True):
    """What was heard last of one person and one team's source, and when."""

    __tablename__ = "reporting_member"
    __table_args__ = (
        UniqueConstraint("team_id", "reporting_team_id", "person"),
        Index("ix_reporting_member_person", "team_id", "person"),
    )

    reporting_team_id: int = Field(sa_type=BigInteger, foreign_key="reporting_team.id")
    person: str = Field(max_length=32)
    is_in: bool
    heard_at: datetime = Field(sa_type=Utc)


class ReportingLead(TeamRow, table=True):
    """Somebody who leads a team, whether they are in it or not."""

    __tablename__ = "reporting_lead"
    __table_args__ = (
        UniqueConstraint("team_id", "reporting_team_id", "person"),
        Index("ix_reporting_lead_person", "team_id", "person"),
    )

    reporting_team_id: int = Field(sa_type=BigInteger, foreign_key="reporting_team.id")
    person: str = Field(max_length=32)
    position: int


class ReportingChoice(TeamRow, table=True):
    """In which of their teams an owner wants somebody to report, whatever the order says."""

    __tablename__ = "reporting_choice"
    __table_args__ = (UniqueConstraint("team_id", "person"),)

    person: str = Field(max_length=32)
    reporting_team_id: int = Field(sa_type=BigInteger, foreign_key="reporting_team.id")


@dataclass(frozen=True)
class InSeveral:
    """Somebody in several teams: theirs in the owners' order, and the one an owner chose."""

    person: str
    name: str
    teams: Sequence[ReportingTeam]
    chosen: int | None


def is_group(source: str) -> bool:
    """Say whether this is the id of a user group, and not of a channel."""
    return source.startswith("S")


_TEAMS = (
    select(ReportingTeam)
    .where(col(ReportingTeam.source).is_not(None))
    .order_by(col(ReportingTeam.position), col(ReportingTeam.id))
)
_IN = (
    select_columns(col(ReportingMember.person), col(ReportingMember.reporting_team_id))
    .join(ReportingTeam, col(ReportingTeam.id) == col(ReportingMember.reporting_team_id))
    .join(Person, col(Person.slack_id) == col(ReportingMember.person))
    .where(col(ReportingMember.is_in), col(ReportingTeam.source).is_not(None), IS_HERE)
    .order_by(col(ReportingTeam.position), col(ReportingTeam.id))
)
_ONES = _IN.where(col(ReportingMember.person) == bindparam("who"))
_CHOSEN = select_columns(col(ReportingChoice.person), col(ReportingChoice.reporting_team_id))
_LEADS = (
    select_columns(col(ReportingLead.reporting_team_id), col(ReportingLead.person))
    .join(Person, col(Person.slack_id) == col(ReportingLead.person))
    .where(IS_HERE)
    .order_by(col(ReportingLead.position))
)
_LED = (
    _TEAMS.join(ReportingLead, col(ReportingLead.reporting_team_id) == col(ReportingTeam.id))
    .join(Person, col(Person.slack_id) == col(ReportingLead.person))
    .where(col(ReportingLead.person) == bindparam("who"), IS_HERE)
)


def in_order(session: Session) -> Sequence[ReportingTeam]:
    """Return the teams that there are, in the owners' order."""
    return session.scalars(_TEAMS).all()


def find(session: Session, team: int) -> ReportingTeam | None:
    """Return the team with this id, None where there is none or it was removed."""
    return next((one for one in in_order(session) if one.id == team), None)


def of_source(session: Session, source: str) -> ReportingTeam | None:
    """Return the team whose people are those of this channel or group."""
    return session.exec(select(ReportingTeam).where(ReportingTeam.source == source)).first()


def names(session: Session, teams: Iterable[int]) -> dict[int, str]:
    """Return the names of these teams by their ids, of removed ones too."""
    wanted = col(ReportingTeam.id).in_(list(teams))
    return {one.id: one.name for one in session.exec(select(ReportingTeam).where(wanted))}


def memberships(session: Session) -> dict[str, list[int]]:
    """Return the teams of everybody here who is in any, each person's in the owners' order."""
    found: dict[str, list[int]] = {}
    for person, team in session.execute(_IN):
        found.setdefault(person, []).append(team)
    return found


def choices(session: Session) -> dict[str, int]:
    """Return the teams that owners chose, by person; one counts while the person is in it."""
    return {person: team for person, team in session.execute(_CHOSEN)}


def reporting(session: Session) -> dict[str, int]:
    """Return the one team in which each person here reports; who is in none is not there.

    The teams thus never overlap. It is the team that an owner chose for the person as long as they
    are in it, else the first of theirs in the owners' order. Whoever opens a round copies this:
    it changes with every event afterwards.
    """
    return settled(memberships(session), choices(session))


def settled(teams: Mapping[str, Sequence[int]], chosen: Mapping[str, int]) -> dict[str, int]:
    """Return the one team of each person: the one chosen if it is theirs, else their first."""
    return {
        person: chosen[person] if chosen.get(person) in theirs else theirs[0]
        for person, theirs in teams.items()
    }


def reports_in(session: Session, *, person: str) -> ReportingTeam | None:
    """Return the team in which the person reports, None where they are in none or not here."""
    theirs = [team for _, team in ask(session, _ONES, who=person)]
    one = settled({person: theirs}, choices(session)).get(person) if theirs else None
    return find(session, one) if one else None


def teams_of(session: Session, *, person: str) -> Sequence[ReportingTeam]:
    """Return the teams that the person is in, in the owners' order; none for who is not here."""
    theirs = {team for _, team in ask(session, _ONES, who=person)}
    return [team for team in in_order(session) if team.id in theirs] if theirs else []


def several(session: Session) -> Sequence[InSeveral]:
    """Return who is in several teams, by their names."""
    by_id = {team.id: team for team in in_order(session)}
    chosen = choices(session)
    theirs = {who: ids for who, ids in memberships(session).items() if len(ids) > 1}
    called = roster.names(session, theirs)
    found = [
        InSeveral(
            person,
            called[person],
            [by_id[one] for one in ids],
            chosen[person] if chosen.get(person) in ids else None,
        )
        for person, ids in theirs.items()
    ]
    return sorted(found, key=lambda one: (one.name.casefold(), one.person))


def leads(session: Session) -> dict[int, list[str]]:
    """Return who leads each team, in the order in which they were named; who left is left out."""
    found: dict[int, list[str]] = {}
    for team, person in session.execute(_LEADS):
        found.setdefault(team, []).append(person)
    return found


def leads_of(session: Session, *, person: str) -> list[str]:
    """Return who leads the team in which the person reports, but never the person."""
    team = reports_in(session, person=person)
    return [lead for lead in leads(session).get(team.id, []) if lead != person] if team else []


def teams_led_by(session: Session, *, person: str) -> Sequence[ReportingTeam]:
    """Return the teams that the person leads, in the owners' order; none for who is not here."""
    return session.scalars(_LED, {"who": person}).all()
