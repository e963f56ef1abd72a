"""`make demo` as somebody meets it who types it into a terminal."""

import json
import os
import signal
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
from bot.playground import organisation, script
from bot.playground.demo import PLAYING
from tests.process import ROOT, free_ports

MAKE_DEMO = ("-m", "bot.playground.demo")  # as the Makefile has it, from another folder
END_SECONDS = 60
PULSE = {"answer", "hear_results"}
RECOGNITIONS = 29  # that everybody sees and that still stand
# With any of these the bot would not be reached by the history's commands.
LEAKS = {
    "SLACK_BOT_TOKEN": "xoxb-of-a-real-workspace",
    "DATABASE_URL": "sqlite:///precious.db",
    "COMMAND_PREFIX": "leaked-",
}


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

    def do(self, what: str, as_whom: dict[str, Any]) -> Any:
        address = f"http://127.0.0.1:{self.port}/_/{what}"
        asked = Request(address, data=json.dumps(as_whom).encode())
        with urlopen(asked, timeout=END_SECONDS) as answer:
            return json.load(answer)

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
    port = port or free_ports()
    process = subprocess.Popen(
        [sys.executable, *MAKE_DEMO, "--port", str(port), *arguments],
        cwd=folder,
        env={**os.environ, **LEAKS, "CI": "true", "PYTHONPATH": str(ROOT)},
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


def messages(demo: Demo, place: str, *, seen_by: str | None = None) -> list[dict[str, Any]]:
    who = f"&as={organisation.someone(seen_by).id}" if seen_by else ""
    channel = organisation.place(place).id
    return list(demo.ask(f"/_/messages?channel={channel}{who}")["messages"])


def told(demo: Demo, person: str) -> str:
    """What the app wrote to somebody."""
    who = organisation.someone(person).id
    return words(demo.ask(f"/_/messages?as={who}&channel=D{who[1:]}"))


def words(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False)


def recognitions(demo: Demo) -> list[dict[str, Any]]:
    posts = messages(demo, organisation.RECOGNITIONS)
    return [each for each in posts if "recognised" in each["text"]]


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
    assert len(state["channels"]) == 9


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
    assert len(posts) == RECOGNITIONS
    givers = {each["text"].partition(" ")[0] for each in posts}
    assert len(givers) >= 10
    days = (float(posts[-1]["ts"]) - float(posts[0]["ts"])) / 86400
    assert 25 < days < 35
    assert all("Applaud · " in words(each["blocks"]) for each in posts)


def test_stories_of_both_kinds_are_there_and_thanked_for(demo: Demo) -> None:
    posts = messages(demo, organisation.STORIES)
    kinds = [each["text"].partition(" told ")[2] for each in posts if " told " in each["text"]]
    assert kinds.count("a story of what worked") == 3
    assert kinds.count("a story of what we learned") == 3
    assert words(posts).count("Thanks from ") == 6
    assert words(posts).count("Thank · ") == 3
    assert words(posts).count("With credit to ") == 6


def test_decisions_were_made_superseded_and_wait_for_somebody(demo: Demo) -> None:
    posts = messages(demo, organisation.DECISIONS)
    states = [each["text"] for each in posts if each["text"].startswith("Decision ")]
    assert states == ["Decision 1: superseded", "Decision 2: decided", "Decision 3: open"]
    first, second, third = (words(each["blocks"]) for each in posts[-3:])
    assert "What was open when it was decided" in first
    assert "Superseded by" in first
    assert "It supersedes" in second
    assert "from 3 people who" in third
    assert "No word yet from" in third


def test_recognitions_lead_to_messages_go_to_groups_and_are_mended(demo: Demo) -> None:
    posts = words(messages(demo, organisation.RECOGNITIONS))
    assert posts.count('"this message"') == 2
    assert posts.count("This recognition was withdrawn.") == 1
    [corrected] = [each for each in recognitions(demo) if "fixed two words" in words(each)]
    assert [each in corrected["text"] for each in ("U0LUKASZ", "U0JOAO")] == [True, True]
    [group] = [each for each in recognitions(demo) if "eleven clinics" in words(each)]
    assert group["text"].count("<@") == 4


def test_a_private_recognition_is_between_its_people(demo: Demo) -> None:
    private = "I had not noticed, and I want to be told again."
    heard = {each.handle for each in organisation.PEOPLE if can_hear(each.handle)}
    assert {each for each in heard if private in told(demo, each)} == {"ines", "juergen"}
    assert private not in words(messages(demo, organisation.RECOGNITIONS))


def can_hear(handle: str) -> bool:
    return not organisation.someone(handle).flags.keys() & {"deleted", "is_bot", "is_stranger"}


def test_the_mission_was_reworded_with_its_why(demo: Demo) -> None:
    posts = messages(demo, organisation.RECOGNITIONS)
    [changed] = [each for each in posts if each["text"] == "Our mission changed."]
    assert "simple for us" in words(changed["blocks"])


def test_teams_of_a_channel_and_of_a_group_are_named(demo: Demo) -> None:
    who, where = organisation.someone("wanjiru").id, organisation.place("general").id
    demo.do("command", {"as": who, "channel": where, "text": "/mission teams"})
    said = words(messages(demo, "general", seen_by="wanjiru")[-1])
    assert "You report in Front desks." in said
    assert organisation.someone("maya").id in said


def results(demo: Demo) -> list[str]:
    """What was said of each week's pulse, the first one first."""
    posts = messages(demo, organisation.UPDATES)
    return [each["text"] for each in posts if each["text"].startswith("Pulse ")]


def asked(demo: Demo, who: str, text: str) -> str:
    """What somebody is answered to a command."""
    person, where = organisation.someone(who).id, organisation.place("general").id
    demo.do("command", {"as": person, "channel": where, "text": text})
    return words(messages(demo, "general", seen_by=who)[-1])


def test_each_week_s_pulse_was_answered_and_its_results_were_posted(demo: Demo) -> None:
    posts = results(demo)
    assert len(posts) in (4, 5)
    assert [each.partition(":")[0] for each in posts] == [
        f"Pulse {number}" for number in range(1, len(posts) + 1)
    ]
    turnouts = {each.partition(". ")[2] for each in posts}
    assert turnouts == {"11 of 13 answered (85 %).", "12 of 13 answered (92 %)."}
    said = words(messages(demo, organisation.UPDATES))
    assert said.count("Read 10 comments") == 1
    assert "% agree" in said
    assert "score of" in said


def test_a_lead_reads_results_and_everybody_when_the_keys_were_destroyed(demo: Demo) -> None:
    said = asked(demo, "juergen", "/pulse results")
    assert results(demo)[-1].partition(":")[0] in said
    assert "Product, Pulse" in said
    assert "7 of 7 answered" in said
    assert asked(demo, "maya", "/pulse privacy").count("key destroyed on") == len(results(demo))


def test_a_round_that_is_open_today_waits_for_the_newcomer(demo: Demo) -> None:
    """On a day between two rounds none does, and /pulse says when the next one opens."""
    said = asked(demo, organisation.OWNER, "/pulse")
    opened = told(demo, organisation.OWNER).count("Confidential while the round is open")
    if opened > len(results(demo)):
        assert "Question 1 of" in said
    else:
        assert "Nothing is open for you to answer" in said


def test_most_answered_every_question_each_week_and_one_of_them_never(demo: Demo) -> None:
    for who in ("ines", "maya", "chidi", "sofia"):
        said = told(demo, who)
        assert said.count("Thank you, that is all") >= len(results(demo)), who
        assert said.count("Recorded.") >= 4 * len(results(demo)), who
    assert "Recorded." not in told(demo, "tom")


def test_the_clock_has_come_back_to_now(demo: Demo) -> None:
    assert demo.ask("/_/state")["clock"]["offset"] == 0


def test_nobody_is_left_with_what_only_they_could_see(demo: Demo) -> None:
    seen = messages(demo, "support", seen_by="maya")
    assert seen
    assert not [each for each in seen if each.get("ephemeral")]


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
    assert len(recognitions(demo)) == RECOGNITIONS


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


def test_the_command_line_begins_it_as_well(tmp_path: Path) -> None:
    begin = [sys.executable, str(ROOT / "app.py"), "demo", "--port", "70000"]
    done = subprocess.run(begin, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Port 70000 cannot be used" in done.stderr


def test_a_browser_is_opened_only_where_somebody_can_see_it() -> None:
    assert config.has_screen({"DISPLAY": ":0"})
    assert config.has_screen({"WAYLAND_DISPLAY": "wayland-0"})
    assert not config.has_screen({"DISPLAY": ":0", "CI": "true"})
    assert config.has_screen({}) == (sys.platform != "linux")


def test_every_moment_is_over_by_now_and_falls_on_a_working_day_of_the_person() -> None:
    for day in range(1, 29):
        now = datetime(2026, 2, day, 0, 0, 1, tzinfo=UTC)
        moments = script.moments(now)
        assert all(moment.at < now for moment in moments)
        assert all(moment.at.weekday() < 5 for moment in moments)
        assert all(8 <= moment.at.hour < 20 for moment in moments)


def test_on_any_day_the_pulses_that_began_are_played_in_their_order() -> None:
    for day in range(1, 29):
        now = datetime(2026, 2, day, 12, tzinfo=UTC)
        pulses = [each.does for each in script.moments(now) if each.does.keys() & PULSE]
        over = [each["hear_results"]["week"] for each in pulses if "hear_results" in each]
        answered = [each["answer"] for each in pulses if "answer" in each]
        assert over == list(range(1, len(over) + 1))
        assert len(over) in (4, 5)
        assert [each["week"] for each in answered] == list(range(1, len(answered) + 1))
        assert [each["week"] for each in answered if each["is_last"]] == over[-1:]
        assert [each["week"] for each in answered if each["is_open"]] == [
            each["week"] for each in answered if each["week"] not in over
        ]
