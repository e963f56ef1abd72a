"""Several processes of the bot on one PostgreSQL, which die and come back one by one."""

import json
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot import copying
from bot.playground.server import FakeSlack
from tests import support
from tests.faults.process import BotProcess
from tests.faults.sequences import PEOPLE, Play, disagreements, homes_disagree
from tests.faults.steps import AT_START, Plan
from tests.faults.truth import FAULTS, IN_POSTGRESQL, not_once, posted, rows
from tests.faults.world import FILE, NEWS_SECONDS, START_SECONDS, World, slack_of_world
from tests.rituals.asking import buttons
from tests.support import KUDOS, Doc

PROCESSES = 3
HOURS = 3  # at once: nothing is so late by then that it would be left out
WORKING_DAYS = 5
LIVES = (60, 400)  # steps after which a process is killed
ACTS = ("give", "give", "give", "correct", "withdraw", "applaud", "applaud", "answer", "answer")


@dataclass
class Fleet(World):
    """A world in which several processes share one database; `seats` are those of now."""

    url: str = ""
    seats: list[BotProcess] = field(default_factory=list)
    kills: int = 0

    @property
    def database(self) -> str:
        """The database's address."""
        return self.url

    @property
    def bot(self) -> BotProcess:
        """One that runs, or the last that did."""
        return next((life for life in self.seats if life.alive), self.lives[-1])

    def ready(self) -> bool:
        """Whether each that runs is connected and has asked what time it is."""
        running = sum(life.alive for life in self.seats)
        polling = self.slack.workspace.clock.polling
        return self.slack.sockets.connections >= running and polling >= running

    async def fill(self, plan: Plan | None = None, *, dice: random.Random | None = None) -> None:
        """Have every seat taken by a process that runs, which dies as planned, or as it falls."""
        dead = [life for life in self.seats if not life.alive]
        for life in dead:
            await life.ended()
            assert life.was_killed, self.story()
            self.kills += 1
        self.seats = [life for life in self.seats if life not in dead]
        if dead:
            self.slack.workspace.clock.move(0)  # lets the questions of the dead go
        new = range(len(self.seats), PROCESSES)
        for _ in new:
            falls = Plan(AT_START, "", dice.randint(*LIVES)) if dice else Plan()
            self.seats.append(self.begin(plan or falls))
        if new:
            await self.slack.until(self._knows_all, seconds=START_SECONDS)

    async def take_over(self, stopped: BotProcess) -> None:
        """Have others run beside one that is stopped, which holds whatever it held."""
        self.seats = [self.begin(Plan()) for _ in range(PROCESSES - 1)]
        connected = len(self.seats) + 1  # its connection stands
        await self.slack.until(lambda: self.slack.sockets.connections >= connected, START_SECONDS)
        self.seats.append(stopped)

    def _knows_all(self) -> bool:
        return self.ready() or not all(life.alive for life in self.seats)

    async def end_all(self) -> None:
        """Kill every process."""
        for life in self.seats:
            life.kill()
            await life.ended()
        self.seats = []
        await self.slack.until(lambda: not self.slack.sockets.connected)
        self.slack.workspace.clock.move(0)


@asynccontextmanager
async def sharing(folder: Path, prepared: bytes, url: str) -> AsyncIterator[Fleet]:
    """A fleet on this empty database, in which the mission is set up, and no process yet."""
    slack = slack_of_world()
    slack.workspace.clock.move_wait = NEWS_SECONDS
    await slack.start()
    (folder / FILE).write_bytes(prepared)
    copying.copy(support.settings_for(slack, f"sqlite:///{folder / FILE}"), url)
    fleet = Fleet(slack, folder, url=url)
    try:
        yield fleet
    finally:
        await fleet.end()


@dataclass
class Month(Play):
    """Working days on which people do what they do, while one process after another dies."""

    world: Fleet
    dice: random.Random = field(default_factory=random.Random)
    answered: set[tuple[str, str]] = field(default_factory=set)  # the round and who answered

    async def play(self, *, days: int, kills: int) -> None:
        """Play so many working days, and as many kills on each as make up these."""
        for day in range(days):
            while self.world.kills < kills * (day + 1) / days:
                await self.act()
            await self.night(weekend=day % WORKING_DAYS == WORKING_DAYS - 1)
        await self.world.end_all()
        await self.world.fill()
        await self.world.settle()

    async def act(self) -> None:
        """Somebody does something."""
        await self._alive()
        act = getattr(self, self.dice.choice(ACTS))
        await act(self.dice.choice(PEOPLE), self.dice.randrange(10))

    async def _alive(self) -> None:
        await self.world.fill(dice=self.dice)

    async def night(self, *, weekend: bool) -> None:
        """Let the hours pass until the next working day, each with what it brings."""
        for _ in range((72 if weekend else 24) // HOURS):
            await self._alive()
            await self.world.settle()
            await self.world.slack.jump(timedelta(hours=HOURS))
        await self._alive()
        await self.world.settle()
        self.check_answers()

    async def answer(self, who: str, number: int) -> None:
        """Answer the question that is put to them, if one is."""
        slack = self.world.slack
        cards = [message for message in slack.dm(who) if buttons(message)]
        if not cards:
            return
        options = buttons(cards[-1])
        button = options[number % len(options)]
        asked = button["value"].split(":")[0]
        outcome = await slack.click(
            who,
            channel=slack.workspace.dm_id(who),
            message=cards[-1],
            action_id=button["action_id"],
            value=button["value"],
        )
        if outcome.acked and not slack.ephemerals(who):
            self.answered.add((asked, who))

    def check_answers(self) -> None:
        """Fail where an answer that was acknowledged is not there while its round is open."""
        url = self.world.url
        there = {
            (str(asked), who)
            for asked, who in rows(url, "SELECT round_id, person FROM participation")
        }
        opened = {str(one) for (one,) in rows(url, "SELECT id FROM round WHERE status = 'open'")}
        lost = {each for each in self.answered if each[0] in opened} - there
        assert not lost, f"{lost} are lost\n{self.world.story()}"

    async def wrong(self) -> list[str]:
        """Everything that is not as it must be."""
        world = self.world
        found = disagreements(world, self.acknowledged) + await homes_disagree(world)
        found += not_once(world.database, world.slack) + list(twice(world.slack))
        found += list(out_of_order(world)) + list(undone(world))
        refused = (each for each in world.slack.refusals if each["error"] not in world.allowed)
        return found + [str(each) for each in refused]


def twice(slack: FakeSlack) -> Iterator[str]:
    """What stands in Slack more than once."""
    for row_id, times in Counter(row_id for row_id, *_ in posted(slack)).items():
        if times > 1:
            yield f"{row_id} was posted {times} times"


def out_of_order(world: World) -> Iterator[str]:
    """Recognitions that stand in another order than the one in which they were saved."""
    of_them = "SELECT id FROM outbox WHERE lane = '{}' AND ts IS NOT NULL ORDER BY {}"
    stand, saved = (rows(world.database, of_them.format(KUDOS, by)) for by in ("ts", "id"))
    if stand != saved:
        yield f"in #kudos stand {stand}, saved as {saved}"


NOT_AS_IT_SHOULD = {
    "left out": "SELECT kind FROM ledger WHERE kind = 'due.skipped'",
    "still to be sent, or nobody knows": """SELECT cause FROM outbox
        WHERE status NOT IN ('sent', 'taken_back')""",
    "not opened once": """SELECT r.id FROM round r WHERE 1 <>
        (SELECT count(*) FROM ledger WHERE kind = 'pulse.opened' AND subject = r.id)""",
    "without its result": """SELECT id FROM round r WHERE status = 'closed' AND NOT EXISTS
        (SELECT 1 FROM outbox WHERE cause = 'round:' || r.id || ':result')""",
} | {fault: FAULTS[fault] for fault in ("record cannot be found", "what is gone can be found")}


def undone(world: World) -> Iterator[str]:
    """What was left undone, or done by half."""
    for fault, query in (NOT_AS_IT_SHOULD | IN_POSTGRESQL).items():
        if found := rows(world.database, query):
            yield f"{fault}: {found}"


def counts(month: Month) -> str:
    """What there was, for whoever asks what was tried."""
    world = month.world
    tables = ("recognition", "applause", "outbox", "round", "ledger")
    there: Doc = {name: world.count(name) for name in tables}
    there |= {"kills": world.kills, "lives": len(world.lives), "answers": len(month.answered)}
    there["acknowledged"] = len(month.acknowledged)
    return json.dumps(there)
