"""Who is here: a cache of Slack's users, so that nothing asks Slack while a person waits."""

from collections.abc import Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Index, bindparam
from sqlmodel import Field, Session, col, select

from bot import settings
from bot.errors import UserError
from bot.rights import Part, Right
from bot.rows import ask, remembered, write_over
from bot.tenancy import TeamRow, current_team

SLACKBOT = "USLACKBOT"
STILL_LEARNING = "I am still learning who is here; please try again in a minute."
ONLY_OURS = "Only people of this workspace can use Truenorth, so nothing was stored."
KNOWN_AT_ONCE = 1000  # people; the writer keeps them from one transaction to the next


class Person(TeamRow, table=True):
    """One of Slack's users as last heard of."""

    __tablename__ = "person"
    __table_args__ = (Index("ux_person", "team_id", "slack_id", unique=True),)

    slack_id: str = Field(max_length=32)
    name: str = Field(max_length=255)
    timezone: str | None = Field(default=None, max_length=64)
    is_bot: bool = False
    is_guest: bool = False
    is_pending: bool = False
    is_external: bool = False
    is_admin: bool = False
    has_left: bool = False

    @property
    def zone(self) -> ZoneInfo | None:
        """The person's own zone, None where Slack names one that this system does not know."""
        return zone_named(self.timezone)

    def why_not_nameable(self) -> str | None:
        """Say why nobody can recognise this person, or None where they can."""
        if self.slack_id == SLACKBOT or self.is_bot:
            return f"{self.name} is a bot."
        if self.has_left:
            return f"{self.name} is no longer here: the account is deactivated."
        if self.is_pending:
            return f"{self.name} has been invited and has not joined yet."
        if self.is_external:
            return f"{self.name} belongs to another organisation."
        return None

    @property
    def is_member(self) -> bool:
        """Whether this is somebody of ours who is here now."""
        return self.why_not_nameable() is None

    @property
    def is_full_member(self) -> bool:
        """Whether this is somebody of ours who is here now, and no guest."""
        return self.is_member and not self.is_guest

    @property
    def parts(self) -> set[Part]:
        """What this person is here by what Slack says of them: nothing where they are not here."""
        if not self.is_member:
            return set()
        return {Part.GUEST} if self.is_guest else {Part.MEMBER}


def zone_named(name: str | None) -> ZoneInfo | None:
    """Return the zone of this name, None where this system knows no such zone."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: part of a name, "America"
        return None


def from_slack(user: dict[str, Any], *, team: str) -> dict[str, Any]:
    """Turn one of Slack's user objects into a row's values."""
    profile = user.get("profile") or {}
    name = (
        profile.get("display_name")
        or profile.get("real_name")
        or user.get("real_name")
        or user.get("name")
        or user["id"]
    )
    return {
        "slack_id": user["id"],
        "name": name[:255],
        "timezone": user.get("tz"),
        # Slack says is_bot=false of Slackbot.
        "is_bot": bool(user.get("is_bot")) or user["id"] == SLACKBOT,
        "is_guest": bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        "is_pending": bool(user.get("is_invited_user")),
        "is_external": bool(user.get("is_stranger")) or team not in _teams_of(user, team),
        "is_admin": bool(user.get("is_admin") or user.get("is_owner")),
        "has_left": bool(user.get("deleted")),
    }


def _teams_of(user: dict[str, Any], team: str) -> list[str]:
    # In an organisation of several workspaces, `team_id` may name another one than ours.
    return [user.get("team_id") or team, *((user.get("enterprise_user") or {}).get("teams") or [])]


def remember(session: Session, users: Iterable[dict[str, Any]]) -> None:
    """Write what Slack says of these users over what was known of them.

    Once everybody was learned, who has left and is unknown stays so: Slack names them for ever,
    those who were erased too.
    """
    team = current_team()
    rows = [from_slack(user, team=team) for user in users]
    if is_complete(session):
        left = people(session, [row["slack_id"] for row in rows if row["has_left"]])
        rows = [row for row in rows if not row["has_left"] or row["slack_id"] in left]
    if rows:
        write_over(session, Person, rows, key=("slack_id",))
    session.info.pop("people", None)


_PEOPLE = select(Person).where(col(Person.slack_id).in_(bindparam("ids", expanding=True)))
_ADMINS = select(Person).where(col(Person.is_admin)).order_by(col(Person.name))


def people(session: Session, slack_ids: Iterable[str]) -> dict[str, Person]:
    """Return those of the people who are known, by their Slack ids."""
    known: dict[str, Person | None] = remembered(session, "people", dict)
    wanted = list(slack_ids)
    if len(known) > KNOWN_AT_ONCE:
        known.clear()
    if missing := [slack_id for slack_id in wanted if slack_id not in known]:
        found = {one.slack_id: one for one in ask(session, _PEOPLE, ids=missing)}
        known.update({slack_id: found.get(slack_id) for slack_id in missing})
    return {slack_id: one for slack_id in wanted if (one := known[slack_id])}


def person(session: Session, slack_id: str) -> Person | None:
    """Return the person, or None where Slack never told of them."""
    return people(session, [slack_id]).get(slack_id)


def names(session: Session, slack_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of those of the people who are known, by their Slack ids."""
    return {slack_id: one.name for slack_id, one in people(session, slack_ids).items()}


def is_complete(session: Session) -> bool:
    """Say whether everybody was learned at least once, so that who is unknown is nobody here."""
    return settings.of_team(session).roster_loaded_at is not None


def why_not_ours(session: Session, slack_id: str) -> str | None:
    """Say why the person can use nothing of Truenorth, or None where they are one of ours."""
    known = person(session, slack_id)
    if known is None and not is_complete(session):
        return STILL_LEARNING
    return None if known is not None and Right.USE.allows(known.parts) else ONLY_OURS


def must_be_ours(session: Session, slack_id: str) -> None:
    """Raise UserError where the person is none of this workspace, or not any more."""
    if sentence := why_not_ours(session, slack_id):
        raise UserError(sentence)


_NAMES = select(Person.slack_id, Person.name)


def all_names(session: Session) -> dict[str, str]:
    """Return everybody's names, by their Slack ids."""
    return dict(ask(session, _NAMES))


def owners(session: Session) -> Sequence[Person]:
    """Return who keeps the mission: Slack's admins and owners, and whom the settings name."""
    named = people(session, settings.of_team(session).owners)
    admins = {admin.slack_id: admin for admin in ask(session, _ADMINS)}
    return [owner for owner in {**admins, **named}.values() if owner.is_full_member]


def parts(session: Session, slack_id: str) -> set[Part]:
    """Return what the person is here, owner or not; nothing where they are none of ours."""
    known = person(session, slack_id)
    if known is None:
        return set()
    may_own = known.is_admin or slack_id in settings.of_team(session).owners
    return known.parts | ({Part.OWNER} if may_own and known.is_full_member else set())


def is_owner(session: Session, slack_id: str) -> bool:
    """Say whether the person may change the mission and the settings."""
    return Right.KEEP.allows(parts(session, slack_id))


def must_be_owner(session: Session, slack_id: str) -> None:
    """Raise UserError, saying who is an owner, where the person is none."""
    if is_owner(session, slack_id):
        return
    if person(session, slack_id) is None and not is_complete(session):
        raise UserError(STILL_LEARNING)
    names = [owner.name for owner in owners(session)]
    who = ", ".join(names) if names else "this workspace's admins"
    verb = "owner is" if len(names) == 1 else "owners are"
    raise UserError(f"Only an owner of the mission can do that. Its {verb} {who}.")


def zone_of(session: Session, slack_id: str) -> ZoneInfo:
    """Return the person's zone, or the team's where theirs is unknown."""
    known = person(session, slack_id)
    return (known.zone if known else None) or settings.of_team(session).zone
