"""What is drawn of the weekly rounds: what was shown of them, unless that says little."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot import disclosure
from bot.blocks import kit, trend
from bot.blocks.trend import Trend, of_mission
from bot.clipping import Verdict
from bot.disclosure import Answers
from bot.playground.uploading import ALT_LIMIT
from bot.questions import Question, bank
from bot.rounds import Kind, Round
from bot.scales import Scale
from bot.shares import wilson
from bot.tenancy import team_bound
from tests.support import T0, TEAM

LISBON, SEOUL = ZoneInfo("Europe/Lisbon"), ZoneInfo("Asia/Seoul")
MISSION = bank().mission
OTHER = Question("other", "Something else.")
FEW, NOBODY, ALL = (0, 0, 0, 4, 0), (0, 0, 0, 0, 0), (0, 0, 0, 12, 0)
SOME = (0, 4, 0, 8, 0)


@pytest.fixture(autouse=True)
def bound() -> Iterator[None]:
    with team_bound(TEAM):
        yield


def closed(number: int, tally: tuple[int, ...], *asked: Question) -> Round:
    """A weekly round that closed with these answers to each of its questions."""
    questions = asked or (MISSION, OTHER)
    figures = {
        one.slug: disclosure.shown({"none": Answers(18, tally)}, Scale.AGREEMENT, k=5)
        for one in questions
    }
    stored: dict[str, Any] = {slug: disclosure.stored(each) for slug, each in figures.items()}
    return Round(
        kind=Kind.WEEKLY,
        number=number,
        questions=[
            {"slug": one.slug, "text": one.text, "scale": one.scale, "driver": one.driver}
            for one in questions
        ],
        quarter="2026-Q1",
        opened_at=T0,
        closes_at=T0 + timedelta(days=7 * number, hours=9),
        fewest_scores=5,
        fewest_comments=8,
        result={"questions": stored},
    )


def of(*tallies: tuple[int, ...]) -> Trend | None:
    """The trend of rounds with these answers, the oldest first."""
    weekly = [closed(number, tally) for number, tally in enumerate(tallies)]
    return of_mission(weekly[::-1], zone=LISBON)


def test_a_point_is_what_was_shown_of_the_round() -> None:
    found = of(SOME, FEW, ALL)
    assert found is not None
    assert found.rounds == ("5 Jan", "12 Jan", "19 Jan")
    assert found.series.label == MISSION.text
    assert found.series.points == (wilson(8 / 12, n=12), Verdict.WITHHELD, Verdict.HIGH)
    assert found.words.endswith("67 % (39–86), 12 Jan too few to say, 19 Jan 80 % or more.")
    assert trend.note(found) == [kit.note(found.words)]


@pytest.mark.parametrize(
    "tallies", [[], [SOME], [FEW, SOME], [SOME, SOME, FEW], [SOME, SOME, NOBODY], [NOBODY] * 3]
)
def test_where_it_says_little_there_is_none(tallies: list[tuple[int, ...]]) -> None:
    assert of(*tallies) is None
    assert trend.note(None) == []


def test_the_days_are_those_of_the_organisations_zone() -> None:
    weekly = [closed(number, SOME) for number in (1, 0)]
    found = of_mission(weekly, zone=SEOUL)
    assert found is not None
    assert found.rounds == ("6 Jan", "13 Jan")


def test_rounds_that_asked_in_other_words_are_left_out() -> None:
    reworded = Question(MISSION.slug, "Did we move?")
    weekly = [closed(3, SOME), closed(2, SOME, reworded), closed(1, SOME, OTHER), closed(0, SOME)]
    found = of_mission(weekly, zone=LISBON)
    assert found is not None
    assert found.rounds == ("5 Jan", "26 Jan")
    assert of_mission(weekly[2:], zone=LISBON) is None


def test_it_goes_back_half_a_year_and_its_words_are_never_too_long_for_slack() -> None:
    found = of(*[FEW] * 20, *[SOME] * 30)
    assert found is not None
    assert len(found.series.points) == 26
    assert len(found.words) <= ALT_LIMIT
    assert len(found.words) <= len(kit.note(found.words)["elements"][0]["text"])
