"""Home: the page of Truenorth's own that each person has in Slack."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from bot.tenancy import TeamRow, Utc


class Home(TeamRow, table=True):
    """When a person last opened their Home, and the fingerprint of what it shows."""

    __tablename__ = "home"
    __table_args__ = (UniqueConstraint("team_id", "person"),)

    person: str = Field(max_length=32)
    opened_at: datetime = Field(sa_type=Utc)
    shown: str | None = Field(default=None, max_length=64)
