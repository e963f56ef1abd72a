"""The manifest that Slack is given."""

import json
from typing import Any

import jsonschema
import pytest
import yaml

from bot import manifest
from bot.config import ConfigError
from tests.skips import REFERENCE, needs_reference

# Slack has these four; the reference's list of events does not.
UNLISTED_EVENTS = {
    **{event: "channels:read" for event in ("channel_archive", "channel_unarchive")},
    **{event: "groups:read" for event in ("group_archive", "group_unarchive")},
}


def reference(name: str) -> Any:
    return json.loads((REFERENCE / name).read_text(encoding="utf-8"))


def commands(prefix: str = "") -> list[str]:
    return [entry["command"] for entry in manifest.load(prefix)["features"]["slash_commands"]]


def scopes() -> set[str]:
    return {*manifest.required_scopes(), *manifest.optional_scopes()}


def test_the_prefix_renames_every_command() -> None:
    assert commands() == ["/mission", "/recognize", "/pulse", "/story", "/decide"]
    prefixed = ["/tn-mission", "/tn-recognize", "/tn-pulse", "/tn-story", "/tn-decide"]
    assert commands("tn-") == prefixed


def test_a_command_that_becomes_too_long_is_refused() -> None:
    with pytest.raises(ConfigError, match="COMMAND_PREFIX makes a command of 34 characters"):
        manifest.load("x" * 24)


def test_what_is_printed_is_what_is_meant() -> None:
    assert yaml.safe_load(manifest.dump("tn-")) == manifest.load("tn-")


def test_people_are_escaped_in_every_command() -> None:
    assert all(entry["should_escape"] for entry in manifest.load()["features"]["slash_commands"])


def test_direct_messages_can_be_read() -> None:
    assert manifest.load()["features"]["app_home"] == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": True,
    }


def test_reading_channels_history_may_be_refused() -> None:
    assert set(manifest.optional_scopes()) == {"channels:history", "groups:history"}
    assert scopes() == set(manifest.load()["oauth_config"]["scopes"]["bot"])
    assert not set(manifest.required_scopes()) & set(manifest.optional_scopes())


@needs_reference
@pytest.mark.parametrize("prefix", ["", "tn-"])
def test_slacks_schema_accepts_it(prefix: str) -> None:
    jsonschema.validate(manifest.load(prefix), reference("manifest.schema.2.0.0.json"))


@needs_reference
def test_every_scope_is_one_that_slack_has() -> None:
    known = {
        scope
        for path in (REFERENCE / "methods").glob("*.json")
        for scope in json.loads(path.read_text(encoding="utf-8"))["scope"].get("bot", [])
    }
    # `commands` belongs to no method.
    assert scopes() - known == {"commands"}


@needs_reference
def test_every_event_is_one_that_slack_has_and_its_scope_is_asked_for() -> None:
    listed = {event["name"]: set(event.get("scopes", [])) for event in reference("events.json")}
    listed |= {name: {scope} for name, scope in UNLISTED_EVENTS.items()}
    for event in manifest.load()["settings"]["event_subscriptions"]["bot_events"]:
        assert event in listed
        assert not listed[event] or listed[event] & scopes(), event
