"""What whoever watches over Truenorth is told on its port, and what they are never told."""

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

import app
from bot import connection, health, outbox
from bot.db import Database
from bot.engine import READERS
from bot.health import Health
from bot.migrate import migrate
from bot.playground.server import FakeSlack
from tests import support
from tests.support import (
    BEN,
    GENERAL,
    KIM,
    KUDOS,
    T0,
    TEAM,
    give,
    open_form,
    set_up,
    settings_for,
)

ROOT = Path(__file__).parent.parent
GLANCE_SECONDS = 0.02
DEED = "stayed late so that the clinic could book again"


@pytest.fixture
def port() -> int:
    """A port that nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Answer:
    status: int
    text: str

    def value(self, name: str, **labels: str) -> float | None:
        """What a metric says with these labels; None where it says nothing."""
        for family in text_string_to_metric_families(self.text):
            for sample in family.samples:
                if sample.name == f"truenorth_{name}" and labels.items() <= sample.labels.items():
                    return float(sample.value)
        return None


async def get(port: int, path: str) -> Answer:
    url = f"http://127.0.0.1:{port}/{path}"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        return Answer(response.status, await response.text())


async def answering(port: int, path: str, wanted: Callable[[Answer], bool]) -> Answer:
    """Ask again and again until the answer is the one that is waited for."""
    for _ in range(500):
        with suppress(aiohttp.ClientConnectorError):
            answer = await get(port, path)
            if wanted(answer):
                return answer
        await asyncio.sleep(GLANCE_SECONDS)
    raise AssertionError(f"/{path} never said so")


@asynccontextmanager
async def serving(slack: FakeSlack, database_url: str, port: int) -> AsyncIterator[None]:
    chosen = replace(settings_for(slack, database_url), health_port=port)
    async with support.serving(chosen, slack):
        await set_up(slack)
        yield


async def test_a_bot_at_work_lives_and_is_ready(
    slack: FakeSlack, database_url: str, port: int
) -> None:
    async with serving(slack, database_url, port):
        assert await get(port, "healthz") == Answer(200, "ok\n")
        assert await get(port, "readyz") == Answer(200, "database: ok\nsocket: ok\n")
        metrics = await get(port, "metrics")
        assert metrics.value("ready", part="database") == 1
        assert metrics.value("ready", part="socket") == 1


async def test_how_long_each_listener_took_is_counted(
    slack: FakeSlack, database_url: str, port: int
) -> None:
    async with serving(slack, database_url, port):
        await give(slack, BEN, f"@kim {DEED} #care")
        await slack.command(BEN, GENERAL, "/mission")
        await slack.command(BEN, GENERAL, "/mission history")
        metrics = await get(port, "metrics")
    for listener in ("command recognize", "command mission", "command mission history"):
        count = metrics.value("acknowledgement_seconds_count", listener=listener)
        assert count == 1, listener
    slower = {"listener": "command recognize", "le": "3.0"}
    assert metrics.value("acknowledgement_seconds_bucket", **slower) == 1
    assert metrics.value("acknowledgement_seconds_count", listener="view mission_setup") == 1


async def test_what_slack_refuses_is_counted_by_method_and_error(
    slack: FakeSlack, database_url: str, port: int
) -> None:
    async with serving(slack, database_url, port):
        slack.fault("chat.postMessage", "429", retry_after=1)
        slack.fault("views.open", "error", error="<@U0BEN> was here")
        slack.fault("views.open", "slow", seconds=30)
        await give(slack, BEN, f"@kim {DEED} #care")
        for _ in range(2):
            await slack.command(BEN, GENERAL, "/recognize")
        metrics = await get(port, "metrics")
    assert metrics.value("slack_errors_total", method="chat.postMessage", error="ratelimited") == 1
    assert metrics.value("slack_errors_total", method="views.open", error="other") == 1
    assert metrics.value("slack_errors_total", method="views.open", error="given_up") == 1


async def test_no_label_holds_an_id_or_what_somebody_wrote(
    slack: FakeSlack, database_url: str, port: int
) -> None:
    async with serving(slack, database_url, port):
        post = await give(slack, BEN, f"@kim {DEED} #care")
        await slack.click(KIM, channel=KUDOS, message=post, action_id="applaud")
        for typed in (
            "/mission lighthouse",
            "/mission search lighthouse",
            "/decide Lighthouse it?",
        ):
            await slack.command(BEN, GENERAL, typed)
        form = await open_form(slack, BEN, "/recognize")
        await slack.submit(BEN, form["id"], {"recipients": [KIM], "message": "Lighthouse"})
        metrics = await get(port, "metrics")
    assert metrics.value("acknowledgement_seconds_count", listener="action applaud") == 1
    labels = {
        value
        for family in text_string_to_metric_families(metrics.text)
        for sample in family.samples
        for value in sample.labels.values()
    }
    assert "command mission search" in labels
    said = " ".join(labels).casefold()
    for secret in ("lighthouse", "clinic", BEN.casefold(), KIM.casefold(), TEAM.casefold()):
        assert secret not in said


async def test_a_bot_that_lost_slack_lives_and_is_not_ready(
    slack: FakeSlack, database_url: str, port: int
) -> None:
    async with serving(slack, database_url, port):
        await slack.stop()
        await slack.until(lambda: not slack.sockets.connected)
        ready = await answering(port, "readyz", lambda answer: answer.status != 200)
        assert ready == Answer(503, "database: ok\nsocket: disconnected\n")
        assert (await get(port, "healthz")).status == 200
        assert (await get(port, "metrics")).value("ready", part="socket") == 0


async def test_a_bot_that_slack_does_not_answer_yet_says_so(
    slack: FakeSlack, database_url: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "RETRY_SECONDS", 3600)
    slack.fault("auth.test", "500")
    stop = asyncio.Event()
    chosen = replace(settings_for(slack, database_url), health_port=port)
    task = asyncio.create_task(app.serve(chosen, stop))
    failed = await answering(port, "metrics", lambda answer: "slack_errors_total{" in answer.text)
    assert failed.value("slack_errors_total", method="auth.test") == 1
    assert await get(port, "readyz") == Answer(503, "database: ok\nsocket: connecting\n")
    assert (await get(port, "healthz")).status == 200
    stop.set()
    with pytest.raises(connection.Stopped):
        await task


@pytest.fixture
def busy(database_url: str) -> Iterator[Database]:
    """A database of which each connection that reads waits for something else."""
    database = Database.open(database_url)
    let_go = threading.Event()
    loop_free = [database._reading.submit(let_go.wait) for _ in range(READERS)]
    yield database
    let_go.set()
    assert all(each.result() for each in loop_free)
    database.close()


async def test_a_database_that_does_not_answer_makes_it_unready(
    slack: FakeSlack, busy: Database, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "LOOK_SECONDS", 0.05)
    chosen = replace(settings_for(slack, "sqlite:///unused.db"), health_port=port)
    watched = Health(chosen, str)
    async with watched.served(busy):
        assert await get(port, "readyz") == Answer(503, "database: silent\nsocket: connecting\n")
        metrics = await get(port, "metrics")
    assert metrics.value("ready", part="database") == 0
    assert metrics.value("outbox_oldest_seconds") is None
    assert busy._reading._work_queue.qsize() == 1  # however many ask, it is asked once


async def test_a_port_that_is_taken_ends_the_start_with_a_sentence(
    slack: FakeSlack, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        chosen = replace(settings_for(slack, database_url), health_port=port)
        assert await app.run(chosen) == 1
    said = capsys.readouterr().err
    assert f"cannot listen on port {port} of 127.0.0.1: taken" in said
    assert "Traceback" not in said


def test_without_a_port_nothing_of_it_is_loaded() -> None:
    ours = (
        "import sys, app; from bot.config import Settings; from bot.health import Health;"
        "Health(Settings('xoxb-1', 'xapp-1'), str).slack_error('auth.test', 'ratelimited');"
        "print('prometheus_client' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", ours], cwd=ROOT, check=True, capture_output=True)
    assert told.stdout.decode().strip() == "False"


async def test_what_waits_in_any_of_many_workspaces_is_told(
    slack: FakeSlack, database_url: str, port: int
) -> None:
    database = Database.open(database_url)
    migrate(database.writer)
    message = outbox.direct("welcome:U0KIM", KIM, {"text": "Hello"})
    now = T0 + timedelta(minutes=5)
    await database.write("T0LAST", lambda session: outbox.post(session, message, now=T0))
    chosen = replace(settings_for(slack, database_url), health_port=port)
    watched = Health(chosen, lambda _: "x")
    watched.follow(works, lambda: ["T0FIRST", "T0LAST"], kinds=(), now=lambda: now)
    async with watched.served(database):
        metrics = await get(port, "metrics")
    assert metrics.value("outbox_messages", status="waiting") == 1
    assert metrics.value("outbox_oldest_seconds") == 300
    database.close()


async def works() -> str:
    return health.WORKS
