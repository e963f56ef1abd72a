"""What a person is told of earlier rounds: when each one's key was destroyed, and all erased."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.blocks.pulse import privacy
from bot.tenancy import team_bound
from tests.kernel.test_trend import closed
from tests.reading import text_of
from tests.support import T0, TEAM

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture(autouse=True)
def bound() -> Iterator[None]:
    with team_bound(TEAM):
        yield


@pytest.mark.parametrize(
    ("erased_after", "says"),
    [
        (timedelta(minutes=5), "all erased on the same day"),
        (timedelta(days=1), "all erased on {later}"),
        (None, "what is left is being erased"),
    ],
)
def test_of_an_earlier_round_it_says_since_when_nothing_leads_to_anybody(
    erased_after: timedelta | None, says: str
) -> None:
    one = closed(3, (0, 4, 0, 8, 0))
    one.erased_at = T0 + erased_after if erased_after else None
    when, later = (
        f"{at.astimezone(SEOUL):%A %-d %B, %H:%M}" for at in (T0, T0 + timedelta(days=1))
    )
    said = text_of(privacy([], [one], zone=SEOUL))
    assert "No round is open for you, so no answer of yours is stored." in said
    assert f"Pulse 3: key destroyed on {when}" in said
    assert says.format(later=later) in said
