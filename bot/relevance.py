"""How well records answer a search and where, judged by their own words alone.

It is asked about records that somebody may see, so that nothing of others shows in the order.
"""

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass

from bot.matching import SEAM, TOKENIZER, any_of, tidy

Texts = Mapping[int, tuple[str, str]]  # of each record the title and the other words

IN_TITLE = 2.0  # as much as so many times among the other words
ENOUGH = 1.2  # times after which another hardly counts
USUAL_LENGTH = 40  # words
BY_LENGTH = 0.4  # how far a longer text counts for less
TOGETHER = 0.5  # more, where words that were typed together stand together
NEAR = 3  # words
EXCERPT = 28  # words
BEGIN, END = "\x02", "\x03"  # of what was found; no text that was put in has them

_MADE = (
    f"CREATE VIRTUAL TABLE text USING fts5(title, words, tokenize='{TOKENIZER}')",
    "CREATE VIRTUAL TABLE word USING fts5vocab(text, instance)",
)
_PUT = "INSERT INTO text (rowid, title, words) VALUES (?, ?, ?)"
_PLACES = "SELECT doc, term, col = 'title', offset FROM word WHERE term IN (%s)"
_LENGTHS = "SELECT doc, max(offset) FROM word GROUP BY doc"
_STEMS = "SELECT doc, term FROM word ORDER BY doc, offset"
_STANDING = (
    "SELECT doc, term, col = 'title', offset FROM word ORDER BY doc, col = 'title' DESC, offset"
)
_MARKED = (
    f"SELECT rowid, highlight(text, 0, '{BEGIN}', '{END}'),"
    f" snippet(text, 1, '{BEGIN}', '{END}', '…', {EXCERPT}) FROM text WHERE text MATCH ?"
)


@dataclass(frozen=True)
class Marked:
    """A record's title and an excerpt of its other words, with what was found marked."""

    title: str
    excerpt: str

    @property
    def found(self) -> list[str]:
        """What is marked, as it is written there."""
        return re.findall(f"{BEGIN}(.*?){END}", self.title + self.excerpt)


@contextmanager
def _reading(texts: Texts) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as memory:
        for made in _MADE:
            memory.execute(made)
        memory.execute("BEGIN")  # each by itself would be a segment of its own
        rows = [(one, tidy(title), tidy(words)) for one, (title, words) in sorted(texts.items())]
        memory.executemany(_PUT, rows)
        memory.execute("COMMIT")
        yield memory


def stems(*phrases: str) -> list[tuple[str, ...]]:
    """Return the stems of each phrase's words; none where there is nothing to be sought in it."""
    found: list[list[str]] = [[] for _ in phrases]
    with _reading({at: ("", words) for at, words in enumerate(phrases)}) as memory:
        for at, term in memory.execute(_STEMS):
            found[at].append(term)
    return [tuple(each) for each in found]


def standing(texts: Texts) -> dict[int, list[tuple[str, bool, int]]]:
    """Return of each text its stems, whether each is in the title, and after how many others."""
    found: dict[int, list[tuple[str, bool, int]]] = {one: [] for one in texts}
    with _reading(texts) as memory:
        for doc, term, is_title, offset in memory.execute(_STANDING):
            found[doc].append((term, bool(is_title), offset))
    return found


def scores(texts: Texts, wanted: Mapping[tuple[str, ...], float]) -> dict[int, float]:
    """Return how well each text answers; `wanted` has the stems of phrases and their weights."""
    words = sorted({stem for phrase in wanted for stem in phrase})
    places: dict[int, dict[str, list[tuple[bool, int]]]] = defaultdict(lambda: defaultdict(list))
    with _reading(texts) as memory:
        marks = ", ".join("?" * len(words))
        for doc, term, is_title, offset in memory.execute(_PLACES % marks, words):
            places[doc][term].append((bool(is_title), offset))
        lengths = dict(memory.execute(_LENGTHS))
    return {doc: _score(places[doc], wanted, lengths.get(doc, 0)) for doc in texts}


def _score(
    places: Mapping[str, list[tuple[bool, int]]],
    wanted: Mapping[tuple[str, ...], float],
    length: int,
) -> float:
    scale = ENOUGH * (1 - BY_LENGTH + BY_LENGTH * length / USUAL_LENGTH)
    score, before = 0.0, list[tuple[bool, int]]()
    for phrase, weight in wanted.items():
        there = _standing(places, phrase)
        times = sum(IN_TITLE if is_title else 1.0 for is_title, _ in there)
        score += weight * times / (times + scale)
        if _near(before, there):
            score += weight * TOGETHER
        before = there
    return score


def _standing(
    places: Mapping[str, list[tuple[bool, int]]], phrase: tuple[str, ...]
) -> list[tuple[bool, int]]:
    """Where the words of a phrase stand, one after the other."""
    there = places.get(phrase[0], [])
    for after, stem in enumerate(phrase[1:], start=1):
        at = set(places.get(stem, []))
        there = [(title, offset) for title, offset in there if (title, offset + after) in at]
    return there


def _near(some: list[tuple[bool, int]], others: list[tuple[bool, int]]) -> bool:
    return any(
        is_title == too and abs(offset - other) <= NEAR
        for is_title, offset in some
        for too, other in others
    )


def marked(texts: Texts, phrases: Sequence[str]) -> dict[int, Marked]:
    """Return the texts with what was found marked, those without any as they begin."""
    with _reading(texts) as memory:
        rows = memory.execute(_MARKED, (str(any_of(phrases)),)).fetchall() if phrases else []
    found = {one: Marked(*(each.replace(SEAM, "") for each in both)) for one, *both in rows}
    return {one: found.get(one) or _beginning(*text) for one, text in texts.items()}


def _beginning(title: str, words: str) -> Marked:
    first = words.split()
    more = "…" if len(first) > EXCERPT else ""
    return Marked(title, " ".join(first[:EXCERPT]) + more)
