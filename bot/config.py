"""Reads `.env` and the environment into Settings; nothing else reads the environment."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from bot import httpmode
from bot.addresses import DEFAULT_DATABASE_URL, SQLITE, database_problem, is_https
from bot.httpmode import HttpMode
from bot.tokens import APP_TOKEN_PLACE, BOT_TOKEN_PLACE, token_problem

DEFAULT_API_URL = "https://slack.com/api/"
RETAINED = ("recognitions", "stories", "decisions", "pulse")  # kinds that may be kept for a time
SHORTEST_RETENTION = 90  # days; what is shown of a quarter needs its records
NAMES = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_API_URL",
    "DATABASE_URL",
    "COMMAND_PREFIX",
    "LOG_LEVEL",
    "LOG_FORMAT",
    "HEALTH_PORT",
    "HEALTH_HOST",
    "CLOCK_URL",
    *httpmode.NEEDED,
    *httpmode.SETTABLE,
    *(f"RETENTION_{kind.upper()}" for kind in RETAINED),
)
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOG_FORMATS = ("text", "json")
THIS_MACHINE = "127.0.0.1"


class ConfigError(Exception):
    """Everything that is wrong with the configuration, a sentence for each problem."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class Settings:
    """What whoever runs Truenorth has decided; no token and no password shows in its repr.

    With `http` it serves many workspaces and has no tokens of its own; otherwise it is one's.
    """

    slack_bot_token: str = field(repr=False)
    slack_app_token: str = field(repr=False)
    slack_api_url: str = DEFAULT_API_URL
    database_url: str = field(default=DEFAULT_DATABASE_URL, repr=False)
    command_prefix: str = ""
    log_level: str = "INFO"
    log_format: str = "text"
    health_port: int = 0
    health_host: str = THIS_MACHINE
    clock_url: str | None = None
    retention: Mapping[str, int] = field(default_factory=dict)  # days, of kinds not kept for ever
    http: HttpMode | None = None

    @property
    def database_path(self) -> Path | None:
        """The SQLite file, if it is one; a relative path counts from the current folder."""
        url = self.database_url
        return Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None


def is_loopback(url: str) -> bool:
    """Say whether the URL is plain http to this very machine, by one of its three names."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (a port that is no number raises here)
    except ValueError:
        return False
    is_here = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    return parts.scheme == "http" and is_here and "@" not in parts.netloc


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Read the settings, or raise ConfigError with every problem at once.

    Without `environ` they come from `.env` in the current folder; the real environment wins.
    """
    reader = _Reader(_environment() if environ is None else environ)
    settings = Settings(
        http=reader.http(),
        slack_bot_token=reader.token("SLACK_BOT_TOKEN", "xoxb-", BOT_TOKEN_PLACE),
        slack_app_token=reader.token("SLACK_APP_TOKEN", "xapp-", APP_TOKEN_PLACE),
        slack_api_url=reader.api_url(),
        database_url=reader.database_url(),
        command_prefix=reader.command_prefix(),
        log_level=reader.one_of("LOG_LEVEL", LOG_LEVELS, "INFO"),
        log_format=reader.one_of("LOG_FORMAT", LOG_FORMATS, "text"),
        health_port=reader.health_port(),
        health_host=reader.health_host(),
        clock_url=reader.clock_url(),
        retention=reader.retention(),
    )
    if reader.problems:
        raise ConfigError(reader.problems)
    return settings


def command_prefix(environ: Mapping[str, str] | None = None) -> str:
    """Read the commands' prefix alone: the manifest is wanted before there are any tokens.

    Raises ConfigError where the prefix cannot be used.
    """
    reader = _Reader(_environment() if environ is None else environ)
    prefix = reader.command_prefix()
    if reader.problems:
        raise ConfigError(reader.problems)
    return prefix


def hide_from_bolt() -> None:
    """Have Bolt find none: it would keep installations in files, or warn of the bot's token."""
    for name in ("SLACK_BOT_TOKEN", *httpmode.NEEDED):
        os.environ.pop(name, None)


def for_child(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process that goes by these settings, and by none set here."""
    inherited = {name: value for name, value in os.environ.items() if name not in NAMES}
    return {**inherited, **dict.fromkeys(NAMES, ""), **settings}


def has_screen(environ: Mapping[str, str] | None = None) -> bool:
    """Say whether a browser may be opened: there is a screen, and this is no CI run."""
    here = os.environ if environ is None else environ
    if here.get("CI"):
        return False
    return sys.platform != "linux" or bool(here.get("DISPLAY") or here.get("WAYLAND_DISPLAY"))


def _environment() -> dict[str, str]:
    written = {name: value or "" for name, value in dotenv_values(".env").items()}
    return {**written, **os.environ}


class _Reader:
    """Reads one variable after the other and collects what is wrong."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.problems: list[str] = []

    def _value(self, name: str, default: str = "") -> str:
        return self._environ.get(name, "").strip() or default

    def http(self) -> HttpMode | None:
        found, problems = httpmode.read({name: self._value(name) for name in NAMES})
        self.problems += problems
        return found

    def token(self, name: str, prefix: str, place: str) -> str:
        token = self._value(name)
        if any(map(self._value, httpmode.NEEDED)):  # where each workspace has one of its own
            return ""
        if problem := token_problem(token, prefix):
            self.problems.append(f"{name} {problem}. {place}")
        return token

    def api_url(self) -> str:
        url = self._value("SLACK_API_URL", DEFAULT_API_URL)
        if not (is_https(url) or is_loopback(url)):
            self.problems.append(
                f"SLACK_API_URL has to begin with https://, or with http:// and this machine's own "
                f"name, without a user and password. Remove it to use {DEFAULT_API_URL}."
            )
        return url if url.endswith("/") else f"{url}/"

    def database_url(self) -> str:
        url = self._value("DATABASE_URL", DEFAULT_DATABASE_URL)
        if problem := database_problem(url):
            self.problems.append(f"DATABASE_URL {problem}")
        return url

    def command_prefix(self) -> str:
        prefix = self._value("COMMAND_PREFIX")
        if not re.fullmatch(r"[a-z0-9_-]{0,20}", prefix):
            self.problems.append(
                "COMMAND_PREFIX may hold up to 20 small letters, digits, - and _ and nothing else. "
                "For instance, tn- turns /recognize into /tn-recognize."
            )
        return prefix

    def one_of(self, name: str, known: Sequence[str], default: str) -> str:
        value = self._value(name, default).casefold()
        found = next((one for one in known if one.casefold() == value), None)
        if found is None:
            self.problems.append(f"{name} has to be one of {', '.join(known)}.")
        return found or default

    def health_port(self) -> int:
        port = self._value("HEALTH_PORT", "0")
        if re.fullmatch("[0-9]{1,5}", port) and int(port) < 65536:
            return int(port)
        self.problems.append("HEALTH_PORT has to be a number up to 65535, or 0 to open no port.")
        return 0

    def health_host(self) -> str:
        host = self._value("HEALTH_HOST", THIS_MACHINE)
        try:
            return str(ip_address(host))
        except ValueError:
            self.problems.append("HEALTH_HOST has to be an address, such as 127.0.0.1 or 0.0.0.0.")
            return host

    def clock_url(self) -> str | None:
        url = self._value("CLOCK_URL")
        if not url:
            return None
        if not is_loopback(url):
            self.problems.append(
                "CLOCK_URL moves the clock of the demo and has to begin with http://127.0.0.1, "
                "http://localhost or http://[::1]. Remove it for real work."
            )
        if not is_loopback(self._value("SLACK_API_URL", DEFAULT_API_URL)):
            self.problems.append(
                "CLOCK_URL moves the clock of the demo, so it may not be set while SLACK_API_URL "
                "is a real Slack. Remove CLOCK_URL."
            )
        return url

    def retention(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for kind in RETAINED:
            name = f"RETENTION_{kind.upper()}"
            days = self._value(name)
            if days.isascii() and days.isdigit() and int(days) >= SHORTEST_RETENTION:
                found[kind] = int(days)
            elif days:
                self.problems.append(
                    f"{name} has to be a number of days, {SHORTEST_RETENTION} at least. Remove it "
                    f"to keep them for ever."
                )
        return found
