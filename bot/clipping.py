"""How a figure is shown that would tell everybody's answer, and what of it can be worked out.

Where nearly all of a group agree, its figure tells what each of them said, however many they are.
So it is clipped: the end of the scale is named and no number stands there. Whoever knows the whole
and the other groups can still narrow it down; what follows is how far.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from bot.scales import Merit

HIGH_SHARE, LOW_SHARE = (4, 5), (1, 5)


class Verdict(StrEnum):
    """How a figure is shown."""

    FULL = "full"
    HIGH = "high"  # "80 % or more", of the score "60 or more", and nothing beside it
    LOW = "low"  # "20 % or less", of the score "−60 or less", and nothing beside it
    WITHHELD = "withheld"  # "too few to say"


@dataclass(frozen=True)
class Part:
    """What a group's answers came to, how that is shown, and how it would be shown alone."""

    merit: Merit
    verdict: Verdict
    alone: Verdict

    @property
    def range(self) -> tuple[int, int]:
        """From where to where it can be, for whoever sees what is shown of it alone."""
        most = self.merit.most
        return {
            Verdict.FULL: (self.merit.got, self.merit.got),
            Verdict.HIGH: (-(-most * HIGH_SHARE[0] // HIGH_SHARE[1]), most),
            Verdict.LOW: (0, most * LOW_SHARE[0] // LOW_SHARE[1]),
            Verdict.WITHHELD: (0, most),
        }[self.verdict]


def verdict(merit: Merit, *, k: int) -> Verdict:
    """Return how the figure of a group is shown, if it were the only one."""
    if merit.people < k:
        return Verdict.WITHHELD
    if merit.got * HIGH_SHARE[1] >= merit.most * HIGH_SHARE[0]:
        return Verdict.HIGH
    if merit.got * LOW_SHARE[1] <= merit.most * LOW_SHARE[0]:
        return Verdict.LOW
    return Verdict.WITHHELD if len(merit.kinds) == 1 else Verdict.FULL


def tells_no_more(parts: Sequence[Part], whole: Part) -> bool:
    """Whether the whole and its parts together tell no more than each of them says.

    Of a share of 80 % or more nothing higher may follow, of one of 20 % or less nothing lower, and
    of neither what it is exactly; nor of a part that is withheld, unless it is so for the sake of
    others only. Of a score, whose answers count 0, 1 or 2, the ends may follow a little closer.
    """
    closed = [part for part in parts if part.verdict is not Verdict.FULL]
    known = sum(part.merit.got for part in parts if part.verdict is Verdict.FULL)
    low, high = (bound - known for bound in whole.range)
    lows, highs = (sum(bounds) for bounds in zip((0, 0), *(p.range for p in closed), strict=True))
    return all(
        _ends_stay_open(
            part,
            least=low - (highs - part.range[1]),
            most=high - (lows - part.range[0]),
        )
        and _could_differ(part, closed, whole)
        for part in closed
        if part.alone is not Verdict.FULL and part.merit.people
    )


def _ends_stay_open(part: Part, *, least: int, most: int) -> bool:
    low, high = part.range
    if part.verdict is Verdict.HIGH:
        return least <= low
    if part.verdict is Verdict.LOW:
        return most >= high
    return True


def _could_differ(part: Part, closed: Sequence[Part], whole: Part) -> bool:
    """Whether it could be different without anything that is shown being so.

    Either somebody in it and somebody in another part that is not shown in full could have said
    what the other one did, or the whole is not shown in full and leaves room for another answer.
    """
    of_whole = frozenset(range(part.merit.each + 1))
    return any(
        _is_within(part, there - here)
        and _is_within(other, there - here if other is whole else here - there)
        for here in part.merit.kinds
        for other in chain(closed, [whole])
        if other is not part
        for there in (of_whole if other is whole else other.merit.kinds) - {here}
    )


def _is_within(part: Part, change: int) -> bool:
    low, high = part.range
    return low <= part.merit.got + change <= high
