"""Truenorth over HTTP as whoever installs it starts it: several processes, one of them killed."""

import asyncio
import signal
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from time import time

import aiohttp
import psutil

from bot import config, httpmode
from bot.playground.grid import Grid
from bot.porthole import examine_door, examine_port
from tests.http.conftest import KEY, OURS, THEIRS, Served
from tests.http.test_installing import works
from tests.process import END_SECONDS, ROOT, START_SECONDS, free_ports
from tests.support import ANA, GENERAL

AGAIN = 12
MOST_POURED = 32_000_000  # bytes; what lies between two processes holds a few of them
OTHER_KEY = "w" * 43 + "="
READY = "200 database: ok\nworkspaces: ok\n"


def at(settings: config.Settings, urls: list[str]) -> config.Settings:
    """The settings of what is watched there."""
    http = replace(settings.http, workers=len(urls)) if settings.http else None
    return replace(settings, http=http, health_port=int(urls[0].rpartition(":")[2]))


# It hangs at its end, and is not patient.
HANGING = """
import sys, time
import app
from bot import ending, web

ending.LONGEST_SECONDS = 1
web.end_aside = lambda: time.sleep(600)
sys.exit(app.main(["run"]))
"""
AS_IT_IS = "import sys, app; sys.exit(app.main(['run']))"


async def start(
    served: Served,
    folder: Path,
    port: int,
    *,
    key: str = KEY,
    count: int = 2,
    script: str = AS_IT_IS,
    **more: str,
) -> Process:
    given = served.grid.credentials
    chosen = {
        "SLACK_CLIENT_ID": given.client_id,
        "SLACK_CLIENT_SECRET": given.client_secret,
        "SLACK_SIGNING_SECRET": given.signing_secret,
        "TOKEN_KEY": key,
        "SLACK_API_URL": served.grid.api_url,
        "DATABASE_URL": served.settings.database_url,
        "HTTP_PORT": str(port),
        "HTTP_WORKERS": str(count),
        "LOG_LEVEL": "DEBUG",
        **more,
    }
    with (folder / "said.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", script),
            cwd=folder,
            env=config.for_child({**chosen, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}),
            stdout=log,
            stderr=log,
        )


@asynccontextmanager
async def started(
    grid: Grid, settings: config.Settings, folder: Path, *, count: int = 2, **more: str
) -> AsyncIterator[Served]:
    """Start it and wait until it answers; it is gone afterwards, with all that it started."""
    port = free_ports()
    served = Served(grid, settings, f"http://127.0.0.1:{port}")
    grid.line.url = f"{served.url}{httpmode.EVENTS}"
    process = await start(served, folder, port, count=count, **more)
    try:
        async with asyncio.timeout(START_SECONDS):
            while not await answers(served):
                assert process.returncode is None, (folder / "said.log").read_text()
                await asyncio.sleep(0.05)
        served.process = process
        yield served
    finally:
        if process.returncode is None:
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
            process.kill()
            await process.wait()


async def answers(served: Served) -> bool:
    try:
        async with aiohttp.ClientSession() as session, session.get(served.url) as answer:
            return answer.status == 404
    except aiohttp.ClientError:
        return False


def workers(process: Process) -> list[psutil.Process]:
    """Those of its processes that answer."""
    answering = []
    for one in psutil.Process(process.pid).children():
        with suppress(psutil.NoSuchProcess):  # one that was killed just now
            if "resource_tracker" not in " ".join(one.cmdline()):
                answering.append(one)
    return answering


async def test_several_processes_answer_and_one_that_is_killed_is_replaced(
    grid: Grid, http_settings: config.Settings, tmp_path: Path
) -> None:
    async with started(grid, http_settings, tmp_path) as served:
        process, (ours, theirs) = served.process, (grid.workspaces[t] for t in (OURS, THEIRS))
        assert process is not None
        await served.install(OURS)
        await ours.until(lambda: ours.dm(ANA), 20)
        first = {one.pid for one in workers(process)}
        assert len(first) == 2
        for one in workers(process):
            one.kill()
            async with asyncio.timeout(START_SECONDS):
                while not await works(ours):
                    continue
        body, headers = grid.line.sent[-1]
        for _ in range(AGAIN):  # whichever of them is asked
            assert (await grid.line.send(body, headers, seconds=3)).failure == "http_401"
        await served.install(THEIRS)
        async with asyncio.timeout(START_SECONDS):
            while not await works(theirs):
                continue
        await ours.until(lambda: len(workers(process)) == 2, START_SECONDS)
        assert not first & {one.pid for one in workers(process)}
        await grid.uninstall(OURS)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), END_SECONDS) == 0
    assert len([each for each in theirs.dm(ANA)]) == 1  # said once, however many are at work
    said = (tmp_path / "said.log").read_text()
    assert "Traceback" not in said
    for secret in (*grid.revoked, KEY, grid.credentials.client_secret, "code="):
        assert secret not in said
    assert "file-based" not in said  # as Bolt keeps installations where it finds our settings


async def test_when_the_first_of_several_processes_is_killed_the_others_end_too(
    grid: Grid, http_settings: config.Settings, tmp_path: Path
) -> None:
    for _ in range(2):
        async with started(grid, http_settings, tmp_path) as served:
            assert served.process is not None
            answering = workers(served.process)
            assert len(answering) == 2
            served.process.kill()
            await served.process.wait()
            gone, _here = await asyncio.to_thread(psutil.wait_procs, answering, END_SECONDS)
            assert set(gone) == set(answering)


ENDLESS = {
    "a header": (b"GET / HTTP/1.1\r\nhost: x\r\nx: ", b"a" * 60_000),
    "headers": (b"GET / HTTP/1.1\r\nhost: x\r\n", b"a: b\r\n" * 10_000),
    "what follows a body": (
        b"POST /slack/events HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n"
        b"x-slack-request-timestamp: %d\r\nx-slack-signature: v0=%s\r\n\r\n0\r\n",
        b"a: b\r\n" * 10_000,
    ),
}


async def poured(port: int, begin: bytes, more: bytes) -> int:
    """Send that and more and more, and return how many bytes there were until it was cut off."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(begin)
    sent = 0
    with suppress(ConnectionError):
        while sent < MOST_POURED:
            writer.write(more)
            await writer.drain()
            sent += len(more)
    writer.close()
    return sent


async def test_what_never_ends_before_it_can_be_checked_is_cut_off(
    grid: Grid, http_settings: config.Settings, tmp_path: Path
) -> None:
    async with started(grid, http_settings, tmp_path, count=1) as served:
        port = int(served.url.rpartition(":")[2])
        for what, (begin, more) in ENDLESS.items():
            filled = begin % (int(time()), b"0" * 64) if b"%d" in begin else begin
            assert await poured(port, filled, more) < MOST_POURED, what


async def test_one_process_ends_when_it_is_asked_to_and_begins_where_it_was(
    grid: Grid, http_settings: config.Settings, tmp_path: Path
) -> None:
    ours = grid.workspaces[OURS]
    for turn in range(2):
        async with started(grid, http_settings, tmp_path, count=1) as served:
            if turn == 0:
                await served.install(OURS)
            async with asyncio.timeout(START_SECONDS):
                while not await works(ours):
                    continue
            assert served.process is not None
            served.process.send_signal(signal.SIGTERM)
            assert await asyncio.wait_for(served.process.wait(), END_SECONDS) == 0
    assert "Traceback" not in (tmp_path / "said.log").read_text()


@asynccontextmanager
async def watched(
    grid: Grid, settings: config.Settings, folder: Path, *, count: int
) -> AsyncIterator[tuple[Served, list[str]]]:
    """Start it with a port for each of the processes, and say where those answer."""
    first = free_ports(count)
    async with started(grid, settings, folder, count=count, HEALTH_PORT=str(first)) as served:
        yield served, [f"http://127.0.0.1:{first + nth}" for nth in range(count)]


async def readiness(url: str) -> str:
    try:
        async with aiohttp.ClientSession() as session, session.get(f"{url}/readyz") as answer:
            return f"{answer.status} {await answer.text()}"
    except aiohttp.ClientConnectorError:  # this one is not there yet
        return "nobody"


async def metrics(urls: list[str]) -> str:
    """What all of them measured."""
    told = ""
    for url in urls:
        async with aiohttp.ClientSession() as session, session.get(f"{url}/metrics") as answer:
            told += await answer.text()
    return told


async def test_each_process_tells_on_a_port_of_its_own_how_it_fares(
    grid: Grid, http_settings: config.Settings, tmp_path: Path
) -> None:
    async with watched(grid, http_settings, tmp_path, count=2) as (served, urls):
        async with asyncio.timeout(START_SECONDS):
            while {await readiness(url) for url in urls} != {READY}:
                continue
        await served.install(OURS)
        async with asyncio.timeout(START_SECONDS):
            while not await works(grid.workspaces[OURS]):
                continue
        told = await metrics(urls)
        assert 'truenorth_acknowledgement_seconds_count{listener="command mission help"}' in told
        assert 'truenorth_outbox_messages{status="waiting"}' in told
        assert OURS not in told
        async with asyncio.timeout(START_SECONDS):
            while {await readiness(url) for url in urls} != {READY}:
                continue
        await grid.revoke(OURS)
        refused = 'truenorth_slack_errors_total{error="token_revoked",method="'
        async with asyncio.timeout(START_SECONDS):
            while refused not in await metrics(urls):
                await grid.workspaces[OURS].command(ANA, GENERAL, "/mission setup")
        for finding in await examine_port(at(http_settings, urls)):
            assert finding.text.endswith(", and ready."), finding.text
        assert http_settings.http is not None
        http = replace(http_settings.http, port=int(served.url.rpartition(":")[2]))
        assert (await examine_door(http)).text.startswith("A Truenorth is at work on port")


async def test_a_port_that_is_taken_is_told_at_the_start_in_a_sentence(
    served: Served, tmp_path: Path
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = str(other.getsockname()[1])
        process = await start(served, tmp_path, free_ports(), count=1, HEALTH_PORT=taken)
        assert await asyncio.wait_for(process.wait(), START_SECONDS) == 1
    said = (tmp_path / "said.log").read_text()
    assert said.startswith(f"Truenorth cannot listen on port {taken} of 127.0.0.1")
    assert "Traceback" not in said


async def test_whatever_hangs_it_is_gone_in_time(
    grid: Grid, http_settings: config.Settings, tmp_path: Path
) -> None:
    async with started(grid, http_settings, tmp_path, count=1, script=HANGING) as served:
        assert served.process is not None
        served.process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(served.process.wait(), END_SECONDS) == 1
    assert "did not end in time" in (tmp_path / "said.log").read_text()


async def test_a_key_that_is_another_is_told_at_the_start_in_a_sentence(
    grid: Grid, served: Served, tmp_path: Path
) -> None:
    await served.install(OURS)
    process = await start(served, tmp_path, free_ports(), key=OTHER_KEY)
    assert await asyncio.wait_for(process.wait(), START_SECONDS) == 1
    said = (tmp_path / "said.log").read_text()
    assert said.startswith("TOKEN_KEY does not open the tokens in this database")
    assert "Traceback" not in said
    assert OTHER_KEY not in said
