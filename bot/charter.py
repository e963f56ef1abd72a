"""The mission: its versions, its values, and the wording in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint, bindparam
from sqlmodel import Field, Session, col, select

from bot import roster
from bot.commands import command
from bot.errors import UserError
from bot.fulltext import Entry
from bot.rows import ask, remembered
from bot.tenancy import TeamRow, Utc

MOST_NAMED = 5


class CharterVersion(TeamRow, table=True):
    """One wording of the mission. It is never changed: a new wording is a new version."""

    __tablename__ = "charter_version"
    __table_args__ = (UniqueConstraint("team_id", "number"),)

    number: int
    statement: str
    why: str | None = None
    author: str = Field(max_length=32)
    created_at: datetime = Field(sa_type=Utc)


class CharterValue(TeamRow, table=True):
    """One value as worded in one version. Its slug stays the same through all of them."""

    __tablename__ = "charter_value"
    __table_args__ = (
        UniqueConstraint("team_id", "version_id", "slug"),
        Index("ix_charter_value_version", "team_id", "version_id"),
    )

    version_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("charter_version.id"), nullable=False)
    )
    position: int
    slug: str = Field(max_length=64)
    emoji: str = Field(default="", max_length=64)
    name: str = Field(max_length=64)
    meaning: str
    weight: int = 1

    @property
    def title(self) -> str:
        """The value's emoji and name, as people read it."""
        return f"{self.emoji} {self.name}".strip()


@dataclass(frozen=True)
class Charter:
    """A version with its values, in their order."""

    version: CharterVersion
    values: Sequence[CharterValue]

    def value(self, slug: str) -> CharterValue | None:
        """Return the value that people mean by the slug, in this version's words."""
        wanted = slug.removeprefix("#").casefold()
        return next((value for value in self.values if value.slug == wanted), None)

    @property
    def slugs(self) -> list[str]:
        """How people name the values, in their order."""
        return [value.slug for value in self.values]


_LATEST = select(CharterVersion).order_by(col(CharterVersion.number).desc()).limit(1)
_VALUES = (
    select(CharterValue)
    .where(CharterValue.version_id == bindparam("version"))
    .order_by(col(CharterValue.position))
)


def values_of(session: Session, version_id: int) -> Sequence[CharterValue]:
    """Return a version's values in their order."""
    return ask(session, _VALUES, version=version_id)


def in_force(session: Session) -> Charter | None:
    """Return the charter that holds now, or None before the first one."""
    return remembered(session, "charter", lambda: _latest(session))


def must_be_in_force(session: Session) -> Charter:
    """Return the charter in force, or raise UserError that says who can write it."""
    current = in_force(session)
    if current is None:
        raise UserError(f"Nothing was saved: the mission is not set up yet. {who_writes(session)}")
    return current


def who_writes(session: Session) -> str:
    """Say who can write the mission, and how."""
    names = [owner.name for owner in roster.owners(session)]
    who = ", ".join(names[:MOST_NAMED]) if names else "An admin of this workspace"
    return f"{who} can do that with {command('mission setup')}."


def _latest(session: Session) -> Charter | None:
    latest = ask(session, _LATEST)
    return Charter(latest[0], values_of(session, latest[0].id)) if latest else None


def put_in_force(session: Session, new: Charter) -> None:
    """Save a version, which holds from now on."""
    session.add(new.version)
    session.flush()
    session.add_all(new.values)
    session.flush()
    session.info["charter"] = new


def entry(charter: Charter) -> Entry:
    """Return a version as it is found."""
    version = charter.version
    values = [f"{value.name}: {value.meaning}" for value in charter.values]
    return Entry(
        id=version.id,
        kind="mission",
        author=version.author,
        at=version.created_at,
        title=version.statement,
        words="\n".join([*values, version.why or ""]),
    )


_VERSIONS = select(CharterVersion).where(
    col(CharterVersion.id).in_(bindparam("ids", expanding=True))
)


def entries(session: Session, ids: Sequence[int]) -> list[Entry]:
    """Return these versions as they are found."""
    versions = ask(session, _VERSIONS, ids=list(ids))
    return [entry(Charter(version, values_of(session, version.id))) for version in versions]


def all_so_far(session: Session) -> list[Charter]:
    """Return every charter there was, the latest first."""
    versions = select(CharterVersion).order_by(col(CharterVersion.number).desc())
    return [Charter(version, values_of(session, version.id)) for version in session.exec(versions)]


def numbered(session: Session, number: int) -> Charter | None:
    """Return the version with this number, None where there is none."""
    version = session.exec(select(CharterVersion).where(CharterVersion.number == number)).first()
    return Charter(version, values_of(session, version.id)) if version else None


_WRITTEN = (
    select(CharterVersion)
    .where(CharterVersion.author == bindparam("who"))
    .order_by(col(CharterVersion.number).desc())
)


def written_by(session: Session, person: str) -> list[Charter]:
    """Return the versions that the person wrote, the latest first."""
    theirs = ask(session, _WRITTEN, who=person)
    return [Charter(version, values_of(session, version.id)) for version in theirs]


_SLUGS = select(CharterValue.slug).order_by(
    col(CharterValue.version_id).desc(), col(CharterValue.position)
)


def all_slugs(session: Session) -> list[str]:
    """Return how people name every value there was, those in force first."""
    return list(dict.fromkeys(ask(session, _SLUGS)))


_VALUE = select(CharterValue).where(CharterValue.id == bindparam("value"))


def value_by_id(session: Session, value_id: int) -> CharterValue:
    """Return the value as worded when a record referred to it."""
    (value,) = ask(session, _VALUE, value=value_id)
    return value


def chosen_again(
    session: Session, slug: str, *, before: CharterValue
) -> tuple[CharterValue, UserError | None]:
    """Return the value of a record after a correction, and what is wrong with the choice.

    The same slug, or none, keeps the value as it was worded before.
    """
    if slug in ("", before.slug):
        return before, None
    value = must_be_in_force(session).value(slug)
    if value is None:
        message = f"#{slug} was retired meanwhile. Choose one of the values in force."
        return before, UserError(message, field="value")
    return value, None
