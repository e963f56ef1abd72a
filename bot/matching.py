"""How words are told apart and sought in the index, whatever somebody typed."""

import re
from collections.abc import Sequence

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


def phrase(words: str) -> str:
    """Return what matches these words, one after the other, whatever is in them."""
    return '"{}"'.format(tidy(words).replace('"', " "))


def every(phrases: Sequence[str]) -> str:
    """Return what matches all of these."""
    return " AND ".join(phrase(one) for one in phrases)


def any_of(phrases: Sequence[str]) -> str:
    """Return what matches at least one of these."""
    return " OR ".join(phrase(one) for one in phrases)


def all_but_one(phrases: Sequence[str]) -> str:
    """Return what matches all of these but for any one."""
    leaving = ([*phrases[:at], *phrases[at + 1 :]] for at in range(len(phrases)))
    return " OR ".join(f"({every(rest)})" for rest in leaving)


def in_title(match: str) -> str:
    """Return what matches the same in titles alone."""
    return f"title : ({match})"
