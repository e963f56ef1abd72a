"""The shapes of the events that are heard, and of any other.

https://docs.slack.dev/reference/events
"""

from typing import Annotated, Literal

from pydantic import Field

from bot.shapes import Anything, Named, Shape, Stamp, Text


class _Place(Shape):
    app_installed_team_id: Text | None = None


class _Profile(Shape):
    display_name: Text | None = None
    real_name: Text | None = None


class _Organisation(Shape):
    teams: list[Text] | None = None


class _User(Shape):
    """Somebody as Slack tells of them."""

    id: Annotated[Text, Field(min_length=1)]
    team_id: Text | None = None
    name: Text | None = None
    real_name: Text | None = None
    tz: Text | None = None
    profile: _Profile | None = None
    enterprise_user: _Organisation | None = None


class _Group(Shape):
    id: Text
    handle: Text
    users: list[Text] | None = None


class _Inside(Shape):
    """Where Bolt looks for who did something and where, in anything that happened."""

    user: Named | Text | None = None
    user_id: Text | None = None
    channel: Named | Text | None = None
    channel_id: Text | None = None
    thread_ts: Text | None = None
    team: Named | Text | None = None
    enterprise: Named | Text | None = None
    view: _Place | None = None
    item: "_Inside | None" = None
    message: "_Inside | None" = None
    previous_message: "_Inside | None" = None
    assistant_thread: "_Inside | None" = None
    authorizations: None = None


class Event(_Inside):
    """Any event. What one of those that are heard has besides is below."""

    type: Text
    subtype: Text | None = None


class _OfPerson(Event):
    user: _User  # type: ignore[assignment]


class _HomeOpened(Event):
    user: Text
    tab: Text | None = None


class _InChannel(Event):
    user: Text
    channel: Text
    event_ts: Stamp


class _OfChannel(Event):
    channel: Text


class _OfMembers(Event):
    subteam_id: Text
    added_users: list[Text] | None = None
    removed_users: list[Text] | None = None
    event_ts: Stamp


class _OfGroup(Event):
    subteam: _Group
    event_ts: Stamp


class _Tokens(Shape):
    oauth: list[Text] | None = None
    bot: list[Text] | None = None


class _Revoked(Event):
    tokens: _Tokens | None = None


EVENTS: dict[str, type[Event]] = {
    **dict.fromkeys(("team_join", "user_change"), _OfPerson),
    "app_home_opened": _HomeOpened,
    **dict.fromkeys(("member_joined_channel", "member_left_channel"), _InChannel),
    "subteam_members_changed": _OfMembers,
    "subteam_updated": _OfGroup,
    **{
        f"{kind}_{what}": _OfChannel
        for kind in ("channel", "group")
        for what in ("archive", "unarchive", "left")
    },
    "tokens_revoked": _Revoked,
}


class Callback(Anything):
    """Something that happened."""

    type: Literal["event_callback"]
    event_id: Text | None = None
    event_time: Annotated[int, Field(ge=0, lt=10**11)] | None = None
    event: Event  # type: ignore[assignment]
