"""Whatever people do in whatever order, and whenever the bot dies: what is shown is what is saved.

A step names people and records by number, so that any list of steps can be played.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.playground.outcome import Outcome
from tests.faults.steps import AT_START, Plan
from tests.faults.truth import rows
from tests.faults.world import World
from tests.reading import text_of
from tests.support import ANA, BEN, GENERAL, KIM, KUDOS, Doc

PEOPLE = (ANA, BEN, KIM)  # ana is an owner
VALUES = ("care", "candour")
MENU = "recognition_more"
SHOWN_ON_HOME = 5

Step = tuple[str, int, int]  # what, who, and about which record or at which of the bot's steps


@dataclass
class Play:
    """Plays the steps in a world; what was acknowledged is remembered."""

    world: World
    words: int = 0
    acknowledged: list[str] = field(default_factory=list)

    async def run(self, steps: Sequence[Step]) -> None:
        """Play them all, bring a dead bot back, and wait until all is sent."""
        await self.world.start()
        for what, who, number in steps:
            await self._alive()
            await getattr(self, what)(PEOPLE[who % len(PEOPLE)], number)
        self.world.bot.kill()
        await self.world.restart()  # for a life that is not planned to end
        await self.world.settle()

    async def _alive(self) -> None:
        if not self.world.bot.alive:
            await self.world.restart()

    async def give(self, who: str, number: int) -> None:
        """Recognise one or two others in the form, for everybody to see or privately."""
        if (view := await self._open(who, "/recognize")) is None:
            return
        visibility = "private" if number % 5 == 4 else "channel"
        words = self._new_words()
        filled: Doc = {"recipients": _others(who, number), "message": words}
        filled["value"] = VALUES[number % 2]
        outcome = await self._submit(who, view, {**filled, "visibility": visibility})
        if outcome is not None and outcome.closed:
            self.acknowledged.append(words)

    async def correct(self, who: str, number: int) -> None:
        """Change the words of a recognition, or whom it names and for which value."""
        if (view := await self._choose(who, "edit", number)) is None:
            return
        changed: Doc = {"recipients": _others(who, number), "value": VALUES[number % 2]}
        if number % 2:
            changed["message"] = self._new_words()
        await self._submit(who, view, changed)

    async def withdraw(self, who: str, number: int) -> None:
        """Take a recognition back."""
        if (view := await self._choose(who, "withdraw", number)) is not None:
            await self._submit(who, view, {})

    async def applaud(self, who: str, number: int) -> None:
        """Applaud one of the posts, or take the applause back."""
        await self.world.settle()
        posts = [post for post in self.world.slack.messages(KUDOS) if "Applaud" in str(post)]
        if posts:
            post = posts[number % len(posts)]
            await self.world.slack.click(who, channel=KUDOS, ts=post["ts"], action_id="applaud")

    async def redeliver(self, who: str, number: int) -> None:
        """Slack sends the last envelope once more."""
        if self.world.slack.sockets.sent:
            await self.world.slack.redeliver()

    async def kill(self, who: str, number: int) -> None:
        """Kill the bot, and let its next life end at one of its steps."""
        await self.world.kill()
        await self.world.restart(Plan(AT_START, "", 40 + 7 * number))

    async def jump(self, who: str, number: int) -> None:
        """Let some time go by."""
        await self.world.settle()

    def _new_words(self) -> str:
        self.words += 1
        return f"deed number {self.words:03} helped the clinic"

    async def _open(self, who: str, command: str) -> Doc | None:
        await self.world.slack.command(who, GENERAL, command)
        views = self.world.slack.views(who)
        return views[-1] if views else None

    async def _choose(self, who: str, what: str, number: int) -> Doc | None:
        await self.world.settle()
        places = list(_with_menu(self.world, who))
        if not places or not self.world.bot.alive:
            return None
        channel, message = places[number % len(places)]
        menu = next(each for each in _elements(message) if each.get("action_id") == MENU)
        option = next(o["value"] for o in menu["options"] if o["value"].startswith(what))
        await self.world.slack.click(
            who, channel=channel, message=message, action_id=MENU, option=option
        )
        views = self.world.slack.views(who)
        return views[-1] if views else None

    async def _submit(self, who: str, view: Doc, filled: Doc) -> Outcome | None:
        outcome = await self.world.slack.submit(who, view["id"], filled)
        for left_open in self.world.slack.views(who)[::-1]:
            if self.world.bot.alive:
                await self.world.slack.close_view(who, left_open["id"])
        return outcome


def _others(who: str, number: int) -> list[str]:
    others = [person for person in PEOPLE if person != who]
    return others if number % 3 == 0 else [others[number % 2]]


def _with_menu(world: World, who: str) -> Iterator[tuple[str, Doc]]:
    for channel in (KUDOS, world.slack.workspace.dm_id(who)):
        for message in world.slack.messages(channel):
            if MENU in str(message.get("blocks")):
                yield channel, message


def _elements(message: Doc) -> list[Doc]:
    return [each for block in message["blocks"] for each in block.get("elements", [])]


@dataclass(frozen=True)
class Saved:
    """A recognition as the database has it, its people and applause beside it."""

    id: int
    author: str
    message: str
    value: int
    private: bool
    withdrawn: bool
    revision: int
    people: list[str]
    applause: int


def saved(world: World) -> list[Saved]:
    """Every recognition, the earliest first."""
    query = """SELECT id, author, message, value_id, is_private, withdrawn_at IS NOT NULL, revision
        FROM recognition ORDER BY id"""
    return [
        Saved(
            record_id,
            author,
            message,
            value,
            bool(private),
            bool(withdrawn),
            revision,
            [person for (person,) in rows(world.database, _PEOPLE.format(record_id))],
            len(rows(world.database, _CLAPS.format(record_id))),
        )
        for record_id, author, message, value, private, withdrawn, revision in rows(
            world.database, query
        )
    ]


_PEOPLE = "SELECT person FROM recipient WHERE recognition_id = {} ORDER BY position"
_CLAPS = "SELECT person FROM applause WHERE record_id = {}"
_LINES = """SELECT kind, CAST(details AS TEXT) FROM ledger
    WHERE subject = {} AND kind LIKE 'recognition.%' ORDER BY id"""


def disagreements(world: World, acknowledged: Sequence[str]) -> list[str]:
    """Where the ledger, the posts or the allowances say otherwise than the records."""
    records = saved(world)
    wrong = [line for one in records for line in _against_ledger(world, one)]
    wrong += [line for one in records for line in _against_slack(world, one)]
    given = Counter(one.author for one in records)
    used = dict(rows(world.database, "SELECT giver, sum(used) FROM allowance GROUP BY giver"))
    if used != dict(given):
        wrong.append(f"allowances used: {used}, given: {given}")
    lost = len(acknowledged) - len(records)
    return wrong + ([f"{lost} of {len(acknowledged)} acknowledged are lost"] if lost > 0 else [])


def _against_ledger(world: World, one: Saved) -> Iterator[str]:
    lines = [(kind, json.loads(text)) for kind, text in rows(world.database, _LINES.format(one.id))]
    kinds = [kind.removeprefix("recognition.") for kind, _ in lines]
    happened = ["given", *["corrected"] * one.revision, *["withdrawn"] * one.withdrawn]
    expected = [f"{what}_privately" if one.private else what for what in happened]
    if kinds != expected:
        yield f"{one.id}: the ledger says {kinds}, not {expected}"
        return
    people, value = lines[0][1]["recipients"], lines[0][1]["value"]
    for _, changes in lines[1:]:
        people = changes.get("recipients", [people, people])[1]
        value = changes.get("value", [value, value])[1]
    if (people, value) != (one.people, one.value):
        yield f"{one.id}: the ledger ends with {people}, {value}, not {one}"


def _against_slack(world: World, one: Saved) -> Iterator[str]:
    shown = _shown(world, f"recognition:{one.id}")
    for person in one.people:
        if one.message not in _shown(world, f"recognition:{one.id}:to:{person}", one.withdrawn):
            yield f"{one.id}: {person} does not read {one.message!r}"
    if one.private:
        if shown:
            yield f"{one.id} is private and posted: {shown}"
    elif one.withdrawn:
        if shown and "withdrew this" not in shown:
            yield f"{one.id} was withdrawn and shows {shown}"
    else:
        button = f"Applaud · {one.applause}" if one.applause else "Applaud"
        named = [f"@{person[2:].lower()}" for person in one.people]
        missing = [each for each in [one.message, button, *named] if each not in shown]
        if missing or (not one.applause and "Applaud ·" in shown):
            yield f"{one.id} shows {shown!r}, without {missing}"


def _shown(world: World, cause: str, withdrawn: bool = False) -> str:
    """What Slack shows of a message; of a withdrawn record's, nothing has to be there."""
    query = f"SELECT id, channel, ts FROM outbox WHERE cause = '{cause}'"
    for row_id, channel, ts in rows(world.database, query):
        for message in world.slack.messages(channel) if channel else []:
            if message["ts"] == ts and _row_of(message) == str(row_id):
                return text_of(message)
    return ""


def _row_of(message: Doc) -> Any:
    return message.get("metadata", {}).get("event_payload", {}).get("id")


async def homes_disagree(world: World) -> list[str]:
    """Everything in which somebody's Home shows otherwise than what they got and gave."""
    wrong: list[str] = []
    records = [one for one in saved(world)][::-1]
    for person in PEOPLE:
        view = await world.slack.open_home(person)
        text = text_of(view or {})
        got = [one for one in records if person in one.people and not one.withdrawn]
        gave = [one for one in records if person == one.author and not one.withdrawn]
        expected = {one.message for one in [*got[:SHOWN_ON_HOME], *gave[:SHOWN_ON_HOME]]}
        others = {one.message for one in records if one.message} - expected
        wrong += [f"{person}'s Home lacks {words}" for words in expected if words not in text]
        wrong += [f"{person}'s Home shows {words}" for words in others if f"{words}\n" in text]
    return wrong
