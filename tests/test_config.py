"""The configuration: what is read, what is refused, and in which words."""

from pathlib import Path

import pytest

from bot import config
from bot.config import ConfigError, Settings

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-secret", "SLACK_APP_TOKEN": "xapp-1-secret"}


def problems(**environ: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        config.load({**TOKENS, **environ})
    return caught.value.problems


def test_two_tokens_are_enough() -> None:
    settings = config.load(TOKENS)
    assert settings == Settings(slack_bot_token="xoxb-1-secret", slack_app_token="xapp-1-secret")
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.database_path == Path("truenorth.db")


def test_settings_never_show_a_token() -> None:
    assert "secret" not in repr(config.load(TOKENS))


def test_every_problem_is_told_at_once_and_names_its_variable() -> None:
    with pytest.raises(ConfigError) as caught:
        config.load({"DATABASE_URL": "mysql://me:hunter2@host/db", "LOG_LEVEL": "loud"})
    names = [problem.split()[0] for problem in caught.value.problems]
    assert names == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DATABASE_URL", "LOG_LEVEL"]
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("", "SLACK_BOT_TOKEN is missing. Copy the bot token"),
        ("xapp-secret", "begins with xapp-; that is an app-level token"),
        ("xoxp-secret", "begins with xoxp-; that is a person's token"),
        ("xoxe.xoxb-secret", "turn token rotation off"),
        ("xoxb-", "is not a whole token"),
        ("xoxb-secret and more", "is not a whole token"),
        ("secret", "does not begin with xoxb-"),
    ],
)
def test_a_token_of_the_wrong_kind_is_named_without_its_value(value: str, words: str) -> None:
    (problem,) = problems(SLACK_BOT_TOKEN=value)
    assert words in problem
    assert "secret" not in problem


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("http://127.0.0.1:8400/api", "http://127.0.0.1:8400/api/"),
        ("https://slack.example/api/", "https://slack.example/api/"),
    ],
)
def test_the_api_address_always_ends_with_a_slash(given: str, meant: str) -> None:
    assert config.load({**TOKENS, "SLACK_API_URL": given}).slack_api_url == meant


@pytest.mark.parametrize("url", ["http://slack.com/api/", "slack.com", "https://", "http://[::1"])
def test_tokens_do_not_travel_in_the_clear(url: str) -> None:
    (problem,) = problems(SLACK_API_URL=url)
    assert "SLACK_API_URL" in problem


@pytest.mark.parametrize("path", ["data/north.db", "/srv/north.db"])
def test_the_database_is_a_file(path: str) -> None:
    settings = config.load({**TOKENS, "DATABASE_URL": f"sqlite:///{path}"})
    assert settings.database_path == Path(path)


@pytest.mark.parametrize(
    "url", ["postgresql://host/db", "north.db", "sqlite:///", "sqlite:///:memory:", "sqlite:///a?b"]
)
def test_a_database_that_would_not_last_is_refused(url: str) -> None:
    (problem,) = problems(DATABASE_URL=url)
    assert problem.startswith("DATABASE_URL ")
    assert "sqlite:///truenorth.db" in problem


@pytest.mark.parametrize("prefix", ["Tn-", "a b", "/tn", "x" * 21])
def test_a_prefix_that_slack_would_refuse_is_refused(prefix: str) -> None:
    (problem,) = problems(COMMAND_PREFIX=prefix)
    assert "COMMAND_PREFIX" in problem


def test_the_prefix_can_be_read_before_there_are_tokens() -> None:
    assert config.command_prefix({"COMMAND_PREFIX": "tn-"}) == "tn-"
    with pytest.raises(ConfigError, match="COMMAND_PREFIX"):
        config.command_prefix({"COMMAND_PREFIX": "TN"})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_the_demo_may_move_the_clock(host: str) -> None:
    url = f"http://{host}:8400/clock"
    environ = {**TOKENS, "SLACK_API_URL": "http://127.0.0.1:8400/api/", "CLOCK_URL": url}
    assert config.load(environ).clock_url == url


def test_nobody_moves_the_clock_of_a_real_slack() -> None:
    (problem,) = problems(CLOCK_URL="http://127.0.0.1:8400/clock")
    assert "real Slack" in problem


@pytest.mark.parametrize("url", ["http://10.0.0.7/clock", "https://localhost/", "http://h:x/"])
def test_the_clock_is_on_this_machine(url: str) -> None:
    (problem,) = problems(CLOCK_URL=url, SLACK_API_URL="http://localhost:8400/api/")
    assert "http://127.0.0.1" in problem


def test_no_port_is_opened_unless_one_is_chosen_and_then_on_this_machine_alone() -> None:
    assert config.load({**TOKENS, "HEALTH_PORT": ""}).health_port == 0
    chosen = config.load({**TOKENS, "HEALTH_PORT": "9464"})
    assert (chosen.health_host, chosen.health_port) == ("127.0.0.1", 9464)
    assert config.load({**TOKENS, "HEALTH_HOST": "::"}).health_host == "::"


@pytest.mark.parametrize("port", ["-1", "65536", "9464/tcp", "http"])
def test_a_port_that_there_is_not_is_refused(port: str) -> None:
    (problem,) = problems(HEALTH_PORT=port)
    assert problem == "HEALTH_PORT has to be a number up to 65535, or 0 to open no port."


def test_the_log_is_text_or_json() -> None:
    assert config.load({**TOKENS, "LOG_FORMAT": "JSON"}).log_format == "json"
    (problem,) = problems(LOG_FORMAT="xml")
    assert problem == "LOG_FORMAT has to be one of text, json."


def test_a_name_is_no_address_to_listen_on() -> None:
    (problem,) = problems(HEALTH_HOST="localhost")
    assert "HEALTH_HOST has to be an address" in problem


def test_the_real_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = {**TOKENS, "COMMAND_PREFIX": "file-", "LOG_LEVEL": "debug"}
    lines = [f"{name}={value}" for name, value in written.items()]
    (tmp_path / ".env").write_text("\n".join(lines))
    monkeypatch.chdir(tmp_path)
    for name in (*TOKENS, "SLACK_API_URL", "DATABASE_URL", "LOG_LEVEL", "CLOCK_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COMMAND_PREFIX", "real-")
    settings = config.load()
    assert settings.command_prefix == "real-"
    assert settings.log_level == "DEBUG"
    assert settings.slack_bot_token == TOKENS["SLACK_BOT_TOKEN"]


def test_records_are_kept_for_ever_or_for_so_many_days() -> None:
    assert config.load(TOKENS).retention == {}
    found = config.load({**TOKENS, "RETENTION_STORIES": "730", "RETENTION_PULSE": " 90 "})
    assert found.retention == {"stories": 730, "pulse": 90}


@pytest.mark.parametrize("value", ["89", "0", "-730", "two years", "730.5", "٧٣٠"])
def test_what_is_no_number_of_days_is_refused(value: str) -> None:
    (problem,) = problems(RETENTION_RECOGNITIONS=value)
    assert problem.startswith("RETENTION_RECOGNITIONS has to be a number of days, 90 at least.")
