"""The bot that every other test begins with."""

from bot.playground.server import FakeSlack
from tests.support import ANA, BEN, KIM, KUDOS, T0, Bot, give, soon, text_of


async def test_the_bot_starts_at_t0_and_asks_the_owner_for_a_mission(
    slack: FakeSlack, bot: Bot
) -> None:
    assert "not set up yet" in text_of(slack.dm(ANA)[0])
    assert slack.now().date() == T0.date()


async def test_a_recognition_reaches_its_channel_and_its_person(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await give(slack, BEN, "@kim stayed late to help #care")
    assert "stayed late to help" in text_of(post)
    assert "@kim" in text_of(post)
    await soon(slack, lambda: slack.dm(KIM))
    assert len(slack.messages(KUDOS)) == 2
