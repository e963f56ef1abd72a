"""Where the people of a team come from: a channel or a user group, as Slack tells of it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import Answer, Kind, answer_of
from bot.teams import is_group

PATIENCE = 1.2  # seconds, of the three that Slack waits while somebody fills in a form
PAGE = 200  # members at once


class Trouble(StrEnum):
    """What keeps us from knowing who is in a channel or a group."""

    ARCHIVED = "archived"
    UNSEEN = "unseen"
    SWITCHED_OFF = "switched off"
    CHANNEL_SCOPE = "channel scope"
    GROUP_SCOPE = "group scope"
    NO_GROUPS = "no groups"
    SILENT = "silent"


WHY: Mapping[str, str] = {
    Trouble.ARCHIVED: "This channel is archived, so nobody works in it any more.",
    Trouble.UNSEEN: (
        "I cannot see this channel. If it is private, invite me to it first; otherwise it may be "
        "gone."
    ),
    Trouble.SWITCHED_OFF: "I find no such user group here; it may be switched off.",
    Trouble.CHANNEL_SCOPE: (
        "I may not look into this channel: the app lacks the scope channels:read, or groups:read "
        "for a private one, which whoever runs Truenorth can add."
    ),
    Trouble.GROUP_SCOPE: (
        "I may not look into user groups here: the app lacks the scope usergroups:read, which "
        "whoever runs Truenorth can add. A channel will do as well."
    ),
    Trouble.NO_GROUPS: (
        "This workspace has no user groups, as its plan comes without them. "
        "A channel will do as well."
    ),
    Trouble.SILENT: "Slack did not tell me just now who is in it. Please try again in a minute.",
}
_OF_GROUPS = {
    "missing_scope": Trouble.GROUP_SCOPE,
    "plan_upgrade_required": Trouble.NO_GROUPS,
}
_OF_CHANNELS = {
    "missing_scope": Trouble.CHANNEL_SCOPE,
    "is_archived": Trouble.ARCHIVED,
    "fetch_members_failed": Trouble.SILENT,
}


@dataclass(frozen=True)
class Source:
    """A channel or a group: how it is called, who is in it, or what keeps us from knowing.

    `name` is the name that it has in Slack, `label` the same as people write it: #support,
    @front-desk. `people` are all who are in it only where it `is_whole`.
    """

    id: str
    name: str = ""
    label: str = ""
    people: Sequence[str] = ()
    is_whole: bool = True
    trouble: Trouble | None = None
    after: float = 0.0  # seconds to wait before the next question, where Slack named them


@dataclass(frozen=True)
class Listed:
    """The user groups in use by their ids, or why they are not known."""

    by_id: Mapping[str, Source] = field(default_factory=dict)
    trouble: Trouble | None = None
    after: float = 0.0

    def get(self, source: str) -> Source:
        """Return the group with this id."""
        missing = self.trouble or Trouble.SWITCHED_OFF
        return self.by_id.get(source) or Source(source, trouble=missing, after=self.after)


async def groups(slack: AsyncWebClient) -> Listed:
    """Ask for every user group that is in use, with its people."""
    answer = await answer_of(slack.usergroups_list(include_users=True))
    if answer.data is None:
        trouble = _OF_GROUPS.get(answer.error, Trouble.SILENT)
        return Listed(trouble=trouble, after=answer.after)
    return Listed({one["id"]: _group(one) for one in answer.data["usergroups"]})


async def groups_soon(slack: AsyncWebClient) -> Listed:
    """Ask the same for somebody who waits."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await groups(slack)
    except TimeoutError:
        return Listed(trouble=Trouble.SILENT)


def _group(told: Mapping[str, Any]) -> Source:
    return Source(told["id"], told["name"], f"@{told['handle']}", told.get("users") or [])


async def glance(slack: AsyncWebClient, source: str) -> Source:
    """Ask what this is and who is in it, at most a page of them, for somebody who waits."""
    if is_group(source):
        return (await groups_soon(slack)).get(source)
    try:
        async with asyncio.timeout(PATIENCE):
            told, page = await asyncio.gather(_told(slack, source), _page(slack, source))
    except TimeoutError:
        return Source(source, trouble=Trouble.SILENT)
    return _channel(source, told, page)


async def channel(slack: AsyncWebClient, source: str, *, enter: bool) -> Source:
    """Ask what this channel is and who is in it, all of them.

    With `enter`, a public one is entered first: only from inside is it heard who comes and goes.
    """
    told = await _told(slack, source)
    if told.data is None:
        return _channel(source, told, told)
    known = told.data["channel"]
    if enter and not any(known.get(flag) for flag in ("is_member", "is_private", "is_archived")):
        await answer_of(slack.conversations_join(channel=source))  # where refused, it is read daily
    page = await _page(slack, source)
    found = _channel(source, told, page)
    people = list(found.people)
    while not found.is_whole and found.trouble is None:
        page = await _page(slack, source, cursor=_cursor(page))
        found = _channel(source, told, page)
        people += found.people
    return Source(source, found.name, found.label, people, True, found.trouble, found.after)


async def _told(slack: AsyncWebClient, source: str) -> Answer:
    return await answer_of(slack.conversations_info(channel=source))


async def _page(slack: AsyncWebClient, source: str, *, cursor: str | None = None) -> Answer:
    asked = slack.conversations_members(channel=source, limit=PAGE, cursor=cursor)
    return await answer_of(asked)


def _cursor(page: Answer) -> str | None:
    return ((page.data or {}).get("response_metadata") or {}).get("next_cursor") or None


def _channel(source: str, told: Answer, page: Answer) -> Source:
    for answer in (told, page):
        if answer.data is None:
            gone = answer.kind in (Kind.CHANNEL, Kind.NEVER)
            otherwise = Trouble.UNSEEN if gone else Trouble.SILENT
            trouble = _OF_CHANNELS.get(answer.error, otherwise)
            return Source(source, trouble=trouble, after=answer.after)
    known = (told.data or {})["channel"]
    name = str(known.get("name") or source)
    archived = Trouble.ARCHIVED if known.get("is_archived") else None
    people = (page.data or {})["members"]
    whole = _cursor(page) is None
    return Source(source, name, f"#{name}", people, whole, archived)
