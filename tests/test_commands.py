"""Commands under a prefix, for a workspace where another app has taken their names."""

from collections.abc import AsyncIterator

import pytest

from bot import commands, manifest
from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace
from tests.support import (
    ANA,
    BEN,
    GENERAL,
    KUDOS,
    STATEMENT,
    VALUES,
    open_form,
    serving,
    settings_for,
    small_organisation,
    soon,
    told,
)


@pytest.fixture
async def prefixed(monkeypatch: pytest.MonkeyPatch, database_url: str) -> AsyncIterator[FakeSlack]:
    monkeypatch.setattr(commands, "_prefix", "tn-")
    slack = FakeSlack(
        small_organisation(Workspace()), manifest=manifest.load("tn-"), rate_limits=False
    )
    await slack.start()
    async with serving(settings_for(slack, database_url), slack):
        yield slack
    await slack.stop()
    assert slack.refusals == []


async def test_every_command_works_and_is_named_with_its_prefix(prefixed: FakeSlack) -> None:
    deed = "stayed late so that the clinic could book again"
    await prefixed.command(BEN, GENERAL, f"/tn-recognize @kim {deed} #care")
    assert "can do that with /tn-mission setup." in told(prefixed, BEN)
    form = await open_form(prefixed, ANA, "/tn-mission setup")
    await prefixed.submit(ANA, form["id"], {"statement": STATEMENT, "values": VALUES})
    form = await open_form(prefixed, ANA, "/tn-mission settings")
    await prefixed.submit(ANA, form["id"], {"recognition_channel": KUDOS})
    await prefixed.command(BEN, GENERAL, f"/tn-mission recognize @kim {deed} #care")
    await soon(prefixed, lambda: len(prefixed.messages(KUDOS)) == 2)
    await prefixed.command(BEN, GENERAL, "/tn-mission help")
    assert "/tn-mission history" in told(prefixed, BEN)
