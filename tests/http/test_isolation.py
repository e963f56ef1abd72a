"""Two workspaces with the same ids everywhere: neither shows the other anything."""

import base64
import json
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import export
from bot.playground.grid import Grid, OneOfMany
from tests.http.conftest import OURS, THEIRS, Served
from tests.http.test_installing import at_work
from tests.support import ANA, BEN, GENERAL, KIM, KUDOS, give, open_form, set_up, soon

WORDS = {OURS: "zanzibar", THEIRS: "quetzalcoatl"}
OTHER = {OURS: THEIRS, THEIRS: OURS}
LINES = (
    "/mission",
    "/mission history",
    "/mission values",
    "/mission search carried through the night",
    "/mission search in:decisions paint red",
    "/mission search from:me",
    "/mission teams",
    "/mission me",
    "/mission settings",
    "/mission setup",
    "/recognize",
    "/recognize @kim carried it through the night #care",
    "/decide list",
    "/decide show 1",
    "/decide export 1",
    "/decide Do it on Friday?",
    "/decide calibration",
    "/pulse",
    "/pulse results",
    "/pulse questions",
    "/story It worked",
)


def shown(one: OneOfMany) -> str:
    """Everything that anybody can see in a workspace, files and forms and Home too."""
    seen: list[Any] = [one.calls, one.sockets.sent]
    for who in (ANA, BEN, KIM):
        seen += [one.ephemerals(who), one.views(who), one.home(who), one.dm(who)]
    seen += [one.messages(channel) for channel in (GENERAL, KUDOS)]
    files = one.workspace.store.load("file").values()
    seen += [base64.b64decode(each.get("content", "")).decode(errors="replace") for each in files]
    return json.dumps(seen, default=str)


def says_nothing_of_the_other(one: OneOfMany) -> None:
    told, other = shown(one), OTHER[one.team]
    assert [each for each in (other, WORDS[other]) if each in told] == []


@pytest.fixture
async def both(served: Served) -> AsyncIterator[list[OneOfMany]]:
    """Each with a mission, a recognition and a decision, in words that the other has not."""
    found = await at_work(served, OURS, THEIRS)
    for one in found:
        await set_up(one)
        await give(one, BEN, f"@kim carried the {WORDS[one.team]} through the night #care")
        outcome = await one.command(BEN, GENERAL, f"/decide Paint the {WORDS[one.team]} red?")
        assert outcome.ok, outcome.error
    yield found
    for one in found:
        surprises = [each for each in one.refusals if each["error"] not in MAY_BE_REFUSED]
        assert surprises == []


MAY_BE_REFUSED = ("channel_not_found",)


async def test_no_command_shows_one_what_is_the_others(both: list[OneOfMany]) -> None:
    for one in both:
        for line in LINES:
            for who in (ANA, BEN, KIM):
                await one.command(who, GENERAL, line)
        for who in (ANA, BEN, KIM):
            await one.open_home(who)
    for one in both:
        await soon(one, partial(one.home, BEN))
        assert WORDS[one.team] in shown(one)
        says_nothing_of_the_other(one)


async def test_a_search_finds_what_is_its_own_workspaces(both: list[OneOfMany]) -> None:
    for one in both:
        await one.command(KIM, GENERAL, f"/mission search {WORDS[one.team]}")
        assert "through the night" in str(one.ephemerals(KIM)[-1])
        await one.command(KIM, GENERAL, f"/mission search {WORDS[OTHER[one.team]]}")
        assert "through the night" not in str(one.ephemerals(KIM)[-1])


async def test_no_button_and_no_form_of_one_does_anything_in_the_other(
    both: list[OneOfMany], grid: Grid
) -> None:
    ours, theirs = both
    post = ours.messages(KUDOS)[0]
    form = await open_form(ours, BEN, "/recognize")
    before = theirs.messages(KUDOS)
    actions = [each for block in post["blocks"] for each in block.get("elements", [])]
    buttons = [each for each in actions if "action_id" in each and each["type"] == "button"]
    assert buttons
    for button in buttons:
        click = {
            "type": "block_actions",
            "user": {"id": KIM, "team_id": THEIRS},
            "team": {"id": THEIRS},
            "actions": [{"action_id": button["action_id"], "value": button.get("value", "")}],
            "container": {"type": "message", "channel_id": KUDOS, "message_ts": post["ts"]},
            "channel": {"id": KUDOS},
            "trigger_id": "1.2.forged",
        }
        await theirs.sockets.request("interactive", click)
    view = {**form, "team_id": THEIRS, "app_installed_team_id": THEIRS}
    view["state"] = {"values": {}}
    sent = {"type": "view_submission", "user": {"id": BEN}, "team": {"id": THEIRS}, "view": view}
    await theirs.sockets.request("interactive", {**sent, "trigger_id": "1.3.forged"})
    assert theirs.messages(KUDOS) == before
    assert ours.messages(KUDOS)[0] == post
    assert WORDS[OURS] not in json.dumps(theirs.calls, default=str)


async def test_an_export_holds_one_workspace_alone(
    both: list[OneOfMany], served: Served, tmp_path: Path
) -> None:
    for one in both:
        folder = tmp_path / one.team
        export.export(served.settings, folder, team=one.team)
        told = "".join(path.read_text() for path in folder.iterdir())
        assert WORDS[one.team] in told
        assert WORDS[OTHER[one.team]] not in told
        assert OTHER[one.team] not in told
        assert one.installation.bot_token not in told


Step = tuple[bool, str, str]
STEPS = st.lists(
    st.tuples(st.booleans(), st.sampled_from([ANA, BEN, KIM]), st.sampled_from(LINES)),
    min_size=1,
    max_size=8,
)


@given(steps=STEPS)
@settings(
    max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_in_whatever_order_both_ask_neither_sees_the_other(
    both: list[OneOfMany], steps: list[Step]
) -> None:
    for in_ours, who, line in steps:
        one = both[0 if in_ours else 1]
        await one.command(who, GENERAL, line)
    for one in both:
        says_nothing_of_the_other(one)
