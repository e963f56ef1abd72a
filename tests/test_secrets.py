"""No token and no password is said anywhere: planted ones are looked for wherever something is."""

import asyncio
import io
import logging
import sqlite3
import traceback
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

import app
from bot import charter, doctor
from bot.answers import answer_of
from bot.config import ConfigError, Settings, load
from bot.connection import CannotStart, opened
from bot.playground.server import FakeSlack
from bot.rituals import recognition
from tests.rights.sending import Sender
from tests.support import (
    ANA,
    BEN,
    GENERAL,
    KIM,
    Bot,
    give,
    serving,
    set_up,
    settings_for,
)

BOT, APP, PASSWORD = "xoxb-1-PLANTEDBOT", "xapp-1-PLANTEDAPP", "PLANTEDPASSWORD"
PLANTED = ("PLANTEDBOT", "PLANTEDAPP", PASSWORD)
POSTGRES = f"postgresql+psycopg://clinic:{PASSWORD}@127.0.0.1:1/truenorth"
DEED = "@kim stayed late so that the clinic could book again #care"


def said(*places: object) -> list[str]:
    """Which of the planted secrets stand in what is said there."""
    text = "\n".join(map(str, places))
    return [secret for secret in PLANTED if secret in text]


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    """All that any logger says, each at its lowest level, with tracebacks."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s"))
    every = [logging.root, *map(logging.getLogger, logging.root.manager.loggerDict)]
    levels = [one.level for one in every]
    logging.root.addHandler(handler)
    for one in every:
        one.setLevel(logging.DEBUG)
    yield text
    logging.root.removeHandler(handler)
    for one, level in zip(every, levels, strict=True):
        one.setLevel(level)


@pytest.fixture
async def planted(
    slack: FakeSlack, database_url: str, monkeypatch: pytest.MonkeyPatch, heard: io.StringIO
) -> AsyncIterator[Bot]:
    """The bot with planted tokens, while everything that is logged is heard."""
    monkeypatch.setattr(slack.installation, "bot_token", BOT)
    monkeypatch.setattr(slack.installation, "app_token", APP)
    running = Bot(settings_for(slack, database_url), slack)
    async with serving(running.settings, slack):
        await set_up(slack)
        yield running
    running.close()


def shown(slack: FakeSlack) -> list[Any]:
    """Everything that the bot sent to Slack but for how it says who it is."""
    calls = [{name: call[name] for name in ("method", "args")} for call in slack.calls]
    return [*calls, *(slack.ephemerals(who) for who in (ANA, BEN, KIM))]


async def test_whatever_slack_refuses_or_breaks_no_token_is_said(
    slack: FakeSlack, planted: Bot, heard: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    for fault in ("429", "500", "error", "reset_before", "reset_after"):
        slack.fault("chat.postMessage", fault)
        await give(slack, BEN, DEED)
        await slack.command(BEN, GENERAL, "/decide Ship it on Friday?")
    for fault in ("500", "error", "reset_before"):
        slack.fault("views.open", fault)
        await slack.command(BEN, GENERAL, "/recognize")
    await slack.open_home(BEN)
    await slack.sockets.drop()
    await slack.until(lambda: slack.sockets.connected, 20)
    await slack.command(BEN, GENERAL, "/mission")
    assert "chat.postMessage" in heard.getvalue()
    assert "Sending a request" in heard.getvalue()  # Slack's library says what it sends
    assert said(heard.getvalue(), *capfd.readouterr(), *shown(slack)) == []


async def test_a_bug_in_a_listener_tells_of_no_token(
    slack: FakeSlack, planted: Bot, heard: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(session: Session, *_: object, **__: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(recognition, "give", broken)
    monkeypatch.setattr(charter, "must_be_in_force", broken)
    for line in (f"/recognize {DEED}", "/recognize", "/story It worked"):
        await Sender(slack, BEN).command(line)
    assert "Something went wrong on my side" in await Sender(slack, BEN).press("open_recognize")
    assert "broken on purpose" in heard.getvalue()
    assert "Traceback" in heard.getvalue()
    assert said(heard.getvalue(), *shown(slack)) == []


@pytest.mark.sqlite
async def test_a_database_that_is_gone_tells_of_no_token(
    slack: FakeSlack, planted: Bot, heard: io.StringIO
) -> None:
    path = planted.settings.database_path
    assert path is not None
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE recipient")
        connection.execute("DROP TABLE decision")
    for line in (f"/recognize {DEED}", "/decide Ship it on Friday?", "/decide list"):
        await Sender(slack, BEN).command(line)
    assert "no such table" in heard.getvalue()
    assert said(heard.getvalue(), *shown(slack)) == []


@pytest.mark.parametrize("name", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_token_that_slack_refuses_is_named_and_not_said(
    slack: FakeSlack, database_url: str, heard: io.StringIO, name: str
) -> None:
    chosen = settings_for(slack, database_url)
    if name == "SLACK_BOT_TOKEN":
        chosen = replace(chosen, slack_bot_token=BOT)
    else:
        chosen = replace(chosen, slack_app_token=APP)
    with pytest.raises(CannotStart) as refused:
        await app.serve(chosen, asyncio.Event())
    told = "".join(traceback.format_exception(refused.value))
    assert f"Slack refuses {name}" in told
    assert said(told, heard.getvalue(), *map(str, await doctor.examine(chosen))) == []


def test_the_settings_do_not_show_them() -> None:
    chosen = Settings(BOT, APP, database_url=POSTGRES)
    assert said(repr(chosen), str(chosen), f"{chosen}") == []


@pytest.fixture
async def deps(slack: FakeSlack, database_url: str) -> AsyncIterator[Any]:
    chosen = Settings(BOT, APP, slack_api_url=slack.api_url, database_url=database_url)
    async with opened(chosen) as (deps, clock, socket):
        yield deps, clock, socket


async def test_what_the_bot_works_with_does_not_show_them(deps: Any) -> None:
    assert said(repr(deps), str(deps), repr(deps[0].database), repr(deps[0].slack)) == []
    refused = await answer_of(deps[0].slack.auth_test())
    assert refused.error == "invalid_auth"
    assert said(refused, vars(refused)) == []


WRONG_URLS = [
    POSTGRES,
    *(f"postgresql+psycopg://clinic:{PASSWORD}{rest}" for rest in ("", "@", "/x@h/db", "@h:x/db")),
    *(f"{kind}://clinic:{PASSWORD}@127.0.0.1:1/db" for kind in ("mysql", "postgres", "sqlite")),
    f"postgresql+psycopg://clinic:x@{PASSWORD}@127.0.0.1:1/db",  # an @ that is not escaped
    f"postgresql+psycopg://clinic:x#{PASSWORD}@127.0.0.1:1/db",
    f"postgresql+psycopg://clinic@127.0.0.1:1/db?password={PASSWORD}",
    f"clinic:{PASSWORD}@127.0.0.1/db",
]


@pytest.mark.parametrize("command", ["run", "doctor", "backup", "copy", "reindex"])
@pytest.mark.parametrize("url", WRONG_URLS, ids=range(len(WRONG_URLS)))
def test_a_database_that_cannot_be_reached_is_told_of_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    heard: io.StringIO,
    tmp_path: Path,
    command: str,
    url: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    elsewhere = f"sqlite:///{tmp_path}/there.db"
    chosen = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "DATABASE_URL": url}
    chosen |= {"SLACK_API_URL": "http://127.0.0.1:1/"}
    for name, value in chosen.items():
        monkeypatch.setenv(name, value)
    more = {"backup": [str(tmp_path / "copy.db")], "copy": ["--to", elsewhere]}
    assert app.main([command, *more.get(command, [])]) == 1
    told = capfd.readouterr()
    assert told.out + told.err
    assert said(*told, heard.getvalue()) == []


def test_an_address_of_slack_with_a_password_is_refused_without_saying_it() -> None:
    for url in (f"https://clinic:{PASSWORD}@slack.example/", f"http://x:{PASSWORD}@127.0.0.1/"):
        chosen = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "SLACK_API_URL": url}
        with pytest.raises(ConfigError) as refused:
            load(chosen)
        assert said("".join(traceback.format_exception(refused.value))) == []


def test_where_to_copy_to_is_not_told_with_its_password(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    heard: io.StringIO,
    database_url: str,
) -> None:
    for name, value in {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATABASE_URL", database_url)
    for url in WRONG_URLS:
        assert app.main(["copy", "--to", url]) == 1
    assert said(*capfd.readouterr(), heard.getvalue()) == []


async def test_an_error_of_the_database_holds_nothing_of_what_was_written(planted: Bot) -> None:
    def twice(session: Session) -> None:
        for _ in range(2):
            session.connection().exec_driver_sql(
                "INSERT INTO counter (id, team_id, name, value) VALUES (7, 'T', ?, 1)", (PASSWORD,)
            )

    with pytest.raises((IntegrityError, DBAPIError)) as error:
        await planted.write(twice)
    assert said("".join(traceback.format_exception(error.value))) == []
