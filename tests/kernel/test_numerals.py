"""Numbers below nought have a real minus sign wherever people read them."""

import pytest

from bot.blocks import results
from bot.clipping import Verdict
from bot.disclosure import Figure
from bot.numerals import rounded
from bot.questions import Question
from bot.scales import Scale

FRIEND = Question("friend", "Would you send a friend here?", Scale.RECOMMEND)


@pytest.mark.parametrize(
    ("number", "plain", "signed"),
    [
        (12.4, "12", "+12"),
        (-3.6, "−4", "−4"),
        (0.4, "0", "0"),
        (-0.4, "0", "0"),
        (-100.0, "−100", "−100"),
    ],
)
def test_a_number_is_rounded_and_signed(number: float, plain: str, signed: str) -> None:
    assert rounded(number) == plain
    assert rounded(number, signed=True) == signed


def test_a_score_below_nought_is_written_so() -> None:
    down = Figure(Verdict.FULL, (6, 0, 0, 0, 0, 0, 0, 3, 0, 3, 0))
    assert results.figure(down, FRIEND) == ("a score of −25", " (−72 to 22), 12 answers")
    assert results.figure(Figure(Verdict.LOW), FRIEND) == ("a score of −60 or less", "")
