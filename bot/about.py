"""The rest of what is held about one person, for that person alone: little, and read at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import acknowledgement, allowance, calibration, charter, roster, rounds, settings, teams
from bot.calibration import Calibration
from bot.charter import Charter
from bot.roster import Person
from bot.rounds import Asked, Round
from bot.teams import ReportingTeam


@dataclass(frozen=True)
class About:
    """What is held about a person besides what they gave, got, told and decided.

    Of a round it is said that they were asked, and never whether or what they answered: what says
    so here would outlive the round. `asked_teams` are the names of the teams they reported in.
    """

    person: Person
    zone: ZoneInfo
    is_owner: bool
    calibration: Calibration
    teams: Sequence[ReportingTeam]
    reports_in: ReportingTeam | None
    leads: Sequence[ReportingTeam]
    open_rounds: Sequence[Round]
    asked: Sequence[Asked]
    asked_teams: Mapping[int, str]
    versions: Sequence[Charter]
    read: Sequence[tuple[int, datetime]]
    used_today: int
    allowance: int


def of_person(session: Session, person: str, *, now: datetime) -> About:
    """Return it as it is now; raises LookupError for somebody of whom Slack never told."""
    known = roster.person(session, person)
    if known is None:
        raise LookupError(f"nobody knows {person}")
    asked = rounds.asked_in(session, person)
    reported_in = {one.team for one in asked if one.team}
    return About(
        known,
        roster.zone_of(session, person),
        roster.is_owner(session, person),
        calibration.of(session, person),
        teams.teams_of(session, person=person),
        teams.reports_in(session, person=person),
        teams.teams_led_by(session, person=person),
        rounds.open_for(session, person, now=now),
        asked,
        teams.names(session, reported_in) if reported_in else {},
        charter.written_by(session, person),
        acknowledgement.by_person(session, person),
        allowance.used_today(session, giver=person, now=now),
        settings.of_team(session).allowance,
    )
