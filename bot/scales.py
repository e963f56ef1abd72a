"""The scales that people answer on, and what their answers count as."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

Tally = tuple[int, ...]  # how many chose each point of a scale, from its lowest on


class Scale(StrEnum):
    """A scale of points in a row."""

    AGREEMENT = "agreement"  # 1 to 5
    RECOMMEND = "recommend"  # 0 to 10

    @property
    def lowest(self) -> int:
        """The number of its first point."""
        return 1 if self is Scale.AGREEMENT else 0

    @property
    def points(self) -> range:
        """The numbers of its points."""
        return range(self.lowest, self.lowest + len(self.merits))

    @property
    def merits(self) -> tuple[int, ...]:
        """What one answer at each point adds to the figure that stands for them all.

        Agreeing counts 1. Whoever recommends (9 or 10) counts 2, whoever does not (0 to 6)
        nothing, and 1 who is in between: 50 % of what there could be is a score of 0.
        """
        if self is Scale.AGREEMENT:
            return (0, 0, 0, 1, 1)
        return (0,) * 7 + (1, 1) + (2, 2)


@dataclass(frozen=True)
class Merit:
    """What some people's answers came to, where the best of one person's counts `each`."""

    people: int
    got: int
    each: int
    kinds: frozenset[int]  # what single answers counted; where it is one, the figure tells them all

    @property
    def most(self) -> int:
        """What they could have come to."""
        return self.people * self.each


def merit(tally: Tally, scale: Scale) -> Merit:
    """Return what the answers came to; ValueError where the tally is not of this scale."""
    merits = scale.merits
    given = [(many, each) for many, each in zip(checked(tally, scale), merits, strict=True) if many]
    got = sum(many * each for many, each in given)
    return Merit(sum(tally), got, max(merits), frozenset(each for _, each in given))


def together(tallies: Iterable[Tally], scale: Scale) -> Tally:
    """Return the tally of all of them, which is empty where there are none."""
    nobody = (0,) * len(scale.merits)
    return tuple(map(sum, zip(nobody, *(checked(each, scale) for each in tallies), strict=True)))


def checked(tally: Tally, scale: Scale) -> Tally:
    """Return the tally; ValueError where it is not of this scale."""
    if len(tally) != len(scale.merits) or min(tally) < 0:
        raise ValueError(f"{tally} is no tally of {scale}")
    return tally
