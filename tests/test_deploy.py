"""What Truenorth is installed with names what there is, and gives it no more than it needs."""

import re
import tomllib
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

import app
from bot import config, ending
from bot.backlog import Backlog
from bot.metrics import Metrics

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
PAGES = [ROOT / "docs" / f"{name}.md" for name in ("docker", "systemd", "operations")]


def seconds(words: str) -> float:
    return float(words.removesuffix("s"))


class Image:
    """What the Dockerfile says, an instruction a line, and what of it is the last stage's."""

    def __init__(self) -> None:
        text = re.sub(r"\\\n\s*", " ", (DEPLOY / "Dockerfile").read_text())
        self.lines = [line for line in text.splitlines() if line and not line.startswith("#")]
        starts = [at for at, line in enumerate(self.lines) if line.startswith("FROM ")]
        self.last = self.lines[starts[-1] :]

    def all(self, instruction: str) -> list[str]:
        begun = f"{instruction} "
        return [line.removeprefix(begun) for line in self.lines if line.startswith(begun)]

    def of_the_last(self, instruction: str) -> str:
        """Return the last such instruction of the last stage, which is the one that holds."""
        begun = f"{instruction} "
        return [line.removeprefix(begun) for line in self.last if line.startswith(begun)][-1]


@pytest.fixture
def image() -> Image:
    return Image()


@pytest.fixture
def services() -> Any:
    return yaml.safe_load((DEPLOY / "compose.yml").read_text())["services"]


@pytest.fixture
def unit() -> RawConfigParser:
    parsed = RawConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read(DEPLOY / "truenorth.service")
    return parsed


def test_both_stages_are_of_the_oldest_python_that_is_supported(image: Image) -> None:
    bases = {line.split()[0] for line in image.all("FROM")}
    oldest = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert bases == {f"python:{oldest.removeprefix('>=')}-slim-bookworm"}


def test_the_image_runs_as_nobody_in_particular(image: Image) -> None:
    user, _ = image.of_the_last("USER").split(":")
    assert int(user) > 0
    assert f"--mode=700 --owner={user} --group={user} /data" in image.of_the_last("RUN")
    assert "HOME=" in image.of_the_last("ENV")  # a user without a name has none otherwise


def test_the_image_is_given_nothing_that_installs_or_compiles(image: Image) -> None:
    assert not re.search("apt-get|gcc|build-essential", " ".join(image.lines))
    assert "pip uninstall --yes" in image.of_the_last("RUN")
    assert "--require-hashes" in " ".join(image.all("RUN"))


def test_what_the_image_copies_is_there_and_reaches_the_build(image: Image) -> None:
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines()
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    copied = {
        source
        for line in image.all("COPY")
        if not line.startswith("--from")
        for source in line.split()[:-1]
    }
    assert ignored[0] == "*"
    assert copied == let_in
    assert all((ROOT / source).exists() for source in copied)
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"][
        "packages"
    ]
    assert {f"{package}/" for package in packages} < copied


def test_the_image_runs_what_there_is_and_its_settings_are_ours(image: Image) -> None:
    assert image.of_the_last("ENTRYPOINT") == '["python", "app.py"]'
    names = re.findall(r"(\w+)=", image.of_the_last("ENV"))
    others = {"HOME", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "MPLCONFIGDIR"}
    assert set(names) - others <= set(config.NAMES)
    assert "HEALTH_PORT" in names
    assert "/healthz" in image.of_the_last("HEALTHCHECK")


def test_composed_it_has_no_right_that_it_does_not_need(services: Any) -> None:
    ours = services["truenorth"]
    assert ours["read_only"] is True
    assert ours["tmpfs"] == ["/tmp"]  # noqa: S108
    assert ours["cap_drop"] == ["ALL"]
    assert ours["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in ours["ports"])
    assert "ports" not in services["database"]


def test_composed_it_waits_for_a_healthy_database_and_is_built_of_what_is_there(
    services: Any,
) -> None:
    ours, database = services["truenorth"], services["database"]
    assert ours["depends_on"]["database"]["condition"] == "service_healthy"
    assert database["healthcheck"]["test"][1] == "pg_isready"
    assert re.fullmatch(r"postgres:\d+-bookworm", database["image"])
    context = DEPLOY / ours["build"]["context"]
    assert (context / ours["build"]["dockerfile"]).is_file()
    assert set(ours["environment"]) <= set(config.NAMES)


def test_composed_its_settings_are_taken(services: Any) -> None:
    given = {name: str(value) for name, value in services["truenorth"]["environment"].items()}
    given["DATABASE_URL"] = re.sub(r"\$\{.*\}", "abc123", given["DATABASE_URL"])
    config.load({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", **given})


def test_it_is_given_the_time_to_end_by_itself(services: Any, unit: RawConfigParser) -> None:
    assert seconds(services["truenorth"]["stop_grace_period"]) > ending.LONGEST_SECONDS
    assert seconds(unit["Service"]["TimeoutStopSec"]) > ending.LONGEST_SECONDS
    assert unit["Service"]["KillMode"] == "mixed"
    (given,) = re.findall(r"--stop-timeout (\d+)", PAGES[0].read_text())
    assert seconds(given) > ending.LONGEST_SECONDS


def test_the_unit_runs_what_there_is_as_nobody_in_particular(unit: RawConfigParser) -> None:
    service = unit["Service"]
    folder = service["WorkingDirectory"]
    assert service["ExecStart"] == f"{folder}/.venv/bin/python app.py run"
    assert service["User"] == "truenorth"
    assert (ROOT / unit["Unit"]["Documentation"].removeprefix(f"file://{folder}/")).is_file()
    closed = ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices")
    assert [service[name] for name in closed] == ["yes"] * len(closed)
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""


def commands() -> Iterator[str]:
    for page in PAGES:
        blocks = re.findall(r"^```\n(.*?)^```", page.read_text(), re.M | re.S)
        yield from (line for block in blocks for line in block.splitlines())


def test_every_command_of_the_pages_is_one_that_there_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        app.main(["--help"])
    known = re.findall(r"^    (\w+)", capsys.readouterr().out, re.M)
    said = "\n".join(commands())
    words = set(re.findall(r"(?:app\.py|--env-file \.env truenorth|--rm truenorth) (\w+)", said))
    assert {"doctor", "backup"} <= words
    assert words <= set(known)
    (targets,) = re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)
    assert set(re.findall(r"make (\w+)", said)) <= set(targets.split())


def test_every_file_that_the_pages_name_is_there() -> None:
    for page in PAGES:
        text = page.read_text()
        for name in re.findall(r"deploy/[\w.]+", text):
            assert (ROOT / name).is_file(), f"{page.name} names {name}"
        for name in re.findall(r"\]\((\w+\.md)\)", text):
            assert (page.parent / name).is_file(), f"{page.name} names {name}"
    readme = (ROOT / "README.md").read_text()
    assert all(f"docs/{page.name}" in readme for page in PAGES)


def test_every_metric_is_explained_and_the_reverse() -> None:
    metrics = Metrics()
    metrics.acknowledged("command mission", 0.1)
    metrics.slack_error("chat.postMessage", "ratelimited")
    backlog = Backlog({"waiting": 1}, 1.0, {"digest": 1.0})
    text = metrics.text({"database": True}, backlog).decode()
    there = {
        sample.name.removesuffix("_bucket")
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if not sample.name.endswith(("_created", "_count", "_sum"))
    }
    told = re.findall(r"^\| `(truenorth_\w+)`", PAGES[2].read_text(), re.M)
    assert sorted(told) == sorted(there)
