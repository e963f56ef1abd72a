"""One panel of a trend: a line with its band, and in words what is no line.

Nothing is told by colour alone: what is hatched or clipped says so where there is room.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from bot.clipping import Verdict
from bot.shares import Share

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TOO_FEW = "too few to say"
WIDE, HEIGHT = 276, 84  # points
SMALL = 9.5  # size of words
INK, QUIET, BAND, GRID, HATCH, PALE = (
    "#12344d", "#4a5863", "#a9c9e2", "#d9dee2", "#b9c1c7", "#f4f5f6"
)  # fmt: skip
LABELS_ACROSS = 5
NARROWEST_FOR_WORDS = 12  # points, for words that stand upright
EDGE = 0.4  # of a round, to either side of its middle
CROWD = 26  # rounds, from which on their dots are small

Point = Share | Verdict  # what is shown of a round: a share, which end it is clipped to, or nothing


def in_words(point: Point) -> str:
    """Return what is shown of a round, in whole percent; the interval stands in brackets."""
    if isinstance(point, Share):
        return f"{_percent(point.share)} % ({_percent(point.low)}–{_percent(point.high)})"
    return {Verdict.HIGH: "80 % or more", Verdict.LOW: "20 % or less"}.get(point, TOO_FEW)


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"


def draw(axes: "Axes", rounds: Sequence[str], points: Sequence[Point]) -> None:
    """Draw what is shown of each round into axes as wide and high as this file says."""
    _furnish(axes, rounds)
    start = 0
    for kind, run in groupby(points, key=_kind):
        same = list(run)
        places = range(start, start + len(same))
        if kind is None:
            _line(axes, places, [point for point in same if isinstance(point, Share)])
        elif kind is Verdict.WITHHELD:
            _gap(axes, places, len(rounds))
        else:
            _clipped(axes, places, len(rounds), kind)
        start += len(same)
    if isinstance(latest := points[-1], Share):
        _name_latest(axes, len(rounds) - 1, latest)


def _kind(point: Point) -> Verdict | None:
    return None if isinstance(point, Share) else point


def _furnish(axes: "Axes", rounds: Sequence[str]) -> None:
    axes.set_xlim(-0.5, len(rounds) - 0.5)
    axes.set_ylim(0, 100)
    axes.set_yticks([0, 50, 100], ["0", "50", "100 %"], size=SMALL, color=QUIET)
    steps = min(LABELS_ACROSS, len(rounds)) - 1
    shown = sorted({round(step * (len(rounds) - 1) / max(1, steps)) for step in range(steps + 1)})
    axes.set_xticks(shown, [rounds[place] for place in shown], size=SMALL, color=QUIET)
    axes.tick_params(length=0, pad=4)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    for side in axes.spines.values():
        side.set_visible(False)


def _line(axes: "Axes", places: Sequence[int], shares: Sequence[Share]) -> None:
    low, high = [100 * each.low for each in shares], [100 * each.high for each in shares]
    if len(shares) == 1:  # a band of one round would have no width
        axes.vlines(places, low, high, color=BAND, linewidth=6)
    else:
        axes.fill_between(places, low, high, color=BAND, linewidth=0)
    axes.plot(
        places,
        [100 * each.share for each in shares],
        color=INK,
        linewidth=1.6,
        marker="o",
        markersize=4.5 if axes.get_xlim()[1] < CROWD else 2.5,
    )


def _name_latest(axes: "Axes", place: int, share: Share) -> None:
    axes.annotate(
        f"{_percent(share.share)} %",
        (place, 100 * share.share),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        size=SMALL,
        weight="bold",
        color=INK,
    )


def _gap(axes: "Axes", places: Sequence[int], rounds: int) -> None:
    _block(axes, places, 0, 100, facecolor=PALE, edgecolor=HATCH, hatch="////", linewidth=0)
    room = len(places) * WIDE / rounds
    _words(axes, places, TOO_FEW, 50, room=room, va="center")


def _clipped(axes: "Axes", places: Sequence[int], rounds: int, verdict: Verdict) -> None:
    bottom = 80 if verdict is Verdict.HIGH else 0
    _block(axes, places, bottom, 20, facecolor="white", edgecolor=INK, linewidth=1.2)
    words, room = in_words(verdict), len(places) * WIDE / rounds
    if _fits(words, room):
        _words(axes, places, words, bottom + 10, room=room, va="center")
    elif bottom:
        _words(axes, places, words, bottom - 4, room=room, va="top")
    else:
        _words(axes, places, words, 24, room=room, va="bottom")


def _block(axes: "Axes", places: Sequence[int], bottom: int, height: int, **style: Any) -> None:
    width = len(places) - 1 + 2 * EDGE
    axes.bar(places[0] - EDGE, height, width, bottom=bottom, align="edge", clip_on=False, **style)


def _fits(words: str, room: float) -> bool:
    return room > 0.6 * SMALL * len(words)


def _words(
    axes: "Axes", places: Sequence[int], words: str, height: int, *, room: float, va: str
) -> None:
    if room < NARROWEST_FOR_WORDS:
        return  # the key says it
    axes.text(
        (places[0] + places[-1]) / 2,
        height,
        words,
        size=SMALL,
        color=INK,
        ha="center",
        va=va,
        rotation=0 if _fits(words, room) else 90,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
    )
