"""Deciding as people do: with the form, and with the buttons of the card that the bot posted."""

from typing import Any

from bot.playground import organisation
from bot.playground.answering import Answering
from bot.playground.organisation import place
from bot.playground.script import Moment, ids
from bot.playground.store import Doc

DECISIONS = place(organisation.DECISIONS).id


class Deliberating(Answering):
    """Does what people do with a decision; which one is said by words of its title."""

    async def ask(self, moment: Moment, about: Doc) -> None:
        """Fill in the form, all of it, and send it."""
        form = await self.open(moment.who, moment.where, "/decide")
        await self.done(self.fake.click(moment.who, view=form["id"], action_id="decide_more"))
        people = {"approvers": ids(about.get("approvers", ""))}
        texts = {name: str(words).strip() for name, words in about.items()}
        await self.posted(DECISIONS, self.send(moment.who, form, texts | people))

    async def check(self, moment: Moment, said: Doc) -> None:
        """Answer the first questions of the checklist."""
        answers = {f"gate_{n}": answer for n, answer in enumerate(said["answers"].split())}
        await self._submit(moment, said["about"], "decide_checklist", answers)

    async def score(self, moment: Moment, said: Doc) -> None:
        """Score every option for every value, in their order."""
        card = self.said(DECISIONS, said["about"])
        form = await self._press(moment, card, "decide_score")
        names = [b["block_id"] for b in form["blocks"] if b["type"] == "input"]
        given = dict(zip(names, said["points"].split(), strict=True))
        await self._shown_anew(card, self.send(moment.who, form, given))

    async def approve(self, moment: Moment, about: str) -> None:
        """Press Approve."""
        card = self.said(DECISIONS, about)
        at = {"channel": DECISIONS, "ts": card["ts"], "action_id": "decide_approve"}
        await self._shown_anew(card, self.done(self.fake.click(moment.who, **at)))

    async def object(self, moment: Moment, said: Doc) -> None:
        """Object, with the reason."""
        reason = {"reason": said["reason"].strip()}
        await self._submit(moment, said["about"], "decide_object", reason)

    async def conclude(self, moment: Moment, said: Doc) -> None:
        """Decide for an option, by its position."""
        chosen = {"choice": str(said["choice"]), "reason": said["reason"].strip()}
        await self._submit(moment, said["about"], "decide_decide", chosen)

    async def supersede(self, moment: Moment, said: Doc) -> None:
        """Have another decision, by its number, take the place of one."""
        card = self.said(DECISIONS, said["about"])
        form = await self.open_beside(moment.who, DECISIONS, card, "Supersede")
        sending = self.send(moment.who, form, {"successor": str(said["successor"])})
        await self._shown_anew(card, sending)

    async def _submit(self, moment: Moment, about: str, button: str, values: Doc) -> None:
        card = self.said(DECISIONS, about)
        form = await self._press(moment, card, button)
        await self._shown_anew(card, self.send(moment.who, form, values))

    async def _press(self, moment: Moment, card: Doc, button: str) -> Doc:
        at = {"channel": DECISIONS, "ts": card["ts"], "action_id": button}
        await self.done(self.fake.click(moment.who, **at))
        return self.form(moment.who, button)

    async def _shown_anew(self, card: Doc, doing: Any) -> None:
        before = self.shown(DECISIONS, card)
        await doing
        await self.until(lambda: self.shown(DECISIONS, card) != before)
