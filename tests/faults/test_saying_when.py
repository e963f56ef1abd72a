"""The bot is killed while it reminds, or while somebody is welcomed: it is said once."""

from datetime import datetime, timedelta

import pytest

from tests.faults.steps import AT_START, Plan
from tests.faults.truth import one
from tests.faults.world import World
from tests.reading import text_of
from tests.support import ANA, KUDOS, open_form

ZOE = "U0ZOE"
REMINDER_DEATHS = {
    "inside the transaction": "after INSERT reminder",
    "before its commit": "before INSERT outbox",
    "before the post": "before chat.postMessage",
    "after Slack took the post": "after chat.postMessage",
}
WELCOME_DEATHS = {
    "inside the transaction": "after INSERT outbox",
    "after the commit": "before ack",
    "after Slack took it": "after chat.postMessage",
}


async def choose(world: World) -> None:
    """Choose a channel for updates, and a time that comes before anything else does."""
    form = await open_form(world.slack, ANA, "/mission settings")
    tomorrow = f"{world.slack.now() + timedelta(days=1):%A}".casefold()
    days = {"reminder_day": [tomorrow], "pulse_day": tomorrow}
    times = {"reminder_time": "00:05", "pulse_time": "23:55"}
    chosen = {"updates_channel": KUDOS, **days, **times}
    assert (await world.slack.submit(ANA, form["id"], chosen)).closed
    await world.settle()


def reminded(world: World) -> list[str]:
    texts = [text_of(message) for message in world.slack.messages(KUDOS)]
    return [text for text in texts if text.startswith("What we are here for")]


@pytest.mark.parametrize("death", REMINDER_DEATHS)
async def test_a_reminder_survives_a_kill(world: World, death: str) -> None:
    await world.start()
    await choose(world)
    await world.kill()
    await world.start(Plan(AT_START, REMINDER_DEATHS[death], 1))
    at = datetime.fromisoformat(one(world.database, "SELECT at FROM due WHERE kind = 'reminder'"))
    await world.slack.jump_to(at.replace(tzinfo=world.slack.now().tzinfo))
    await world.soon(lambda: not world.bot.alive)
    await world.restart()
    await world.soon(lambda: world.quiet() and reminded(world))
    world.check()
    assert len(reminded(world)) == 1, world.story()
    assert world.count("reminder") == 1
    assert one(world.database, "SELECT turn FROM reminder") == 1


@pytest.mark.parametrize("death", WELCOME_DEATHS)
async def test_a_welcome_survives_a_kill(world: World, death: str) -> None:
    await world.start(Plan("event_callback", WELCOME_DEATHS[death], 1))
    world.slack.workspace.join(ZOE, name="zoe", real_name="Zoe New", tz=_daytime(world))
    await world.soon(lambda: not world.bot.alive)
    await world.restart()
    await world.slack.redeliver("events_api")
    await world.soon(lambda: world.quiet() and world.slack.dm(ZOE))
    world.check()
    assert len(world.slack.dm(ZOE)) == 1, world.story()


def _daytime(world: World) -> str:
    """A zone in which it is about noon, so that nobody has to wait for the morning."""
    ahead = 12 - world.slack.now().hour
    return f"Etc/GMT{-ahead:+}" if ahead else "Etc/GMT"
