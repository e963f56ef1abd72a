"""How the answers to the question about the mission went over the weekly rounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.blocks import kit
from bot.clipping import Verdict
from bot.disclosure import restored_figure
from bot.estimates import favourable_share
from bot.panels import Point
from bot.pictures import Series, told
from bot.wholes import Whole

MOST = 26  # rounds
FEWEST = 2  # of them say something
TITLE = "The mission, week by week"
FILE = "mission-week-by-week.png"
COMMENT = "The mission, week by week. The message above says it in words."


@dataclass(frozen=True)
class Trend:
    """What is drawn: a point for each round, the oldest first."""

    rounds: tuple[str, ...]
    series: Series

    @property
    def words(self) -> str:
        """Everything that is drawn, in words."""
        return told(TITLE, self.rounds, [self.series])


def of_mission(latest_first: Sequence[Whole], *, zone: ZoneInfo) -> Trend | None:
    """Return the share who agree in each of these rounds that asked in the same words.

    None where the latest says nothing of it, or fewer than two say something.
    """
    text = latest_first[0].text if latest_first else None
    if text is None:
        return None
    same = [one for one in reversed(latest_first) if one.text == text]
    points = tuple(map(_point, same))
    says = [point for point in points if point is not Verdict.WITHHELD]
    if points[-1] is Verdict.WITHHELD or len(says) < FEWEST:
        return None
    return Trend(tuple(_day(one, zone) for one in same), Series(text, points))


def note(trend: Trend | None) -> list[kit.Block]:
    """What the picture shows, in words, for the message that it stands below."""
    return [kit.note(trend.words)] if trend else []


def _point(one: Whole) -> Point:
    figure = restored_figure(one.figure)
    return figure.verdict if figure.tally is None else favourable_share(figure.tally)


def _day(one: Whole, zone: ZoneInfo) -> str:
    day = one.closes_at.astimezone(zone)
    return f"{day.day} {day:%b}"
