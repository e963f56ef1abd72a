"""The questions of the pulse: what they are, and that everything is asked in its turn."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.quarters import Quarter
from bot.questions import CYCLE, PATH, Own, Question, bank, of_round
from bot.scales import Scale

ROOT = Path(__file__).parent.parent.parent
Q3 = Quarter(2026, 3)
ITEMS = [question for driver in bank().drivers for question in driver.questions]
EVERYTHING = [*ITEMS, bank().mission, bank().recommend]


def asked(number: int, own: list[Own] | None = None) -> list[Question]:
    return of_round(number, quarter=Q3, before=Q3, own=own or [])


def own(*numbers: int) -> list[Own]:
    return [Own(number, Question(f"own-{number}", f"Question {number}?")) for number in numbers]


def test_there_are_nine_drivers_with_three_items_each() -> None:
    assert len(bank().drivers) == 9
    assert {len(driver.questions) for driver in bank().drivers} == {3}
    assert len(EVERYTHING) == 29


def test_it_says_that_it_is_not_validated() -> None:
    assert bank().label == "not psychometrically validated"


def test_agreement_has_five_points_and_each_question_its_scale() -> None:
    assert bank().agreement[0] == "strongly disagree"
    assert bank().agreement[-1] == "strongly agree"
    assert len(bank().agreement) == len(Scale.AGREEMENT.merits) == 5
    assert bank().recommend.scale is Scale.RECOMMEND
    assert {question.scale for question in ITEMS} == {Scale.AGREEMENT}


def test_slugs_and_texts_are_there_once() -> None:
    assert len({question.slug for question in EVERYTHING}) == len(EVERYTHING)
    assert len({question.text for question in EVERYTHING}) == len(EVERYTHING)


# Whoever changes a slug parts a question from its results.
SLUGS = [
    "clarity-restate",
    "clarity-benefit",
    "clarity-decline",
    "alignment-trace",
    "alignment-other",
    "alignment-conflict",
    "autonomy-how",
    "autonomy-approval",
    "autonomy-checks",
    "recognition-timely",
    "recognition-specific",
    "recognition-impact",
    "collaboration-help",
    "collaboration-information",
    "collaboration-handover",
    "leadership-reasons",
    "leadership-promises",
    "leadership-bad-news",
    "learning-early",
    "learning-blame",
    "learning-changed",
    "innovation-time",
    "innovation-answer",
    "innovation-experiment",
    "satisfaction-load",
    "satisfaction-energy",
    "satisfaction-glad",
    "mission-moved",
    "recommend",
]


def test_slugs_stay_what_they_are() -> None:
    assert [question.slug for question in EVERYTHING] == SLUGS


@pytest.mark.parametrize("question", EVERYTHING, ids=lambda question: str(question.slug))
def test_a_question_is_short_and_plain(question: Question) -> None:
    assert len(question.text) <= 80
    assert len(question.text.split()) <= 16
    assert not re.search(r"[;:!/()]| and/or |\be\.g\.", question.text)
    assert question.text[-1] in ".?"
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", question.slug)
    assert question.slug.startswith(question.driver)


@given(st.integers(1, 10_000))
def test_any_nine_weeks_in_a_row_ask_every_item_once(first: int) -> None:
    rounds = [asked(first + week) for week in range(CYCLE)]
    counted = Counter(question for each in rounds for question in each)
    assert counted == Counter(ITEMS) + Counter({bank().mission: CYCLE})


@given(st.integers(1, 10_000))
def test_a_week_asks_three_drivers_and_each_driver_comes_every_third_week(number: int) -> None:
    drivers = [{q.driver for q in asked(number + week) if q.driver} for week in range(4)]
    assert [len(each) for each in drivers] == [3, 3, 3, 3]
    assert len(drivers[0] | drivers[1] | drivers[2]) == 9
    assert drivers[3] == drivers[0]
    assert [question.slug for question in asked(number)][3:] == ["mission-moved"]


def test_who_recommends_is_asked_in_the_first_round_of_a_quarter() -> None:
    quarters = [Q3, Q3, Q3.after, Q3.after, Q3.after.after]
    rounds = [
        of_round(number, quarter=quarter, before=before)
        for number, (before, quarter) in enumerate(
            zip([None, *quarters[:-1]], quarters, strict=True), start=1
        )
    ]
    assert [bank().recommend in each for each in rounds] == [True, False, True, False, True]
    assert rounds[0][-1] == bank().recommend


@given(st.lists(st.integers(1, 9), unique=True, max_size=9), st.integers(1, 1000))
def test_own_questions_are_asked_once_a_cycle_and_one_a_week(
    numbers: list[int], first: int
) -> None:
    mine = own(*numbers)
    rounds = [asked(first + week, mine) for week in range(CYCLE)]
    assert {len(each) for each in rounds} <= {4, 5}
    counted = Counter(question for each in rounds for question in each)
    assert all(counted[each.question] == 1 for each in mine)


@given(st.lists(st.integers(1, 60), unique=True, min_size=1, max_size=20), st.integers(1, 1000))
def test_more_of_them_share_weeks_and_each_keeps_its_own_when_others_go(
    numbers: list[int], first: int
) -> None:
    mine = own(*numbers)
    rounds = [asked(first + week, mine) for week in range(CYCLE)]
    counted = Counter(question for each in rounds for question in each)
    assert all(counted[each.question] == 1 for each in mine)
    for week, each in enumerate(rounds):
        fewer = asked(first + week, list(reversed(mine[1:])))
        assert fewer == [question for question in each if question != mine[0].question]


def test_own_questions_stand_before_the_one_about_the_mission() -> None:
    weeks = [asked(number, own(1, 10)) for number in range(1, 10)]
    (week,) = [each for each in weeks if len(each) == 6]
    assert [question.slug for question in week[3:]] == ["own-1", "own-10", "mission-moved"]


@pytest.mark.parametrize("number", [0, -1])
def test_there_is_no_round_before_the_first(number: int) -> None:
    with pytest.raises(ValueError, match="from 1 on"):
        asked(number)


def test_the_file_is_found_from_another_folder(tmp_path: Path) -> None:
    assert PATH.is_absolute()
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from bot.questions import bank\n"
        "print(bank().mission.slug)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "mission-moved\n"
