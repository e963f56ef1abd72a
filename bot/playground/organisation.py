"""Harbour Clinics, the invented organisation that the demo shows."""

from dataclasses import dataclass, field
from typing import Any

from bot.playground.workspace import Workspace

NAME = "Harbour Clinics"
DOMAIN = "harbour-clinics"
OWNER = "ines"
RECOGNITIONS = "thank-you"
STORIES = "stories"
DECISIONS = "decisions"
UPDATES = "updates"
PARTNER = "Lumen Labs"


@dataclass(frozen=True)
class Someone:
    """One of Slack's users; `flags` are Slack's own, as in users.list."""

    handle: str
    name: str
    title: str
    zone: str
    flags: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """Slack's id, the same every time."""
        return f"U0{self.handle.upper()}"


@dataclass(frozen=True)
class Place:
    """A channel."""

    name: str
    topic: str
    members: tuple[str, ...]
    private: bool = False

    @property
    def id(self) -> str:
        """Slack's id, the same every time."""
        return f"C0{self.name.replace('-', '').upper()}"


@dataclass(frozen=True)
class Group:
    """A user group."""

    handle: str
    name: str
    members: tuple[str, ...]

    @property
    def id(self) -> str:
        """Slack's id, the same every time."""
        return f"S0{self.handle.replace('-', '').upper()}"


_OWNS = {"is_primary_owner": True, "is_owner": True, "is_admin": True}
_ELSEWHERE = {"team_id": "T0LUMEN", "is_stranger": True, "partner": PARTNER}

# The first one who can act is whom the page opens with.
PEOPLE = (
    Someone(OWNER, "Inês Carvalho", "Managing director", "Europe/Lisbon", _OWNS),
    Someone("juergen", "Jürgen Weiß", "Head of engineering", "Europe/Berlin", {"is_admin": True}),
    Someone("maya", "Maya Thompson", "Support lead", "America/New_York"),
    Someone("joao", "João Araújo", "Product designer", "America/Sao_Paulo"),
    Someone("wanjiru", "Wanjirũ Kamau", "Nurse adviser", "Africa/Nairobi"),
    Someone("arjun", "Arjun Nair", "Backend engineer", "Asia/Kolkata"),
    Someone("seoyeon", "Kim Seoyeon", "Data analyst", "Asia/Seoul"),
    Someone("mereana", "Mereana Pōtae", "Reliability engineer", "Pacific/Auckland"),
    Someone("lukasz", "Łukasz Wiśniewski", "Quality engineer", "Europe/Warsaw"),
    Someone("fatima", "Fatima El Idrissi", "Privacy officer", "Africa/Casablanca"),
    Someone("chidi", "Chidi Okonkwo", "Finance and operations", "Africa/Lagos"),
    Someone("sofia", "Sofía Méndez", "Clinic trainer", "America/Mexico_City"),
    Someone("tom", "Tom Albrecht", "Auditor", "Europe/Berlin", {"is_restricted": True}),
    Someone("rui", "Rui Fontes", "Integration engineer", "Europe/Lisbon", _ELSEWHERE),
    Someone("olga", "Olga Petrenko", "Support", "Europe/Kyiv", {"deleted": True}),
    Someone("hana", "Hana Suzuki", "", "Asia/Tokyo", {"is_invited_user": True}),
    Someone("deploybot", "Deploy bot", "", "Etc/UTC", {"is_bot": True}),
)
_ALL = tuple(each.handle for each in PEOPLE if not each.flags or each.handle in (OWNER, "juergen"))

# The bot is in none of them: it joins those that are chosen in the settings or made a team. The
# page opens with the first.
CHANNELS = (
    Place(RECOGNITIONS, "What somebody did, and which value it served", (*_ALL, "tom", "rui")),
    Place(STORIES, "What worked, and what we learned", (*_ALL, "tom")),
    Place(DECISIONS, "What is to be decided, and what was", (*_ALL, "tom")),
    Place(UPDATES, "How it is going, week by week", (*_ALL, "tom")),
    Place("general", "Everybody, everything that concerns all", (*_ALL, "tom")),
    Place(
        "support",
        "What clinics write and call about",
        ("maya", "sofia", "wanjiru", "arjun", "lukasz", "joao", "mereana", "fatima"),
    ),
    Place(
        "product",
        "Building it",
        (OWNER, "juergen", "joao", "arjun", "seoyeon", "mereana", "lukasz", "wanjiru"),
    ),
    Place(
        "lumen-results",
        "Laboratory results, together with Lumen Labs",
        ("arjun", "wanjiru", "fatima", "juergen", "rui"),
    ),
    Place(
        "leads", "Budget and hiring", (OWNER, "juergen", "maya", "chidi", "fatima"), private=True
    ),
)

# What is typed @ and chosen stands for all of them.
GROUPS = (
    Group("engineering", "Engineering", ("juergen", "arjun", "mereana", "lukasz", "seoyeon")),
    Group("front-desk", "Those who talk to the front desks", ("maya", "sofia", "wanjiru")),
)

_BY_HANDLE = {each.handle: each for each in PEOPLE}
_BY_NAME = {each.name: each for each in CHANNELS}
_GROUPS_BY_HANDLE = {each.handle: each for each in GROUPS}


def someone(handle: str) -> Someone:
    """The person with this handle; raises KeyError."""
    return _BY_HANDLE[handle]


def place(name: str) -> Place:
    """The channel with this name; raises KeyError."""
    return _BY_NAME[name]


def group(handle: str) -> Group:
    """The user group with this handle; raises KeyError."""
    return _GROUPS_BY_HANDLE[handle]


def settle(workspace: Workspace) -> None:
    """Put everybody, every channel and every group into an empty workspace."""
    for each in PEOPLE:
        workspace.add_person(
            id=each.id,
            name=each.handle,
            real_name=each.name,
            title=each.title,
            tz=each.zone,
            profile={"display_name": each.name, "display_name_normalized": each.name},
            **each.flags,
        )
    for channel in CHANNELS:
        workspace.add_channel(
            channel.id,
            channel.name,
            is_private=channel.private,
            members=[someone(handle).id for handle in channel.members],
            bot=False,
            topic=channel.topic,
        )
    for group in GROUPS:
        members = [someone(handle).id for handle in group.members]
        workspace.add_usergroup(group.id, group.handle, group.name, members=members)
