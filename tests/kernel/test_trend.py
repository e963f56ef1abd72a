"""What is drawn of the weekly rounds: what was shown of them, unless that says little."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot import disclosure, wholes
from bot.blocks import kit, trend
from bot.blocks.trend import Trend, of_mission
from bot.clipping import Verdict
from bot.db import Database
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
    """A weekly round that closed with these answers to each of its questions, and has no key."""
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
        key_destroyed_at=T0,
    )


@pytest.fixture
async def crowded(database: Database) -> Database:
    """With rounds that do not count: another workspace's, an owner's, and one that is open."""

    def keep(session: Session) -> None:
        asked, still_open = closed(900, ALL), closed(901, ALL)
        asked.kind, still_open.key_destroyed_at = Kind.ASKED, None
        session.add_all([asked, still_open])

    await database.write(TEAM, keep)
    await database.write("T0THEIRS", lambda session: session.add(closed(902, ALL)))
    return database


async def trend_of(database: Database, *weekly: Round, zone: ZoneInfo = LISBON) -> Trend | None:
    """The trend once there are these rounds as well."""
    await database.write(TEAM, lambda session: session.add_all(weekly))
    return await database.read(TEAM, lambda session: asked_for(session, zone))


def asked_for(session: Session, zone: ZoneInfo) -> Trend | None:
    latest_first = wholes.last(session, Kind.WEEKLY, MISSION.slug, most=trend.MOST)
    return of_mission(latest_first, zone=zone)


async def of(database: Database, *tallies: tuple[int, ...]) -> Trend | None:
    """The trend of rounds with these answers, the oldest first."""
    weekly = (closed(number, tally) for number, tally in enumerate(tallies))
    return await trend_of(database, *weekly)


async def test_a_point_is_what_was_shown_of_the_round(crowded: Database) -> None:
    found = await of(crowded, SOME, FEW, ALL)
    assert found is not None
    assert found.rounds == ("5 Jan", "12 Jan", "19 Jan")
    assert found.series.label == MISSION.text
    assert found.series.points == (wilson(8 / 12, n=12), Verdict.WITHHELD, Verdict.HIGH)
    assert found.words.endswith("67 % (39–86), 12 Jan too few to say, 19 Jan 80 % or more.")
    assert trend.note(found) == [kit.note(found.words)]


@pytest.mark.parametrize(
    "tallies", [[], [SOME], [FEW, SOME], [SOME, SOME, FEW], [SOME, SOME, NOBODY], [NOBODY] * 3]
)
async def test_where_it_says_little_there_is_none(
    crowded: Database, tallies: list[tuple[int, ...]]
) -> None:
    assert await of(crowded, *tallies) is None
    assert trend.note(None) == []


async def test_the_days_are_those_of_the_organisations_zone(crowded: Database) -> None:
    found = await trend_of(crowded, closed(1, SOME), closed(0, SOME), zone=SEOUL)
    assert found is not None
    assert found.rounds == ("6 Jan", "13 Jan")


async def test_rounds_that_asked_in_other_words_are_left_out(crowded: Database) -> None:
    reworded = Question(MISSION.slug, "Did we move?")
    first, unasked = closed(0, SOME), closed(1, SOME, OTHER)
    assert await trend_of(crowded, first, unasked) is None
    found = await trend_of(crowded, closed(2, SOME, reworded), closed(3, SOME))
    assert found is not None
    assert found.rounds == ("5 Jan", "26 Jan")


async def test_it_goes_back_half_a_year_and_its_words_are_never_too_long_for_slack(
    crowded: Database,
) -> None:
    found = await of(crowded, *[FEW] * 20, *[SOME] * 30)
    assert found is not None
    assert len(found.series.points) == 26
    assert len(found.words) <= ALT_LIMIT
    assert len(found.words) <= len(kit.note(found.words)["elements"][0]["text"])
