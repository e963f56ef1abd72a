"""The picture of a trend, drawn so that it reads on a phone, and in words for who cannot see it.

Each series has a panel of its own, since the intervals of several would cover each other. Nothing
is told by colour alone: what is hatched or clipped says so in words.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from bot.clipping import Verdict
from bot.panels import HEIGHT, INK, QUIET, TOO_FEW, WIDE, Point, draw, in_words
from bot.shares import Share

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_SERIES = 4
MOST_POINTS = 52

# All in points at 72 to the inch, which is how a phone 360 wide shows it.
WIDTH, MARGIN = 360, 10
PLOT_LEFT = 42
ROUNDS_BELOW, BETWEEN, ABOVE_PLOT = 20, 12, 6
TITLE, TEXT, SMALL = 13, 11, 9.5  # sizes of words
TITLE_LINE, TEXT_LINE, SMALL_LINE = 18, 15, 14
TITLE_WRAP, LABEL_WRAP = 40, 54  # characters
SHARPNESS = 3


@dataclass(frozen=True)
class Series:
    """One line: what it is of, and what is shown of each round."""

    label: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Picture:
    """A picture as PNG, and everything that it shows in words."""

    png: bytes
    words: str


def trend(title: str, rounds: Sequence[str], series: Sequence[Series]) -> Picture:
    """Draw the favourable share over rounds, each with its 95 % interval.

    The same input gives the same bytes. To be called aside: it loads what draws. Raises ValueError
    where there is nothing to draw, more than four series or 52 points, or a series misses a round.
    """
    if not rounds or not 1 <= len(series) <= MOST_SERIES or len(rounds) * len(series) > MOST_POINTS:
        raise ValueError(f"a trend has up to {MOST_SERIES} series and {MOST_POINTS} points in all")
    if any(len(each.points) != len(rounds) for each in series):
        raise ValueError("every series says something of every round")
    return Picture(_drawn(title, rounds, series), told(title, rounds, series))


def told(title: str, rounds: Sequence[str], series: Sequence[Series]) -> str:
    """Return everything that the picture shows in words, without drawing it."""
    lines = [f"{title}. Favourable share, with its 95 % interval in brackets."]
    for each in series:
        told = (
            f"{when} {in_words(point)}" for when, point in zip(rounds, each.points, strict=True)
        )
        lines.append(f"{each.label.rstrip('.')}: {', '.join(told)}.")
    return "\n".join(lines)


def _drawn(title: str, rounds: Sequence[str], series: Sequence[Series]) -> bytes:
    from matplotlib import rc_context, rcParamsDefault

    # A style of somebody's own on this machine must not change the picture.
    with rc_context({**rcParamsDefault, "font.family": "DejaVu Sans", "hatch.linewidth": 0.6}):
        return _filled(title, rounds, series).png()


def _filled(title: str, rounds: Sequence[str], series: Sequence[Series]) -> "_Page":
    page = _Page(title, series)
    page.write(page.title, TITLE_LINE, size=TITLE, weight="bold", color=INK)
    for each, label in zip(series, page.labels, strict=True):
        page.leave(BETWEEN)
        page.write(label, TEXT_LINE, size=TEXT, color=INK)
        draw(page.plot(), rounds, each.points)
    page.leave(BETWEEN)
    page.write(page.key, SMALL_LINE, size=SMALL, color=QUIET)
    return page


class _Page:
    """A page that is filled from its top on, as high as what will stand on it."""

    def __init__(self, title: str, series: Sequence[Series]) -> None:
        from matplotlib.figure import Figure

        self.title = wrap(title, TITLE_WRAP)
        self.labels = [wrap(each.label, LABEL_WRAP) for each in series]
        self.key = _key(series)
        panels = sum(TEXT_LINE * len(label) for label in self.labels)
        panels += (ABOVE_PLOT + HEIGHT + ROUNDS_BELOW + BETWEEN) * len(series)
        words = TITLE_LINE * len(self.title) + SMALL_LINE * len(self.key)
        self.height = 2 * MARGIN + words + panels + BETWEEN
        self._top = self.height - MARGIN
        size = (WIDTH / 72, self.height / 72)
        self._figure = Figure(figsize=size, dpi=72 * SHARPNESS, facecolor="white")

    def leave(self, points: int) -> None:
        self._top -= points

    def write(self, lines: Sequence[str], line_height: int, **style: Any) -> None:
        for line in lines:
            self.leave(line_height)
            self._figure.text(MARGIN / WIDTH, (self._top + 4) / self.height, line, **style)

    def plot(self) -> "Axes":
        self.leave(ABOVE_PLOT + HEIGHT)
        place = (
            PLOT_LEFT / WIDTH,
            self._top / self.height,
            WIDE / WIDTH,
            HEIGHT / self.height,
        )
        self.leave(ROUNDS_BELOW)
        return self._figure.add_axes(place)

    def png(self) -> bytes:
        file = io.BytesIO()
        self._figure.savefig(file, format="png", metadata={"Software": None})
        return file.getvalue()


def _key(series: Sequence[Series]) -> list[str]:
    points = [point for each in series for point in each.points]
    lines = []
    if any(isinstance(point, Share) for point in points):
        lines.append("Dot: share who agree. Shaded: its 95 % interval.")
    if Verdict.HIGH in points or Verdict.LOW in points:
        lines.append("Open bar: 80 % or more, or 20 % or less; no closer.")
    if Verdict.WITHHELD in points:
        lines.append(f"Hatched: {TOO_FEW}.")
    return lines
