"""The digest of a week: what was recognised by value, the stories, and what is coming.

What counts is public and stands. A story of what was learned is told of and never counted, so no
number of stories is said at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, Column, Index, UniqueConstraint, bindparam, func
from sqlmodel import Field, Session, col, select

from bot import charter, places, settings
from bot.agenda import Coming
from bot.charter import CharterValue
from bot.record import Record
from bot.rituals import tally
from bot.rituals.story import Story
from bot.rows import ask, first, insert_once
from bot.tenancy import TeamRow, Utc
from bot.tenure import tenures

LONGEST = timedelta(weeks=2)  # after a holiday, or a week in which none was posted
MOST_STORIES = 20


class Digest(TeamRow, table=True):
    """One digest: of which day, from when to when, and what was coming, by name and time."""

    __tablename__ = "digest"
    __table_args__ = (
        UniqueConstraint("team_id", "day"),
        Index("ix_digest_ends", "team_id", "ends"),
    )

    day: str = Field(max_length=10)
    begins: datetime = Field(sa_type=Utc)
    ends: datetime = Field(sa_type=Utc)
    coming: list[list[str]] = Field(sa_column=Column(JSON, nullable=False))

    @property
    def cause(self) -> str:
        """The outbox's key of its post, so that there is one a day."""
        return f"digest:{self.day}"


@dataclass(frozen=True)
class Told:
    """A story, and the link to its post."""

    story: Story
    link: str


@dataclass(frozen=True)
class Content:
    """What a digest shows, as it reads now; the values are worded as they are now."""

    digest: Digest
    zone: ZoneInfo
    values: Sequence[tuple[CharterValue, int]]
    stories: Sequence[Told]
    are_all: bool  # the stories
    coming: Sequence[Coming]

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened in the week."""
        return not self.values and not self.stories


_STORIES = (
    select(Story)
    .where(
        col(Story.created_at) >= bindparam("begins"),
        col(Story.created_at) < bindparam("ends"),
        col(Story.withdrawn_at).is_(None),
    )
    .order_by(col(Story.created_at), col(Story.id))
    .limit(MOST_STORIES + 1)
)


def draw_up(
    session: Session, *, day: date, ends: datetime, coming: Sequence[Coming]
) -> Content | None:
    """Keep the digest of what happened since the last one until `ends`, and return it.

    None where nothing happened, where there is no mission, and where this day has one already. None
    as well while the last one waits for its channel, so that they never come in a heap.
    """
    if charter.in_force(session) is None or _is_one_awaited(session):
        return None
    made = Digest(
        day=day.isoformat(),
        begins=_begin(session, ends),
        ends=ends,
        coming=[[one.name, one.at.isoformat()] for one in coming],
    )
    content = _content(session, made)
    values = made.model_dump(exclude={"id", "team_id"})
    return None if content.is_empty or not insert_once(session, Digest, **values) else content


_NEWEST = select(Digest).order_by(col(Digest.ends).desc()).limit(1)


def _is_one_awaited(session: Session) -> bool:
    newest = first(session, _NEWEST)
    return newest is not None and places.is_awaited(session, newest.cause)


def _begin(session: Session, ends: datetime) -> datetime:
    """Return where the last digest ended, before the first one where the mission began."""
    last = session.exec(select(func.max(Digest.ends))).one()
    began = charter.numbered(session, 1)
    since = last or (began.version.created_at if began else ends)
    return max(since, ends - LONGEST)


def telling(session: Session, record: Record) -> Content | None:
    """Return the digest of the time in which the record was made, as it reads now."""
    digest = of_time(session, record.created_at)
    return _content(session, digest) if digest else None


def of_time(session: Session, at: datetime) -> Digest | None:
    """Return the digest of the time in which this moment lies."""
    found = select(Digest).where(col(Digest.begins) <= at, col(Digest.ends) > at)
    return session.exec(found.order_by(col(Digest.ends)).limit(1)).first()


def _content(session: Session, digest: Digest) -> Content:
    within = {"begins": digest.begins, "ends": digest.ends}
    counts = tally.by_value(session, **within)
    worded = tenures(charter.all_so_far(session), **within)
    stories = ask(session, _STORIES, **within)
    return Content(
        digest,
        settings.of_team(session).zone,
        [(one.value, counts[one.value.slug]) for one in worded if one.value.slug in counts],
        [Told(one, places.link_to(session, one.cause)) for one in stories[:MOST_STORIES]],
        are_all=len(stories) <= MOST_STORIES,
        coming=[Coming(name, datetime.fromisoformat(at)) for name, at in digest.coming],
    )
