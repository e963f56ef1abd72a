"""Answering the pulse as people do: with the buttons of what the bot wrote to them."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Any
from zlib import crc32

from bot.playground import organisation
from bot.playground.patience import Patient
from bot.playground.script import story
from bot.playground.store import Doc

SKIPS_ONE_IN = 7
SWAYS = (-1, 0, 0, 0, 1)


class Answering(Patient):
    """Does what people do with the questions of a week."""

    async def answer_all(self, handles: Sequence[str], pulse: Doc) -> None:
        """Have each of them answer what they were asked since this pulse began, side by side."""
        people = [organisation.someone(handle) for handle in handles]
        await self.until(lambda: all(self._card(each.id, pulse) for each in people))
        await asyncio.gather(*(self._answer_one(each, pulse) for each in people))

    async def _answer_one(self, person: organisation.Someone, pulse: Doc) -> None:
        while (card := self._card(person.id, pulse)) is not None:
            button = _chosen(person.handle, _buttons(card), week=pulse["week"])
            press = self._pressing(person.id, card)
            await self.done(press(action_id=button["action_id"], value=button["value"]))

    async def comment_all(self, comments: dict[str, str], pulse: Doc) -> None:
        """Have each of them leave a comment, in the form that the button opens."""
        for handle, words in comments.items():
            who = organisation.someone(handle).id
            card = next(each for each in reversed(self.fake.dm(who)) if _asks(each, pulse))
            await self.done(self._pressing(who, card)(action_id="pulse_comment"))
            await self.send(who, self.form(who, "The button for a comment"), {"comment": words})

    def _pressing(self, who: str, card: Doc) -> Any:
        channel = self.fake.workspace.dm_id(who)
        return partial(self.fake.click, who, channel=channel, ts=card["ts"])

    def _card(self, who: str, pulse: Doc) -> Doc | None:
        """What asks this person something that they did not answer yet."""
        cards = (each for each in reversed(self.fake.dm(who)) if _buttons(each))
        return next((card for card in cards if _asks(card, pulse)), None)


def _asks(message: Doc, pulse: Doc) -> bool:
    of_this_week = float(message["ts"]) > pulse["since"].timestamp()
    return of_this_week and "pulse_comment" in str(message["blocks"])


def _buttons(card: Doc) -> list[Doc]:
    """The buttons of the question that can be answered, from the lowest point on, then skip."""
    elements = [each for block in card.get("blocks", []) for each in block.get("elements", [])]
    return [each for each in elements if str(each.get("action_id")).startswith("pulse_answer")]


def _chosen(handle: str, buttons: Sequence[Doc], *, week: int) -> Doc:
    """Which button this person presses: the same ones in every demo.

    How they feel is theirs, some questions are harder than others, and it gets a little better.
    """
    *points, skip = buttons
    question = skip["value"].split(":")[1]
    chance = crc32(f"{handle} {question} {week}".encode())
    told = story()["pulse"]
    if handle in told["skips"] and chance % SKIPS_ONE_IN == 0:
        return skip
    feels = told["feels"][handle] + told["leans"].get(question.partition("-")[0], 0)
    feels += told["drift"] * week + SWAYS[chance % len(SWAYS)]
    chosen: Doc = points[round(max(0.0, min(1.0, (feels - 1) / 4)) * (len(points) - 1))]
    return chosen
