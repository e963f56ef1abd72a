"""Statistics of shares: how far a share may be trusted."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


@dataclass(frozen=True)
class Share:
    """A share of a whole and its 95 % interval, all three from 0 to 1."""

    share: float
    low: float
    high: float


def wilson(share: float, *, n: float) -> Share:
    """Return the share with Wilson's score interval for `n` independent cases.

    `n` may be a fraction, as an effective number is. The bounds stay within 0 and 1 and hold the
    share, also where it is 0 or 1. Raises ValueError where there is no case, or no such share.

    Source: Wilson, E. B. (1927). Probable inference, the law of succession, and statistical
    inference. Journal of the American Statistical Association 22, 209-212.
    """
    if n <= 0 or not 0 <= share <= 1:
        raise ValueError("a share goes from 0 to 1, and is of something")
    pull = Z**2 / n
    centre = (share + pull / 2) / (1 + pull)
    half = Z * sqrt(share * (1 - share) / n + pull / (4 * n)) / (1 + pull)
    # At 0 and 1 the bound is the share itself, which floating point misses by a hair.
    return Share(share, max(0.0, min(share, centre - half)), min(1.0, max(share, centre + half)))


def effective_number(*, total: int, squares: int, count: int) -> float:
    """Return how many independent cases `count` cases are worth that come from the same hands.

    `total` is the sum of what each hand contributed, `squares` the sum of its squares. Where all
    contributed alike it is the number of hands, where one contributed nearly all it is nearly 1;
    it is never more than `count`. Raises ValueError where nobody contributed.

    Source: Kish, L. (1965). Survey Sampling. New York: Wiley; (sum w)^2 / sum w^2.
    """
    if squares <= 0:
        raise ValueError("there is nothing to count")
    return min(total**2 / squares, float(count))
