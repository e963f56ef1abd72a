"""How words are told apart and sought in the index, whatever somebody typed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

TOKENIZER = "porter unicode61 remove_diacritics 2"

# Scripts that set no spaces are indexed by character: this stands between any two of them.
SEAM = "\u200b"
_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_CHARACTER = re.compile(rf"(?<=[{_UNSPACED}])(?=\w)|(?<=\w)(?=[{_UNSPACED}])")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u200b]")


def fit(text: str) -> str:
    """Return the text with spaces for what is no character that anybody writes."""
    return _UNFIT.sub(" ", text)


def tidy(text: str) -> str:
    """Return the text as the index takes it."""
    return _CHARACTER.sub(SEAM, fit(text))


@dataclass(frozen=True)
class Match:
    """What a text has to hold: words one after the other, or several such things."""

    words: str = ""
    parts: "tuple[Match, ...]" = ()
    is_any: bool = False  # one of the parts is enough
    in_title: bool = False

    def __str__(self) -> str:
        """Return it as SQLite's index takes it."""
        if self.in_title:
            return f"title : ({replace(self, in_title=False)})"
        if not self.parts:
            return '"{}"'.format(tidy(self.words).replace('"', " "))
        between = " OR " if self.is_any else " AND "
        return between.join(f"({one})" if one.parts else str(one) for one in self.parts)


def phrase(words: str) -> Match:
    """Return what matches these words, one after the other, whatever is in them."""
    return Match(words)


def every(phrases: Sequence[str]) -> Match:
    """Return what matches all of these."""
    return Match(parts=tuple(map(phrase, phrases)))


def any_of(phrases: Sequence[str]) -> Match:
    """Return what matches at least one of these."""
    return replace(every(phrases), is_any=True)


def all_but_one(phrases: Sequence[str]) -> Match:
    """Return what matches all of these but for any one."""
    leaving = ([*phrases[:at], *phrases[at + 1 :]] for at in range(len(phrases)))
    return Match(parts=tuple(map(every, leaving)), is_any=True)


def in_title(match: Match) -> Match:
    """Return what matches the same in titles alone."""
    return replace(match, in_title=True)
