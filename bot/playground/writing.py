"""Writing messages as a person, and taking them back."""

from typing import Any

from bot.playground import payloads, people
from bot.playground.driver import Driver
from bot.playground.errors import CannotActError
from bot.playground.people import TEAM_ID
from bot.playground.store import Doc


class Writing(Driver):
    """What people say to each other and to the app."""

    async def message(
        self, user: str, channel: str, text: str, *, thread_ts: str | None = None
    ) -> Doc:
        """Write a message or a reply; returns it once the app, where it listens, was told.

        Raises LookupError for a thread that is not there.
        """
        self._check_person(user)
        self._check_place(user, channel)
        if channel not in self.workspace.channels and self.installation.messages_read_only:
            raise CannotActError("Sending messages to this app has been turned off.")
        written = {"text": payloads.escaped(self.workspace, user, text)}
        body = self._author(user) | written | self._reply(channel, thread_ts)
        message = self.workspace.messages.post(channel, body)
        tried = self._tell_of_message(channel, message)
        if tried is not None:
            await tried.wait()
        return message

    async def delete_message(self, user: str, channel: str, ts: str) -> None:
        """Delete a message of one's own; raises LookupError where there is none."""
        self._check_person(user)
        self._check_place(user, channel)
        found = self.workspace.messages.get(channel, ts, seen_by=user)
        if found is None:
            raise LookupError(f"{user} sees no message {ts} in {channel}")
        if found["user"] != user:
            raise CannotActError("Only one's own messages can be deleted.")
        self.workspace.messages.delete(channel, ts)

    def _author(self, user: str) -> Doc:
        team = self.workspace.person(user)["team_id"]
        away = {} if team == TEAM_ID else {"user_team": team, "source_team": team}
        return {"user": user, "team": team, **away}

    def _reply(self, channel: str, thread_ts: str | None) -> Doc:
        if thread_ts is None:
            return {}
        parent = self.workspace.messages.get(channel, thread_ts)
        if parent is None or "thread_ts" in parent:
            raise LookupError(f"no thread begins at {thread_ts} in {channel}")
        return {"thread_ts": thread_ts, "parent_user_id": parent["user"]}

    def _tell_of_message(self, channel: str, message: Doc) -> Any:
        known = self.workspace.channels.get(channel)
        kind, name = ("im", "message.im") if known is None else ("channel", "message.channels")
        if known is not None and known["is_private"]:
            kind, name = "group", "message.groups"
        if known is not None and people.BOT_USER not in known["members"]:
            return None
        event = {**message, "channel": channel, "channel_type": kind, "event_ts": message["ts"]}
        return self.events.send(event, name=name)
