"""A person as Slack's users.list describes one."""

import zlib
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.playground.store import Doc

TEAM_ID = "T0NORTH"
APP_ID = "A0NORTH"
BOT_ID = "B0NORTH"
BOT_USER = "U0NORTH"
SLACKBOT = "USLACKBOT"
AUTHOR = {"user": BOT_USER, "bot_id": BOT_ID, "app_id": APP_ID, "team": TEAM_ID}

Kind = Literal[
    "member", "admin", "owner", "guest", "deactivated", "pending", "bot", "external", "slackbot"
]
FLAGS = [
    "deleted",
    "is_admin",
    "is_owner",
    "is_primary_owner",
    "is_restricted",
    "is_ultra_restricted",
    "is_bot",
    "is_app_user",
    "is_invited_user",
    "is_stranger",
]
CAN_ACT = {"member", "admin", "owner", "guest", "external"}
_COLORS = [
    "9f69e7",
    "4bbe2e",
    "e7392d",
    "3c989f",
    "674b1b",
    "e96699",
    "e0a729",
    "684b6c",
    "5b89d5",
    "2b6836",
    "99a949",
]


def kind(user: Doc) -> Kind:
    """What sort of person this is; the most limiting word wins."""
    if user["id"] == SLACKBOT:
        return "slackbot"
    for flag, word in _LIMITING:
        if user.get(flag):
            return word
    if user["team_id"] != TEAM_ID:
        return "external"
    if user.get("is_owner") or user.get("is_primary_owner"):
        return "owner"
    return "admin" if user.get("is_admin") else "member"


_LIMITING: tuple[tuple[str, Kind], ...] = (
    ("is_bot", "bot"),
    ("deleted", "deactivated"),
    ("is_stranger", "external"),
    ("is_invited_user", "pending"),
    ("is_ultra_restricted", "guest"),
    ("is_restricted", "guest"),
)


def can_act(user: Doc) -> bool:
    """Whether this person can press anything at all."""
    return kind(user) in CAN_ACT


def initials(user: Doc) -> str:
    """One or two letters to show in place of a picture."""
    words = str(user.get("real_name") or user["name"]).split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _color(user_id: str) -> str:
    return _COLORS[zlib.crc32(user_id.encode()) % len(_COLORS)]


def _zone(tz: str, now: datetime) -> Doc:
    local = now.astimezone(ZoneInfo(tz))
    offset = local.utcoffset()
    return {
        "tz": tz,
        "tz_label": local.tzname() or tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
    }


def make(details: Doc, *, now: datetime) -> Doc:
    """Slack's user document from the few details that matter; unknown ones are refused."""
    rest = dict(details)
    user_id, name = rest.pop("id"), rest.pop("name")
    real_name = rest.pop("real_name", None) or name
    team = rest.pop("team_id", TEAM_ID)
    tz, profile = rest.pop("tz", "Etc/UTC"), dict(rest.pop("profile", {}))
    title = rest.pop("title", profile.get("title", ""))
    flags = {flag: bool(rest.pop(flag, False)) for flag in FLAGS}
    if rest:
        raise TypeError(f"a person has no {', '.join(sorted(rest))}")
    names = {"real_name": real_name, "real_name_normalized": real_name}
    shown = {"display_name": name, "display_name_normalized": name, "title": title, "team": team}
    user = {
        "id": user_id,
        "team_id": team,
        "name": name,
        "color": _color(user_id),
        "real_name": real_name,
        **flags,
        **_zone(tz, now),
        "updated": int(now.timestamp()),
        "profile": names | shown | profile,
    }
    return _less(user)


def _less(user: Doc) -> Doc:
    """Slack tells less of the deactivated, and some flags only when they are set."""
    hidden = [flag for flag in ("is_stranger", "is_invited_user") if not user[flag]]
    if user["deleted"]:
        hidden += ["tz", "tz_label", "tz_offset", "real_name"]
        hidden += [flag for flag in user if flag.startswith("is_") and flag != "is_bot"]
    return {key: value for key, value in user.items() if key not in hidden}
