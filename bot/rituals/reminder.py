"""Reminders of the mission: one thing at a time, the statement or a value, each in its turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint, bindparam, func
from sqlalchemy import select as select_columns
from sqlmodel import Field, Session, col, select

from bot import charter, places
from bot.charter import CharterValue
from bot.rituals import recognition
from bot.rituals.recognition import Given, Recognition
from bot.rows import ask, first, insert_once
from bot.tenancy import TeamRow

STATEMENT = ""  # no value has this slug
RECENT = timedelta(weeks=4)
MOST_LOOKED_AT = 20


class Reminder(TeamRow, table=True):
    """One reminder: of which day, in which turn, what it shows, and which recognition it quotes.

    `item` is the value's slug, or STATEMENT.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("team_id", "turn"),
        UniqueConstraint("team_id", "day"),
        Index("ix_reminder_recognition", "team_id", "recognition_id"),
    )

    turn: int
    day: str = Field(max_length=10)
    item: str = Field(max_length=64)
    version_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("charter_version.id"), nullable=False)
    )
    recognition_id: int | None = Field(
        default=None, sa_column=Column(BigInteger, ForeignKey("recognition.id"))
    )

    @property
    def cause(self) -> str:
        """The outbox's key of its post, so that there is one a day."""
        return f"reminder:{self.day}"


@dataclass(frozen=True)
class Quoted:
    """A recognition, and the link to its post."""

    given: Given
    link: str


@dataclass(frozen=True)
class Shown:
    """What a reminder shows: the statement where there is no value."""

    reminder: Reminder
    statement: str
    value: CharterValue | None
    quoted: Quoted | None


def next_item(items: Sequence[str], last: Mapping[str, int]) -> str:
    """Return whose turn it is: what was not shown yet, else what was shown longest ago.

    So nothing comes a second time before everything else that was there meanwhile.
    """
    return min(items, key=lambda item: last.get(item, 0))


_LAST = select_columns(col(Reminder.item), func.max(col(Reminder.turn))).group_by(
    col(Reminder.item)
)
_ALREADY = select(Reminder.recognition_id).where(col(Reminder.recognition_id).is_not(None))
_RECENT = (
    select(Recognition)
    .join(CharterValue, col(CharterValue.id) == col(Recognition.value_id))
    .where(
        CharterValue.slug == bindparam("slug"),
        col(Recognition.created_at) >= bindparam("since"),
        col(Recognition.is_private).is_(False),
        col(Recognition.withdrawn_at).is_(None),
        col(Recognition.id).not_in(_ALREADY),
    )
    .order_by(col(Recognition.created_at).desc(), col(Recognition.id).desc())
    .limit(MOST_LOOKED_AT)
)


def next_one(session: Session, *, day: date, now: datetime) -> Shown | None:
    """Take the next turn, for this day; None where there is no mission, or one was shown that day.

    None as well while the last one waits for its channel, so that they never come in a heap.

    A value comes with the latest recognition for it that everybody can see and that no reminder
    quoted before, where there is one of the last weeks.
    """
    current = charter.in_force(session)
    if current is None or _is_one_awaited(session):
        return None
    last = {item: turn for item, turn in session.execute(_LAST)}
    item = next_item([STATEMENT, *current.slugs], last)
    quoted = _recent(session, item, now=now)
    values = {
        "turn": max(last.values(), default=0) + 1,
        "day": day.isoformat(),
        "item": item,
        "version_id": current.version.id,
        "recognition_id": quoted,
    }
    if not insert_once(session, Reminder, **values):
        return None
    taken = session.exec(select(Reminder).where(Reminder.day == values["day"])).one()
    return _shown(session, taken)


_NEWEST = select(Reminder).order_by(col(Reminder.turn).desc()).limit(1)


def _is_one_awaited(session: Session) -> bool:
    newest = first(session, _NEWEST)
    return newest is not None and places.is_awaited(session, newest.cause)


def _recent(session: Session, slug: str, *, now: datetime) -> int | None:
    """Return the latest recognition that can be quoted: one whose post stands in Slack."""
    if slug == STATEMENT:
        return None
    found = ask(session, _RECENT, slug=slug, since=now - RECENT)
    posts = places.find(session, {one.cause for one in found})
    return next((one.id for one in found if posts.first(one.cause)), None)


def quoting(session: Session, recognition_id: int) -> list[Shown]:
    """Return the reminders that quoted this recognition, as they read now."""
    return [_shown(session, one) for one in that_quoted(session, recognition_id)]


def that_quoted(session: Session, recognition_id: int) -> Sequence[Reminder]:
    """Return the reminders that quoted this recognition."""
    theirs = select(Reminder).where(Reminder.recognition_id == recognition_id)
    return session.exec(theirs).all()


_VERSION = select(charter.CharterVersion).where(charter.CharterVersion.id == bindparam("version"))


def _shown(session: Session, one: Reminder) -> Shown:
    (version,) = ask(session, _VERSION, version=one.version_id)
    worded = charter.Charter(version, charter.values_of(session, version.id))
    value = worded.value(one.item) if one.item != STATEMENT else None
    return Shown(one, version.statement, value, _quoted(session, one))


def _quoted(session: Session, one: Reminder) -> Quoted | None:
    """Return the recognition as it reads now, unless it was withdrawn or is for another value."""
    given = recognition.by_id(session, one.recognition_id) if one.recognition_id else None
    if given is None or not given.recognition.stands or given.value.slug != one.item:
        return None
    return Quoted(given, places.link_to(session, given.recognition.cause))
