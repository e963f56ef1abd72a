"""Intervals of shares, against published values and in general."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.shares import Z, effective_number, wilson

SHARES = st.floats(0, 1)
NUMBERS = st.floats(0.5, 1e7)
WEIGHTS = st.lists(st.integers(1, 1000), min_size=1, max_size=60)


def kish(weights: list[int]) -> float:
    total = sum(weights)
    return effective_number(total=total, squares=sum(w * w for w in weights), count=total)


def test_the_normal_distribution_is_taken_at_95_percent() -> None:
    assert pytest.approx(1.959964, abs=1e-6) == Z


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [
        (15, 20, 53.1, 88.8),
        (4, 5, 37.6, 96.4),
        # Newcombe, R. G. (1998). Statistics in Medicine 17, 857-872, table I, method 3.
        (81, 263, 25.53, 36.62),
        (15, 148, 6.24, 16.05),
        (0, 20, 0.00, 16.11),
        (1, 29, 0.61, 17.18),
    ],
)
def test_the_interval_is_the_published_one(hits: int, n: int, low: float, high: float) -> None:
    share = wilson(hits / n, n=n)
    assert share.low * 100 == pytest.approx(low, abs=0.05)
    assert share.high * 100 == pytest.approx(high, abs=0.05)


@pytest.mark.parametrize("n", [1, 2, 5, 20, 1000, 1e9])
def test_none_and_all_have_an_interval_on_one_side_only(n: float) -> None:
    none, every = wilson(0, n=n), wilson(1, n=n)
    assert none.low == 0
    assert none.high == pytest.approx(Z**2 / (n + Z**2))
    assert every.high == 1
    assert every.low == pytest.approx(n / (n + Z**2))


@given(SHARES, NUMBERS)
def test_the_interval_holds_the_share_and_stays_within_0_and_1(share: float, n: float) -> None:
    found = wilson(share, n=n)
    assert 0 <= found.low <= share <= found.high <= 1
    assert found.low < found.high


@given(SHARES, NUMBERS, st.floats(1.01, 100))
def test_the_interval_narrows_the_more_there_is(share: float, n: float, factor: float) -> None:
    fewer, more = wilson(share, n=n), wilson(share, n=n * factor)
    assert more.high - more.low < fewer.high - fewer.low


@given(SHARES, NUMBERS)
def test_the_other_share_has_the_mirrored_interval(share: float, n: float) -> None:
    one, other = wilson(share, n=n), wilson(1 - share, n=n)
    assert one.low == pytest.approx(1 - other.high, abs=1e-9)


@pytest.mark.parametrize(("share", "n"), [(0.5, 0), (0.5, -1), (-0.1, 5), (1.1, 5)])
def test_a_share_of_nothing_is_none(share: float, n: float) -> None:
    with pytest.raises(ValueError, match="share"):
        wilson(share, n=n)


@given(st.integers(1, 1000), st.integers(1, 60))
def test_givers_who_gave_alike_count_one_each(each: int, givers: int) -> None:
    assert kish([each] * givers) == pytest.approx(givers)


@given(WEIGHTS)
def test_the_effective_number_is_between_one_and_how_many_gave(weights: list[int]) -> None:
    assert 1 <= kish(weights) <= len(weights) + 1e-9
    assert kish(weights) <= sum(weights)


def test_one_giver_of_nearly_everything_counts_as_nearly_one() -> None:
    assert kish([97, 1, 1, 1]) == pytest.approx(1.063, abs=0.001)


def test_it_is_never_more_than_the_cases() -> None:
    # Ten pairs of twenty people are ten cases.
    assert effective_number(total=20, squares=20, count=10) == 10


def test_nothing_has_no_effective_number() -> None:
    with pytest.raises(ValueError, match="nothing"):
        effective_number(total=0, squares=0, count=0)
