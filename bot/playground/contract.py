"""What each Web API method takes, needs and allows, and what each event needs."""

from dataclasses import dataclass, field
from typing import Literal

Type = Literal["string", "boolean", "integer", "json"]
ChannelKind = Literal["public_channel", "private_channel", "im"]

TIERS = {"t2": 20, "t3": 50, "t4": 100}


@dataclass(frozen=True, slots=True)
class Method:
    """`scopes` names one scope for all channels ("*") or one for each kind of channel."""

    tier: str
    args: dict[str, Type] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    scopes: dict[str, str] = field(default_factory=dict)
    json: bool = True
    app_token: bool = False


_READ = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read"}
_HISTORY = {
    "public_channel": "channels:history",
    "private_channel": "groups:history",
    "im": "im:history",
}
_PAGE: dict[str, Type] = {"cursor": "string", "limit": "integer"}

METHODS: dict[str, Method] = {
    "auth.test": Method("t5"),
    "apps.connections.open": Method("t3", app_token=True),
    "users.list": Method("t2", _PAGE, scopes={"*": "users:read"}, json=False),
    "usergroups.list": Method(
        "t2",
        {"include_users": "boolean", "include_count": "boolean", "include_disabled": "boolean"},
        scopes={"*": "usergroups:read"},
        json=False,
    ),
    "chat.postMessage": Method(
        "t5",
        {
            "channel": "string",
            "text": "string",
            "blocks": "json",
            "metadata": "json",
            "thread_ts": "string",
            "reply_broadcast": "boolean",
            "unfurl_links": "boolean",
            "unfurl_media": "boolean",
        },
        ("channel",),
        {"*": "chat:write"},
    ),
    "chat.update": Method(
        "t3",
        {
            "channel": "string",
            "ts": "string",
            "text": "string",
            "blocks": "json",
            "metadata": "json",
        },
        ("channel", "ts"),
        {"*": "chat:write"},
    ),
    "conversations.history": Method(
        "t3",
        {
            **_PAGE,
            "channel": "string",
            "oldest": "string",
            "latest": "string",
            "inclusive": "boolean",
            "include_all_metadata": "boolean",
        },
        ("channel",),
        _HISTORY,
    ),
    "conversations.replies": Method(
        "t3",
        {
            **_PAGE,
            "channel": "string",
            "ts": "string",
            "oldest": "string",
            "latest": "string",
            "inclusive": "boolean",
            "include_all_metadata": "boolean",
        },
        ("channel", "ts"),
        _HISTORY,
        json=False,
    ),
    "conversations.info": Method(
        "t3",
        {"channel": "string", "include_num_members": "boolean"},
        ("channel",),
        _READ,
        json=False,
    ),
    "conversations.join": Method("t3", {"channel": "string"}, ("channel",), {"*": "channels:join"}),
    "conversations.list": Method(
        "t2",
        {**_PAGE, "types": "string", "exclude_archived": "boolean"},
        scopes=_READ,
        json=False,
    ),
    "conversations.members": Method(
        "t4", {**_PAGE, "channel": "string"}, ("channel",), _READ, json=False
    ),
    "conversations.open": Method("t3", {"users": "string"}, ("users",), {"im": "im:write"}),
    "files.getUploadURLExternal": Method(
        "t4",
        {"filename": "string", "length": "integer", "alt_txt": "string"},
        ("filename", "length"),
        {"*": "files:write"},
        json=False,
    ),
    "files.completeUploadExternal": Method(
        "t4",
        {
            "files": "json",
            "channel_id": "string",
            "thread_ts": "string",
            "initial_comment": "string",
        },
        ("files", "channel_id"),
        {"*": "files:write"},
    ),
    "views.open": Method("t4", {"trigger_id": "string", "view": "json"}, ("trigger_id", "view")),
    "views.push": Method("t4", {"trigger_id": "string", "view": "json"}, ("trigger_id", "view")),
    "views.publish": Method(
        "t4", {"user_id": "string", "view": "json", "hash": "string"}, ("user_id", "view")
    ),
    "views.update": Method(
        "t4",
        {"view": "json", "view_id": "string", "external_id": "string", "hash": "string"},
        ("view",),
    ),
}

# An event reaches the app when it holds any one of these scopes; none means that it needs none.
EVENTS: dict[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "user_change": ("users:read",),
    "team_join": ("users:read",),
    "member_joined_channel": ("channels:read", "groups:read"),  # by the kind of channel
    "member_left_channel": ("channels:read", "groups:read"),
    "channel_left": ("channels:read",),
    "group_left": ("groups:read",),
    "channel_archive": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "group_archive": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "subteam_members_changed": ("usergroups:read",),
    "subteam_updated": ("usergroups:read",),
    "message.im": ("im:history",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
}
