"""Pressing shortcuts as a person."""

from typing import Any

from bot.playground import outcome, payloads
from bot.playground.driver import Driver
from bot.playground.errors import CannotActError, SlackError
from bot.playground.outcome import Outcome
from bot.playground.people import TEAM_ID
from bot.playground.store import Doc

_SILENT: tuple[Any, ...] = (None, "", {}, {"text": ""})


class Shortcuts(Driver):
    """Those of a message, and those that can be pressed anywhere."""

    async def shortcut(self, user: str, callback_id: str) -> Outcome:
        """Press a global shortcut; raises LookupError for one that is not declared."""
        name = self._offered(user, callback_id, "global")
        payload = payloads.shortcut(self.workspace, user, callback_id)
        return await self._press(user, name, payload)

    async def message_shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Outcome:
        """Press a shortcut in a message's menu, which may still show a message deleted since.

        Raises LookupError for a shortcut that is not declared and a message that never was.
        """
        name = self._offered(user, callback_id, "message")
        self._check_place(user, channel, writes=False)
        message = self.workspace.messages.last_known(channel, ts)
        if message is None:
            raise LookupError(f"{user} sees no message {ts} in {channel}")
        payload = payloads.message_shortcut(self.workspace, user, callback_id, channel, message)
        token = self.installation.responses.new(user, channel)
        payload["response_url"] = self._response_url(token)
        return await self._press(user, name, payload)

    def _offered(self, user: str, callback_id: str, kind: str) -> str:
        found = self.installation.shortcuts.get(callback_id)
        if found is None or found["type"] != kind:
            raise LookupError(f"no {kind} shortcut is called {callback_id}")
        self._check_person(user)
        if self.workspace.person(user)["team_id"] != TEAM_ID:
            raise CannotActError("Shortcuts are for the people of the app's own workspace.")
        return str(found["name"])

    async def _press(self, user: str, name: str, payload: Doc) -> Outcome:
        payload["action_ts"] = self.workspace.new_ts()
        payload["trigger_id"] = self.installation.triggers.new(user)
        reply = await self.sockets.request("interactive", payload)
        error = outcome.failure(name, reply)
        if reply.acked and reply.payload not in _SILENT:
            error = self._refuse_answer(name, reply.payload)
        return outcome.of(reply, error=error)

    def _refuse_answer(self, name: str, answer: Any) -> str:
        """Slack throws such an answer away without a word, which helps nobody."""
        refused = SlackError("invalid_payload", f"a shortcut is acknowledged empty, not {answer}")
        self.installation.refuse("acknowledgement", refused)
        return f"{name} failed because the app answered something that Slack refuses"
