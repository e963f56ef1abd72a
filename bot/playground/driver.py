"""Acting as a person: typing commands, pressing buttons, sending forms."""

from typing import Any

from bot.playground import forms, outcome, payloads, people, submitting
from bot.playground.errors import CannotActError, SlackError
from bot.playground.events import Events
from bot.playground.installation import Installation
from bot.playground.outcome import Outcome
from bot.playground.people import TEAM_ID
from bot.playground.socketmode import Reply, Sockets
from bot.playground.store import Doc
from bot.playground.workspace import Workspace

NOT_A_COMMAND = "{} is not a valid command."


class Driver:
    """What people can do; raises CannotActError where Slack would not even offer it."""

    workspace: Workspace
    installation: Installation
    sockets: Sockets
    events: Events

    async def command(self, user: str, channel: str, text: str) -> Outcome:
        """Type a slash command into a channel; its escaping is Slack's."""
        name, _, rest = text.partition(" ")
        self._check_command(user, channel, name)
        payload = payloads.command(self.workspace, user, channel, name, rest.strip())
        token = self.installation.responses.new(user, channel)
        payload["response_url"] = self._response_url(token)
        payload["trigger_id"] = self.installation.triggers.new(user)
        reply = await self.sockets.request("slash_commands", payload)
        error = outcome.failure(name, reply)
        if reply.acked and reply.payload:
            error = self._show_answer(user, channel, name, reply)
        return outcome.of(reply, error=error)

    def _check_command(self, user: str, channel: str, name: str) -> None:
        self._check_person(user)
        self._check_place(user, channel)
        outside = self.workspace.person(user)["team_id"] != TEAM_ID
        if name not in self.installation.commands or outside:
            raise CannotActError(NOT_A_COMMAND.format(name))

    def _show_answer(self, user: str, channel: str, name: str, reply: Reply) -> str | None:
        if reply.payload == {"text": ""}:
            return None
        try:
            self.installation.responses.answer(user, channel, reply.payload)
        except SlackError as refused:
            self.installation.refuse("acknowledgement", refused)
            return f"{name} failed because the app answered something that Slack refuses"
        return None

    async def click(
        self,
        user: str,
        *,
        action_id: str,
        channel: str | None = None,
        ts: str | None = None,
        view: str | Doc | None = None,
        block_id: str | None = None,
        value: str | None = None,
        option: Any = None,
        message: Doc | None = None,
    ) -> Outcome:
        """Press a button or choose an option in a message or a view.

        `value` picks among buttons of one action_id; `message` clicks a stale picture of one.
        Raises LookupError where there is nothing like it to click.
        """
        self._check_person(user)
        stamp = self.workspace.new_ts()
        if view is not None:
            view_id = view["id"] if isinstance(view, dict) else view
            payload, blocks = self._view_click(user, view_id)
        else:
            payload, blocks = self._message_click(user, channel or "", ts, message)
        block, element = _find(blocks, action_id, block_id, value)
        payload["actions"] = [payloads.action(block, element, stamp, option)]
        if "view" in payload and forms.holds(element):
            payload["view"] = self._choose(payload["view"]["id"], block, element, option)
        reply = await self.sockets.request("interactive", payload)
        return outcome.of(reply, error=outcome.failure("That", reply))

    def _message_click(
        self, user: str, channel: str, ts: str | None, stale: Doc | None
    ) -> tuple[Doc, list[Doc]]:
        self._check_place(user, channel, writes=False)
        found = stale or self.workspace.messages.get(channel, ts or "", seen_by=user)
        if found is None:
            raise LookupError(f"{user} sees no message {ts} in {channel}")
        present = self.workspace.messages.get(channel, found["ts"], seen_by=user)
        only = present is not None and self.workspace.messages.is_ephemeral(channel, found["ts"])
        payload = payloads.interaction(self.workspace, user, "block_actions")
        payload |= payloads.in_message(self.workspace, channel, found, ephemeral=only)
        token = self.installation.responses.new(user, channel, ts=found["ts"])
        payload["response_url"] = self._response_url(token)
        payload["trigger_id"] = self.installation.triggers.new(user)
        return payload, found.get("blocks", [])

    def _view_click(self, user: str, view_id: str) -> tuple[Doc, list[Doc]]:
        view = self._own_view(user, view_id)
        payload = payloads.interaction(self.workspace, user, "block_actions")
        payload["container"] = {"type": "view", "view_id": view_id}
        payload["trigger_id"] = self.installation.triggers.new(user, view_id=view_id)
        payload["view"] = view
        return payload, view["blocks"]

    def _choose(self, view_id: str, block: Doc, element: Doc, option: Any) -> Doc:
        held = forms.filled(element, option)
        values = {block["block_id"]: {element["action_id"]: held}}
        self.workspace.views.fill(view_id, values)
        return self.workspace.views.view(view_id)

    async def choose(self, user: str, view_id: str, block_id: str, value: Any) -> Outcome:
        """Fill in one input of an open form, with Enter after a text, and let it act if it does.

        `sent` is false where the form only keeps it; raises LookupError for an unknown input.
        """
        view = self._own_view(user, view_id)
        for block, element in forms.elements(view["blocks"]):
            if block["block_id"] == block_id and forms.acts(block, element):
                where = {"block_id": block_id, "action_id": element["action_id"]}
                return await self.click(user, view=view_id, option=value, **where)
        self.fill(user, view_id, {block_id: value})
        return Outcome(acked=False, sent=False)

    def fill(self, user: str, view_id: str, values: dict[str, Any]) -> None:
        """Fill in a form without sending it; raises LookupError for an unknown input."""
        view = self._own_view(user, view_id)
        self.workspace.views.fill(view_id, forms.fill(view, values))

    async def submit(
        self,
        user: str,
        view_id: str,
        values: dict[str, Any] | None = None,
        *,
        force: bool = False,
    ) -> Outcome:
        """Send a form, with plain values by block_id; the others keep what they have.

        What Slack checks itself stops it before anything is sent, unless `force`.
        """
        self._check_person(user)
        self._own_view(user, view_id)
        return await submitting.submit(self, user, view_id, values or {}, force=force)

    async def close_view(self, user: str, view_id: str) -> Outcome:
        """Close a form; the app hears of it where it asked to."""
        view = self._own_view(user, view_id)
        self.workspace.views.close(view_id)
        return await submitting.tell_closed(self, user, view, cleared=False)

    async def open_home(self, user: str) -> Doc | None:
        """Open the app's Home tab: sends `app_home_opened` and returns what is shown after it."""
        self._check_person(user)
        event: Doc = {"type": "app_home_opened", "user": user, "tab": "home"}
        event |= {"channel": self.workspace.dm_id(user), "event_ts": self.workspace.new_ts()}
        if (view := self.workspace.views.home(user)) is not None:
            event["view"] = view
        tried = self.events.send(event)
        if tried is not None:
            await tried.wait()
        return self.workspace.views.home(user)

    def _check_person(self, user: str) -> None:
        if user not in self.workspace.persons or not people.can_act(self.workspace.person(user)):
            raise CannotActError("This person cannot do anything here.")

    def _check_place(self, user: str, channel: str, *, writes: bool = True) -> None:
        if not self.workspace.can_see(user, channel):
            raise CannotActError("This person is not in that channel.")
        if writes and self.workspace.channels.get(channel, {}).get("is_archived"):
            raise CannotActError("This channel is archived.")

    def _own_view(self, user: str, view_id: str) -> Doc:
        if self.workspace.views.owner(view_id) != user:
            raise LookupError(f"{user} has no view {view_id} open")
        return self.workspace.views.view(view_id)

    def _response_url(self, token: str) -> str:
        return f"{self.installation.base_url}/response/{token}"


def _find(
    blocks: list[Doc], action_id: str, block_id: str | None, value: str | None
) -> tuple[Doc, Doc]:
    for block, element in forms.elements(blocks):
        fits = element["action_id"] == action_id and block_id in (None, block["block_id"])
        if fits and forms.acts(block, element) and value in (None, element.get("value")):
            return block, element
    raise LookupError(f"there is no {action_id} to press")
