"""A small organisation, the fake Slack it works in, and the real bot beside it."""

import asyncio
import gc
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlmodel import Session, col, select

import app
from bot import manifest, roster
from bot.config import Settings
from bot.db import Database
from bot.outbox import DUE, OutboxRow
from bot.playground.people import TEAM_ID
from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace
from tests.reading import text_of as text_of

Found = TypeVar("Found")
Doc = dict[str, Any]

T0 = datetime(2026, 1, 5, 9, tzinfo=UTC)  # a Monday
TEAM = TEAM_ID

# What follows U0 or C0 is the name; `tests.reading` relies on that.
ANA, BEN, KIM = "U0ANA", "U0BEN", "U0KIM"
GIL, DAN, ROBY, PIA, EVE = "U0GIL", "U0DAN", "U0ROBY", "U0PIA", "U0EVE"
GENERAL, KUDOS, LOUNGE = "C0GENERAL", "C0KUDOS", "C0LOUNGE"
PRIVATE, ARCHIVE = "C0PRIVATE", "C0ARCHIVE"

PEOPLE: tuple[Doc, ...] = (
    {"id": ANA, "name": "ana", "real_name": "Ana Souza", "tz": "Europe/Lisbon", "is_admin": True}
    | {"is_owner": True},
    {"id": BEN, "name": "ben", "real_name": "Ben Carter", "tz": "America/New_York"},
    {"id": KIM, "name": "kim", "real_name": "Kim Lee", "tz": "Asia/Seoul"},
    {"id": GIL, "name": "gil", "real_name": "Gil Guest", "is_restricted": True},
    {"id": DAN, "name": "dan", "real_name": "Dan Gone", "deleted": True},
    {"id": ROBY, "name": "roby", "real_name": "Roby", "is_bot": True},
    {"id": PIA, "name": "pia", "real_name": "Pia Soon", "is_invited_user": True},
    {"id": EVE, "name": "eve", "real_name": "Eve Else", "team_id": "T0OTHER", "is_stranger": True}
    | {"partner": "Harbour"},
)

MANIFEST = manifest.load()  # read once; no Slack changes it

STATEMENT = "We help clinics to book in a minute."
VALUES = ":heart: Care — we notice who needs help (2)\n:mag: Candour — we say what is"

PACE = timedelta(seconds=2)  # longer than anything rests that nothing went wrong with
JUMPS = 60
GLANCE_SECONDS = 0.1
START_SECONDS = 30
MOST_FROZEN = 1_500_000  # objects, of which the modules are a quarter of a million
PATIENCE = 60.0  # seconds
LOOK_SECONDS = 0.02  # between two looks into the bot's database


def T(offset: float) -> datetime:  # noqa: N802 (reads as T0 does)
    """The moment this many seconds after T0."""
    return T0 + timedelta(seconds=offset)


def small_organisation(workspace: Workspace) -> Workspace:
    """Put everybody and the channels into a workspace, where it is T0 from now on."""
    workspace.move_clock((T0 - workspace.clock.now()).total_seconds())
    for person in PEOPLE:
        workspace.add_person(**person)
    everybody = [ANA, BEN, KIM]
    workspace.add_channel(GENERAL, "general", members=[*everybody, GIL], bot=False)
    workspace.add_channel(KUDOS, "kudos", members=[*everybody, EVE])
    workspace.add_channel(LOUNGE, "lounge", members=everybody, bot=False)
    workspace.add_channel(PRIVATE, "private", members=[ANA, BEN], is_private=True, bot=False)
    workspace.add_channel(ARCHIVE, "archive", members=everybody, is_archived=True)
    return workspace


@dataclass
class Bot:
    """The bot as it runs, and a way of our own into its database."""

    settings: Settings
    slack: FakeSlack
    allowed: set[str] = field(default_factory=set)
    _database: Database | None = None

    @property
    def database(self) -> Database:
        """The bot's database as another process would see it."""
        if self._database is None:
            self._database = Database.open(self.settings.database_url)
        return self._database

    async def read(self, query: Callable[[Session], Found]) -> Found:
        """Ask the bot's database."""
        return await self.database.read(TEAM, query)

    async def write(self, work: Callable[[Session], Found]) -> Found:
        """Change the bot's database behind its back, for which nobody in Slack waits."""
        return await self.database.write(TEAM, work, patience=PATIENCE)

    def may_be_refused(self, *errors: str) -> None:
        """Say that Slack refusing for these reasons belongs to the test."""
        self.allowed |= set(errors)

    async def has_sent_everything(self) -> None:
        """Wait until every message is settled in the bot's own database.

        Where the bot rests between two messages the clock is moved on.
        """
        waiting = select(OutboxRow.cause).where(col(OutboxRow.status).in_(DUE))
        ahead = self.slack.workspace.clock.ahead
        async with asyncio.timeout(5):
            while await self.read(lambda session: session.exec(waiting).first()):
                if until := ahead.rest(self.slack.now()):
                    await self.slack.jump(until - self.slack.now())
                else:
                    await asyncio.sleep(LOOK_SECONDS)

    async def has_read_everybody(self) -> None:
        """Wait until it has read who is here, as it does whenever it starts."""
        for _ in range(round(START_SECONDS / LOOK_SECONDS)):
            if await self.read(roster.is_complete):
                return
            await asyncio.sleep(LOOK_SECONDS)
        raise AssertionError("It has not read who is here.")

    def check(self) -> None:
        """Fail where Slack refused something that the test does not know of."""
        surprises = [each for each in self.slack.refusals if each["error"] not in self.allowed]
        assert surprises == []

    def close(self) -> None:
        if self._database is not None:
            self._database.close()


@pytest.fixture(scope="module", autouse=True)
def not_too_much_stays_frozen() -> Iterator[None]:
    """Let go of bots now and then, which freezing at each start would keep for good.

    What is not frozen the collector goes through while a test waits for an answer.
    """
    yield
    if gc.get_freeze_count() > MOST_FROZEN:
        gc.unfreeze()
        gc.collect()
        gc.freeze()


def in_a_copy(migrated: Path, work: Callable[[Session], None]) -> None:
    """Run the work in one transaction of a database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{shutil.copy(migrated, folder)}")
        try:
            asyncio.run(database.write(TEAM, work, patience=60))
        finally:
            database.close()


@asynccontextmanager
async def at_work(slack: FakeSlack, database_url: str) -> AsyncIterator[Bot]:
    """The real bot, connected to `slack` and knowing everybody.

    At its end, whatever Slack refused and the test did not announce fails the test.
    """
    running = Bot(settings_for(slack, database_url), slack)
    try:
        async with serving(running.settings, slack):
            yield running
    finally:
        running.close()
    running.check()


@asynccontextmanager
async def serving(settings: Settings, slack: FakeSlack) -> AsyncIterator[asyncio.Event]:
    """The bot in this process, connected; the event that is yielded asks it to end."""
    stop = asyncio.Event()
    task = asyncio.create_task(app.serve(settings, stop))
    try:
        await started(slack, task)
        yield stop
    finally:
        stop.set()
        await task


def settings_for(slack: FakeSlack, database_url: str) -> Settings:
    """What makes the bot take this fake Slack for the real one."""
    return Settings(
        slack_bot_token=slack.bot_token,
        slack_app_token=slack.app_token,
        slack_api_url=slack.api_url,
        database_url=database_url,
        clock_url=slack.clock_url,
    )


async def started(slack: FakeSlack, task: asyncio.Task[None]) -> None:
    """Wait until the bot is connected and has told Ana what to set up."""
    await slack.until(
        lambda: task.done() or (slack.sockets.connected and slack.dm(ANA)), START_SECONDS
    )
    if task.done():
        task.result()


async def set_up(slack: FakeSlack) -> None:
    """Choose #kudos and write the mission, as Ana, through the forms."""
    form = await open_form(slack, ANA, "/mission settings")
    chosen = {"recognition_channel": KUDOS, "timezone": "Europe/Lisbon"}
    assert (await slack.submit(ANA, form["id"], chosen)).closed
    form = await open_form(slack, ANA, "/mission setup")
    assert (await slack.submit(ANA, form["id"], {"statement": STATEMENT, "values": VALUES})).closed
    await soon(slack, lambda: slack.messages(KUDOS))
    await slack.jump(PACE)


async def open_form(slack: FakeSlack, who: str, command: str, channel: str = GENERAL) -> Doc:
    """Type a command that opens a form, and return that form."""
    outcome = await slack.command(who, channel, command)
    assert outcome.ok, outcome.error
    assert slack.views(who), slack.picture()
    return slack.views(who)[-1]


async def give(slack: FakeSlack, who: str, text: str, *, channel: str = GENERAL) -> Doc:
    """Recognise somebody in one line, and return the post in #kudos once it is there."""
    before = len(slack.messages(KUDOS))
    outcome = await slack.command(who, channel, f"/recognize {text}")
    assert outcome.ok, outcome.error
    return (await soon(slack, lambda: slack.messages(KUDOS)[before:]))[0]


async def soon(slack: FakeSlack, predicate: Callable[[], Found]) -> Found:
    """Wait until the predicate is true, moving the clock on where the bot rests.

    Raises AssertionError with a picture of the workspace where it never is.
    """
    ahead = slack.workspace.clock.ahead
    for _ in range(JUMPS):
        with suppress(AssertionError):  # it may rest without saying so, after some trouble
            await slack.until(lambda: predicate() or ahead.rest(slack.now()), GLANCE_SECONDS)
        if found := predicate():
            return found
        until = ahead.rest(slack.now())
        await slack.jump(until - slack.now() if until else PACE)
    return await slack.until(predicate, GLANCE_SECONDS)


async def pass_time(slack: FakeSlack, by: timedelta) -> None:
    """Let time pass, and everything happen that is due meanwhile; its messages may take longer."""
    await slack.travel(by)
    await soon(slack, lambda: slack.workspace.clock.ahead.is_calm)


def told(slack: FakeSlack, who: str) -> str:
    """What the person, and nobody else, was told last."""
    assert slack.ephemerals(who), slack.picture()
    return text_of(slack.ephemerals(who)[-1])
