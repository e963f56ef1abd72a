"""The doctor says in plain words what is wrong, and nothing is wrong where all is well."""

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import checkup, doctor, manifest
from bot.config import ConfigError, Settings
from bot.errors import DatabaseTrouble, NotSaved
from bot.findings import Level

Answer = dict[str, Any]


class Slack:
    """Answers the three methods that the doctor calls; a test changes the answers."""

    def __init__(self) -> None:
        self.scopes: str | None = ",".join(manifest.load()["oauth_config"]["scopes"]["bot"])
        self.plain_text: str | None = None
        self.channel: Answer = {"name": "praise", "is_member": True, "is_archived": False}
        self.answers: dict[str, Answer] = {
            "auth.test": {"ok": True, "user": "truenorth", "team": "Acme"},
            "apps.connections.open": {"ok": True, "url": "wss://127.0.0.1/"},
            "conversations.info": {"ok": True, "channel": self.channel},
        }

    def refuse(self, method: str, code: str) -> None:
        self.answers[method] = {"ok": False, "error": code}

    async def answer(self, request: web.Request) -> web.Response:
        if self.plain_text is not None:
            return web.Response(text=self.plain_text)
        headers = {} if self.scopes is None else {"X-OAuth-Scopes": self.scopes}
        return web.json_response(self.answers[request.match_info["method"]], headers=headers)


@pytest.fixture
def slack() -> Slack:
    return Slack()


@pytest_asyncio.fixture
async def settings(slack: Slack, tmp_path: Path) -> AsyncIterator[Settings]:
    app = web.Application()
    app.router.add_post("/api/{method}", slack.answer)
    server = TestServer(app)
    await server.start_server()
    yield Settings(
        slack_bot_token="xoxb-1",
        slack_app_token="xapp-1",
        slack_api_url=str(server.make_url("/api/")),
        database_url=f"sqlite:///{tmp_path}/north.db",
    )
    await server.close()


async def troubles(settings: Settings, *channels: checkup.Channel) -> list[str]:
    findings = await doctor.examine(settings, channels)
    return [finding.text for finding in findings if finding.level is Level.WRONG]


async def notes(settings: Settings) -> list[str]:
    findings = await doctor.examine(settings)
    return [finding.text for finding in findings if finding.level is Level.NOTE]


async def test_where_all_is_well_every_line_is_ok(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await doctor.run(settings, [("", "recognition_channel", "C1")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok ") for line in lines)
    assert "ok     SLACK_BOT_TOKEN works: truenorth in Acme." in lines
    assert "ok     recognition_channel: Truenorth is in #praise." in lines


async def test_what_is_wrong_in_the_settings_is_said_and_nothing_else_is_tried(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert await doctor.run(ConfigError(["SLACK_BOT_TOKEN is missing.", "LOG_LEVEL is odd."])) == 1
    assert capsys.readouterr().out.splitlines() == [
        "wrong  SLACK_BOT_TOKEN is missing.",
        "wrong  LOG_LEVEL is odd.",
    ]


async def test_a_revoked_bot_token_is_told_with_its_mend(settings: Settings, slack: Slack) -> None:
    slack.refuse("auth.test", "token_revoked")
    (trouble,) = await troubles(settings)
    assert trouble == (
        "SLACK_BOT_TOKEN does not work: it was revoked. Install the app again and copy the new one."
    )


async def test_an_app_token_without_its_scope_is_told(settings: Settings, slack: Slack) -> None:
    slack.refuse("apps.connections.open", "missing_scope")
    (trouble,) = await troubles(settings)
    assert "SLACK_APP_TOKEN" in trouble
    assert "connections:write" in trouble


async def test_a_scope_that_something_needs_is_missed(settings: Settings, slack: Slack) -> None:
    slack.scopes = ",".join(scope for scope in manifest.required_scopes() if scope != "im:write")
    (trouble,) = await troubles(settings)
    assert "lacks im:write." in trouble


async def test_an_optional_scope_is_only_noted(settings: Settings, slack: Slack) -> None:
    slack.scopes = ", ".join(manifest.required_scopes())
    assert await troubles(settings) == []
    (said,) = await notes(settings)
    assert "channels:history, groups:history" in said


async def test_scopes_that_nobody_told_are_not_called_missing(
    settings: Settings, slack: Slack
) -> None:
    slack.scopes = None
    assert await troubles(settings) == []
    assert await notes(settings) == ["Slack did not say which scopes the bot token has."]


async def test_a_slack_that_is_not_there_is_one_line(settings: Settings) -> None:
    away = replace(settings, slack_api_url="http://127.0.0.1:1/api/")
    (trouble,) = await troubles(away, ("", "recognition_channel", "C1"))
    assert trouble.startswith("Slack does not answer at http://127.0.0.1:1/api/")


async def test_somebody_else_at_slacks_address_is_recognised(
    settings: Settings, slack: Slack
) -> None:
    slack.plain_text = "Welcome to the hotel's network"
    (trouble,) = await troubles(settings)
    assert "what answers there is not Slack" in trouble


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"is_member": False}, "Truenorth is not in #praise. Invite it there."),
        ({"is_archived": True}, "#praise is archived. Choose another with /mission settings"),
    ],
)
async def test_a_channel_that_cannot_be_posted_to_is_told(
    settings: Settings, slack: Slack, told: Answer, words: str
) -> None:
    slack.channel.update(told)
    (trouble,) = await troubles(settings, ("", "stories_channel", "C1"))
    assert trouble.startswith("stories_channel: ")
    assert words in trouble


async def test_a_channel_that_is_gone_is_told_with_the_command_as_it_is_named_here(
    settings: Settings, slack: Slack
) -> None:
    slack.refuse("conversations.info", "channel_not_found")
    renamed = replace(settings, command_prefix="tn-")
    (trouble,) = await troubles(renamed, ("", "stories_channel", "C1"))
    assert "C1 is gone" in trouble
    assert "/tn-mission settings" in trouble


def database(path: Path) -> Settings:
    url = f"sqlite:///{path}"
    return Settings(slack_bot_token="xoxb-1", slack_app_token="xapp-1", database_url=url)


def last_line(path: Path, trouble: Exception | None = None) -> str:
    def pretend(url: str) -> None:
        if trouble:
            raise trouble

    return str(checkup.examine_database(database(path), open_database=pretend)[-1])


def test_a_database_that_is_not_there_yet_is_fine_and_stays_away(tmp_path: Path) -> None:
    assert last_line(tmp_path / "north.db").startswith("ok ")
    assert not (tmp_path / "north.db").exists()


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    assert "gone is not there" in last_line(tmp_path / "gone" / "north.db")


def test_a_folder_in_the_place_of_the_file_is_told(tmp_path: Path) -> None:
    assert "is a folder" in last_line(tmp_path)


def test_what_keeps_the_database_from_opening_is_said_in_its_own_words(tmp_path: Path) -> None:
    path = tmp_path / "north.db"
    path.touch()
    assert last_line(path, DatabaseTrouble("It is read-only.")) == "wrong  It is read-only."
    assert last_line(path, NotSaved("Too slow.")).startswith("note   The database is busy")


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "north.db"
    path.write_text("Dear diary, " * 1000)
    (_, finding) = checkup.examine_database(database(path))
    assert str(finding).startswith("wrong  Truenorth cannot use its database")


def test_a_database_of_a_newer_truenorth_is_told(tmp_path: Path) -> None:
    path = tmp_path / "north.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('from-the-future')")
    connection.close()
    (_, finding) = checkup.examine_database(database(path))
    assert str(finding).startswith("wrong  The database was made by a newer Truenorth")


def deeds(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE deed (text)")
        connection.executemany("INSERT INTO deed VALUES (?)", [("x" * 500,)] * 100)
    connection.close()


@pytest.mark.parametrize(
    ("place", "words"),
    [(100, "is damaged; put a backup back"), (4096 * 3, "is damaged. Put a backup back")],
)
def test_damage_is_found_wherever_it_is(tmp_path: Path, place: int, words: str) -> None:
    path = tmp_path / "north.db"
    deeds(path)
    assert str(checkup.examine_database(database(path))[-1]).startswith("ok ")
    with path.open("r+b") as file:
        file.seek(place)
        file.write(b"\xff" * 4000)
    finding = checkup.examine_database(database(path))[-1]
    assert str(finding).startswith("wrong ")
    assert words in finding.text


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkup, "LITTLE_SPACE", 2**63)
    findings = checkup.examine_database(database(tmp_path / "north.db"))
    assert "MB are free where the database is. Make room there." in str(findings[0])
