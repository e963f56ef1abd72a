"""How owners write the values: what is read, and what is said of what cannot be."""

import pytest

from bot import wording
from bot.errors import UserError
from bot.playground.server import FakeSlack
from tests.support import ANA, BEN, GENERAL, STATEMENT, VALUES, Bot, open_form, told

READABLE = 600  # characters of an error beside an input


@pytest.mark.parametrize(
    "emoji", [":heart:", ":+1:", ":wave::skin-tone-2:", "❤️", "👩🏽\u200d💻", ":x:"]
)
def test_a_value_may_begin_with_any_emoji(emoji: str) -> None:
    line = wording.parse_line(f"{emoji} Care — we notice who needs help (2)")
    assert (line.emoji, line.name, line.weight) == (emoji, "Care", 2)


def test_an_emoji_that_none_can_be_called_is_not_taken() -> None:
    with pytest.raises(UserError, match="I cannot read"):
        wording.parse_line(f":{'x' * 500}: Care — we notice who needs help")


@pytest.mark.parametrize("values", ["x" * 3000, "x\n" * 1500, "A — b\n" * 500])
async def test_what_is_wrong_with_the_values_can_be_read(
    slack: FakeSlack, bot: Bot, values: str
) -> None:
    form = await open_form(slack, ANA, "/mission setup")
    outcome = await slack.submit(
        ANA, form["id"], {"statement": "We help clinics to book.", "values": values}
    )
    assert 0 < len(outcome.errors["values"]) < READABLE


async def test_an_unknown_zone_is_quoted_shortly(slack: FakeSlack, bot: Bot) -> None:
    form = await open_form(slack, ANA, "/mission settings")
    outcome = await slack.submit(ANA, form["id"], {"timezone": "x" * 3000})
    assert "xxx…”" in outcome.errors["timezone"]
    assert len(outcome.errors["timezone"]) < READABLE


async def test_of_two_owners_at_once_neither_undoes_what_the_other_changed(
    slack: FakeSlack, mission: Bot
) -> None:
    slack.workspace.edit_person(BEN, is_admin=True)
    await slack.events.settled()
    hers = await open_form(slack, ANA, "/mission setup")
    his = await open_form(slack, BEN, "/mission setup")
    values = VALUES.replace(":heart:", "#care :heart:").replace(":mag:", "#candour :mag:")
    changed = {"statement": "We help clinics to book in a second.", "values": values}
    assert (await slack.submit(ANA, hers["id"], {**changed, "why": "faster"})).closed
    also = {**changed, "statement": STATEMENT + " Always.", "why": "better"}
    outcome = await slack.submit(BEN, his["id"], also)
    assert "somebody else changed the mission meanwhile, to version 2" in str(outcome.errors)
    await slack.command(BEN, GENERAL, "/mission")
    assert "in a second" in told(slack, BEN)
