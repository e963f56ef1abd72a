"""The bot is killed while a round opens, is answered, closes and is erased: each is done once."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.faults.steps import AT_START, Plan
from tests.faults.truth import one, rows
from tests.faults.world import World
from tests.rituals.asking import buttons, card_of
from tests.support import ANA, BEN, GENERAL, KIM

PEOPLE = (ANA, BEN, KIM)
OPENING = {
    "inside the transaction": ("after INSERT round_key", 1),
    "before the commit": ("before COMMIT of inbound", 1),
    "after the commit": ("after COMMIT of inbound", 1),
    "after Slack took a question and before its answer is stored": ("after chat.postMessage", 2),
}
ANSWERING = {
    "inside the transaction": ("after INSERT answer", 1),
    "before the commit": ("before COMMIT of answer", 1),
    "after the commit": ("after COMMIT of answer", 1),
    "after the acknowledgement": ("after ack", 1),
}
CLOSING = {
    "before the key is destroyed": ("before DELETE round_key", 1),
    "after the key is destroyed and before that is committed": ("after DELETE round_key", 1),
    "after answers are deleted and before that is committed": ("after DELETE answer", 1),
    "after who took part is deleted": ("after DELETE participation", 1),
    "before the copies of messages are deleted": ("before DELETE outbox", 1),
}


async def open_round(world: World) -> None:
    """Ana opens a round; where the bot dies of it she tries again, as nobody answered her."""
    before = len(world.lives)
    await world.slack.command(ANA, GENERAL, "/pulse now")
    await world.slack.until(lambda: not world.bot.alive or world.count("round"))
    if not world.bot.alive:
        await world.restart()
        if not world.count("round"):
            await world.slack.command(ANA, GENERAL, "/pulse now")
    await world.settle()
    if not world.bot.alive:
        await world.restart()
        await world.settle()
    assert len(world.lives) - before <= 1


async def tap(world: World, who: str) -> bool:
    """Tap an answer; say whether it was acknowledged."""
    card = card_of(world.slack, who)
    assert card is not None, world.story()
    button = buttons(card)[3]
    outcome = await world.slack.click(
        who,
        channel=world.slack.workspace.dm_id(who),
        message=card,
        action_id=button["action_id"],
        value=button["value"],
    )
    return bool(outcome.acked)


async def let_it_close(world: World) -> None:
    """Let the round's end come, and its erasure."""
    closes = one(world.database, "SELECT closes_at FROM round")
    end = datetime.fromisoformat(closes).replace(tzinfo=UTC)
    await world.slack.jump(end - world.slack.now() + timedelta(seconds=1))
    await world.soon(
        lambda: not world.bot.alive or one(world.database, "SELECT status FROM round") == "closed"
    )


def asked_once(world: World) -> None:
    assert world.count("round") == 1, world.story()
    assert world.count("ledger WHERE kind = 'pulse.opened'") == 1
    asked = Counter({who: len([m for m in world.slack.dm(who) if buttons(m)]) for who in PEOPLE})
    assert set(asked.values()) == {1}, world.story()


def closed_once(world: World) -> None:
    """It is closed and posted once, and nothing of anybody is left."""
    for table in ("answer", "comment", "participation", "round_key"):
        assert world.count(table) == 0, world.story()
    assert world.count("outbox WHERE cause LIKE 'round:%:to:%'") == 0
    assert world.count("outbox WHERE cause LIKE 'round:%:result'") == 1
    ((status, key, erased),) = rows(
        world.database, "SELECT status, key_destroyed_at, erased_at FROM round"
    )
    assert status == "closed"
    assert key
    assert erased


@pytest.mark.parametrize("death", OPENING)
async def test_a_round_opens_once(world: World, death: str) -> None:
    named, nth = OPENING[death]
    await world.start(Plan("slash_commands", named, nth))
    await open_round(world)
    assert world.lives[0].was_killed, world.story()
    asked_once(world)


@pytest.mark.parametrize("death", ANSWERING)
async def test_an_acknowledged_answer_is_kept(world: World, death: str) -> None:
    named, nth = ANSWERING[death]
    await world.start(Plan("block_actions", named, nth))
    await open_round(world)
    acked = await tap(world, BEN)
    await world.restart()
    await world.settle()
    answers = world.count("answer")
    assert answers == 1 if acked else answers in (0, 1), world.story()
    assert world.count("participation") == answers
    assert await tap(world, BEN)
    assert world.count("participation") == 1


@pytest.mark.parametrize("death", CLOSING)
async def test_a_round_closes_once(world: World, death: str) -> None:
    named, nth = CLOSING[death]
    await world.start()
    await open_round(world)
    for who in PEOPLE:
        assert await tap(world, who)
    await world.kill()
    await world.start(Plan(AT_START, named, nth))
    await let_it_close(world)
    await world.restart()
    await let_it_close(world)
    closed_once(world)
