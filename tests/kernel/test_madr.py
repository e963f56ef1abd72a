"""A decision's Markdown says what people wrote, and nothing that they wrote becomes Markdown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.blocks import madr

SPECIAL = "\\`*_{}[]<>()#+-.!|~&^$=:@\"' \t1a\n"
READER = MarkdownIt("gfm-like", {"linkify": False})


def read(markdown: str) -> list[str]:
    """The texts of the paragraphs that a reader of Markdown finds, where it finds nothing else."""
    tokens = READER.parse(markdown)
    assert {each.type for each in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    inside = [child for each in tokens for child in each.children or []]
    assert {child.type for child in inside} <= {"text", "text_special"}
    return ["".join(child.content for child in each.children or []) for each in tokens]


@settings(max_examples=500, derandomize=True)
@given(st.text(alphabet=SPECIAL, max_size=40))
def test_a_line_reads_as_it_was_written_and_means_nothing_else(text: str) -> None:
    line = madr.words(text)
    assert "".join(read(line)) == " ".join(text.split())


@pytest.mark.parametrize(
    ("written", "line"),
    [
        ("# A heading", "\\# A heading"),
        ("- a list", "\\- a list"),
        ("12. a list", "12\\. a list"),
        ("3) a list", "3\\) a list"),
        ("    code", "code"),
        ("---", "\\---"),
        ("<script>alert(1)</script>", "\\<script\\>alert(1)\\</script\\>"),
        ("[a](https://evil.example)", "\\[a\\](https\\://evil.example)"),
        ("![a](b)", "\\!\\[a\\](b)"),
        ("a | b", "a \\| b"),
        ("&amp;", "\\&amp;"),
        ("Ship it on Friday, at 9.30?", "Ship it on Friday, at 9.30?"),
    ],
)
def test_a_line_that_would_mean_something_is_escaped(written: str, line: str) -> None:
    assert madr.words(written) == line
    assert "".join(read(line)) == written.strip()


def test_several_lines_stay_set_off_whatever_ends_them() -> None:
    quoted = madr.quote("one\n\n# two\r\n```\x0bthree\u2028four")
    assert quoted.split("\n>\n") == [
        *("> one", "> \\# two", "> \\`\\`\\`", "> three", "> four"),
    ]
    tokens = [each.type for each in MarkdownIt().parse(quoted)]
    paragraph = ["paragraph_open", "inline", "paragraph_close"]
    assert tokens == ["blockquote_open", *paragraph * 5, "blockquote_close"]
