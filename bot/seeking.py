"""Seeks records by words: all of the words first, then most, then any, mended where they slip."""

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from sqlmodel import Session

from bot import fulltext, relevance, spelling
from bot.fulltext import MOST, Filters, Finder
from bot.matching import Match, all_but_one, every, in_title, phrase
from bot.relevance import Texts

TOO_FEW = 3  # found with all of the words, so that others are looked for
AS_GOOD = 0.6  # of what the best of the others has; what has less is left out

# Words that say nothing by themselves, in questions above all.
EMPTY_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a about all am an and any anybody are as at be been but by can could did do does for from
        had has have he her him his how i if in is it its me my no not of on or our she should so
        some somebody that the their them then there these they this those to us was we were what
        when where which who whom whose why will with would you your""",
    )
)


@dataclass(frozen=True)
class Sought:
    """What somebody seeks: words, and phrases in quotes."""

    words: str
    is_quoted: bool = False

    @property
    def says_nothing(self) -> bool:
        """Whether it is a word that is in every other text."""
        return not self.is_quoted and self.words.casefold() in EMPTY_WORDS


@dataclass(frozen=True)
class Found:
    """The records that were found, the best first; `mended` are words that were taken for others.

    `by` are the words by which they were found, and `is_all` says whether there are no more.
    """

    ids: Sequence[int]
    by: Sequence[str] = ()
    mended: dict[str, str] = field(default_factory=dict)
    is_all: bool = True


@dataclass(frozen=True)
class Seeker:
    """Seeks for one person, within their filters, among what they may see."""

    session: Session
    finder: Finder
    filters: Filters
    asker: str
    texts: Callable[[Sequence[int]], Texts]

    def seek(self, wanted: Sequence[Sought]) -> Found:
        """Return what was found: nothing where there is nothing in the words to be sought."""
        stems = relevance.stems(*(one.words for one in wanted))
        said = {one.words: one for one, has in zip(wanted, stems, strict=True) if has}
        if not said:
            return Found([])
        every_word = list(said)
        telling = [words for words in said if not said[words].says_nothing] or every_word
        best = self._ids(every(every_word)) or self._ids(every(telling))
        if len(best) >= TOO_FEW:
            return self._with_all(best, telling)
        singles = {words: self._ids(phrase(words)) for words in telling}
        mended = self._mended([said[words] for words, ids in singles.items() if not ids])
        for new in mended.values():
            singles[new] = self._ids(phrase(new))
        known = [mended.get(words, words) for words in telling]
        if mended:
            best = self._ids(every(known))
        return self._with_any(best, known, singles, mended)

    def all_of_it(self) -> Found:
        """Return the latest within the filters, where no words are sought."""
        ids = self._ids(None)
        return Found(ids, is_all=len(ids) < MOST)

    def _ids(self, match: Match | None) -> list[int]:
        return self.finder.ids(self.session, match, self.filters, asker=self.asker)

    def _with_all(self, best: list[int], words: Sequence[str]) -> Found:
        is_all = len(best) < MOST
        if not is_all:  # an older one may be about just that
            best = list(dict.fromkeys([*self._ids(in_title(every(words))), *best]))[:MOST]
        return Found(self._ranked(best, dict.fromkeys(words, 1.0)), words, is_all=is_all)

    def _with_any(
        self,
        best: list[int],
        words: Sequence[str],
        singles: dict[str, list[int]],
        mended: dict[str, str],
    ) -> Found:
        weights = {each: self._weight(len(singles[each])) for each in words if singles[each]}
        if not weights:
            return Found([])
        most = self._ids(all_but_one(words)) if len(words) > 2 else []
        worth = dict.fromkeys([*best, *most], 0.0)
        for each, weight in weights.items():
            for one in singles[each]:
                worth[one] = worth.get(one, 0.0) + weight
        others = {one: much for one, much in worth.items() if one not in set(best)}
        enough = AS_GOOD * max(others.values(), default=0.0)
        kept = sorted((one for one in others if others[one] >= enough), key=lambda o: -others[o])
        ranked = self._ranked(best, weights) + self._ranked(kept[: MOST - len(best)], weights)
        return Found(ranked, list(weights), mended, is_all=len(kept) + len(best) <= MOST)

    def _ranked(self, ids: Sequence[int], weights: dict[str, float]) -> list[int]:
        if not ids:
            return []
        stems = relevance.stems(*weights)
        texts = self.texts(ids)
        found = relevance.scores(texts, dict(zip(stems, weights.values(), strict=True)))
        return sorted(found, key=lambda one: (-found[one], -one))

    @cached_property
    def _visible(self) -> int:
        return len(self._ids(None))

    def _weight(self, count: int) -> float:
        """Return what a word tells that so many of what can be seen have."""
        return math.log(1 + (max(self._visible - count, 0) + 0.5) / (count + 0.5))

    def _mended(self, unknown: Sequence[Sought]) -> dict[str, str]:
        meant = {one.words: self._meant(one) for one in unknown if not one.is_quoted}
        return {words: found for words, found in meant.items() if found}

    def _meant(self, one: Sought) -> str | None:
        (stems,) = relevance.stems(one.words)
        if len(stems) != 1:
            return None
        (stem,) = stems
        known = fulltext.known_from(self.session, stem[0], stem[0] + "\U0010ffff")
        known += fulltext.known_among(self.session, spelling.other_beginnings(stem))
        for _, near in sorted(spelling.near(one.words.casefold(), stem, known).items()):
            if found := self._most_common(near):
                return found
        return None

    def _most_common(self, stems: Sequence[str]) -> str | None:
        """Return what is sought to find the stem that most of what can be seen has."""
        typed = {stem: found for stem in sorted(set(stems)) if (found := _typed_for(stem))}
        counts = {typed[stem]: len(self._ids(phrase(typed[stem]))) for stem in typed}
        best = max(counts, key=lambda words: counts[words], default=None)
        return best if best and counts[best] else None


def _typed_for(stem: str) -> str | None:
    """Return a word with this stem: a stem's own stem may be another."""
    tries = [stem, f"{stem}e", f"{stem}s", f"{stem[:-1]}y"]
    stems = relevance.stems(*tries)
    return next((word for word, has in zip(tries, stems, strict=True) if has == (stem,)), None)
