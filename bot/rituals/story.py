"""Stories: what worked, and what failed and was learned from."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field

from bot.record import Record
from bot.tenancy import TeamRow, Utc


class Kind(StrEnum):
    """What sort of story it is. A learning story is never counted, ranked or scored."""

    SUCCESS = "success"
    LEARNING = "learning"


class Story(Record, table=True):
    """One story. A success has `happened` and `impact`, a learning story all but `impact`."""

    __tablename__ = "story"
    __table_args__ = (
        Index("ix_story_at", "team_id", "created_at"),
        Index("ix_story_author", "team_id", "author", "created_at"),
    )
    KIND: ClassVar[str] = "story"

    kind: str = Field(max_length=16)
    title: str = Field(max_length=150)
    happened: str = ""
    impact: str = ""
    expected: str = ""
    learned: str = ""
    change: str = ""


class Credit(TeamRow, table=True):
    """Somebody whom a story credits."""

    __tablename__ = "story_credit"
    __table_args__ = (
        UniqueConstraint("team_id", "story_id", "person"),
        Index("ix_story_credit_person", "team_id", "person", "created_at"),
    )

    story_id: int = Field(sa_column=Column(BigInteger, ForeignKey("story.id"), nullable=False))
    person: str = Field(max_length=32)
    position: int
    created_at: datetime = Field(sa_type=Utc)
