import json
from typing import Any

import pytest

from bot.playground.contract import EVENTS, METHODS
from bot.playground.webapi import HANDLERS
from tests.skips import REFERENCE, needs_reference


def reference(method: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((REFERENCE / "methods" / f"{method}.json").read_text())
    return found


def test_every_method_of_the_contract_is_answered_and_no_other() -> None:
    assert set(METHODS) == set(HANDLERS)


@needs_reference
@pytest.mark.parametrize("method", METHODS)
def test_a_method_takes_no_argument_that_slack_does_not_know(method: str) -> None:
    assert set(METHODS[method].args) <= set(reference(method)["args"]["properties"])


@needs_reference
@pytest.mark.parametrize("method", METHODS)
def test_a_method_requires_at_least_what_slack_requires(method: str) -> None:
    required = set(reference(method)["args"]["required"]) - {"token"}
    assert required <= set(METHODS[method].required)


@needs_reference
@pytest.mark.parametrize("method", METHODS)
def test_a_method_needs_only_scopes_that_slack_names(method: str) -> None:
    known = set(reference(method)["scope"].get("bot", []))
    ours = set(METHODS[method].scopes.values())
    assert ours <= known
    assert bool(ours) == bool(known)


@needs_reference
@pytest.mark.parametrize("method", METHODS)
def test_a_method_has_slacks_tier_and_takes_json_only_where_slack_does(method: str) -> None:
    known = reference(method)
    assert METHODS[method].tier == known["rate_limits"]
    assert METHODS[method].json == known.get("json_input_supported", False)


@needs_reference
def test_the_events_need_the_scopes_that_slack_names() -> None:
    known = {each["name"]: each for each in json.loads((REFERENCE / "events.json").read_text())}
    # The reference tells nothing of archived channels.
    told = {name: scopes for name, scopes in EVENTS.items() if "archive" not in name}
    for name, scopes in told.items():
        assert name in known
        assert set(scopes) <= set(known[name]["scopes"]), name
        assert bool(scopes) == bool(known[name]["scopes"]), name
