"""What a team has chosen: its owners, its channels, its zone and country, when what comes round."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Column, Connection, UniqueConstraint
from sqlalchemy import select as select_columns
from sqlmodel import Field, Session, col, select

from bot.disclosure import FEWEST, FEWEST_COMMENTS, Minimum
from bot.recurrence import Weekly, days_in
from bot.rows import remembered
from bot.tenancy import EVERY_TEAM, TeamRow, Utc

DEFAULT_ZONE = "UTC"
DEFAULT_ALLOWANCE = 10
# The settings that name a channel, and those that say when something comes round.
CHANNELS = ("recognition_channel", "stories_channel", "decisions_channel", "updates_channel")
TIMES = ("timezone", "country", "reminder_day", "reminder_time", "pulse_day", "pulse_time")


class TeamSettings(TeamRow, table=True):
    """One row a team. A channel that is None has not been chosen yet.

    Days are those of `recurrence.DAYS`, several as `recurrence.written` puts them, times like
    09:30, the country a code of two letters. The checklist is what a decision begins with, None
    while no owner worded one. The address is the workspace's own, as Slack told it at the last
    start.
    """

    __tablename__ = "team_settings"
    __table_args__ = (UniqueConstraint("team_id"),)

    owners: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    recognition_channel: str | None = Field(default=None, max_length=32)
    stories_channel: str | None = Field(default=None, max_length=32)
    decisions_channel: str | None = Field(default=None, max_length=32)
    updates_channel: str | None = Field(default=None, max_length=32)
    timezone: str | None = Field(default=None, max_length=64)
    country: str | None = Field(default=None, max_length=2)
    reminder_day: str = Field(default="monday", max_length=64)
    reminder_time: str = Field(default="09:00", max_length=5)
    pulse_day: str = Field(default="tuesday", max_length=9)
    pulse_time: str = Field(default="10:00", max_length=5)
    fewest_answers: int = FEWEST
    allowance: int = DEFAULT_ALLOWANCE
    checklist: list[str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    roster_loaded_at: datetime | None = Field(default=None, sa_type=Utc)
    address: str | None = Field(default=None, max_length=255)

    @property
    def zone(self) -> ZoneInfo:
        """The team's zone, UTC until one is chosen."""
        return ZoneInfo(self.timezone or DEFAULT_ZONE)

    @property
    def reminder(self) -> Weekly:
        """When people are reminded of the mission."""
        return Weekly(days_in(self.reminder_day), time.fromisoformat(self.reminder_time))

    @property
    def minimum(self) -> Minimum:
        """Of how few people the pulse still says something, from the next round on."""
        return Minimum(self.fewest_answers, max(self.fewest_answers, FEWEST_COMMENTS))

    @property
    def pulse(self) -> Weekly:
        """When people are asked how it goes."""
        return Weekly((self.pulse_day,), time.fromisoformat(self.pulse_time))


_THE_ROW = select(TeamSettings)


def of_team(session: Session) -> TeamSettings:
    """Return the bound team's settings; before anything was chosen, the defaults, unsaved."""
    return remembered(
        session, "team_settings", lambda: session.exec(_THE_ROW).first() or TeamSettings()
    )


def change(session: Session, **chosen: object) -> TeamSettings:
    """Save what was chosen and leave the rest as it is."""
    settings = of_team(session)
    for name, value in chosen.items():
        setattr(settings, name, value)
    session.add(settings)
    return settings


def times(settings: TeamSettings) -> list[str | None]:
    """Return what says when things come round, in the order of TIMES."""
    return [getattr(settings, name) for name in TIMES]


def channels_of_all_teams(connection: Connection) -> list[tuple[str, str, str]]:
    """Return every channel that was chosen: its team, the name of its setting, and the channel."""
    named = [col(getattr(TeamSettings, setting)) for setting in CHANNELS]
    chosen = select_columns(col(TeamSettings.team_id), *named)
    return [
        (team, setting, channel)
        for team, *channels in connection.execution_options(**EVERY_TEAM).execute(chosen)
        for setting, channel in zip(CHANNELS, channels, strict=True)
        if channel
    ]
