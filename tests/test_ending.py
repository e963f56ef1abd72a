"""Asked to end, Truenorth finishes what is under way, or leaves it to its next start; and is gone.

The bot is a process as it is installed, and Slack answers late or never.
"""

import asyncio
import signal
import sqlite3
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path

import psutil
import pytest
from starlette.websockets import WebSocket

from bot import connection, ending, waiting
from bot.lanes import LEASE
from bot.outbox import Status
from bot.playground.server import FakeSlack
from tests.process import Started, started
from tests.reading import text_of
from tests.support import BEN, GENERAL, KIM, KUDOS, serving, set_up, settings_for, soon, told

MOST_SECONDS = 10.0  # that `docker stop` waits
DEED = "/recognize @kim stayed late so that the clinic could book again #care"
DECISION = "/decide Ship the new booking page on Friday?"

# The bot as it is, but for how long it waits for what is never answered.
SHORT = """
import sys
import app
from bot import connection, ending, sender, waiting

waiting.FINISHING_SECONDS = sender.FINISHING_SECONDS = connection.ANSWERING_SECONDS = 0.2
ending.LONGEST_SECONDS = 1
"""
RUN = "sys.exit(app.main(['run']))\n"
AS_IT_IS = "import sys\nimport app\n"
hurried = pytest.mark.parametrize(
    "script", [SHORT, pytest.param(AS_IT_IS, marks=pytest.mark.soak)], ids=["short", "as it is"]
)


def statuses(database_url: str) -> Counter[str]:
    """Where the messages of the recognition stand: the post, and the word to Kim."""
    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as database:
        rows = database.execute("SELECT status FROM outbox WHERE cause LIKE 'recognition:%'")
        return Counter(status for (status,) in rows)


def shown(slack: FakeSlack) -> int:
    """How many of them are in Slack."""
    messages = [*slack.messages(KUDOS), *slack.dm(KIM)]
    return sum("stayed late" in text_of(message) for message in messages)


async def asked(slack: FakeSlack, method: str) -> None:
    """Wait until the bot has asked Slack for this, and has no answer yet."""
    await soon(slack, lambda: slack.faults.is_met(method))


async def ended_well(bot: Started) -> None:
    assert await bot.end() < MOST_SECONDS
    assert bot.process.returncode == 0, bot.log


@pytest.mark.sqlite
async def test_what_a_person_waits_for_is_saved_and_answered(
    slack: FakeSlack, database_url: str, tmp_path: Path
) -> None:
    async with started(slack, database_url, tmp_path) as bot:
        await set_up(slack)
        path = database_url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            typed = asyncio.create_task(slack.command(BEN, GENERAL, DEED))
            await slack.until(lambda: slack.sockets.waiting)
            bot.process.send_signal(signal.SIGTERM)
            other.execute("ROLLBACK")
        assert (await typed).ok
        assert "You recognised" in told(slack, BEN)
        await ended_well(bot)


async def test_what_lies_in_the_socket_when_it_is_asked_to_end_is_saved_and_answered(
    slack: FakeSlack, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with serving(settings_for(slack, database_url), slack) as stop:
        await set_up(slack)
        send = WebSocket.send_text

        async def send_and_end(socket: WebSocket, text: str) -> None:
            await send(socket, text)
            stop.set()

        monkeypatch.setattr(WebSocket, "send_text", send_and_end)
        assert (await slack.command(BEN, GENERAL, DEED)).ok
        assert "You recognised" in told(slack, BEN)


@pytest.mark.sqlite
async def test_a_message_that_slack_takes_its_time_for_is_posted(
    slack: FakeSlack, database_url: str, tmp_path: Path
) -> None:
    async with started(slack, database_url, tmp_path) as bot:
        await set_up(slack)
        slack.fault("chat.postMessage", "slow", seconds=1)
        await slack.command(BEN, GENERAL, DEED)
        await asked(slack, "chat.postMessage")
        await ended_well(bot)
    found = statuses(database_url)
    assert found[Status.SENT] == shown(slack) > 0
    assert found.keys() <= {Status.SENT, Status.WAITING}


@hurried
@pytest.mark.sqlite
async def test_a_message_that_slack_never_answers_is_found_at_the_next_start(
    slack: FakeSlack, database_url: str, tmp_path: Path, script: str
) -> None:
    async with started(slack, database_url, tmp_path, script=script + RUN) as bot:
        await set_up(slack)
        slack.fault("chat.postMessage", "hang_after")
        await slack.command(BEN, GENERAL, DEED)
        await soon(slack, lambda: shown(slack) == 2)
        await ended_well(bot)
    assert statuses(database_url) == {Status.SENDING: 1, Status.SENT: 1}
    async with started(slack, database_url, tmp_path):
        await slack.jump(LEASE)
        await soon(slack, lambda: statuses(database_url) == {Status.SENT: 2})
    assert shown(slack) == 2


async def export(slack: FakeSlack) -> None:
    await slack.command(BEN, GENERAL, DECISION)
    await slack.command(BEN, GENERAL, "/decide export 1")


@pytest.mark.sqlite
async def test_a_file_that_slack_takes_its_time_for_is_shared(
    slack: FakeSlack, database_url: str, tmp_path: Path
) -> None:
    async with started(slack, database_url, tmp_path) as bot:
        await set_up(slack)
        slack.fault("files.completeUploadExternal", "slow", seconds=1)
        await export(slack)
        await asked(slack, "files.completeUploadExternal")
        await ended_well(bot)
    assert len([message for message in slack.dm(BEN) if message.get("files")]) == 1


@hurried
@pytest.mark.sqlite
async def test_a_file_that_slack_never_answers_is_told_of_at_the_next_start(
    slack: FakeSlack, database_url: str, tmp_path: Path, script: str
) -> None:
    async with started(slack, database_url, tmp_path, script=script + RUN) as bot:
        await set_up(slack)
        slack.fault("files.completeUploadExternal", "slow", seconds=600)
        await export(slack)
        await asked(slack, "files.completeUploadExternal")
        await ended_well(bot)
    async with started(slack, database_url, tmp_path):
        await soon(slack, lambda: "did not say whether" in text_of(slack.dm(BEN)[-1]))


STUCK = """
import asyncio, os, time
import handlers
from bot.aside import aside

every = handlers.all_routes

async def for_ever(request):
    pid = await aside(os.getpid)
    drawing = asyncio.create_task(aside(time.sleep, 600))
    await asyncio.sleep(0.1)  # by then it is at it
    print("stuck", pid, flush=True)
    {stuck}

def stuck():
    routes = every()
    routes.commands["story"] = for_ever
    return routes

handlers.all_routes = stuck
"""
LOOP = "time.sleep(600)"
THREAD = "await asyncio.to_thread(time.sleep, 600)"
DRAWING = "await drawing"


async def gone(slack: FakeSlack, bot: Started) -> None:
    """Have a listener be stuck, and the bot end, with the process beside it."""
    typed = asyncio.create_task(slack.command(BEN, GENERAL, "/story It is late"))
    await slack.until(lambda: "stuck" in bot.log)
    pid = int(bot.log.split("stuck ")[1].split()[0])
    assert lives(pid)
    assert await bot.end() < MOST_SECONDS
    await typed
    await slack.until(lambda: not lives(pid))


def lives(pid: int) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    return False


@hurried
@pytest.mark.parametrize("stuck", [LOOP, THREAD], ids=["the loop", "a thread"])
async def test_a_bot_that_is_stuck_is_gone_all_the_same(
    slack: FakeSlack, database_url: str, tmp_path: Path, script: str, stuck: str
) -> None:
    script += STUCK.format(stuck=stuck) + RUN
    async with started(slack, database_url, tmp_path, script=script) as bot:
        await gone(slack, bot)
        assert bot.process.returncode == 1
        assert "did not end in time" in bot.log


@hurried
async def test_a_process_beside_that_is_stuck_ends_with_it(
    slack: FakeSlack, database_url: str, tmp_path: Path, script: str
) -> None:
    script += STUCK.format(stuck=DRAWING) + RUN
    async with started(slack, database_url, tmp_path, script=script) as bot:
        await gone(slack, bot)
        assert bot.process.returncode == 0, bot.log


def test_all_that_is_waited_for_together_is_over_before_it_is_cut_off() -> None:
    finishing = connection.ANSWERING_SECONDS + connection.CLOSING_SECONDS
    assert finishing + waiting.FINISHING_SECONDS < ending.LONGEST_SECONDS
    assert ending.LONGEST_SECONDS + ending.LAST_WORDS_SECONDS < MOST_SECONDS
