"""What may be shown of a round: the cases that the rules are made of."""

import json

import pytest

from bot.clipping import Part, Verdict, tells_no_more
from bot.disclosure import (
    Answers,
    Figure,
    Minimum,
    Shown,
    ShownTurnout,
    Turnout,
    comments_are_shown,
    has_changed,
    restored,
    restored_turnout,
    shown,
    shown_turnout,
    stored,
)
from bot.scales import Scale, Tally, merit

FULL, HIGH, LOW, WITHHELD = Verdict.FULL, Verdict.HIGH, Verdict.LOW, Verdict.WITHHELD


def agreed(favourable: int, *, of: int, invited: int | None = None) -> Answers:
    return Answers(of if invited is None else invited, (0, 0, of - favourable, favourable, 0))


def of(k: int = 5, /, **teams: Answers) -> Shown:
    return shown(teams, Scale.AGREEMENT, k=k)


def verdicts(found: Shown) -> dict[str, Verdict]:
    return {name: figure.verdict for name, figure in found.teams.items()}


def test_teams_that_reach_k_are_shown_and_the_whole_is() -> None:
    found = of(a=agreed(5, of=10), b=agreed(3, of=6))
    assert verdicts(found) == {"a": FULL, "b": FULL}
    assert found.whole == Figure(FULL, (0, 0, 8, 8, 0))
    assert found.teams["b"].tally == (0, 0, 3, 3, 0)


def test_below_k_nothing_is_shown_at_all() -> None:
    assert of(a=agreed(2, of=4)) == Shown()
    assert of(a=agreed(1, of=2), b=agreed(1, of=2)) == Shown()
    assert of() == Shown()


def test_small_teams_count_in_the_whole_and_together_where_that_reaches_k() -> None:
    found = of(a=agreed(5, of=10), b=agreed(1, of=3), c=agreed(1, of=2))
    assert verdicts(found) == {"a": FULL}
    assert found.smaller == Figure(FULL, (0, 0, 3, 2, 0))
    assert found.smaller_teams == ("b", "c")
    assert found.whole.tally == (0, 0, 8, 7, 0)


def test_where_too_few_remain_the_smallest_shown_team_is_withheld_too() -> None:
    found = of(a=agreed(5, of=10), b=agreed(3, of=6), c=agreed(1, of=3))
    assert verdicts(found) == {"a": FULL}
    assert found.smaller == Figure()
    assert found.smaller_teams == ()


def test_teams_of_the_same_size_are_withheld_by_name_and_not_by_what_they_said() -> None:
    one = of(a=agreed(2, of=6), b=agreed(3, of=6), d=agreed(1, of=3))
    other = of(a=agreed(3, of=6), b=agreed(2, of=6), d=agreed(1, of=3))
    assert list(one.teams) == list(other.teams) == ["a"]


def test_a_team_of_which_nobody_answered_is_not_left_over_alone() -> None:
    found = of(a=agreed(5, of=10), b=agreed(3, of=6), c=agreed(0, of=0, invited=4))
    assert verdicts(found) == {"a": FULL}  # else everybody knew that c did not answer


def test_a_team_without_anybody_keeps_nothing_from_being_shown() -> None:
    found = of(a=agreed(5, of=10), b=agreed(3, of=6), c=agreed(0, of=0))
    assert verdicts(found) == {"a": FULL, "b": FULL}


def test_only_who_answered_this_question_counts() -> None:
    found = of(a=agreed(5, of=10, invited=30), b=agreed(2, of=4, invited=30), c=agreed(4, of=8))
    assert verdicts(found) == {"a": FULL}


def test_k_can_be_raised_and_not_lowered() -> None:
    assert verdicts(of(8, a=agreed(5, of=10), b=agreed(4, of=8))) == {"a": FULL, "b": FULL}
    assert verdicts(of(8, a=agreed(5, of=10), b=agreed(4, of=7))) == {}
    assert Minimum(scores=7, comments=10).scores == 7
    for scores, comments in ((4, 8), (5, 7)):
        with pytest.raises(ValueError, match="at least 5 for scores and 8 for comments"):
            Minimum(scores=scores, comments=comments)


@pytest.mark.parametrize(
    ("favourable", "n", "verdict"),
    [
        (16, 20, HIGH),
        (15, 20, FULL),
        (20, 20, HIGH),
        (4, 20, LOW),
        (5, 20, FULL),
        (0, 20, LOW),
        (4, 5, HIGH),
        (3, 5, FULL),
        (1, 5, LOW),
        (27, 34, FULL),  # 79.4 %
    ],
)
def test_a_share_of_80_percent_or_more_or_20_or_less_is_clipped(
    favourable: int, n: int, verdict: Verdict
) -> None:
    found = of(a=agreed(favourable, of=n))
    assert found.whole.verdict is verdict
    assert found.whole == found.teams["a"]
    assert (found.whole.tally is None) == (verdict is not FULL)


def test_what_is_clipped_cannot_be_had_by_subtraction() -> None:
    # 18 of 30 minus 8 of 20 would be 10 of 10.
    found = of(a=agreed(8, of=20), b=agreed(10, of=10))
    assert found.whole.verdict is FULL
    assert verdicts(found) == {"b": HIGH}


def test_two_that_are_clipped_hide_each_other() -> None:
    found = of(a=agreed(8, of=20), b=agreed(9, of=10), c=agreed(9, of=10))
    assert verdicts(found) == {"a": FULL, "b": HIGH, "c": HIGH}  # 18 of 20: each 8, 9 or 10
    found = of(a=agreed(8, of=20), b=agreed(9, of=10), c=agreed(10, of=10))
    assert verdicts(found) == {"b": HIGH, "c": HIGH}  # 19 of 20: neither could be 8
    found = of(a=agreed(8, of=20), b=agreed(8, of=10), c=agreed(8, of=10))
    assert verdicts(found) == {"b": HIGH, "c": HIGH}  # 16 of 20: both are 8


def test_a_high_and_a_low_one_that_would_give_each_other_away_are_not_both_shown() -> None:
    # 12 of 20 can only be 10 and 2.
    found = of(a=agreed(10, of=10), b=agreed(2, of=10))
    assert found.whole.verdict is FULL
    assert found.teams == {}


def test_a_withheld_team_that_agreed_altogether_is_not_told_by_what_remains() -> None:
    found = of(a=agreed(8, of=20), b=agreed(6, of=6), c=agreed(3, of=3))
    assert found.teams == {}


def test_two_of_one_team_who_change_places_leave_its_figure_as_it_is() -> None:
    a, b, both = (
        merit(agreed(each[0], of=each[1]).tally, Scale.AGREEMENT)
        for each in ((8, 20), (9, 10), (17, 30))
    )
    whole, shown_in_full = Part(both, FULL, FULL), Part(a, FULL, FULL)
    assert not tells_no_more([shown_in_full, Part(b, WITHHELD, HIGH)], whole)  # 17 less 8
    assert tells_no_more([Part(a, WITHHELD, FULL), Part(b, WITHHELD, HIGH)], whole)


def test_where_all_recommend_or_none_the_score_is_clipped_too() -> None:
    def recommended(detractors: int, passives: int, promoters: int) -> Verdict:
        tally = (0, detractors, *(0,) * 5, passives, 0, 0, promoters)
        return shown({"a": Answers(20, tally)}, Scale.RECOMMEND, k=5).whole.verdict

    assert recommended(0, 0, 10) is HIGH
    assert recommended(1, 2, 7) is HIGH  # 60
    assert recommended(1, 3, 6) is FULL  # 50
    assert recommended(7, 2, 1) is LOW  # -60
    assert recommended(5, 0, 5) is FULL
    assert recommended(0, 10, 0) is WITHHELD  # it would be 0 without an interval: all in between


def test_a_tally_of_another_scale_is_refused() -> None:
    for tally in ((1, 2, 3), (0, 0, -1, 7, 0)):
        with pytest.raises(ValueError, match="no tally of agreement"):
            shown({"a": Answers(10, tally)}, Scale.AGREEMENT, k=5)


def test_participation_follows_the_same_rule() -> None:
    teams = {"a": Turnout(20, 20), "b": Turnout(9, 6), "c": Turnout(4, 0)}
    assert shown_turnout(teams, k=5) == ShownTurnout(Turnout(33, 26), {"a": Turnout(20, 20)})
    teams = {"a": Turnout(20, 20), "b": Turnout(9, 4), "c": Turnout(4, 1)}
    assert shown_turnout(teams, k=5) == ShownTurnout(
        Turnout(33, 25), {"a": Turnout(20, 20)}, Turnout(13, 5), ("b", "c")
    )
    assert shown_turnout({"a": Turnout(20, 4)}, k=5) == ShownTurnout()


def test_comments_are_shown_from_eight_people_on() -> None:
    k = Minimum().comments
    assert not comments_are_shown(7, k=k)
    assert comments_are_shown(8, k=k)


@pytest.mark.parametrize(
    ("joined", "left", "changed"),
    [(0, 0, False), (1, 0, True), (0, 4, True), (5, 0, False), (6, 5, False), (9, 1, True)],
)
def test_a_team_has_changed_where_a_few_joined_or_left(
    joined: int, left: int, changed: bool
) -> None:
    assert has_changed(joined=joined, left=left, k=5) is changed


def test_what_is_shown_can_be_kept_as_json_and_nothing_else_is_in_it() -> None:
    high: Tally = (0, 0, 1, 2, 7)
    teams = {
        "a": agreed(8, of=20),
        "b": Answers(10, high),
        "c": agreed(5, of=9),
        "d": agreed(1, of=3),
        "e": agreed(1, of=2),
    }
    found = shown(teams, Scale.AGREEMENT, k=5)
    kept = json.dumps(stored(found))
    assert restored(json.loads(kept)) == found
    assert verdicts(found) == {"a": FULL, "b": HIGH, "c": FULL}
    assert "[0, 0, 1, 2, 7]" not in kept
    turnout = shown_turnout({"a": Turnout(20, 20), "b": Turnout(9, 6)}, k=5)
    assert restored_turnout(json.loads(json.dumps(stored(turnout)))) == turnout
    assert restored_turnout(json.loads(json.dumps(stored(ShownTurnout())))) == ShownTurnout()
