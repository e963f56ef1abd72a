"""The manifest that Slack is given, with the commands named as this installation wants them."""

import re
from pathlib import Path
from typing import Any

import yaml

from bot.config import ConfigError
from bot.httpmode import EVENTS, INSTALLED

PATH = Path(__file__).parent.parent / "manifest.yml"
LONGEST_COMMAND = 32  # characters with the slash; Slack's limit


# What tells that a workspace is no longer to be served; with Socket Mode its token says so.
TAKEN_OUT = ("app_uninstalled", "tokens_revoked")


def load(prefix: str = "", address: str = "") -> dict[str, Any]:
    """Read the manifest and put the prefix before each command; a name too long is refused.

    With an address it is for many workspaces, and Slack sends everything there.
    """
    manifest: dict[str, Any] = yaml.safe_load(PATH.read_text(encoding="utf-8"))
    for command in manifest["features"]["slash_commands"]:
        command["command"] = _prefixed(command["command"], prefix)
    if address:
        _send_to(address.rstrip("/"), manifest)
    return manifest


def _send_to(address: str, manifest: dict[str, Any]) -> None:
    if not re.fullmatch(r"https://[\w.:-]+(/[\w./-]*)?", address):
        raise ConfigError(["--address has to begin with https://: Slack sends nothing elsewhere."])
    events, settings = f"{address}{EVENTS}", manifest["settings"]
    for command in manifest["features"]["slash_commands"]:
        command["url"] = events
    manifest["oauth_config"]["redirect_urls"] = [f"{address}{INSTALLED}"]
    settings["socket_mode_enabled"] = False
    settings["interactivity"]["request_url"] = events
    settings["event_subscriptions"]["request_url"] = events
    settings["event_subscriptions"]["bot_events"] += TAKEN_OUT


def dump(prefix: str = "", address: str = "") -> str:
    """Write the manifest as YAML, to be pasted where Slack asks for it."""
    return yaml.safe_dump(load(prefix, address), sort_keys=False, allow_unicode=True, width=100)


def required_scopes() -> tuple[str, ...]:
    """The scopes without which something that Truenorth offers would fail."""
    scopes = load()["oauth_config"]["scopes"]
    return tuple(scope for scope in scopes["bot"] if scope not in scopes["bot_optional"])


def optional_scopes() -> tuple[str, ...]:
    """The scopes that whoever installs Truenorth may refuse."""
    return tuple(load()["oauth_config"]["scopes"]["bot_optional"])


def _prefixed(command: str, prefix: str) -> str:
    name = f"/{prefix}{command.removeprefix('/')}"
    if len(name) > LONGEST_COMMAND:
        raise ConfigError(
            [
                f"COMMAND_PREFIX makes a command of {len(name)} characters, {name}; "
                f"Slack allows {LONGEST_COMMAND}. Choose a shorter one."
            ]
        )
    return name
