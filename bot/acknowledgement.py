"""Who said that they have read a version of the mission; of it only how many is ever shown.

What somebody could find out who watches the line: from five people on, each press counts up in
sight of those who see the post, but names nobody.
"""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, UniqueConstraint, bindparam, func
from sqlmodel import Field, Session, col, select

from bot import charter, roster
from bot.charter import CharterVersion
from bot.errors import UserError
from bot.reach import IS_HERE, Reach, here, reach
from bot.roster import Person
from bot.rows import ask, insert_once
from bot.tenancy import TeamRow, Utc


class Acknowledgement(TeamRow, table=True):
    """Somebody has read this version."""

    __tablename__ = "acknowledgement"
    __table_args__ = (UniqueConstraint("team_id", "version_id", "person"),)

    version_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("charter_version.id"), nullable=False)
    )
    person: str = Field(max_length=32)
    created_at: datetime = Field(sa_type=Utc)


def acknowledge(session: Session, *, number: int, person: str, now: datetime) -> bool:
    """Count the person among those who have read the version; False where they were already.

    Raises UserError where another version is in force, and where they are none of this workspace.
    """
    current = charter.must_be_in_force(session).version
    if current.number != number:
        raise UserError(
            f"Our mission has changed since: version {current.number} is in force, so this was "
            "not counted."
        )
    roster.must_be_ours(session, person)
    values = {"version_id": current.id, "person": person, "created_at": now}
    return insert_once(session, Acknowledgement, **values)


_HAS_READ = select(Acknowledgement.id).where(
    Acknowledgement.version_id == bindparam("version"), Acknowledgement.person == bindparam("who")
)


def unread(session: Session, person: str) -> CharterVersion | None:
    """Return the version in force where it waits for the person to say that they have read it.

    It does for people of this workspace who have not said so, but for who wrote it.
    """
    current, known = charter.in_force(session), roster.person(session, person)
    if current is None or known is None or not known.is_member:
        return None
    version = current.version
    if version.author == person or ask(session, _HAS_READ, version=version.id, who=person):
        return None
    return version


def read_by(session: Session, version: CharterVersion) -> Reach | None:
    """Return how many of the people here have read the version.

    None while nobody has, and while it is not known who is here.
    """
    if not roster.is_complete(session):
        return None
    theirs = (
        select(func.count(col(Acknowledgement.id)))
        .join(Person, col(Person.slack_id) == col(Acknowledgement.person))
        .where(Acknowledgement.version_id == version.id, IS_HERE)
    )
    count = session.exec(theirs).one()
    return reach(count, of=here(session)) if count else None


# From the versions on, which are few: each person's line is found by both.
_READ = (
    select(CharterVersion.number, Acknowledgement.created_at)
    .join(Acknowledgement, col(Acknowledgement.version_id) == col(CharterVersion.id))
    .where(Acknowledgement.person == bindparam("who"))
    .order_by(col(CharterVersion.number).desc())
)


def by_person(session: Session, person: str) -> list[tuple[int, datetime]]:
    """Return which versions the person said they have read, and when, the latest first."""
    return ask(session, _READ, who=person)
