"""`make demo` as somebody meets it who types it into a terminal."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psutil
import pytest

from bot import config
from bot.playground import history, organisation
from bot.playground.demo import PLAYING

APP = Path(__file__).parents[1] / "app.py"
END_SECONDS = 60
# With any of these the bot would not be reached by the history's commands.
LEAKS = {
    "SLACK_BOT_TOKEN": "xoxb-of-a-real-workspace",
    "DATABASE_URL": "sqlite:///precious.db",
    "COMMAND_PREFIX": "leaked-",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Demo:
    """A demo that runs, and what it printed so far."""

    process: subprocess.Popen[str]
    port: int
    printed: list[str]

    def read_until(self, words: str) -> None:
        """Read its lines up to one that holds the words."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.printed.append(line)
            if words in line:
                return
        raise AssertionError(f"it ended: {''.join(self.printed)}{self.complaint()}")

    def complaint(self) -> str:
        assert self.process.stderr is not None
        return self.process.stderr.read()

    def ask(self, path: str) -> Any:
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=END_SECONDS) as answer:
            return json.load(answer)

    def move_clock(self, seconds: float) -> None:
        asked = json.dumps({"seconds": seconds}).encode()
        address = f"http://127.0.0.1:{self.port}/_/clock"
        urlopen(Request(address, data=asked), timeout=END_SECONDS).close()

    def bot(self) -> psutil.Process:
        """The only process that the demo started."""
        [child] = psutil.Process(self.process.pid).children()
        return child

    def end(self, number: signal.Signals) -> int:
        """End the whole group, as a terminal does, and return the exit code."""
        os.killpg(self.process.pid, number)
        return self.process.wait(END_SECONDS)


@contextmanager
def started(folder: Path, *arguments: str, port: int | None = None) -> Iterator[Demo]:
    """Run a demo in this folder; whatever is left of it in the end is killed."""
    port = port or free_port()
    process = subprocess.Popen(
        [sys.executable, str(APP), "demo", "--port", str(port), *arguments],
        cwd=folder,
        env={**os.environ, **LEAKS, "CI": "true"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield Demo(process, port, [])
        finally:
            process.kill()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which a first demo was killed while it played its history."""
    folder = tmp_path_factory.mktemp("truenorth")
    (folder / ".env").write_text("COMMAND_PREFIX=from-env-\nSLACK_API_URL=https://slack.com/api/\n")
    with started(folder) as demo:
        demo.read_until(PLAYING)
        bot = demo.bot()
        assert demo.end(signal.SIGKILL) == -signal.SIGKILL
        bot_ended(bot)
    return folder


@pytest.fixture(scope="module")
def demo(folder: Path) -> Iterator[Demo]:
    """The demo that was started after that, and is ready."""
    with started(folder) as demo:
        demo.read_until("FRESH=1")
        yield demo


def bot_ended(bot: psutil.Process) -> None:
    """Fail where the bot outlives its demo."""
    _, alive = psutil.wait_procs([bot], timeout=END_SECONDS)
    assert not alive


def recognitions(demo: Demo) -> list[dict[str, Any]]:
    channel = organisation.place(organisation.RECOGNITIONS).id
    messages = demo.ask(f"/_/messages?channel={channel}")["messages"]
    return [each for each in messages if "recognised" in each["text"]]


def test_an_interrupted_history_is_begun_anew(demo: Demo) -> None:
    assert PLAYING in "".join(demo.printed)


def test_it_prints_its_address(demo: Demo) -> None:
    assert f"http://127.0.0.1:{demo.port}/" in "".join(demo.printed)


def test_the_organisation_is_there(demo: Demo) -> None:
    state = demo.ask("/_/state")
    assert state["workspace"]["name"] == "Harbour Clinics"
    assert {each["kind"] for each in state["people"]} == {
        *("owner", "admin", "member", "guest", "external"),
        *("deactivated", "pending", "bot", "slackbot"),
    }
    zones = {each["tz"] for each in state["people"] if each["kind"] == "member"}
    assert len(zones) >= 8
    assert [each["is_private"] for each in state["channels"]].count(True) == 1
    assert len(state["channels"]) == 6


def test_the_bot_is_connected_and_no_setting_from_outside_reached_it(
    demo: Demo, folder: Path
) -> None:
    app = demo.ask("/_/state")["app"]
    assert app["connected"]
    assert {each["command"] for each in app["commands"]} >= {"/mission", "/recognize"}
    assert not (folder / "precious.db").exists()
    assert not list((folder / "demo").glob("precious*"))


def test_five_weeks_of_recognitions_by_many_are_there(demo: Demo) -> None:
    posts = recognitions(demo)
    assert len(posts) == 25
    givers = {each["text"].partition(" ")[0] for each in posts}
    assert len(givers) >= 10
    days = (float(posts[-1]["ts"]) - float(posts[0]["ts"])) / 86400
    assert 25 < days < 35
    assert all("Applaud · " in json.dumps(each["blocks"], ensure_ascii=False) for each in posts)


def test_the_mission_was_reworded_with_its_why(demo: Demo) -> None:
    channel = organisation.place(organisation.RECOGNITIONS).id
    messages = demo.ask(f"/_/messages?channel={channel}")["messages"]
    [changed] = [each for each in messages if each["text"] == "Our mission changed."]
    assert "simple for us" in json.dumps(changed["blocks"])


def test_the_clock_has_come_back_to_now(demo: Demo) -> None:
    assert demo.ask("/_/state")["clock"]["offset"] == 0


def test_nobody_is_left_with_what_only_they_could_see(demo: Demo) -> None:
    giver = organisation.someone("maya").id
    channel = organisation.place("support").id
    messages = demo.ask(f"/_/messages?as={giver}&channel={channel}")["messages"]
    assert messages
    assert not [each for each in messages if each.get("ephemeral")]


def test_a_second_demo_names_the_port_that_is_taken(demo: Demo, tmp_path: Path) -> None:
    with started(tmp_path, port=demo.port) as second:
        assert second.process.wait(END_SECONDS) == 1
        complaint = second.complaint()
    assert f"Port {demo.port} cannot be used" in complaint
    assert "PORT=" in complaint
    assert len(complaint.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_second_demo_keeps_out_of_a_folder_in_use(demo: Demo, folder: Path) -> None:
    with started(folder, "--fresh") as second:
        assert second.process.wait(END_SECONDS) == 1
        assert "Another demo is running" in second.complaint()
    assert len(recognitions(demo)) == 25


def test_ctrl_c_ends_it_and_a_restart_finds_everything(demo: Demo, folder: Path) -> None:
    demo.move_clock(3600)
    before, bot = recognitions(demo), demo.bot()
    assert demo.end(signal.SIGINT) == 0
    assert demo.complaint() == ""
    bot_ended(bot)
    with started(folder) as again:
        again.read_until("FRESH=1")
        assert PLAYING not in "".join(again.printed)
        assert recognitions(again) == before
        assert again.ask("/_/state")["clock"]["offset"] == 3600
        bot = again.bot()
        bot.kill()
        assert again.process.wait(END_SECONDS) == 1
        assert "The bot ended by itself" in again.complaint()


def test_fresh_removes_only_what_the_demo_made(folder: Path) -> None:
    (folder / "demo" / "notes.txt").write_text("mine")
    with started(folder, "--fresh") as demo:
        demo.read_until(PLAYING)
        assert (folder / "demo" / "notes.txt").read_text() == "mine"
        assert demo.end(signal.SIGTERM) == 0
        assert demo.complaint() == ""


def test_a_browser_is_opened_only_where_somebody_can_see_it() -> None:
    assert config.has_screen({"DISPLAY": ":0"})
    assert config.has_screen({"WAYLAND_DISPLAY": "wayland-0"})
    assert not config.has_screen({"DISPLAY": ":0", "CI": "true"})
    assert config.has_screen({}) == (sys.platform != "linux")


def test_every_moment_is_over_by_now_and_falls_on_a_working_day_of_the_person() -> None:
    for day in range(1, 29):
        now = datetime(2026, 2, day, 0, 0, 1, tzinfo=UTC)
        moments = history.moments(now)
        assert all(moment.at < now for moment in moments)
        assert all(moment.at.weekday() < 5 for moment in moments)
        assert all(8 <= moment.at.hour < 20 for moment in moments)
