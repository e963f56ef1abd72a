"""People's words as rich text: emoji as in Slack, everything else letter by letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import kit


def spelled(text: str) -> str:
    """What the elements say, emoji by their names again."""
    return "".join(element.get("text") or f":{element['name']}:" for element in kit.words(text))


def emoji(text: str) -> list[str]:
    return [element["name"] for element in kit.words(text) if element["type"] == "emoji"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("well done :tada:", ["tada"]),
        (":tada::tada::+1:", ["tada", "tada", "+1"]),
        ("(:tada:)!", ["tada"]),
        (":wave::skin-tone-2: hello", ["wave::skin-tone-2"]),
        (":wave::skin-tone-2::wave:", ["wave::skin-tone-2", "wave"]),
        ("at 10:30:15 we met", []),
        ("a:b:c", []),
        ("https://host:8400:x", []),
        ("::tada::", []),
        (":tada:x", []),
    ],
)
def test_emoji_are_found_also_side_by_side(text: str, names: list[str]) -> None:
    assert emoji(text) == names


def test_forty_emoji_without_a_space_are_forty_emoji() -> None:
    assert emoji(":tada:" * 40) == ["tada"] * 40


@given(st.text(alphabet=":ab+1-_'2 skintone\n<>&*`", max_size=40))
def test_nothing_is_lost_or_added(text: str) -> None:
    assert spelled(text) == text
