"""What answers tell of the people who gave them: figures with their uncertainty, and changes.

`n` is people, since each answers once a round. Nothing is corrected for how few people there are
to be asked: the next round's answers are a sample of what they could have said as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import erfc, sqrt

from bot.scales import Scale, Tally, checked
from bot.shares import CONFIDENCE, Share, Z, wilson

SIGNIFICANT = 1 - CONFIDENCE
RECOMMENDS, DOES_NOT = 9, 6  # from 9 on, and up to 6, on a scale from 0 to 10


@dataclass(frozen=True)
class Estimate:
    """A figure and its 95 % interval, in the figure's own unit."""

    value: float
    low: float
    high: float


class Direction(StrEnum):
    """What a comparison says."""

    UP = "up"
    DOWN = "down"
    UNCLEAR = "unclear"  # "no clear change": not that there was none


@dataclass(frozen=True)
class Difference:
    """How much more the second of two is, with its 95 % interval, and how likely by chance."""

    change: Estimate
    p: float
    is_large: bool  # large enough to be called a change, were it certain


@dataclass(frozen=True)
class Change:
    """A difference judged beside all that were looked at with it; `p` is corrected for them."""

    change: Estimate
    p: float
    direction: Direction


def favourable_share(tally: Tally) -> Share:
    """Return the share of those who agree, 4 or 5 of 5, with Wilson's interval, from 0 to 1."""
    agree, n = _favourable(tally)
    return wilson(agree / n, n=n)


def recommend_score(tally: Tally) -> Estimate | None:
    """Return 100 (p - d) with its interval, -100 to 100; none where all counted the same.

    `p` is the share of those who recommend (9 and 10) and `d` of those who do not (0 to 6); the
    standard error is 100 sqrt[(p + d - (p - d)^2) / n].
    """
    n = sum(checked(tally, Scale.RECOMMEND))
    if not n:
        raise ValueError("nobody answered")
    p, d = Fraction(sum(tally[RECOMMENDS:]), n), Fraction(sum(tally[: DOES_NOT + 1]), n)
    variance = p + d - (p - d) ** 2
    if not variance:
        return None
    score, half = 100 * float(p - d), 100 * Z * sqrt(variance / n)
    return Estimate(score, max(-100.0, score - half), min(100.0, score + half))


def difference_of_shares(before: Tally, after: Tally) -> Difference:
    """Compare the favourable shares of two rounds, from -1 to 1; large is 10 % points or more.

    The p value is that of the pooled two-proportion z test, the interval Newcombe's from two of
    Wilson's: Newcombe, R. G. (1998). Statistics in Medicine 17, 873-890, method 10.
    """
    (was_agreed, was_n), (is_agreed, is_n) = _favourable(before), _favourable(after)
    was, now = favourable_share(before), favourable_share(after)
    change = Fraction(is_agreed, is_n) - Fraction(was_agreed, was_n)
    pooled = Fraction(was_agreed + is_agreed, was_n + is_n)
    error = sqrt(pooled * (1 - pooled) * (Fraction(1, was_n) + Fraction(1, is_n)))
    low = float(change) - sqrt((now.share - now.low) ** 2 + (was.high - was.share) ** 2)
    high = float(change) + sqrt((now.high - now.share) ** 2 + (was.share - was.low) ** 2)
    estimate = Estimate(float(change), low, high)
    return Difference(estimate, _p(change, error), abs(change) >= Fraction(1, 10))


def changes(differences: Sequence[Difference]) -> list[Change]:
    """Judge all differences that are looked at together: a change is clear and large, or none."""
    corrected = holm([each.p for each in differences])
    return [_judged(each, p) for each, p in zip(differences, corrected, strict=True)]


def judged(
    groups: Mapping[str, Mapping[str, tuple[Tally, Tally]]],
) -> dict[str, dict[str, Change]]:
    """Judge favourable shares before and after; those of one group are looked at together."""
    return {
        group: dict(
            zip(
                pairs,
                changes([difference_of_shares(*each) for each in pairs.values()]),
                strict=True,
            )
        )
        for group, pairs in groups.items()
    }


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p values in their order, corrected for how many they are.

    Source: Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian
    Journal of Statistics 6, 65-70.
    """
    corrected = [0.0] * len(p_values)
    least = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        least = max(least, min(1.0, (len(p_values) - rank) * p_values[place]))
        corrected[place] = least
    return corrected


def _judged(difference: Difference, p: float) -> Change:
    direction = Direction.UP if difference.change.value > 0 else Direction.DOWN
    if p >= SIGNIFICANT or not difference.is_large:
        direction = Direction.UNCLEAR
    return Change(difference.change, p, direction)


def _favourable(tally: Tally) -> tuple[int, int]:
    merits = Scale.AGREEMENT.merits
    n = sum(checked(tally, Scale.AGREEMENT))
    if not n:
        raise ValueError("nobody answered")
    return sum(many for many, each in zip(tally, merits, strict=True) if each), n


def _p(change: Fraction, error: float) -> float:
    """Return how likely a difference as far from none as this is by chance, to either side."""
    if not error:
        return 1.0  # all of both rounds said the same
    return erfc(abs(float(change)) / error / sqrt(2))  # the normal distribution, to both sides
