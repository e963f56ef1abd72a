"""What a person typed after a command: nothing is lost, nobody is invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import typed

SLACK_IDS = st.from_regex(r"\A[UW][A-Z0-9]{2,10}\Z")
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=60)


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def test_people_a_value_and_the_words_are_told_apart() -> None:
    said = typed.read("<@U1|ana> <@U2> stayed late so that the clinic could book again #care")
    assert said.people == ("U1", "U2")
    assert said.tags == ("care",)
    assert said.without_tag("care") == "stayed late so that the clinic could book again"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<@U1> and <@U2>: thank you", "thank you"),
        ("<@U1>:tada: for you", ":tada: for you"),
        ("<@U1> :tada: for you", ":tada: for you"),
        ("<@U1>, <@U2> &amp; <@U3> stayed late", "stayed late"),
        ("thank you <@U1>, you saved the day", "thank you, you saved the day"),
        ("we thank <@U1|ana> for this", "we thank for this"),
        ("<@U1> first line\nsecond line", "first line\nsecond line"),
    ],
)
def test_a_mention_leaves_no_hole_in_the_words(text: str, words: str) -> None:
    assert typed.read(text).words == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("&lt;!channel&gt; look", "<!channel> look"),
        ("<!channel> look", "@channel look"),
        ("<!here|here> look", "@here look"),
        ("&amp;lt; stays", "&lt; stays"),
        ("*bold* `code` _it_ ~no~", "*bold* `code` _it_ ~no~"),
        ("<https://example.org/a?b=1&amp;c=2>", "https://example.org/a?b=1&c=2"),
        ("<https://example.org|example.org> is ours", "example.org is ours"),
        ("<!subteam^S1|@nurses> did it", "@nurses did it"),
        ("in <#C1|lounge> and <#C2|>", "in #lounge and #C2"),
    ],
)
def test_everything_else_is_shown_as_it_was_typed(text: str, words: str) -> None:
    assert typed.read(text).words == words


def test_a_value_named_like_a_channel_is_still_a_value() -> None:
    assert typed.read("<@U1> did this <#C1|care>").tags == ("care",)


def test_numbers_and_anchors_are_no_values() -> None:
    assert typed.read("fixed #42 in a#b and c&amp;#d").tags == ()
    assert typed.read("see <https://clinic.example/#care>").tags == ()


@given(WORDS)
def test_words_without_mentions_come_back_letter_by_letter(words: str) -> None:
    assert typed.read(escape(words)).words == words.strip()


@given(st.lists(SLACK_IDS, min_size=1, max_size=12), WORDS)
def test_everybody_named_is_found_once_and_nobody_else(people: list[str], words: str) -> None:
    text = " ".join(f"<@{person}>" for person in people) + " " + escape(words)
    assert typed.read(text).people == tuple(dict.fromkeys(people))


@given(st.text(max_size=200))
def test_no_text_is_too_strange_to_read(text: str) -> None:
    said = typed.read(text)
    assert all(tag in said.words.casefold() for tag in said.tags)


@given(WORDS)
def test_what_was_typed_in_vain_comes_back_to_be_sent_again(words: str) -> None:
    assert typed.back("/recognize", f"<@U1|ana> {escape(words)}") == f"/recognize @ana {words}"
