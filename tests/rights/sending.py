"""Sends the bot what Slack sends when somebody does something, also what Slack would not let them.

Whoever can make Slack send something can choose every word of it but who they are.
"""

import itertools
from typing import Any

from bot.playground.forms import fill, named, state
from bot.playground.server import FakeSlack
from tests.support import BEN, KUDOS, TEAM, Doc, text_of

MESSAGE = "stayed late so that the clinic could book again"
_numbers = itertools.count()


class Sender:
    """One person; each way to send returns all that comes back to them, `opened` aside."""

    def __init__(self, slack: FakeSlack, who: str, team: str = TEAM) -> None:
        self.slack, self.who = slack, who
        self.opened: list[Doc] = []
        self.user = {"id": who, "name": who.lower(), "team_id": team}

    async def _sent(self, kind: str, payload: Doc, *, over: str | None = None) -> str:
        views, whispers = self.slack.views(self.who), self.slack.ephemerals(self.who)
        trigger = self.slack.installation.triggers.new(self.who, view_id=over)
        around = {"team_id": TEAM, "team": {"id": TEAM, "domain": "x"}, "trigger_id": trigger}
        reply = await self.slack.sockets.request(kind, {**around, **payload})
        assert reply.acked, (self.who, payload)
        self.opened = [view for view in self.slack.views(self.who) if view not in views]
        self.slack.workspace.views.close_all(self.who)
        told = self.slack.ephemerals(self.who)[len(whispers) :]
        answer = reply.payload or {}
        said = [*self.opened, *told, answer.get("view") or answer]
        return "\n".join([*filter(None, map(text_of, said)), *answer.get("errors", {}).values()])

    async def command(self, line: str) -> str:
        """Type a command."""
        name, _, text = line.partition(" ")
        payload = {"command": name, "text": text, "user_id": self.who, "channel_id": KUDOS}
        return await self._sent("slash_commands", payload)

    async def press(self, action: str, value: str = "0", **more: Any) -> str:
        """Press a button of a message, real or not."""
        pressed = {"action_id": action, "type": "button", "value": value}
        return await self._interact("block_actions", actions=[pressed], **more)

    async def choose(self, action: str, value: str) -> str:
        """Choose something in a menu beside a message."""
        chosen = {"action_id": action, "type": "overflow", "selected_option": {"value": value}}
        return await self._interact("block_actions", actions=[chosen])

    async def change(self, action: str, form: Doc, filled: Doc) -> str:
        """Change an input of an open form that says so at once; `opened` is what became of it."""
        shown = self.slack.workspace.views.open(self.who, form)
        self.slack.workspace.views.fill(shown["id"], fill(shown, filled))
        before = self.slack.workspace.views.view(shown["id"])
        body = {"actions": [{"action_id": action, "type": "static_select"}], "view": before}
        payload = {"type": "block_actions", "user": self.user, **body}
        said = await self._sent("interactive", payload, over=shown["id"])
        self.opened = [view for view in self.opened if view["blocks"] != before["blocks"]]
        return said

    async def _interact(self, kind: str, **more: Any) -> str:
        token = self.slack.installation.responses.new(self.who, KUDOS)
        url = f"{self.slack.installation.base_url}/response/{token}"
        payload = {"type": kind, "user": self.user, "response_url": url, **more}
        return await self._sent("interactive", payload)

    async def shortcut(self, name: str) -> str:
        """Take a shortcut from anywhere."""
        payload = {"type": "shortcut", "callback_id": name, "user": self.user}
        return await self._sent("interactive", payload)

    async def shortcut_beside(self, name: str) -> str:
        """Take a shortcut beside a message."""
        place = {"channel": {"id": KUDOS, "name": "kudos"}}
        message = {"ts": "1.1", "user": BEN, "text": MESSAGE}
        return await self._interact("message_action", callback_id=name, message=message, **place)

    async def submit(self, form: Doc, filled: Doc | None = None) -> str:
        """Send a form with these things filled in, whether it was ever opened or not."""
        payload = {"type": "view_submission", "user": self.user, "view": sent(form, filled or {})}
        return await self._sent("interactive", payload)


def sent(form: Doc, filled: Doc) -> Doc:
    """A form as Slack sends it once it is filled in."""
    view = {"id": f"V{next(_numbers)}", "hash": "1", "private_metadata": "", **form}
    view["blocks"] = named(form["blocks"])
    return view | {"state": {"values": state(view, fill(view, filled))}}
