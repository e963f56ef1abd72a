"""Which listener hears what. A few listeners of Bolt's, and explicit tables from id to function.

Bolt tries its listeners one after the other, so one for each id would make every click slower.
"""

import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from sqlmodel import Session

from bot import outbox, roster
from bot.blocks import forms, kit, typed
from bot.commands import command, name_of
from bot.deps import Deps
from bot.errors import UserError
from bot.ids import new_id
from handlers.door import PEOPLE_CHANGE, Door
from handlers.request import Request

log = logging.getLogger(__name__)

Listener = Callable[[Request], Awaitable[object]]
ANYTHING = re.compile("")


@dataclass(frozen=True)
class Routes:
    """From a command's name, a shortcut's, an action's, a view's or an event's to who hears it.

    `words` are what can follow /mission, besides the other commands. Who is in `after_home` hears
    that something on Home was pressed, once that is done, or was refused.
    """

    commands: dict[str, Listener] = field(default_factory=dict)
    words: dict[str, Listener] = field(default_factory=dict)
    shortcuts: dict[str, Listener] = field(default_factory=dict)
    actions: dict[str, Listener] = field(default_factory=dict)
    views: dict[str, Listener] = field(default_factory=dict)
    events: dict[str, list[Listener]] = field(default_factory=dict)
    after_home: list[Listener] = field(default_factory=list)

    def on_event(self, name: str, listener: Listener) -> None:
        """Have the listener hear this event, besides those that do already."""
        self.events.setdefault(name, []).append(listener)

    def called(self, body: dict[str, Any]) -> str:
        """Return what the listener that hears this is called: one of as many as there are."""
        kind, name, table = self._asked(body)
        if name not in table:
            return f"{kind} unknown"
        word = next(iter((body.get("text") or "").casefold().split()), "")
        is_known = word in self.words or word in self.commands
        after = word if kind == "command" and name == "mission" and is_known else ""
        return f"{kind} {name} {after}".rstrip()

    def _asked(self, body: dict[str, Any]) -> tuple[str, str, Mapping[str, object]]:
        if "command" in body:
            return "command", name_of(body["command"]), self.commands
        if "event" in body:
            return "event", str(body["event"].get("type")), self.events
        if body.get("actions"):
            return "action", str(body["actions"][0].get("action_id")), self.actions
        if "view" in body and body.get("type") == "view_submission":
            return "view", str(body["view"].get("callback_id")), self.views
        return "shortcut", str(body.get("callback_id")), self.shortcuts


@dataclass(frozen=True)
class Dispatcher:
    """Hands what Bolt hears to the listener in charge, and a UserError back to its person.

    Who is none of this workspace reaches no listener, whatever they type, press or send; events are
    Slack's own.
    """

    routes: Routes
    deps: Deps
    team: str
    door: Door = field(default_factory=Door)

    def attach(self, app: AsyncApp) -> None:
        """Hear everything that the app hears."""
        # They are tried in turn: what comes in crowds first, what hardly ever comes last.
        app.action(ANYTHING)(self.action)
        app.event(ANYTHING)(self.event)
        app.command(ANYTHING)(self.command)
        app.view(ANYTHING)(self.view)
        app.shortcut(ANYTHING)(self.shortcut)

    def _request(self, body: dict[str, Any], ack: AsyncAck, words: str = "") -> Request:
        return Request(self.deps, self.team, body, ack, self.deps.now(), words)

    async def command(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Answer a command; a fault of the person's is told to them alone."""
        request = self._request(body, ack, (body.get("text") or "").strip())
        try:
            await self.door.let_in(request)
            await self._command(body["command"])(request)
        except UserError as error:
            await ack(**kit.sentence(error.message, typed=typed_again(body)))

    def _command(self, typed: str) -> Listener:
        known = self.routes.commands.get(name_of(typed))
        if known is None:
            raise UserError(
                f"I do not know {typed}. {command('mission help')} lists what I can do."
            )
        return known

    async def view(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Take a form; a fault is told at its field, and everything typed stays."""
        request = self._request(body, ack)
        try:
            await self.door.let_in(request)
            await self._view(body["view"]["callback_id"])(request)
        except UserError as error:
            await ack(**refusal(error, body["view"]))
            return
        if ack.response is None:
            await ack()

    def _view(self, callback_id: str) -> Listener:
        known = self.routes.views.get(callback_id)
        if known is None:
            raise UserError(
                "This form was made by another version of Truenorth, so nothing was saved. "
                "Keep a copy of your words, close it and open it again."
            )
        return known

    async def action(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Do what a click asks; a fault is told to who clicked."""
        request = self._request(body, ack)
        listener = self.routes.actions.get(body["actions"][0]["action_id"])
        if listener is not None:  # a link button, or a select in a form: nothing to do
            await self._or_told(listener, request)
            for each in self.routes.after_home if request.is_on_home else ():
                await each(request)
        await ack()

    async def shortcut(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Do what a shortcut asks; a fault is told to who took it."""
        request = self._request(body, ack)
        listener = self.routes.shortcuts.get(body["callback_id"])
        if listener is not None:  # one of another version's
            await self._or_told(listener, request)
        await ack()

    async def _or_told(self, listener: Listener, request: Request) -> None:
        try:
            await self.door.let_in(request)
            await listener(request)
        except UserError as error:
            await self._tell(request, error)

    async def tell(self, body: dict[str, Any], fault: UserError) -> None:
        """Tell who pressed something of a fault."""
        await self._tell(self._request(body, AsyncAck()), fault)  # type: ignore[no-untyped-call]

    async def _tell(self, request: Request, fault: UserError) -> None:
        if request.answer_to:
            await request.whisper(kit.sentence(fault.message))
            return
        try:  # on Home or in a form there is no message to answer below
            await request.open(_notice(fault))
        except UserError:
            await request.write(partial(_tell_later, fault=fault, request=request))

    async def event(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Hear an event; Slack sends it again where this raises."""
        request, kind = self._request(body, ack), body["event"]["type"]
        for listener in self.routes.events.get(kind, []):
            await listener(request)
        if kind in PEOPLE_CHANGE:
            self.door.forget()
        await ack()


def typed_again(body: dict[str, Any]) -> str:
    """Return a command with what was typed after it; nothing where that is a word or less."""
    text = (body.get("text") or "").strip()
    return typed.back(body["command"], text) if " " in text else ""


def refusal(error: UserError, view: dict[str, Any]) -> dict[str, Any]:
    """Return the answer to a form: the fault beside its input, or in the form's place."""
    # Slack refuses an error at an input that this form does not have.
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    if not inputs:
        return {"response_action": "update", "view": _notice(error)}
    errors: dict[str, str] = {}
    for name, sentence in (error.by_field() or {"": error.message}).items():
        place = name if name in inputs else inputs[0]
        errors[place] = f"{errors[place]} {sentence}" if place in errors else sentence
    return {"response_action": "errors", "errors": errors}


def _notice(error: UserError) -> kit.View:
    return forms.modal("notice", "Not done", [kit.says(error.message)])


def _tell_later(session: Session, *, fault: UserError, request: Request) -> None:
    """Tell one of ours where Slack shows nothing any more, but a message; nobody else."""
    if roster.why_not_ours(session, request.user) is None:
        message = outbox.direct(f"told:{new_id()}", request.user, kit.sentence(fault.message))
        outbox.post(session, message, now=request.now)
