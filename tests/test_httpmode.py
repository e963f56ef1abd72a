"""The configuration of many workspaces over HTTP: what is read, what is refused, in which words."""

import pytest

from bot import config
from bot.config import ConfigError
from bot.vault import cipher_of
from tests.test_config import TOKENS

KEY, ANOTHER = "k" * 43 + "=", "secret" * 7 + "x="
HTTP = {
    "SLACK_CLIENT_ID": "123.456",
    "SLACK_CLIENT_SECRET": "secret00000000000000000000000001",
    "SLACK_SIGNING_SECRET": "secret00000000000000000000000002",
    "TOKEN_KEY": KEY,
}


def problems_over_http(**environ: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        config.load({**HTTP, **environ})
    assert "secret0" not in str(caught.value)
    assert "secretsecret" not in str(caught.value)
    assert KEY not in str(caught.value)
    return caught.value.problems


def test_with_four_names_it_serves_many_workspaces() -> None:
    settings = config.load({**HTTP, "TOKEN_KEY": f"{ANOTHER}, {KEY}"})
    assert settings.http is not None
    assert settings.http.keys == (ANOTHER, KEY)
    assert settings.http.client_id == "123.456"
    assert (settings.http.host, settings.http.port) == ("127.0.0.1", 3000)
    assert (settings.slack_bot_token, settings.slack_app_token) == ("", "")
    assert config.load(TOKENS).http is None


def test_what_serves_many_workspaces_shows_none_of_its_secrets() -> None:
    shown = repr(config.load({**HTTP, "TOKEN_KEY": f"{ANOTHER},{KEY}"}))
    assert "123.456" in shown
    assert "secret0" not in shown
    assert ANOTHER not in shown
    assert KEY not in shown


@pytest.mark.parametrize("token", TOKENS)
@pytest.mark.parametrize("name", HTTP)
def test_both_ways_at_once_are_refused(token: str, name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load({token: TOKENS[token], name: HTTP[name]})
    (problem,) = caught.value.problems
    assert problem.startswith(f"{token} and {name} are both set.")


@pytest.mark.parametrize("name", HTTP)
def test_each_of_the_four_is_needed(name: str) -> None:
    (problem,) = problems_over_http(**{name: ""})
    assert problem.startswith(f"{name} is missing")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("SLACK_CLIENT_ID", "A0123", "is two numbers and a dot"),
        ("SLACK_CLIENT_SECRET", "xoxb-secret0000000000", "is not a whole secret"),
        ("SLACK_SIGNING_SECRET", "secret0", "is not a whole secret"),
        ("SLACK_SIGNING_SECRET", HTTP["SLACK_CLIENT_SECRET"], "is the same as"),
        ("TOKEN_KEY", "secretsecret", "is not a key"),
        ("TOKEN_KEY", f"{KEY},", "is not a key"),
        ("TOKEN_KEY", f"{KEY} {KEY}", "is not a key"),
        ("HTTP_PORT", "0", "has to be a number from 1"),
        ("HTTP_PORT", "65536", "has to be a number from 1"),
        ("HTTP_WORKERS", "0", "has to be a number from 1"),
        ("HTTP_HOST", "localhost", "has to be an address"),
        ("RETENTION_UNINSTALLED", "-1", "has to be a number of days"),
        ("RETENTION_UNINSTALLED", "a month", "has to be a number of days"),
    ],
)
def test_what_serves_no_workspace_is_told_without_its_value(
    name: str, value: str, words: str
) -> None:
    (problem,) = problems_over_http(**{name: value})
    assert problem.startswith(f"{name} {words}")


@pytest.mark.parametrize(
    ("value", "days"), [("", 30), ("0", 0), ("365", 365), ("forever", None), ("Forever", None)]
)
def test_what_is_left_of_a_workspace_is_kept_as_long_as_chosen(
    value: str, days: int | None
) -> None:
    settings = config.load({**HTTP, "RETENTION_UNINSTALLED": value})
    assert settings.http is not None
    assert settings.http.kept_days == days


def test_a_key_that_is_taken_opens_what_it_encrypted() -> None:
    settings = config.load({**HTTP, "TOKEN_KEY": f"{ANOTHER},{KEY}"})
    assert settings.http is not None
    cipher = cipher_of(settings.http.keys)
    assert cipher.decrypt(cipher.encrypt(b"token")) == b"token"
