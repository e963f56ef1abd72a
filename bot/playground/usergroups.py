"""User groups, and usergroups.list."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.playground.errors import SlackError
from bot.playground.people import SLACKBOT, TEAM_ID
from bot.playground.store import Doc

if TYPE_CHECKING:
    from bot.playground.installation import Installation


def make(id: str, handle: str, name: str, *, members: Iterable[str], now: int) -> Doc:
    """A user group as it is kept; times in whole seconds since 1970."""
    return {
        "id": id,
        "team_id": TEAM_ID,
        "is_usergroup": True,
        "is_subteam": True,
        "name": name,
        "description": "",
        "handle": handle,
        "is_external": False,
        "date_create": now,
        "date_update": now,
        "date_delete": 0,
        "auto_type": None,
        "created_by": SLACKBOT,
        "updated_by": SLACKBOT,
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
        "users": list(dict.fromkeys(members)),
    }


def disabled(group: Doc) -> Doc:
    """The group as it is once somebody has disabled it."""
    return {**group, "date_delete": group["date_update"], "deleted_by": SLACKBOT}


def edited(group: Doc, changes: Doc, *, now: int) -> tuple[Doc, list[Doc]]:
    """The group after a change of its handle, name, people or use, and the events that tell of it.

    Raises TypeError for anything else.
    """
    rest = dict(changes)
    members = list(dict.fromkeys(rest.pop("members", group["users"])))
    off = rest.pop("disabled", bool(group["date_delete"]))
    names: Doc = {key: rest.pop(key) for key in ("handle", "name") if key in rest}
    if rest:
        raise TypeError(f"a user group has no {', '.join(sorted(rest))}")
    after = {**group, **names, "users": members, "date_update": now, "date_delete": 0}
    after = disabled(after) if off else {**after, "deleted_by": None}
    told = {**after, "user_count": len(members)}
    events = _members_changed(group, after)
    return after, [*events, {"type": "subteam_updated", "subteam": told}]


def _members_changed(before: Doc, after: Doc) -> list[Doc]:
    added = [user for user in after["users"] if user not in before["users"]]
    removed = [user for user in before["users"] if user not in after["users"]]
    if not added and not removed:
        return []
    event = {"type": "subteam_members_changed", "subteam_id": after["id"], "team_id": TEAM_ID}
    dates = {"date_previous_update": before["date_update"], "date_update": after["date_update"]}
    people = {"added_users": added, "removed_users": removed}
    counts = {"added_users_count": len(added), "removed_users_count": len(removed)}
    return [{**event, **dates, **people, **counts}]


def list_(here: "Installation", args: Doc) -> Doc:
    """The workspace's groups; their people and how many only where it is asked for."""
    workspace = here.workspace
    if not workspace.plan_has_usergroups:
        raise SlackError("plan_upgrade_required")
    every = args.get("include_disabled")
    found = [g for g in workspace.usergroups.values() if every or not g["date_delete"]]
    return {"usergroups": [_told(group, args) for group in found]}


def _told(group: Doc, args: Doc) -> Doc:
    told = {key: value for key, value in group.items() if key != "users"}
    if args.get("include_users"):
        told["users"] = group["users"]
    if args.get("include_count"):
        told["user_count"] = len(group["users"])
    return told
