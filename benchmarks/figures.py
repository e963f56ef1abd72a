"""Figures: what was measured on either side, round after round, and how far it is from the goal."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the smallest value that this share of them does not exceed."""
    ordered = sorted(values)
    return ordered[max(math.ceil(len(ordered) * percent / 100) - 1, 0)]


@dataclass
class Row:
    """One promise: a ratio to the floor, or where there is no floor the figure itself.

    `at_least` says that more is better. Without a goal it is there for comparison.
    """

    what: str
    goal: float | None
    unit: str = "ms"
    has_floor: bool = True
    at_least: bool = False
    floor: list[float] = field(default_factory=list)
    ours: list[float] = field(default_factory=list)

    def add(self, ours: float, floor: float | None = None) -> None:
        """Add what one round found."""
        self.ours.append(ours)
        if floor is not None:
            self.floor.append(floor)

    @property
    def judged(self) -> list[float]:
        """What the goal is about, a figure for each round."""
        if not self.has_floor:
            return self.ours
        return [mine / theirs for mine, theirs in zip(self.ours, self.floor, strict=True)]

    @property
    def met(self) -> bool:
        """Whether the median keeps the promise; what is there for comparison promises nothing."""
        if self.goal is None:
            return True
        found = median(self.judged)
        return found >= self.goal if self.at_least else found <= self.goal

    def cells(self) -> list[str]:
        """Return the row as the table shows it."""
        ratio = _spread(self.judged, "×") if self.has_floor else "—"
        floor = f"{_short(median(self.floor))} {self.unit}" if self.has_floor else "—"
        ours = f"{_short(median(self.ours))} {self.unit}"
        if not self.has_floor:
            ours = f"{_spread(self.ours, '')} {self.unit}"
        sign, kind = "≥" if self.at_least else "≤", " ×" if self.has_floor else f" {self.unit}"
        if self.goal is None:
            return [self.what, floor, ours, ratio, "—", "for comparison"]
        goal = f"{sign} {self.goal:g}{kind}"
        return [self.what, floor, ours, ratio, goal, "met" if self.met else "**missed**"]


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"


def _spread(values: Sequence[float], sign: str) -> str:
    low, middle, high = min(values), median(values), max(values)
    mark = f" {sign}" if sign else ""
    return f"{middle:.2f}{mark} [{low:.2f}–{high:.2f}]"
