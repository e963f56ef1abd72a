"""Plays what happened in five weeks through the fake Slack, as people would do it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from bot.playground import organisation
from bot.playground.errors import CannotActError
from bot.playground.looking import Looking
from bot.playground.organisation import place, someone
from bot.playground.outcome import Outcome
from bot.playground.store import Doc

STORY = Path(__file__).parent / "story.yml"
WORKING_DAYS = 25
SATURDAY = 5
PATIENCE = 30.0  # seconds until the bot's answer counts as missing
A_MOMENT = timedelta(minutes=1)  # longer than the bot waits between two messages


class HistoryError(Exception):
    """Something in the script did not come out as written."""


@dataclass(frozen=True)
class Moment:
    """One thing that somebody did, and when."""

    at: datetime
    who: str
    where: str
    does: Doc

    @property
    def applause(self) -> list[str]:
        """Who applauded, by their ids."""
        return [someone(handle).id for handle in self.does.get("applause", "").split()]


def working_days(today: date) -> list[date]:
    """The working days before today, oldest first."""
    days: list[date] = []
    day = today
    while len(days) < WORKING_DAYS:
        day -= timedelta(days=1)
        if day.weekday() < SATURDAY:
            days.append(day)
    return days[::-1]


def moments(now: datetime) -> list[Moment]:
    """The script, laid into the five weeks before now."""
    days = working_days(now.date())
    written = [_moment(doc, days) for doc in _story()["moments"]]
    return sorted(written, key=lambda moment: moment.at)


@cache
def _story() -> Doc:
    story: Doc = yaml.safe_load(STORY.read_text(encoding="utf-8"))
    return story


def _moment(doc: Doc, days: Sequence[date]) -> Moment:
    person = someone(doc["who"])
    day, hour = doc["when"].split()
    clock = time.fromisoformat(hour)
    at = datetime.combine(days[int(day) - 1], clock, ZoneInfo(person.zone))
    return Moment(at, person.id, place(doc["where"]).id, doc)


def begins(now: datetime) -> datetime:
    """When the script begins, where now is its end."""
    return moments(now)[0].at - timedelta(minutes=5)


async def play(fake: Looking) -> None:
    """Play the script into an empty workspace whose clock `begins` tells, and come back to now.

    Raises HistoryError with what went wrong.
    """
    real = fake.now() - timedelta(seconds=fake.workspace.clock.offset)
    player = _Player(fake)
    try:
        await player.wait_for_bot()
        for moment in moments(real):
            await player.play(moment)
        await player.end()
    except (AssertionError, LookupError, CannotActError) as error:
        raise HistoryError(f"The history could not be played: {error}") from error


class _Player:
    """Does one moment after the other, each when the bot has done what it owes to the last."""

    def __init__(self, fake: Looking) -> None:
        self.fake = fake
        self.thanks = place(organisation.RECOGNITIONS).id

    async def wait_for_bot(self) -> None:
        """Wait until the bot is here, goes by our clock and has asked the owners to begin."""
        await self.fake.connected(PATIENCE)
        await self._until(lambda: self.fake.workspace.clock.polling)
        owners = [each.id for each in organisation.PEOPLE if each.flags.get("is_admin")]
        await self._delivered(owners, 0)

    async def play(self, moment: Moment) -> None:
        """Go to this moment and do what is done."""
        does = moment.does
        if "says" in does:
            # The bot has no part in this, so nobody waits until it knows the time.
            self.fake.workspace.move_clock(self._left(moment).total_seconds())
            await self.fake.message(moment.who, moment.where, does["says"])
            return
        await self.fake.jump(self._left(moment))
        if "recognises" in does:
            await self._recognise(moment, does["recognises"])
        elif "fills_in" in does:
            await self._fill_in(moment, does["fills_in"])
        elif "rewords" in does:
            await self._reword(moment, does["rewords"])
        else:
            await self._set_up(moment)

    def _left(self, moment: Moment) -> timedelta:
        return max(moment.at - self.fake.now(), timedelta())

    async def end(self) -> None:
        """Come back to real time, and forget what a reloaded Slack forgets."""
        self.fake.workspace.move_clock(-self.fake.workspace.clock.offset)
        await self.fake.workspace.clock.everyone_knows()
        for person in organisation.PEOPLE:
            for message in self.fake.ephemerals(person.id):
                self.fake.workspace.messages.delete(message["channel"], message["ts"])

    # What people do

    async def _set_up(self, moment: Moment) -> None:
        owner, story = someone(organisation.OWNER), _story()
        chosen = {"recognition_channel": self.thanks, "timezone": owner.zone}
        form = await self._open(moment, "/mission settings")
        await self._send(moment.who, form, chosen)
        bot, channels = self.fake.workspace.bot_user_id, self.fake.workspace.channels
        await self._until(lambda: bot in channels[self.thanks]["members"])
        await self.fake.jump(A_MOMENT)
        form = await self._open(moment, "/mission setup")
        mission = {"statement": story["mission"], "values": story["values"].strip()}
        await self._posted(self._send(moment.who, form, mission))

    async def _reword(self, moment: Moment, wording: dict[str, str]) -> None:
        form = await self._open(moment, "/mission setup")
        values = _initial(form, "values").replace(wording["old"], wording["new"])
        changed = {"values": values, "why": wording["why"]}
        await self._posted(self._send(moment.who, form, changed))

    async def _recognise(self, moment: Moment, words: str) -> None:
        people = [each for each in organisation.PEOPLE if f"@{each.handle} " in words]
        command = self.fake.command(moment.who, moment.where, f"/recognize {words}")
        await self._given(moment, [each.id for each in people], self._done(command))

    async def _fill_in(self, moment: Moment, filled: dict[str, str]) -> None:
        people = [someone(handle.lstrip("@")).id for handle in filled["people"].split()]
        form = await self._open(moment, f"/recognize {filled['people']}")
        values = {"message": filled["message"], "value": filled["value"]}
        await self._given(moment, people, self._send(moment.who, form, values))

    async def _given(self, moment: Moment, people: Sequence[str], giving: Any) -> None:
        told = self._written(people)
        post = await self._posted(giving)
        place = {"channel": self.thanks, "ts": post["ts"]}
        for person in moment.applause:
            await self._done(self.fake.click(person, action_id="applaud", **place))
        await self._delivered(people, told)
        await self._until(lambda: self._applause(post["ts"]) == len(moment.applause))

    # What the bot does then

    async def _open(self, moment: Moment, command: str) -> Doc:
        await self._done(self.fake.command(moment.who, moment.where, command))
        views = self.fake.views(moment.who)
        if not views:
            raise HistoryError(f"{command} opened no form for {moment.who}.")
        return views[-1]

    async def _send(self, who: str, form: Doc, values: dict[str, str]) -> None:
        outcome = await self._done(self.fake.submit(who, form["id"], values))
        if not outcome.closed:
            raise HistoryError(f"The form of {who} stayed open: {outcome.result}.")

    async def _done(self, doing: Any) -> Outcome:
        outcome: Outcome = await doing
        if not outcome.ok:
            raise HistoryError(f"{outcome.error or outcome.errors}")
        return outcome

    async def _posted(self, doing: Any) -> Doc:
        """What the bot posted where recognitions go, because of what was done."""
        count = len(self.fake.messages(self.thanks))
        await doing
        await self._until(lambda: len(self.fake.messages(self.thanks)) > count)
        return self.fake.messages(self.thanks)[-1]

    async def _delivered(self, people: Sequence[str], known: int) -> None:
        """Wait until each of them was written to, and let the time pass between two messages."""
        for wanted in range(known + 1, known + 1 + len(people)):
            await self.fake.jump(A_MOMENT)
            await self._until(partial(self._has_written, people, wanted))

    def _applause(self, ts: str) -> int:
        return _count_on_button(self.fake.workspace.messages.get(self.thanks, ts) or {})

    def _has_written(self, people: Sequence[str], wanted: int) -> bool:
        return self._written(people) >= wanted

    def _written(self, people: Sequence[str]) -> int:
        return sum(len(self.fake.dm(person)) for person in people)

    async def _until(self, predicate: Callable[[], Any]) -> None:
        await self.fake.until(predicate, PATIENCE)


def _initial(form: Doc, block_id: str) -> str:
    """What stands in an input when the form opens."""
    block = next(each for each in form["blocks"] if each.get("block_id") == block_id)
    return str(block["element"].get("initial_value", ""))


def _count_on_button(message: Doc) -> int:
    buttons = [e for b in message.get("blocks", []) for e in b.get("elements", []) if "value" in e]
    digits = [each["text"]["text"].rpartition(" ")[2] for each in buttons]
    return int(digits[0]) if digits and digits[0].isdecimal() else 0
