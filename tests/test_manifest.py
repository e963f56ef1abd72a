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


ADDRESS = "https://north.example/truenorth"


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
@pytest.mark.parametrize("address", ["", ADDRESS])
@pytest.mark.parametrize("prefix", ["", "tn-"])
def test_slacks_schema_accepts_it(prefix: str, address: str) -> None:
    jsonschema.validate(manifest.load(prefix, address), reference("manifest.schema.2.0.0.json"))


def test_for_many_workspaces_everything_is_sent_to_the_address() -> None:
    made = yaml.safe_load(manifest.dump(address=f"{ADDRESS}/"))
    sent_to = f"{ADDRESS}/slack/events"
    assert {one["url"] for one in made["features"]["slash_commands"]} == {sent_to}
    assert made["settings"]["interactivity"]["request_url"] == sent_to
    assert made["settings"]["event_subscriptions"]["request_url"] == sent_to
    assert made["oauth_config"]["redirect_urls"] == [f"{ADDRESS}/slack/oauth_redirect"]
    assert not made["settings"]["socket_mode_enabled"]
    more = set(made["settings"]["event_subscriptions"]["bot_events"])
    assert more - set(manifest.load()["settings"]["event_subscriptions"]["bot_events"]) == {
        "app_uninstalled",
        "tokens_revoked",
    }


@pytest.mark.parametrize("address", ["http://north.example", "north.example", "https://", "x"])
def test_nothing_is_sent_where_it_could_be_read_on_the_way(address: str) -> None:
    with pytest.raises(ConfigError, match="has to begin with https://"):
        manifest.load(address=address)


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
    for event in manifest.load("", ADDRESS)["settings"]["event_subscriptions"]["bot_events"]:
        assert event in listed
        assert not listed[event] or listed[event] & scopes(), event
