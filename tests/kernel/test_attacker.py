"""Somebody who sees every figure of a round, knows who is in which team, and can calculate.

The first one solves equations, exactly. What is published of a group is a sum over its people, so
whatever follows from it is the same for all of a team: one unknown a team and question is enough.
The second one tries every combination of answers that fits what is published, knowing also how
many of each team answered: that finds what equations do not, such as what a clipped share was.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations, product
from math import ceil, floor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.clipping import Verdict
from bot.disclosure import Answers, Figure, Shown, Turnout, shown, shown_turnout
from bot.scales import Scale, Tally

K = 5
Person = (
    tuple[int | None, ...] | None
)  # an answer from 0 on or a skip, to each question; or nothing
Round = dict[str, list[Person]]
Unknown = tuple[str, int, str]  # of what, of which question, of which team
Row = dict[Unknown, Fraction]
Teams = Iterable[str]

QUESTIONS = 2
PEOPLE: st.SearchStrategy[Person] = st.none() | st.tuples(
    *[st.none() | st.integers(0, 4)] * QUESTIONS
)
ROUNDS = st.lists(st.lists(PEOPLE, max_size=9), min_size=1, max_size=5).map(
    lambda teams: {"abcde"[i]: people for i, people in enumerate(teams)}
)
# Sizes around the minimum are where a rule is wrong if it is.
SIZES = st.sampled_from([0, 1, 2, 3, 4, 5, 5, 6, 7, 9])


def answers(people: list[Person], question: int) -> Answers:
    given = [person[question] for person in people if person is not None]
    return Answers(len(people), tuple(given.count(point) for point in range(5)))


def tallies(of: Round, question: int) -> dict[str, Answers]:
    return {team: answers(people, question) for team, people in of.items()}


def turnouts(of: Round) -> dict[str, Turnout]:
    return {
        team: Turnout(len(people), sum(person is not None for person in people))
        for team, people in of.items()
    }


def groups_of(teams: Teams, *, whole: bool, alone: Teams, small: Teams) -> list[tuple[str, ...]]:
    """Return who is summed over, group by group."""
    named = [(team,) for team in alone]
    return [*([tuple(teams)] if whole else []), *named, *([tuple(small)] if small else [])]


def published(found: Shown, teams: Teams) -> list[tuple[str, ...]]:
    """Return the groups of which a question's sums are shown."""
    return groups_of(
        teams,
        whole=found.whole.verdict is Verdict.FULL,
        alone=[team for team, each in found.teams.items() if each.verdict is Verdict.FULL],
        small=found.smaller_teams if found.smaller.verdict is Verdict.FULL else (),
    )


def equations(of: Round, show: Callable[[Mapping[str, Answers]], Shown]) -> list[Row]:
    """Return what the attacker knows: each row is a sum of unknowns whose value is published."""
    turnout = shown_turnout(turnouts(of), k=K)
    took_part = groups_of(
        of, whole=turnout.whole is not None, alone=turnout.teams, small=turnout.smaller_teams
    )
    rows: list[Row] = [{("took part", 0, t): Fraction(1) for t in group} for group in took_part]
    for question in range(QUESTIONS):
        there = tallies(of, question)
        for group in published(show(there), of):
            rows.append({("answered", question, t): Fraction(1) for t in group})
            rows.append({("said", question, t): Fraction(1) for t in group if any(there[t].tally)})
            if group in took_part and everybody_answered(of, group, question):
                rows += [same_people(team, question) for team in group]
    return rows


def everybody_answered(of: Round, group: Teams, question: int) -> bool:
    people = [person for team in group for person in of[team] if person is not None]
    return all(person[question] is not None for person in people)


def same_people(team: str, question: int) -> Row:
    """Where as many answered a question as took part, they are the same people."""
    return {("answered", question, team): Fraction(1), ("took part", 0, team): Fraction(-1)}


def reduced(row: Row, basis: Mapping[Unknown, Row]) -> Row:
    """Return what is left of a row once everything has been subtracted that the basis gives."""
    left = dict(row)
    while pivot := next((unknown for unknown in left if unknown in basis), None):
        factor = left[pivot]
        for unknown, number in basis[pivot].items():
            left[unknown] = left.get(unknown, Fraction(0)) - factor * number
        left = {unknown: number for unknown, number in left.items() if number}
    return left


def solved(rows: Iterable[Row]) -> dict[Unknown, Row]:
    """Return the rows in echelon form, each by the unknown that no other row has."""
    basis: dict[Unknown, Row] = {}
    for row in rows:
        left = reduced(row, basis)
        if not left:
            continue
        pivot, lead = next(iter(left.items()))
        left = {unknown: number / lead for unknown, number in left.items()}
        for other, there in basis.items():
            basis[other] = reduced(there, {pivot: left})
        basis[pivot] = left
    return basis


def unions(teams: Teams) -> Iterator[tuple[str, ...]]:
    names = tuple(teams)
    return chain.from_iterable(combinations(names, size) for size in range(1, len(names) + 1))


def leaks(
    of: Round, show: Callable[[Mapping[str, Answers]], Shown]
) -> list[tuple[str, int, tuple[str, ...]]]:
    """Return every sum over fewer than K people who answered that the figures determine."""
    basis = solved(equations(of, show))
    found: list[tuple[str, int, tuple[str, ...]]] = []
    for question in range(QUESTIONS):
        there = tallies(of, question)
        answered = {team: sum(each.tally) for team, each in there.items()}
        spoke = [team for team in of if answered[team]]
        invited = [team for team in of if of[team]]
        for kind, teams in (("said", spoke), ("answered", invited)):
            for union in unions(teams):
                row = {(kind, question, team): Fraction(1) for team in union}
                if not reduced(row, basis) and sum(answered[t] for t in union) < K:
                    found.append((kind, question, union))
    responders = {team: each.responders for team, each in turnouts(of).items()}
    for union in unions([team for team in of if of[team]]):
        row = {("took part", 0, team): Fraction(1) for team in union}
        if not reduced(row, basis) and sum(responders[team] for team in union) < K:
            found.append(("took part", 0, union))
    return found


def by_the_rules(there: Mapping[str, Answers]) -> Shown:
    return shown(there, Scale.AGREEMENT, k=K)


def alike(**sizes: tuple[int, int]) -> Round:
    """Return a round in which so many of each team answer everything, and so many nothing."""
    values: list[Person] = [(0, 4), (4, 0), (2, 3), (3, 2), (3, 3), (1, 4), (4, 1), (2, 2), (3, 0)]
    return {team: values[:some] + [None] * none for team, (some, none) in sizes.items()}


@given(ROUNDS)
@example(alike(a=(9, 0), b=(6, 0), c=(3, 0)))
@example(alike(a=(9, 0), b=(6, 2), c=(0, 4)))
@example(alike(a=(9, 0), b=(5, 0), c=(3, 0), d=(2, 0)))
@example(alike(a=(9, 0), b=(5, 0), c=(5, 0), d=(2, 1)) | {"e": [(None, 3)] * 3})
@settings(max_examples=300)
def test_no_sum_over_fewer_than_k_people_follows_from_the_figures(of: Round) -> None:
    assert leaks(of, by_the_rules) == []


@given(st.lists(st.tuples(SIZES, st.sampled_from([0, 0, 1, 4])), min_size=2, max_size=5))
@settings(max_examples=300)
def test_nor_where_the_teams_are_about_as_large_as_the_minimum(
    sizes: list[tuple[int, int]],
) -> None:
    assert leaks(alike(**dict(zip("abcde", sizes, strict=False))), by_the_rules) == []


def without_a_look_at_what_remains(there: Mapping[str, Answers]) -> Shown:
    large = {team: Figure(Verdict.FULL, each.tally) for team, each in there.items()}
    large = {team: each for team, each in large.items() if sum(each.tally or ()) >= K}
    return replace(by_the_rules(there), teams=large)


def test_the_attacker_finds_what_remains_where_nobody_looks_at_it() -> None:
    found = leaks(alike(a=(9, 0), b=(6, 0), c=(3, 0)), without_a_look_at_what_remains)
    assert ("said", 0, ("c",)) in found
    assert ("answered", 1, ("c",)) in found
    silent = leaks(alike(a=(9, 0), b=(6, 0), c=(0, 4)), without_a_look_at_what_remains)
    assert ("answered", 0, ("c",)) in silent


def fits(figure: Figure, got: int, there: int, people: int) -> bool:
    """Whether so many of the people may have agreed, as far as the figure shows."""
    if figure.verdict is Verdict.HIGH:
        return got >= ceil(Fraction(4 * people, 5))
    if figure.verdict is Verdict.LOW:
        return got <= floor(Fraction(people, 5))
    return figure.verdict is Verdict.WITHHELD or got == there


Agreed = dict[str, tuple[int, int]]  # how many agreed, and how many answered


def as_answers(agreed: Agreed) -> dict[str, Answers]:
    return {team: Answers(n, (0, 0, n - got, got, 0)) for team, (got, n) in agreed.items()}


def possible(agreed: Agreed, found: Shown) -> list[dict[str, int]]:
    """Return everything that may have been answered, as far as the figures show."""
    figures: list[tuple[tuple[str, ...], Figure]] = [
        ((team,), figure) for team, figure in found.teams.items()
    ]
    figures += [(tuple(agreed), found.whole), (found.smaller_teams, found.smaller)]
    tried = (
        dict(zip(agreed, each, strict=True))
        for each in product(*(range(n + 1) for _, n in agreed.values()))
    )
    return [
        every
        for every in tried
        if all(
            fits(
                figure,
                sum(every[team] for team in teams),
                sum(agreed[team][0] for team in teams),
                sum(agreed[team][1] for team in teams),
            )
            for teams, figure in figures
        )
    ]


def is_clipped(got: int, n: int) -> bool:
    return 5 * got >= 4 * n or 5 * got <= n


def what_is_told(agreed: Agreed, found: Shown) -> list[str]:
    """Return what can be told of groups of which it may not be."""
    every = possible(agreed, found)
    told = []
    for union in unions(team for team, (_, n) in agreed.items() if n):
        n = sum(agreed[team][1] for team in union)
        sums = {sum(each[team] for team in union) for each in every}
        may_be_exact = n >= K and (len(union) > 1 or not is_clipped(*agreed[union[0]]))
        if len(sums) == 1 and not may_be_exact:
            told.append(f"{union} are {sums} of {n}")
        figure = found.teams.get(union[0]) if len(union) == 1 else None
        figure = found.smaller if union == found.smaller_teams else figure
        if figure and figure.verdict is Verdict.HIGH and min(sums) > ceil(Fraction(4 * n, 5)):
            told.append(f"{union} are at least {min(sums)} of {n}")
        if figure and figure.verdict is Verdict.LOW and max(sums) < floor(Fraction(n, 5)):
            told.append(f"{union} are at most {max(sums)} of {n}")
    return told


AGREED = st.lists(
    SIZES.flatmap(
        lambda n: st.tuples(st.sampled_from([0, n, n, n // 2]) | st.integers(0, n), st.just(n))
    ),
    min_size=1,
    max_size=4,
).map(lambda teams: dict(zip("abcd", teams, strict=False)))


def several_teams(agreed: Agreed) -> bool:
    return sum(n > 0 for _, n in agreed.values()) > 1


@given(AGREED.filter(several_teams))
@example({"a": (8, 20), "b": (10, 10)})
@example({"a": (8, 20), "b": (9, 10), "c": (10, 10)})
@example({"a": (15, 20), "b": (6, 6), "c": (3, 3)})
@example({"a": (10, 10), "b": (2, 10)})
@example({"a": (9, 9), "b": (1, 5), "c": (2, 5), "d": (3, 3)})
@example({"a": (8, 8), "b": (5, 5), "c": (2, 3)})
@example({"a": (4, 9), "b": (9, 9), "c": (9, 9), "d": (9, 9)})
@settings(max_examples=400)
def test_nothing_more_can_be_told_of_a_clipped_or_withheld_share(agreed: Agreed) -> None:
    found = shown(as_answers(agreed), Scale.AGREEMENT, k=K)
    assert what_is_told(agreed, found) == []


def test_the_second_attacker_finds_a_clipped_share_where_nobody_hides_it() -> None:
    agreed = {"a": (8, 20), "b": (10, 10)}
    found = Shown(
        Figure(Verdict.FULL, (0, 0, 12, 18, 0)),
        {"a": Figure(Verdict.FULL, (0, 0, 12, 8, 0)), "b": Figure(Verdict.HIGH)},
    )
    assert "('b',) are {10} of 10" in what_is_told(agreed, found)


Votes = tuple[int, int, int]  # who do not recommend, who are in between, who do


def votes(n: int) -> list[Votes]:
    return [(down, n - down - up, up) for down in range(n + 1) for up in range(n - down + 1)]


def as_tally(vote: Votes) -> Tally:
    return (0, vote[0], *(0,) * 5, vote[1], 0, vote[2], 0)


def total(each: Iterable[Votes]) -> Votes:
    down, between, up = (sum(many) for many in zip((0, 0, 0), *each, strict=True))
    return down, between, up


def score_fits(figure: Figure, votes: Votes, there: Votes) -> bool:
    score = Fraction(votes[2] - votes[0], sum(votes) or 1)
    if figure.verdict is Verdict.HIGH:
        return score >= Fraction(3, 5)
    if figure.verdict is Verdict.LOW:
        return score <= Fraction(-3, 5)
    return figure.verdict is Verdict.WITHHELD or votes == there


def possible_votes(there: dict[str, Votes], found: Shown) -> list[dict[str, Votes]]:
    figures: list[tuple[tuple[str, ...], Figure]] = [
        ((name,), figure) for name, figure in found.teams.items()
    ]
    figures += [(tuple(there), found.whole), (found.smaller_teams, found.smaller)]
    sums = [(group, figure, total(there[name] for name in group)) for group, figure in figures]
    tried = (
        dict(zip(there, each, strict=True))
        for each in product(*(votes(sum(vote)) for vote in there.values()))
    )
    return [
        every
        for every in tried
        if all(score_fits(fig, total(every[n] for n in group), was) for group, fig, was in sums)
    ]


VOTES = st.lists(
    st.sampled_from([0, 1, 2, 4, 5, 5, 6]).flatmap(
        lambda n: st.sampled_from([(n, 0, 0), (0, n, 0), (0, 0, n)]) | st.sampled_from(votes(n))
    ),
    min_size=2,
    max_size=3,
).filter(lambda teams: sum(sum(vote) > 0 for vote in teams) > 1)


@given(VOTES)
@example([(2, 2, 2), (0, 0, 6)])
@example([(0, 6, 0), (2, 2, 2)])
@example([(2, 1, 2), (0, 6, 0), (0, 2, 0)])
@example([(0, 1, 0), (0, 5, 0), (0, 2, 4)])  # all who recommend have to be in the last
@example([(2, 1, 2), (1, 0, 7), (5, 0, 0), (1, 0, 0)])  # every second sum is impossible
@settings(max_examples=150)
def test_nor_does_the_recommend_score_tell_what_all_of_a_team_or_a_few_people_said(
    teams: list[Votes],
) -> None:
    there = dict(zip("abcd", teams, strict=False))
    found = shown(
        {name: Answers(sum(vote), as_tally(vote)) for name, vote in there.items()},
        Scale.RECOMMEND,
        k=K,
    )
    every = possible_votes(there, found)
    for union in unions(name for name in there if sum(there[name])):
        people = sum(sum(there[name]) for name in union)
        kinds = sum(map(bool, total(there[name] for name in union)))
        told = {total(each[name] for name in union) for each in every}
        clipped = union[0] in found.teams and found.teams[union[0]].verdict is not Verdict.FULL
        if people < K or (kinds == 1 and union != tuple(there)) or (len(union) == 1 and clipped):
            assert len(told) > 1, f"{union} are {told}"


@pytest.mark.parametrize("k", [5, 6, 8])
def test_a_round_may_have_a_higher_minimum(k: int) -> None:
    found = shown(as_answers({"a": (3, k), "b": (3, k - 1)}), Scale.AGREEMENT, k=k)
    assert list(found.teams) == []
