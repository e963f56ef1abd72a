"""Stories: what worked or was learned, who is credited, and how that is found again."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint, bindparam
from sqlmodel import Field, Session, col, select

from bot.charter import CharterValue
from bot.fulltext import Entry
from bot.record import Record
from bot.rows import ask
from bot.tale import FIELDS, Kind
from bot.tenancy import TeamRow, Utc


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

    @property
    def texts(self) -> dict[str, str]:
        """Its words by the names of its kind's fields, in their order."""
        return {name: getattr(self, name) for name in FIELDS[Kind(self.kind)]}


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


_STANDING = (
    select(Story, CharterValue.slug)
    .join(CharterValue, col(CharterValue.id) == col(Story.value_id))
    .where(col(Story.id).in_(bindparam("ids", expanding=True)))
    .where(col(Story.withdrawn_at).is_(None))
)


def entry(story: Story, *, value: str) -> Entry:
    """Return the story as it is found; `value` is the slug."""
    return Entry(
        id=story.id,
        kind=story.KIND,
        author=story.author,
        at=story.created_at,
        title=story.title,
        words="\n".join(story.texts.values()),
        value=value,
    )


def entries(session: Session, ids: Sequence[int]) -> list[Entry]:
    """Return those of these stories that stand, as they are found."""
    return [entry(one, value=slug) for one, slug in ask(session, _STANDING, ids=list(ids))]
