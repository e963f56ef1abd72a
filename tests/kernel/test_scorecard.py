"""Scorecards: figures that no order of people changes, and what is missing is no zero."""

import random
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import scorecard
from bot.db import Database
from bot.errors import UserError
from bot.scorecard import Figure, Points, count
from tests.support import TEAM

CARE, CANDOUR, PACE = 11, 12, 13
VALUES = (CARE, CANDOUR, PACE)
CELLS = [(item, value) for item in range(3) for value in VALUES]
SHEET = st.dictionaries(st.sampled_from(CELLS), st.integers(0, 5))
WEIGHTS = st.fixed_dictionaries({value: st.integers(0, 9) for value in VALUES})


def by_hand(sheets: list[Points], item: int, weights: dict[int, int]) -> list[float]:
    """Each person's weighted mean of an item."""
    means = []
    for sheet in sheets:
        pairs = [(weights[v], sheet[item, v]) for v in VALUES if (item, v) in sheet]
        if sum(weight for weight, _ in pairs):
            total = sum(weight * points for weight, points in pairs)
            means.append(total / sum(weight for weight, _ in pairs))
    return means


@given(st.lists(SHEET, max_size=12), WEIGHTS)
def test_an_item_stands_where_the_people_s_own_means_are(
    sheets: list[Points], weights: dict[int, int]
) -> None:
    counted = count(sheets, items=3, weights=weights)
    for item, figure in enumerate(counted.items):
        means = by_hand(sheets, item, weights)
        assert figure.people == len(means)
        assert figure.mean == (pytest.approx(fmean(means)) if means else None)
        assert figure.spread == (pytest.approx(stdev(means), abs=1e-9) if len(means) > 1 else None)
        assert figure.mean is None or 0 <= figure.mean <= 5


@given(st.lists(SHEET, max_size=12), WEIGHTS, st.randoms(use_true_random=False))
def test_the_order_of_people_changes_nothing(
    sheets: list[Points], weights: dict[int, int], chance: random.Random
) -> None:
    before = count(sheets, items=3, weights=weights)
    chance.shuffle(sheets)
    assert count(sheets, items=3, weights=weights) == before


@given(st.lists(SHEET, max_size=12), WEIGHTS, st.integers(0, 5))
def test_a_value_of_no_weight_counts_for_nothing(
    sheets: list[Points], weights: dict[int, int], points: int
) -> None:
    weightless = {**weights, PACE: 0}
    before = count(sheets, items=3, weights=weightless)
    told = [{**sheet, (0, PACE): points} if sheet else sheet for sheet in sheets]
    assert count(told, items=3, weights=weightless).items == before.items


@given(st.lists(SHEET, max_size=12), WEIGHTS)
def test_who_gave_nothing_changes_nothing(sheets: list[Points], weights: dict[int, int]) -> None:
    before = count(sheets, items=3, weights=weights)
    assert count([*sheets, {}], items=3, weights=weights) == before
    assert before.people == sum(bool(sheet) for sheet in sheets)


def test_what_is_left_open_is_no_zero() -> None:
    counted = count([{(0, CARE): 4}], items=2, weights={CARE: 2, CANDOUR: 1})
    assert counted.items == [Figure(1, 4.0), Figure()]
    assert counted.cells[0, CANDOUR] == Figure()


def test_an_item_says_how_far_people_disagree() -> None:
    far = count([{(0, CARE): 0}, {(0, CARE): 5}], items=1, weights={CARE: 1}).items[0]
    near = count([{(0, CARE): 3}, {(0, CARE): 3}], items=1, weights={CARE: 1}).items[0]
    assert far.mean == 2.5
    assert far.spread == pytest.approx(5 / 2**0.5)
    assert (near.mean, near.spread) == (3.0, 0.0)


async def test_each_person_is_on_a_card_once_and_can_take_it_all_back(database_url: str) -> None:
    database = Database.open(database_url)

    async def give(person: str, points: Points) -> dict[str, Points]:
        await database.write(
            TEAM,
            lambda session: scorecard.give(
                session, "decision:1", points, person=person, items=2, values=VALUES
            ),
        )
        return await database.read(TEAM, lambda session: scorecard.given(session, "decision:1"))

    try:
        assert await give("U1", {(0, CARE): 2}) == {"U1": {(0, CARE): 2}}
        assert await give("U1", {(1, PACE): 5}) == {"U1": {(1, PACE): 5}}
        assert await give("U2", {(0, CARE): 0}) == {"U1": {(1, PACE): 5}, "U2": {(0, CARE): 0}}
        assert await give("U1", {}) == {"U2": {(0, CARE): 0}}
        for wrong in ({(0, CARE): 6}, {(0, CARE): -1}, {(2, CARE): 1}, {(0, 99): 1}):
            with pytest.raises(UserError):
                await give("U2", wrong)
        assert await give("U3", {}) == {"U2": {(0, CARE): 0}}
    finally:
        database.close()
