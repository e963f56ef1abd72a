"""One Slack workspace: its people, channels, messages, views and clock."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.playground import people, usergroups
from bot.playground.clock import real_now
from bot.playground.files import Files
from bot.playground.messages import Messages
from bot.playground.people import BOT_ID, BOT_USER, SLACKBOT, TEAM_ID
from bot.playground.records import Change, Records
from bot.playground.store import Doc
from bot.playground.views import Views


class Workspace(Records):
    """In memory, or kept in `path` so that a restart finds everything as it was."""

    team_id = TEAM_ID
    bot_id = BOT_ID
    bot_user_id = BOT_USER

    def __init__(
        self,
        path: Path | str | None = None,
        *,
        now: Callable[[], datetime] = real_now,
        name: str = "Playground",
        domain: str = "playground",
    ) -> None:
        super().__init__(path, now)
        self.name, self.domain = name, domain
        self.persons = self.store.load("person")
        self.channels = self.store.load("channel")
        self.usergroups = self.store.load("usergroup")
        self.plan_has_usergroups = True
        self.messages = Messages(self)
        self.files = Files(self)
        self.views = Views(self)
        if SLACKBOT not in self.persons:
            self.add_person(id=SLACKBOT, name="slackbot", real_name="Slackbot")
        if BOT_USER not in self.persons:
            self.name_bot("Truenorth")

    @property
    def pings(self) -> list[Doc]:
        """Every ping by the app since the beginning: {channel, ts, kind, id}."""
        return self.messages.pings

    # People

    def add_person(self, **details: Any) -> Doc:
        """Somebody who was always here: no event. Takes id, name and Slack's own flags."""
        doc = {"partner": details.pop("partner", None), "details": details}
        return self._save_person(doc)

    def edit_person(self, id: str, **changes: Any) -> Doc:
        """Change somebody and send `user_change`."""
        doc = self.persons[id]
        user = self._save_person({**doc, "details": doc["details"] | changes})
        self.send_event({"type": "user_change", "user": user, "cache_ts": user["updated"]})
        return user

    def join(self, id: str, **details: Any) -> Doc:
        """Let somebody new (or already added) join, and send `team_join`."""
        user = self.person(id) if id in self.persons else self.add_person(id=id, **details)
        self.send_event({"type": "team_join", "user": user})
        return user

    def person(self, id: str) -> Doc:
        """Slack's document of a person; raises KeyError for an unknown one."""
        user: Doc = self.persons[id]["user"]
        return user

    def people(self) -> list[Doc]:
        """Everybody, in the order in which they came."""
        return [doc["user"] for doc in self.persons.values()]

    def name_bot(self, name: str) -> None:
        """Give the app's own user its name."""
        known = self.persons.get(BOT_USER)
        if known is None or known["details"]["real_name"] != name:
            handle = name.lower().replace(" ", "_")
            self.add_person(id=BOT_USER, name=handle, real_name=name, is_bot=True)

    def _save_person(self, doc: Doc) -> Doc:
        user = people.make(doc["details"], now=self.clock.now())
        self.persons[user["id"]] = {**doc, "user": user}
        self.store.put("person", user["id"], self.persons[user["id"]])
        self.tell(Change("state"))
        return user

    def add_usergroup(
        self,
        id: str,
        handle: str,
        name: str,
        *,
        members: Iterable[str] = (),
        disabled: bool = False,
    ) -> Doc:
        """A user group, or what becomes of one that is there; anybody can be in it, or nobody."""
        now = int(self.clock.seconds())
        group = usergroups.make(id, handle, name, members=members, now=now)
        return self._save_usergroup(usergroups.disabled(group) if disabled else group)

    def edit_usergroup(self, id: str, **changes: Any) -> Doc:
        """Change a group's handle, name or members, or switch it off (`disabled`) and on again.

        Sends `subteam_updated`, and `subteam_members_changed` where its people are others now.
        """
        now = int(self.clock.seconds())
        group, events = usergroups.edited(self.usergroups[id], changes, now=now)
        self._save_usergroup(group)
        for event in events:
            self.send_event(event)
        return group

    def _save_usergroup(self, group: Doc) -> Doc:
        self.usergroups[group["id"]] = group
        self.store.put("usergroup", group["id"], group)
        self.tell(Change("state"))
        return group

    # Channels

    def add_channel(
        self,
        id: str,
        name: str,
        *,
        is_private: bool = False,
        is_archived: bool = False,
        members: Iterable[str] = (),
        bot: bool = True,
        topic: str = "",
    ) -> Doc:
        """A channel that was always here: no event."""
        channel = {
            "id": id,
            "name": name,
            "is_private": is_private,
            "is_archived": is_archived,
            "members": list(dict.fromkeys([*members, *([BOT_USER] if bot else [])])),
            "topic": topic,
            "created": int(self.clock.seconds()),
        }
        return self._save_channel(channel)

    def add_direct(self, id: str, *members: str) -> Doc:
        """Direct messages of people with each other, of which the app knows nothing."""
        channel = self.add_channel(id, "", is_private=True, members=members, bot=False)
        return self._save_channel({**channel, "is_direct": True})

    def archive(self, id: str) -> None:
        """Archive a channel and send the event."""
        self._set_archived(id, archived=True, event="archive")

    def unarchive(self, id: str) -> None:
        """Bring a channel back and send the event."""
        self._set_archived(id, archived=False, event="unarchive")

    def _set_archived(self, id: str, *, archived: bool, event: str) -> None:
        channel = self._save_channel({**self.channels[id], "is_archived": archived})
        kind = "group" if channel["is_private"] else "channel"
        self.send_event({"type": f"{kind}_{event}", "channel": id, "user": SLACKBOT})

    def invite_bot(self, id: str) -> None:
        """Invite the app to a channel; it hears `member_joined_channel`."""
        self.enter(id, BOT_USER, inviter=SLACKBOT)

    def kick_bot(self, id: str) -> None:
        """Remove the app from a channel and tell it so."""
        channel = self.channels[id]
        rest = [member for member in channel["members"] if member != BOT_USER]
        self._save_channel({**channel, "members": rest})
        kind = "group_left" if channel["is_private"] else "channel_left"
        self.send_event({"type": kind, "channel": id, "actor_id": SLACKBOT})

    def enter(self, id: str, user: str, *, inviter: str | None = None) -> None:
        """Put somebody into a channel; the app hears of it where it is a member itself."""
        channel = self.channels[id]
        if user in channel["members"]:
            return
        self._save_channel({**channel, "members": [*channel["members"], user]})
        who = {"inviter": inviter} if inviter else {}
        self._tell_member("member_joined_channel", id, user, **who)

    def leave(self, id: str, user: str) -> None:
        """Let somebody go out of a channel; the app hears of it where it is a member itself."""
        channel = self.channels[id]
        if user not in channel["members"]:
            return
        rest = [member for member in channel["members"] if member != user]
        self._save_channel({**channel, "members": rest})
        self._tell_member("member_left_channel", id, user)

    def _tell_member(self, event: str, id: str, user: str, **more: str) -> None:
        channel = self.channels[id]
        if BOT_USER in channel["members"]:
            kind = "G" if channel["is_private"] else "C"
            where = {"channel": id, "channel_type": kind, "team": TEAM_ID}
            self.send_event({"type": event, "user": user, **where, **more})

    def _save_channel(self, channel: Doc) -> Doc:
        self.channels[channel["id"]] = channel
        self.store.put("channel", channel["id"], channel)
        self.tell(Change("state"))
        return channel

    # Who sees what

    def dm_id(self, user: str) -> str:
        """The app's direct message channel with a person."""
        return f"D{user[1:]}"

    def dm_partner(self, channel: str) -> str | None:
        """The person with whom the app has this direct message channel."""
        user = f"U{channel[1:]}"
        return user if channel.startswith("D") and user in self.persons else None

    def can_see(self, user: str, channel: str) -> bool:
        """Members see their channels; full members of the workspace every public one."""
        if channel not in self.channels:
            return channel == self.dm_id(user)
        if user in self.channels[channel]["members"]:
            return True
        full = people.kind(self.person(user)) in ("member", "admin", "owner")
        return full and not self.channels[channel]["is_private"]
