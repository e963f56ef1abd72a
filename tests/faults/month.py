"""Days in an organisation whose bot is several processes, and what may go wrong then."""

import asyncio
import json
import random
from dataclasses import dataclass, field
from datetime import timedelta

from tests.faults.aftermath import out_of_order, questions_of, twice, undone
from tests.faults.fleet import Fleet
from tests.faults.sequences import PEOPLE, Play, disagreements, homes_disagree
from tests.faults.truth import not_once, rows
from tests.faults.world import START_SECONDS
from tests.postgres import Started
from tests.rituals.asking import buttons
from tests.support import ANA, KUDOS, Doc, open_form

HOURS = 6  # at once: nothing is so late by then that it would be left out
LIVES = (20, 1500)  # steps since it was connected, after which a process is killed
ACTS = ("give", "give", "give", "correct", "withdraw", "applaud", "applaud", "answer", "answer")
TROUBLE = ("cut", "drop", "hang_up", "slow_down", "fail", "redeliver", "disorder")
LATE = 20  # envelopes: what Slack sends again it sent a while ago at most
SPENT = {"exchanged_trigger_id", "expired_trigger_id", "used_url", "expired_url"}
AWAY, A_WHILE = timedelta(minutes=30), timedelta(minutes=5)
BACK_SECONDS = 60  # until each has noticed that Slack is there again
CALLED = (
    *("apps.connections.open", "auth.test", "chat.postMessage", "chat.update"),
    *("conversations.history", "conversations.join", "users.list", "views.publish"),
)
CUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


@dataclass
class Month(Play):
    """Days on which people do what they do, while one process after another dies."""

    world: Fleet
    dice: random.Random = field(default_factory=random.Random)
    lives: tuple[int, int] | None = None  # steps after which a process is killed
    trouble: tuple[str, ...] = ()  # what may go wrong besides, by the methods here
    server: Started | None = None
    acts: int = 0
    answered: set[tuple[str, str]] = field(default_factory=set)  # the round and who answered

    async def play(self, *, days: int, kills: int = 0, acts: int = 0) -> None:
        """Play so many days, with as many kills and acts on each as make up these."""
        await self.world.fill()
        form = await open_form(self.world.slack, ANA, "/mission settings")
        chosen = {"updates_channel": KUDOS, "decisions_channel": KUDOS}
        assert (await self.world.slack.submit(ANA, form["id"], chosen)).closed
        await self.world.end_all()
        for day in range(1, days + 1):
            while self.world.kills < kills * day / days or self.acts < acts * day / days:
                await self.act()
            await self.night()
        await self.world.end_all()
        await self.world.fill()
        await self.world.settle()
        while not self.world.done():  # what belongs to another hour of each person
            await self.world.slack.jump(timedelta(hours=1))
            await self.world.settle()

    async def act(self) -> None:
        """Somebody does something, while something may go wrong."""
        self.acts += 1
        await self._alive()
        who, number = self.dice.choice(PEOPLE), self.dice.randrange(10)
        if self.trouble:
            await getattr(self, self.dice.choice(self.trouble))(who, number)
        await getattr(self, self.dice.choice(ACTS))(who, number)

    async def _alive(self) -> None:
        if self.lives:
            await self.world.fill(dice=self.dice, lives=self.lives)
        else:
            await self.world.fill()

    async def cut(self, who: str, number: int) -> None:
        """Every connection to the database is lost."""
        rows(self.world.url, CUT)

    async def crash(self, who: str, number: int) -> None:
        """The database's server ends and comes back while somebody does something."""
        assert self.server is not None
        crashing = asyncio.create_task(asyncio.to_thread(self.server.restart))
        await self.give(who, number)
        await self.answer(who, number)
        await crashing

    async def drop(self, who: str, number: int) -> None:
        """Every connection to Slack is lost."""
        await self.world.slack.sockets.drop()
        await self.world.slack.until(self.world.ready, START_SECONDS)

    async def hang_up(self, who: str, number: int) -> None:
        """Slack takes the next message and hangs up."""
        self.world.slack.fault("chat.postMessage", "reset_after")

    async def slow_down(self, who: str, number: int) -> None:
        """Slack wants no more messages for a while."""
        self.world.slack.fault("chat.postMessage", "429", times=3, retry_after=5)

    async def go_away(self, who: str, number: int) -> None:
        """Slack is away for half an hour, while somebody's words are on their way."""
        self._everything("500")
        await self.give(who, number)
        await self.world.slack.sockets.drop()
        await self._pass(AWAY)
        await self.world.slack.until(self.world.ready, BACK_SECONDS)

    async def storm(self, who: str, number: int) -> None:
        """For ten minutes Slack wants no more of anything."""
        self._everything("429", retry_after=30)
        await self.give(who, number)
        await self._pass(2 * A_WHILE)

    def _everything(self, kind: str, **more: int) -> None:
        for method in CALLED:
            self.world.slack.fault(method, kind, times=10_000, **more)

    async def _pass(self, time: timedelta) -> None:
        for _ in range(time // A_WHILE):
            await self.world.slack.jump(A_WHILE)
        self.world.slack.faults.end()

    async def disorder(self, who: str, number: int) -> None:
        """Slack sends some of what it sent again, all at once and in another order."""
        sockets = self.world.slack.sockets
        late = list({each["envelope_id"]: each for each in sockets.sent[-LATE:]}.values())
        some = self.dice.sample(late, min(4, len(late)))
        self.world.allowed |= SPENT
        again = {"retry_attempt": 1, "retry_reason": "timeout"}
        await asyncio.gather(*(sockets.send({**one, **again}) for one in some))

    async def fail(self, who: str, number: int) -> None:
        """Slack fails at the next update."""
        self.world.slack.fault("chat.update", "500")

    async def night(self) -> None:
        """Let the hours pass until the same time of the next day, each with what it brings."""
        for _ in range(24 // HOURS):
            await self._alive()
            await self.world.settle()
            await self.world.slack.jump(timedelta(hours=HOURS))
            await self._catch_up()
        await self._alive()
        await self.world.settle()
        self.check_answers()

    async def _catch_up(self) -> None:
        """Have all run that has come due, however many die at it, before it would be too late."""
        while not self.world.caught_up():
            await self._alive()
            await self.world.soon(lambda: self.world.caught_up() or not self.world.bot.alive)

    async def answer(self, who: str, number: int) -> None:
        """Answer the question that is put to them, if one is."""
        slack = self.world.slack
        cards = [message for message in slack.dm(who) if buttons(message)]
        if not cards:
            return
        options = buttons(cards[-1])
        button = options[number % len(options)]
        asked = button["value"].split(":")[0]
        before = len(slack.ephemerals(who))
        outcome = await slack.click(
            who,
            channel=slack.workspace.dm_id(who),
            message=cards[-1],
            action_id=button["action_id"],
            value=button["value"],
        )
        if outcome.acked and len(slack.ephemerals(who)) == before:
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
        # Slack goes on meanwhile: it would be taken for one that has fallen silent.
        found = await homes_disagree(world) + await asyncio.to_thread(self._stored_wrong)
        refused = (each for each in world.slack.refusals if each["error"] not in world.allowed)
        return found + [str(each) for each in refused]

    def _stored_wrong(self) -> list[str]:
        world = self.world
        found = disagreements(world, self.acknowledged) + list(twice(world.slack))
        found += not_once(world.database, world.slack, besides=questions_of(world))
        return found + list(out_of_order(world)) + list(undone(world))


def counts(month: Month) -> str:
    """What there was, for whoever asks what was tried."""
    world = month.world
    tables = ("recognition", "applause", "outbox", "round", "ledger")
    there: Doc = {name: world.count(name) for name in tables}
    there |= {
        "kills": world.kills,
        "lives": len(world.lives),
        "answers": len(month.answered),
        "acts": month.acts,
    }
    there["acknowledged"] = len(month.acknowledged)
    return json.dumps(there)
