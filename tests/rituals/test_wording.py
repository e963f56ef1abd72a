"""How owners write the values: what is read, and what is said of what cannot be."""

import pytest

from bot import wording
from bot.errors import UserError
from bot.playground.server import FakeSlack
from tests.support import ANA, Bot, open_form

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
