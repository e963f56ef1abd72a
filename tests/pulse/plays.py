"""Whatever people do while a round is open, in whatever order, beside a count of our own.

A step names people, questions and times by number, so that any list of steps can be played.
"""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from sqlmodel import Session

from bot import disclosure, rounds
from bot.closing import IN_NO_TEAM
from bot.db import Database
from bot.disclosure import Answers, Turnout
from bot.questions import Question
from bot.rounds import Kind, Round, Status
from bot.tenancy import TeamRow
from schedules.pulse import Closer
from tests.pulse.poll import (
    BLUE,
    CLOSES,
    EVERYBODY,
    INVITED,
    LATE,
    PATIENCE,
    RED,
    TEAM_AT_FIRST,
    Poll,
    user,
)
from tests.support import TEAM

Found = TypeVar("Found")
Step = tuple[str, int, int]  # what, who, and a number for the rest
POINTS = (None, 1, 2, 3, 4, 5)
MOST_LIVES = 60


class Died(RuntimeError):
    """The process ended here."""


@dataclass
class Mortal:
    """A database whose process ends before or after one of its transactions."""

    database: Database
    left: int
    after: bool

    async def write(self, team: str, work: Callable[[Session], Found]) -> Found:
        """Write, unless this is the end."""
        self._step(before=True)
        written = await self.database.write(team, work, patience=PATIENCE)
        self._step(before=False)
        return written

    async def read(self, team: str, query: Callable[[Session], Found]) -> Found:
        """Read, unless this is the end."""
        self._step(before=True)
        return await self.database.read(team, query)

    async def forget_erased(self, *tables: type[TeamRow], **besides: Any) -> None:
        """Forget, unless this is the end."""
        self._step(before=True)
        await self.database.forget_erased(*tables, **besides)
        self._step(before=False)

    def _step(self, *, before: bool) -> None:
        self.left -= before
        if self.left == 0 and self.after is not before:
            raise Died


@dataclass
class Play:
    """Plays the steps and remembers what was stored of whom."""

    poll: Poll
    last: dict[str, dict[str, int | None]] = field(default_factory=lambda: defaultdict(dict))
    words: dict[str, str] = field(default_factory=dict)
    took_part: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    again: Callable[[], Any] | None = None

    async def run(self, steps: Sequence[Step]) -> None:
        """Play them all; then let the round close, by processes that die."""
        self.poll.refusing = {
            EVERYBODY[who % len(EVERYBODY)]
            for what, who, number in steps
            if what == "refuse" and number < 15
        }
        await self.poll.begin()
        for what, who, number in steps:
            await getattr(self, what)(EVERYBODY[who % len(EVERYBODY)], number)
        self.poll.hand.at = max(self.poll.hand.at, CLOSES)
        await self.poll.later(seconds=0)
        lives = 0
        while (await self.poll.round()).status != Status.CLOSED:
            lives += 1
            await self.die(EVERYBODY[0], lives)
            assert lives < MOST_LIVES

    async def can_answer(self, who: str) -> bool:
        """Whether an answer is to be stored now."""
        asked = await self.poll.round()
        is_open = asked.status == Status.OPEN and self.poll.hand.now() < CLOSES
        return is_open and who in INVITED and who not in self.gone

    async def answer(self, who: str, number: int) -> None:
        """Answer one question, skip it or change the answer."""
        questions = (await self.poll.round()).asks()
        question, point = questions[number % 5].slug, POINTS[number // 5 % 6]

        async def tap() -> None:
            expected = await self.can_answer(who)
            assert await self.poll.answer(who, question, point) is expected
            if expected:
                self.last[who][question] = point
                self.took_part.add(who)

        self.again = tap
        await tap()

    async def answer_all(self, who: str, number: int) -> None:
        """Answer every question."""
        for place in range(5):
            await self.answer(who, number // 5 * 5 + place)

    async def redeliver(self, who: str, number: int) -> None:
        """Slack sends the last tap once more."""
        if self.again is not None:
            await self.again()

    async def comment(self, who: str, number: int) -> None:
        """Comment, change the comment, or take it back with nothing but space."""
        words = "" if number % 4 == 0 else f"comment {number}"
        expected = await self.can_answer(who)
        assert await self.poll.comment(who, words or " \n ") is expected
        if expected and (words or self.words.get(who)):
            self.words[who] = words
            self.took_part.add(who)

    async def leave(self, who: str, number: int) -> None:
        """Leave the workspace."""
        if who in INVITED:
            self.gone.add(who)
            await self.poll.heard_of(user(who, gone=True))

    async def come(self, who: str, number: int) -> None:
        """Come back, or join."""
        self.gone.discard(who)
        await self.poll.heard_of(user(who))

    async def move(self, who: str, number: int) -> None:
        """Go to a team, or to none."""
        if who in INVITED and who not in self.gone:
            await self.poll.move(who, (BLUE, RED, 0)[number % 3])

    async def refuse(self, who: str, number: int) -> None:
        """Slack refuses what is sent to them from now on, or did so from the start."""
        self.poll.refusing.add(who)

    async def later(self, who: str, number: int) -> None:
        """Time goes by, up to ten hours."""
        await self.poll.later(minutes=1 + number * 20)

    async def back(self, who: str, number: int) -> None:
        """The clock is set back, up to an hour."""
        await self.poll.later(minutes=-2 * number)

    async def die(self, who: str, number: int) -> None:
        """Two processes close what is to be closed; each ends somewhere on its way."""
        for each in await asyncio.gather(
            self._life(1 + number % 13, after=bool(number % 2)),
            self._life(2 + number % 7, after=not number % 3),
            return_exceptions=True,
        ):
            if isinstance(each, BaseException) and not isinstance(each, Died):
                raise each

    async def _life(self, left: int, *, after: bool) -> None:
        mortal = cast(Database, Mortal(self.poll.database, left, after))
        await Closer(self.poll.deps(mortal), TEAM).close_all()

    # What must be true at the end

    async def wrong(self) -> list[str]:
        """Everything that is otherwise than a count of our own says."""
        closed = await self.poll.round()
        result = json.loads(json.dumps(closed.result))
        return [
            *self._figures(closed, result),
            *self._comments(),
            *await self._rounds(),
            *self._messages(closed),
            *self._reminders(),
            *self._left_over(closed),
        ]

    def _asked(self) -> Iterator[tuple[str, str]]:
        """Who counts, and the team in which the round asked them."""
        asked_in_vain = {who for who in INVITED if who in self.excused() - self.took_part}
        for who in INVITED:
            if who not in asked_in_vain:
                yield who, str(TEAM_AT_FIRST.get(who, IN_NO_TEAM))

    def excused(self) -> set[str]:
        """Whom Slack refused the question."""
        return {who for who, cause in self.poll.refused if ":r" not in cause}

    def _figures(self, closed: Round, result: dict[str, Any]) -> Iterator[str]:
        k = closed.fewest_scores
        for question in closed.asks():
            shown = disclosure.shown(self._tallies(question), question.scale, k=k)
            expected = json.loads(json.dumps(disclosure.stored(shown)))
            if result["questions"][question.slug] != expected:
                yield f"{question.slug}: {result['questions'][question.slug]}, not {expected}"
        invited = Counter(team for _, team in self._asked())
        took_part = Counter(team for who, team in self._asked() if who in self.took_part)
        turnout = {team: Turnout(many, took_part[team]) for team, many in invited.items()}
        expected = json.loads(json.dumps(disclosure.stored(disclosure.shown_turnout(turnout, k=k))))
        if result["turnout"] != expected:
            yield f"turnout: {result['turnout']}, not {expected}"

    def _tallies(self, question: Question) -> dict[str, Answers]:
        of_team: dict[str, list[int | None]] = defaultdict(list)
        for who, team in self._asked():
            of_team[team].append(self.last[who].get(question.slug))
        return {
            team: Answers(len(points), tuple(points.count(one) for one in question.scale.points))
            for team, points in of_team.items()
        }

    def _comments(self) -> Iterator[str]:
        expected = sorted(words for words in self.words.values() if words)
        kept = sorted(row[3] for row in self.poll.rows("kept_comment"))
        if kept != (expected if len(expected) >= 8 else []):
            yield f"comments: {kept}, not {expected}"

    async def _rounds(self) -> list[str]:
        known = await self.poll.read(lambda session: rounds.counted(session, Kind.WEEKLY, most=10))
        lines = [row for row in self.poll.rows("ledger") if "pulse.opened" in row]
        return [] if len(known) == len(lines) == 1 else [f"{len(known)} rounds, {len(lines)} lines"]

    def _messages(self, closed: Round) -> Iterator[str]:
        causes = Counter(row[2] for row in self.poll.rows("outbox"))
        if causes[f"{closed.cause}:result"] != 1:
            yield f"not one post: {causes}"
        for who in INVITED:
            if sum(to == who and ":r" not in cause for to, cause, _ in self.poll.delivered) > 1:
                yield f"{who} was asked twice"

    def _reminders(self) -> Iterator[str]:
        sent = [one for one in self.poll.delivered if ":reminder" in one[1]]
        for who, cause, had_answered in sent:
            if had_answered or who not in INVITED:
                yield f"{who} was reminded for nothing: {cause}"
        if len(sent) != len({cause for _, cause, _ in sent}):
            yield f"reminded twice for the same: {sent}"
        if max(Counter(who for who, *_ in sent).values(), default=0) > 2:
            yield f"reminded too often: {sent}"

    def _left_over(self, closed: Round) -> Iterator[str]:
        for table in ("answer", "comment", "participation", "round_key"):
            if self.poll.rows(table):
                yield f"{table} is not empty"
        if [row for row in self.poll.rows("outbox") if f"{closed.cause}:to:" in row[2]]:
            yield "the outbox names people"
        if closed.key_destroyed_at is None or closed.erased_at is None:
            yield "it does not say when it was erased"
        if set(LATE) & {row[3] for row in self.poll.rows("invitation")}:
            yield "who came late is invited"
