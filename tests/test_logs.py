"""What the log says of an error, and that it never says what somebody wrote, nor a token."""

import asyncio
import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import logs
from bot.playground.server import FakeSlack
from tests.process import started
from tests.support import BEN, GENERAL, told

WRITTEN = "Lighthouse keepers of the north"
FAILING = """
import asyncio, logging, sys
import app, handlers

every = handlers.all_routes

async def forgotten(words):
    raise LookupError(words)

async def fail(request):
    words = f"{request.words} {request.deps.slack.token}"
    asyncio.create_task(forgotten(words))
    try:
        raise KeyError(words)
    except KeyError as error:
        log = logging.getLogger("slack_sdk")
        log.error(f"quoted: {error}", exc_info=error)
        log.warning("wss://slack/?ticket=abc-12&app_id=A1 %s", request.deps.slack.token)
        log.debug("payload: %s", words)
        raise ExceptionGroup(words, [ValueError(words)]) from error

def failing():
    routes = every()
    routes.commands["story"] = fail
    return routes

handlers.all_routes = failing
sys.exit(app.main(["run"]))
"""


async def said(
    slack: FakeSlack, database_url: str, folder: Path, **settings: str
) -> tuple[str, str]:
    """Have a listener fail over what Ben wrote, and return what he was told and the log."""
    async with started(slack, database_url, folder, script=FAILING, **settings) as bot:
        await slack.command(BEN, GENERAL, f"/story {WRITTEN}")
        sentence = told(slack, BEN)
        await bot.end()
        return sentence, bot.log


async def test_a_start_with_nothing_amiss_warns_of_nothing(
    slack: FakeSlack, database_url: str, tmp_path: Path
) -> None:
    async with started(slack, database_url, tmp_path) as bot:
        assert "INFO bot.connection: connected" in bot.log
        assert " WARNING " not in bot.log


async def test_an_error_over_what_somebody_wrote_leaves_none_of_it_in_the_log(
    slack: FakeSlack, database_url: str, tmp_path: Path
) -> None:
    sentence, log = await said(slack, database_url, tmp_path, LOG_LEVEL="INFO")
    reference = re.findall("this reference: ([0-9a-f]{8})", sentence)[0]
    assert f"reference {reference}: ExceptionGroup\n" in log
    assert "wss://slack/?ticket=…&app_id=A1 xoxb…" in log
    holds_no_secret(log, slack)


async def test_as_json_each_line_is_an_object_with_the_reference_that_a_person_has(
    slack: FakeSlack, database_url: str, tmp_path: Path
) -> None:
    settings = {"LOG_LEVEL": "DEBUG", "LOG_FORMAT": "json"}
    sentence, log = await said(slack, database_url, tmp_path, **settings)
    holds_no_secret(log, slack)
    lines = [json.loads(line) for line in log.splitlines()]
    assert all({"time", "level", "logger", "message"} <= line.keys() for line in lines)
    assert all(re.fullmatch(r"[\d-]{10}T[\d:]{8}\.\d{3}Z", line["time"]) for line in lines)
    (failed,) = [line for line in lines if "reference" in line]
    assert failed["reference"] in sentence
    assert (failed["level"], failed["logger"]) == ("ERROR", "handlers")
    assert failed["exception"].splitlines()[-1] == "ExceptionGroup"


def holds_no_secret(log: str, slack: FakeSlack) -> None:
    assert "in fail" in log
    assert "quoted: KeyError" in log
    assert "never retrieved" in log
    for secret in (WRITTEN, "keepers", slack.bot_token, slack.app_token, "abc-12"):
        assert secret not in log


@pytest.fixture
def trace() -> Iterator[str]:
    try:
        try:
            dict[str, str]()["who"]
        except KeyError as cause:
            raise RuntimeError("of what somebody wrote") from cause
    except RuntimeError as error:
        error.add_note("a note of somebody's")
        error.add_note(f"{logs.BESIDE}line 1, in draw\n")
        yield logs.trace(error)


def test_a_trace_tells_every_error_that_led_there_and_where_but_not_what_they_say(
    trace: str,
) -> None:
    kinds = [line for line in trace.splitlines() if not line.startswith(" ")]
    assert kinds == ["KeyError", "RuntimeError", "In the process beside:", "line 1, in draw"]
    assert trace.count(f'File "{__file__}"') == 2
    assert "somebody's" not in trace


def test_a_message_of_ours_keeps_its_words_where_an_error_says_the_same() -> None:
    record = logging.LogRecord(
        "bot.x", logging.ERROR, "", 0, "reference 1f: %s", ("ValueError",), None
    )
    record.exc_info = (ValueError, ValueError("1f"), None)
    assert "reference 1f: ValueError" in logs.Line().format(record)


async def test_an_error_that_ends_the_bot_is_a_line_of_the_log(
    slack: FakeSlack, database_url: str, tmp_path: Path
) -> None:
    script = FAILING.replace("handlers.all_routes = failing", BREAKING)
    with pytest.raises(AssertionError, match="ValueError") as ended:
        async with started(slack, database_url, tmp_path, script=script, LOG_FORMAT="json"):
            await asyncio.Event().wait()
    line = json.loads(str(ended.value).splitlines()[0])
    assert line["level"] == "CRITICAL"
    assert line["exception"].endswith("ValueError")
    assert WRITTEN not in str(ended.value)


BREAKING = f"""
def failing(*_):
    raise ValueError("{WRITTEN}")

app.build = failing
"""
