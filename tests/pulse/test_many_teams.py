"""A round of very many teams closes without anybody waiting for it."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from bot import closing, disclosure, estimates
from bot.blocks import results
from bot.disclosure import Answers, Turnout
from bot.rounds import Round
from bot.scales import Scale
from bot.tenancy import team_bound
from tests.kernel.test_trend import MISSION, OTHER, closed
from tests.pulse.poll import INVITED, Poll
from tests.support import TEAM


def of_teams(many: int) -> Round:
    """A round that closed with the figures of so many teams."""
    names = [str(number) for number in range(many)]
    tallies = {name: Answers(9, (1, 2, 2, 3, 1)) for name in names}
    shown = disclosure.stored(disclosure.shown(tallies, Scale.AGREEMENT, k=5))
    turnout = disclosure.shown_turnout({name: Turnout(9, 9) for name in names}, k=5)
    with team_bound(TEAM):
        found = closed(3, (0, 4, 0, 8, 0))
    found.result = {
        "questions": {MISSION.slug: shown, OTHER.slug: shown},
        "turnout": disclosure.stored(turnout),
    }
    return found


@pytest.mark.parametrize("many", [1, 300])
def test_what_is_said_of_a_team_is_made_of_its_own_figures_alone(
    many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    restored: list[object] = []
    one, whole = disclosure.restored_figure, of_teams(many)

    def counted(figure: Any) -> disclosure.Figure:
        restored.append(figure)
        return one(figure)

    monkeypatch.setattr(results, "restored_figure", counted)
    monkeypatch.setattr(disclosure, "restored_figure", counted)
    said = str(results.of_team(whole, "0", called="Blue"))
    assert "9 of 9 answered (100 %)." in said
    assert said.count("44 % agree") == 2
    assert len(restored) == 2  # one for each question


async def test_whoever_taps_meanwhile_does_not_wait_for_the_figures(
    poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def watched(function: Callable[..., Any]) -> Callable[..., Any]:
        def watching(*given: Any) -> Any:
            threads.append(threading.current_thread())
            return function(*given)

        return watching

    monkeypatch.setattr(closing, "result", watched(closing.result))
    monkeypatch.setattr(estimates, "judged", watched(estimates.judged))
    await poll.answer_all(INVITED)
    await poll.close()
    assert len(threads) == 2
    assert threading.current_thread() not in threads
