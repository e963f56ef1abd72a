"""User groups: who is in them, asked of Slack when somebody names one."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot import naming, roster
from bot.answers import Kind, answer_of
from bot.commands import command
from bot.deed import MOST_RECIPIENTS

PATIENCE = 1.2  # seconds, of the three that Slack waits
WHY = {
    "missing_scope": (
        "I may not look into user groups here: the app lacks the scope usergroups:read, which "
        "whoever runs Truenorth can add. Please name the people themselves."
    ),
    "plan_upgrade_required": (
        "This workspace has no user groups, as its plan comes without them. "
        "Please name the people themselves."
    ),
}
ANY_TROUBLE = (
    "Slack did not tell me just now who is in the group. Please name the people themselves, "
    "or try again in a minute."
)


@dataclass(frozen=True)
class Group:
    """A user group as Slack tells of it."""

    handle: str
    members: Sequence[str]


@dataclass(frozen=True)
class Groups:
    """The user groups of a workspace by id, or why they are not known."""

    by_id: Mapping[str, Group] = field(default_factory=dict)
    trouble: str | None = None


@dataclass(frozen=True)
class Meant:
    """The people of the groups that somebody named, by id and handle, and what to say of them."""

    people: Mapping[str, Sequence[str]]
    notes: Sequence[str]


async def look_up(slack: AsyncWebClient) -> Groups:
    """Ask Slack for every user group that is in use, with its people."""
    try:
        async with asyncio.timeout(PATIENCE):
            answer = await answer_of(slack.usergroups_list(include_users=True))
    except TimeoutError:
        return Groups(trouble=ANY_TROUBLE)
    if answer.kind is not Kind.TAKEN or answer.data is None:
        return Groups(trouble=WHY.get(str(answer.error), ANY_TROUBLE))
    listed = answer.data["usergroups"]
    return Groups({one["id"]: Group(one["handle"], one.get("users") or []) for one in listed})


def meant(
    session: Session,
    groups: Groups,
    *,
    mentioned: Sequence[str],
    handles: Sequence[str],
    giver: str,
    alone: bool,
) -> Meant:
    """Return whom the groups stand for: their people who can be recognised, but not the giver.

    A handle that is no group is left among the words, and spoken of only where it stands `alone`.
    """
    if groups.trouble is not None:
        return Meant({}, [groups.trouble])
    by_handle = {group.handle.casefold(): group for group in groups.by_id.values()}
    found = {key: groups.by_id[key] for key in mentioned if key in groups.by_id}
    found |= {key: by_handle[key] for key in handles if key in by_handle}
    notes = ["I find no such user group here; it may be switched off."] * (
        any(key not in groups.by_id for key in mentioned)
    )
    if alone and not found:
        notes += [f"I do not know @{handle} as a person or a group here." for handle in handles]
    people: dict[str, Sequence[str]] = {}
    for key, group in found.items():
        people[key], note = _people_of(session, group, giver=giver)
        notes += [note] if note else []
    return Meant(people, notes)


def _people_of(session: Session, group: Group, *, giver: str) -> tuple[Sequence[str], str | None]:
    name = f"@{group.handle}"
    others = [person for person in group.members if person != giver]
    if not group.members:
        return [], f"{name} has nobody in it. Please name the people themselves."
    if not others:
        return [], f"{name} has nobody in it but you."
    valid, refusals = naming.check(session, others)
    if not valid and not roster.is_complete(session):
        return [], roster.STILL_LEARNING
    if not valid:
        return [], f"Nobody in {name} can be recognised any more: {refusals[0]}"
    if len(valid) > MOST_RECIPIENTS:
        return [], (
            f"{name} has {len(valid)} people; at most {MOST_RECIPIENTS} fit into one recognition, "
            f"so that each of them is seen. Name those who did it, or tell it with "
            f"{command('story')}."
        )
    return valid, None
