"""What a team has chosen: its owners, its channels, its zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Column, Connection, UniqueConstraint
from sqlmodel import Field, Session, select

from bot.db import remembered
from bot.tenancy import TeamRow, Utc

DEFAULT_ZONE = "UTC"
DEFAULT_ALLOWANCE = 10
CHANNELS = ("recognition_channel", "stories_channel")  # the settings that name one


class TeamSettings(TeamRow, table=True):
    """One row a team. A channel that is None has not been chosen yet."""

    __tablename__ = "team_settings"
    __table_args__ = (UniqueConstraint("team_id"),)

    owners: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    recognition_channel: str | None = Field(default=None, max_length=32)
    stories_channel: str | None = Field(default=None, max_length=32)
    timezone: str | None = Field(default=None, max_length=64)
    allowance: int = DEFAULT_ALLOWANCE
    roster_loaded_at: datetime | None = Field(default=None, sa_type=Utc)

    @property
    def zone(self) -> ZoneInfo:
        """The team's zone, UTC until one is chosen."""
        return ZoneInfo(self.timezone or DEFAULT_ZONE)


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


def channels_of_all_teams(connection: Connection) -> list[tuple[str, str]]:
    """Return every channel that was chosen, with the name of its setting, for the doctor."""
    chosen = select(TeamSettings.recognition_channel, TeamSettings.stories_channel)
    return [
        (setting, channel)
        for channels in connection.execute(chosen)
        for setting, channel in zip(CHANNELS, channels, strict=True)
        if channel
    ]
