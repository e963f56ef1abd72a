"""Acting as people do who wait for the bot's answer before they go on."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from bot.playground.looking import Looking
from bot.playground.outcome import Outcome
from bot.playground.store import Doc

PATIENCE = 30.0  # seconds until the bot's answer counts as missing
A_MOMENT = timedelta(minutes=1)  # longer than the bot waits between two messages
GLANCE_SECONDS, GLANCES = 1.0, 40


class HistoryError(Exception):
    """Something in the script did not come out as written."""


class Patient:
    """Does a thing, and waits until the bot has done what it owes to it."""

    def __init__(self, fake: Looking) -> None:
        self.fake = fake

    async def open(self, who: str, where: str, command: str) -> Doc:
        """Type a command that opens a form, and return the form."""
        await self.done(self.fake.command(who, where, command))
        return self.form(who, command)

    async def open_for(self, who: str, where: str, message: Doc, shortcut: str) -> Doc:
        """Choose a shortcut in a message's menu that opens a form, and return the form."""
        await self.done(self.fake.message_shortcut(who, where, message["ts"], shortcut))
        return self.form(who, shortcut)

    async def open_beside(self, who: str, where: str, message: Doc, option: str) -> Doc:
        """Choose in the menu that is part of a message, and return the form that opens."""
        menu = _menu(message)
        value = next(
            each["value"] for each in menu["options"] if each["text"]["text"].startswith(option)
        )
        at = {"channel": where, "ts": message["ts"], "action_id": menu["action_id"]}
        await self.done(self.fake.click(who, **at, option=value))
        return self.form(who, option)

    def form(self, who: str, opened_by: str) -> Doc:
        """The form that was opened last; raises HistoryError where there is none."""
        views = self.fake.views(who)
        if not views:
            raise HistoryError(f"{opened_by} opened no form for {who}.")
        return views[-1]

    async def send(self, who: str, form: Doc, values: Doc) -> None:
        """Send a form; raises HistoryError where it stays open."""
        outcome = await self.done(self.fake.submit(who, form["id"], values))
        if not outcome.closed:
            raise HistoryError(f"The form of {who} stayed open: {outcome.result}.")

    async def done(self, doing: Any) -> Outcome:
        """Do it; raises HistoryError where the bot did not take it."""
        outcome: Outcome = await doing
        if not outcome.ok:
            raise HistoryError(f"{outcome.error or outcome.errors}")
        return outcome

    async def posted(self, where: str, doing: Any) -> Doc:
        """Do it, and return what the bot posted there because of it."""
        count = len(self.fake.messages(where))
        await doing
        await self.until(lambda: len(self.fake.messages(where)) > count)
        return self.fake.messages(where)[-1]

    async def announced(
        self, where: str, people: Sequence[str], doing: Any, *, button: str, by: Sequence[str]
    ) -> None:
        """Do it, have its post's button pressed by some, and wait until it all arrived."""
        known = self._written(people)
        post = await self.posted(where, doing)
        for person in by:
            click = self.fake.click(person, action_id=button, channel=where, ts=post["ts"])
            await self.done(click)
        await self.delivered(people, known)
        await self.until(lambda: _cheers(self._now(where, post)) == len(by))

    async def told(self, people: Sequence[str], doing: Any) -> None:
        """Do it, and wait until each of them was written to."""
        known = self._written(people)
        await doing
        await self.delivered(people, known)

    async def delivered(self, people: Sequence[str], known: int) -> None:
        """Wait for one message each, and let the time pass between two messages."""
        for wanted in range(known + 1, known + 1 + len(people)):
            await self.fake.jump(A_MOMENT)
            await self.until(partial(self._has_written, people, wanted))

    def _has_written(self, people: Sequence[str], wanted: int) -> bool:
        return self._written(people) >= wanted

    def _written(self, people: Sequence[str]) -> int:
        return sum(len(self.fake.dm(person)) for person in people)

    def shown(self, where: str, post: Doc) -> str:
        """What a post consists of by now."""
        return str(self._now(where, post)["blocks"])

    def _now(self, where: str, post: Doc) -> Doc:
        found = self.fake.workspace.messages.get(where, post["ts"])
        if found is None:
            raise LookupError(f"{post['ts']} in {where} is gone")
        return found

    def said(self, where: str, words: str) -> Doc:
        """The newest message there that says this; raises LookupError."""
        for message in reversed(self.fake.messages(where)):
            if words in str(message.get("blocks")) or words in message["text"]:
                return message
        raise LookupError(f"nobody said “{words}” in {where}")

    async def until(self, predicate: Callable[[], Any]) -> None:
        """Wait until this is so; raises AssertionError where it never is.

        Where the bot rests only time helps, which need not be waited for.
        """
        for _ in range(GLANCES):
            with suppress(AssertionError):  # it may rest without saying so, after some trouble
                await self.fake.until(lambda: predicate() or self._rest(), GLANCE_SECONDS)
            if predicate():
                return
            await self.fake.jump(self._rest() or A_MOMENT)
        await self.fake.until(predicate, PATIENCE)

    def _rest(self) -> timedelta | None:
        """How long the bot rests amidst sending, None where it does not."""
        now = self.fake.now()
        until = self.fake.workspace.clock.ahead.rest(now)
        return until - now if until else None


def _menu(message: Doc) -> Doc:
    elements = [each for block in message["blocks"] for each in block.get("elements", [])]
    menu: Doc = next(each for each in elements if each["type"] == "overflow")
    return menu


def _cheers(post: Doc) -> int:
    """How many applauded or thanked, by the button, or by the names below it where none count."""
    buttons = [each for block in post["blocks"] for each in block.get("elements", [])]
    digits = [each["text"]["text"].rpartition(" ")[2] for each in buttons if "value" in each]
    if digits and digits[0].isdecimal():
        return int(digits[0])
    return str(post["blocks"][-1]).count("<@")
