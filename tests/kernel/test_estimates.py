"""Figures and their uncertainty: against published values, another library, and in general."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)

from bot.aside import aside, end_aside
from bot.estimates import (
    Difference,
    Direction,
    Estimate,
    changes,
    difference_of_shares,
    favourable_share,
    holm,
    recommend_score,
)
from bot.scales import Tally
from bot.shares import Z

COUNTS = st.integers(0, 40)
TALLIES = st.tuples(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS).filter(any)
VOTES = st.tuples(*[st.integers(0, 20)] * 11).filter(any)
P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=12)


def close(expected: object, abs: float = 1e-9) -> Any:
    return pytest.approx(expected, rel=1e-9, abs=abs)


def agreed(favourable: int, *, of: int) -> Tally:
    return (0, 0, of - favourable, favourable, 0)


def answers(tally: Tally, lowest: int = 1) -> list[float]:
    return [float(point) for point, many in enumerate(tally, lowest) for _ in range(many)]


@pytest.mark.parametrize(
    ("favourable", "n", "low", "high"), [(15, 20, 53.1, 88.8), (4, 5, 37.6, 96.4)]
)
def test_the_favourable_share_has_the_published_interval(
    favourable: int, n: int, low: float, high: float
) -> None:
    share = favourable_share(agreed(favourable, of=n))
    assert share.share == favourable / n
    assert share.low * 100 == close(low, abs=0.05)
    assert share.high * 100 == close(high, abs=0.05)


def test_only_agreeing_is_favourable() -> None:
    assert favourable_share((1, 1, 2, 3, 3)).share == 0.6


@given(TALLIES)
def test_the_share_is_as_another_library_has_it(tally: Tally) -> None:
    share = favourable_share(tally)
    low, high = proportion_confint(tally[3] + tally[4], sum(tally), method="wilson")
    assert (share.low, share.high) == (close(low), close(high))


def test_the_recommend_score_has_its_interval() -> None:
    # p = 0.5, d = 0.2, n = 20: SE = 100 sqrt[(0.7 - 0.09) / 20] = 17.464.
    found = recommend_score((1, 0, 0, 0, 0, 1, 2, 3, 3, 6, 4))
    assert found is not None
    assert found.value == close(30)
    assert found.high - found.value == close(1.96 * 17.464, abs=0.01)


@given(VOTES)
def test_the_score_is_the_mean_of_minus_100_0_and_100(tally: Tally) -> None:
    found = recommend_score(tally)
    counted = np.array([-100.0] * sum(tally[:7]) + [0.0] * sum(tally[7:9]))
    counted = np.append(counted, [100.0] * sum(tally[9:]))
    if found is None:
        assert counted.std() == 0
        return
    half = Z * counted.std() / math.sqrt(len(counted))
    assert found.value == close(counted.mean())
    assert found.low == close(max(-100, counted.mean() - half))
    assert found.high == close(min(100, counted.mean() + half))


def test_the_difference_of_shares_has_the_published_interval() -> None:
    # Newcombe, R. G. (1998). Statistics in Medicine 17, 873-890, table II, method 10: 56/70, 48/80.
    found = difference_of_shares(agreed(48, of=80), agreed(56, of=70))
    assert found.change.value == close(0.2)
    assert found.change.low == close(0.0524, abs=5e-5)
    assert found.change.high == close(0.3339, abs=5e-5)


@given(TALLIES, TALLIES)
def test_the_difference_of_shares_is_as_another_library_has_it(was: Tally, now: Tally) -> None:
    found = difference_of_shares(was, now)
    agree = [now[3] + now[4], was[3] + was[4]]
    n = [sum(now), sum(was)]
    low, high = confint_proportions_2indep(
        agree[0], n[0], agree[1], n[1], method="newcomb", compare="diff"
    )
    assert (found.change.low, found.change.high) == close((low, high))
    if sum(agree) in (0, sum(n)):
        assert found.p == 1
    else:
        assert found.p == close(proportions_ztest(agree, n)[1])


@given(TALLIES, TALLIES)
def test_the_other_way_round_a_difference_is_mirrored(was: Tally, now: Tally) -> None:
    there, back = difference_of_shares(was, now), difference_of_shares(now, was)
    assert there.change.value == -back.change.value
    assert there.change.low == close(-back.change.high)
    assert there.p == back.p
    assert there.change.low <= there.change.value <= there.change.high


def test_ten_points_of_share_are_large_and_less_is_not() -> None:
    assert difference_of_shares(agreed(12, of=20), agreed(14, of=20)).is_large  # 0.6 to 0.7
    assert difference_of_shares(agreed(14, of=20), agreed(12, of=20)).is_large
    assert not difference_of_shares(agreed(600, of=1000), agreed(699, of=1000)).is_large


def test_a_change_is_one_only_where_it_is_both_large_and_beyond_chance() -> None:
    def judged(was: Tally, now: Tally) -> Direction:
        return changes([difference_of_shares(was, now)])[0].direction

    assert judged(agreed(80, of=200), agreed(120, of=200)) is Direction.UP
    assert judged(agreed(120, of=200), agreed(80, of=200)) is Direction.DOWN
    assert judged(agreed(4, of=10), agreed(6, of=10)) is Direction.UNCLEAR  # by chance
    assert judged(agreed(5000, of=10000), agreed(5900, of=10000)) is Direction.UNCLEAR  # small


def test_what_is_looked_at_together_is_corrected_together() -> None:
    clear = difference_of_shares(agreed(20, of=50), agreed(31, of=50))
    assert 0.025 < clear.p < 0.05
    same = difference_of_shares(agreed(20, of=50), agreed(20, of=50))
    alone = changes([clear])
    assert [each.direction for each in alone] == [Direction.UP]
    beside = changes([same, clear])
    assert [each.direction for each in beside] == [Direction.UNCLEAR, Direction.UNCLEAR]
    assert beside[1].change == clear.change
    assert changes([]) == []


def test_holms_correction_is_the_published_one() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == close([0.03, 0.06, 0.06, 0.02])


@given(P_VALUES)
@settings(max_examples=25)  # the other library takes its time
def test_holms_correction_is_as_another_library_has_it(p_values: list[float]) -> None:
    there = multipletests(p_values, method="holm")[1]
    assert holm(p_values) == close(list(there))


@given(P_VALUES)
def test_a_correction_never_makes_anything_surer_and_keeps_the_order(p_values: list[float]) -> None:
    corrected = holm(p_values)
    assert all(was <= now <= 1 for was, now in zip(p_values, corrected, strict=True))
    pairs = sorted(zip(p_values, corrected, strict=True))
    assert [now for _, now in pairs] == sorted(corrected)


@given(TALLIES, st.integers(2, 5))
def test_an_interval_narrows_the_more_people_there_are(tally: Tally, times: int) -> None:
    more: Tally = tuple(many * times for many in tally)
    few, many = favourable_share(tally), favourable_share(more)
    assert many.high - many.low < few.high - few.low
    assert many.share == few.share


def test_nobody_has_no_figure() -> None:
    with pytest.raises(ValueError, match="nobody answered"):
        favourable_share((0, 0, 0, 0, 0))
    with pytest.raises(ValueError, match="no tally of agreement"):
        favourable_share((1, 0, 0))
    with pytest.raises(ValueError, match="nobody answered"):
        recommend_score((0,) * 11)


async def test_the_figures_can_be_made_aside() -> None:
    was, now = agreed(3, of=10), agreed(6, of=10)
    found = await aside(difference_of_shares, was, now)
    assert isinstance(found, Difference)
    assert found == difference_of_shares(was, now)
    assert await aside(changes, [found]) == changes([found])
    assert isinstance(found.change, Estimate)
    await end_aside()
