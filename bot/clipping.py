"""How a figure is shown that would tell everybody's answer, and what of it can be worked out.

Where nearly all of a group agree, its figure tells what each of them said, however many they are.
So it is clipped: the end of the scale is named and no number stands there. Whoever knows the whole
and the other groups can still narrow it down; what follows is how far.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.scales import Merit

HIGH_SHARE, LOW_SHARE = (4, 5), (1, 5)


class Verdict(StrEnum):
    """How a figure is shown."""

    FULL = "full"
    HIGH = "high"  # "80 % or more", of the score "60 or more", and nothing beside it
    LOW = "low"  # "20 % or less", of the score "-60 or less", and nothing beside it
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
    others only.
    """
    closed = [part for part in parts if part.verdict is not Verdict.FULL]
    if whole.verdict is Verdict.FULL and closed:
        kinds = frozenset().union(*(part.merit.kinds for part in closed))
        if len(kinds) == 1:
            return False
    known = sum(part.merit.got for part in parts if part.verdict is Verdict.FULL)
    low, high = (bound - known for bound in whole.range)
    lows, highs = (sum(bounds) for bounds in zip((0, 0), *(p.range for p in closed), strict=True))
    return all(
        _stays_hidden(
            part,
            least=low - (highs - part.range[1]),
            most=high - (lows - part.range[0]),
        )
        for part in closed
        if part.alone is not Verdict.FULL
    )


def _stays_hidden(part: Part, *, least: int, most: int) -> bool:
    low, high = part.range
    least, most = max(low, least), min(high, most)
    if (least, most) == (low, high):
        return True
    if part.verdict is Verdict.HIGH and least > low:
        return False
    if part.verdict is Verdict.LOW and most < high:
        return False
    # Where an answer counts 0, 1 or 2, every second sum may be impossible.
    return most - least >= 2 * part.merit.each - 1
