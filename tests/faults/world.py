"""A small organisation in its Slack, and the bot as a process that dies and comes back."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from pathlib import Path

import app
from bot import manifest
from bot.outbox import DUE
from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace
from tests import support
from tests.faults.process import BotProcess
from tests.faults.steps import Plan
from tests.faults.truth import half_saved, not_once, one

# Far less than a lease, since a live bot's calls take their real milliseconds meanwhile.
PACE = timedelta(seconds=6)
JUMPS = 100
GLANCE_SECONDS = 0.05
START_SECONDS = 30
FILE = "truenorth.db"
NEWS_SECONDS = 0.2  # what moving the clock waits for a bot that may have died of it
SOON = JUMPS * PACE / 2  # which passes while it is waited for
UNSENT = f"""SELECT count(*) FROM outbox WHERE status IN
    ({", ".join(f"'{status.value}'" for status in DUE)})"""


@dataclass
class World:
    """Slack stays; the bot comes and goes, each life in a folder of its own."""

    slack: FakeSlack
    folder: Path
    patience: float | None = None
    lease: timedelta | None = None
    lives: list[BotProcess] = field(default_factory=list)
    allowed: set[str] = field(default_factory=set)  # refusals that belong to the test

    @property
    def database(self) -> Path | str:
        """The bot's database: its file, or the address of a PostgreSQL."""
        return self.folder / FILE

    @property
    def bot(self) -> BotProcess:
        """The bot's present life, or its last."""
        return self.lives[-1]

    async def start(self, plan: Plan = Plan()) -> None:  # noqa: B008 (frozen)
        """Start the bot and wait until it is ready, or dead."""
        life = self.begin(plan)
        await self.slack.until(lambda: not life.alive or self.ready(), seconds=START_SECONDS)

    def begin(self, plan: Plan) -> BotProcess:
        """Start the bot without waiting for it."""
        database = self.database
        url = database if isinstance(database, str) else f"sqlite:///{database}"
        folder = self.folder / f"life-{len(self.lives) + 1}"
        settings = support.settings_for(self.slack, url)
        life = BotProcess(settings, plan, folder=folder, patience=self.patience, lease=self.lease)
        self.lives.append(life)
        return life

    def ready(self) -> bool:
        """Whether a bot is connected, and has asked what time it is."""
        return self.slack.sockets.connected and bool(self.slack.workspace.clock.polling)

    async def restart(self, plan: Plan = Plan()) -> None:  # noqa: B008 (frozen)
        """Start the bot again after it was killed."""
        await self.dead()
        await self.start(plan)

    async def kill(self) -> None:
        """Kill the bot from outside."""
        self.bot.kill()
        await self.dead()

    async def dead(self) -> None:
        """Wait until the bot was killed, and Slack has noticed."""
        await self.bot.ended()
        assert self.bot.was_killed, self.story()
        clock = self.slack.workspace.clock
        clock.move(0)  # lets its question about the time go, or every jump would wait for it
        await self.slack.until(lambda: not (self.slack.sockets.connected or clock.polling))

    async def end(self) -> None:
        """End every life, and Slack."""
        for life in self.lives:
            life.kill()
            await life.ended()
        await self.slack.stop()

    def quiet(self) -> bool:
        """Whether nothing is left to be sent now; what belongs to a later hour may be."""
        return not one(self.database, f"{UNSENT} AND send_after <= {self._at(SOON)}")

    def caught_up(self) -> bool:
        """Whether everything has run that came due."""
        return not one(self.database, f"SELECT count(*) FROM due WHERE at <= {self._at()}")

    def _at(self, ahead: timedelta = timedelta(0)) -> str:  # noqa: B008 (frozen)
        """That moment as the database writes it."""
        at = (self.slack.workspace.clock.now() + ahead).astimezone(UTC).replace(tzinfo=None)
        return f"'{at}{'+00' if isinstance(self.database, str) else ''}'"

    def done(self) -> bool:
        """Whether nothing is left to be sent at any time."""
        return not one(self.database, UNSENT)

    async def settle(self) -> None:
        """Move the clock until nothing is left to be sent now, or the bot is dead."""
        await self.soon(lambda: self.quiet() or not self.bot.alive)

    async def soon(self, predicate: Callable[[], object]) -> None:
        """Move the clock until the predicate is true."""
        for _ in range(JUMPS):
            try:
                await self.slack.until(predicate, GLANCE_SECONDS)
            except AssertionError:
                await self.slack.jump(PACE)
            else:
                return
        raise AssertionError(self.story())

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(one(self.database, f"SELECT count(*) FROM {table}"))

    def check(self) -> None:
        """Fail where anything is half saved, missing in Slack, there twice, or was refused."""
        wrong = half_saved(self.database) + not_once(self.database, self.slack)
        refused = (each for each in self.slack.refusals if each["error"] not in self.allowed)
        wrong += map(str, refused)
        assert not wrong, "\n".join([*wrong, self.story()])

    def story(self) -> str:
        """What happened, for a failure's message."""
        lines = [self.slack.picture()]
        for number, life in enumerate(self.lives, 1):
            lines += [f"life {number}, last steps: {life.steps[-8:]}", life.log[-3000:]]
        return "\n".join(lines)


@asynccontextmanager
async def living(
    folder: Path,
    prepared: bytes,
    *,
    patience: float | None = None,
    without_scopes: frozenset[str] = frozenset(),
) -> AsyncIterator[World]:
    """A world in which the mission is set up and no bot runs yet."""
    slack = slack_of_world(without_scopes)
    slack.workspace.clock.move_wait = NEWS_SECONDS
    await slack.start()
    world = World(slack, folder, patience)
    (folder / FILE).write_bytes(prepared)
    try:
        yield world
    finally:
        await world.end()


def slack_of_world(without_scopes: frozenset[str] = frozenset()) -> FakeSlack:
    workspace = support.small_organisation(Workspace())
    # A bot that starts goes by real time until it has asked, so both begin at the same.
    workspace.move_clock(-workspace.clock.offset)
    ours = manifest.load()
    scopes = ours["oauth_config"]["scopes"]
    scopes["bot"] = [scope for scope in scopes["bot"] if scope not in without_scopes]
    return FakeSlack(workspace, manifest=ours, rate_limits=False)


async def prepare(folder: Path) -> bytes:
    """Set the mission up through the forms, once, and return the database that comes of it."""
    slack = slack_of_world()
    await slack.start()
    world = World(slack, folder)
    stop, file = asyncio.Event(), folder / FILE
    settings = support.settings_for(slack, f"sqlite:///{file}")
    task = asyncio.create_task(app.serve(settings, stop))
    await support.started(slack, task)
    await support.set_up(slack)
    form = await support.open_form(slack, support.ANA, "/mission settings")
    chosen = {"stories_channel": support.KUDOS}
    assert (await slack.submit(support.ANA, form["id"], chosen)).closed
    await support.soon(slack, world.quiet)
    stop.set()
    await task
    await slack.stop()
    with sqlite3.connect(file) as connection:
        # Its clock was moved ahead of the worlds to come, where a channel would still rest.
        connection.execute("DELETE FROM lane")
    with connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return file.read_bytes()
