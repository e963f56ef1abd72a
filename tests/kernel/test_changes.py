"""What is said of how a figure changed: of what is shown in full twice, and never of a few people.

Whatever is said follows from the two figures, which stand there anyway, so that somebody who sees
everything and can calculate learns nothing from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot import changes, closing, estimates
from bot.closing import Counted
from bot.disclosure import Answers, Turnout
from bot.questions import CYCLE, Question
from bot.rounds import Invitation, Kind, Round, Status
from bot.rows import insert_rows
from tests.support import T0, in_a_copy

K = 5
MISSION, OTHER = Question("mission", "We moved."), Question("other", "Something else.")
RED, BLUE = "101", "102"
# Of the red team: how many joined and left before the round, and what they answer in turn.
Step = tuple[int, int, Sequence[int | None]]

FEW = st.sampled_from([0, 0, 1, 4, 5, 6])
POINTS = st.lists(st.sampled_from([None, 2, 2, 4, 4]), min_size=1, max_size=6)
MIXED, ALL, NOBODY = (2, 4), (4,), (None,)
STEPS = st.lists(st.tuples(FEW, FEW, POINTS | st.just(MIXED)), min_size=2, max_size=4)


@dataclass
class Weeks:
    """Weekly rounds of two teams: people join the red one, and leave it for the blue one."""

    session: Session
    red: list[str] = field(default_factory=lambda: [f"R{number}" for number in range(8)])
    blue: list[str] = field(default_factory=lambda: [f"B{number}" for number in range(10)])
    new: Iterator[int] = field(default_factory=count)
    results: list[dict[str, Any]] = field(default_factory=list)
    members: list[dict[str, set[str]]] = field(default_factory=list)
    asked: Sequence[Question] = (MISSION, OTHER)

    def close(self, step: Step) -> dict[str, Any]:
        """Let a round close before which people moved, and in which the red team answers so."""
        joined, left, points = step
        self.blue = [*self.blue, *self.red[:left]]
        self.red = [*self.red[left:], *(f"N{next(self.new)}" for _ in range(joined))]
        self.members.append({RED: set(self.red), BLUE: set(self.blue)})
        red = [points[place % len(points)] for place in range(len(self.red))]
        blue = [MIXED[place % 2] for place in range(len(self.blue))]
        return self._shown(self._opened(), {RED: red, BLUE: blue})

    def _opened(self) -> Round:
        number = len(self.results) + 1
        one = Round(
            kind=Kind.WEEKLY,
            number=number,
            questions=[asdict(each) for each in self.asked],
            quarter="2026-Q1",
            opened_at=T0,
            closes_at=T0 + timedelta(weeks=number),
            status=Status.CLOSING,
            fewest_scores=K,
            fewest_comments=8,
        )
        self.session.add(one)
        self.session.flush()
        people = dict.fromkeys(self.red, int(RED)) | dict.fromkeys(self.blue, int(BLUE))
        rows = [
            {"round_id": one.id, "person": who, "reporting_team_id": team}
            for who, team in people.items()
        ]
        insert_rows(self.session, Invitation, rows)
        return one

    def _shown(self, one: Round, answers: Mapping[str, Sequence[int | None]]) -> dict[str, Any]:
        tallies = {
            team: Answers(len(given), tuple(given.count(point) for point in range(1, 6)))
            for team, given in answers.items()
        }
        turnout = {team: Turnout(each.invited, sum(each.tally)) for team, each in tallies.items()}
        counted = Counted(
            {each.slug: tallies for each in self.asked}, turnout, {RED: "Red", BLUE: "Blue"}
        )
        shown = closing.result(one, counted)
        since = changes.earlier(self.session, one, shown)
        shown |= changes.stated(since, estimates.judged(changes.compared(since)))
        one.result, one.key_destroyed_at = shown, T0
        self.session.add(one)
        self.session.flush()
        self.results.append(shown)
        return shown


def figure(result: Mapping[str, Any], team: str) -> Any:
    """The figure of the mission that is shown of a team, None where it is withheld."""
    return result["questions"][MISSION.slug]["teams"].get(team)


def expected(weeks: Weeks, team: str) -> str | None:
    """What is to be said of a team's last figure, by the rule as people are told it."""
    now = figure(weeks.results[-1], team)
    shown = [at for at, each in enumerate(weeks.results[:-1]) if figure(each, team)]
    if not now or now["tally"] is None or not shown:
        return None
    if figure(weeks.results[shown[-1]], team)["tally"] is None:
        return None
    before, after = weeks.members[shown[-1]][team], weeks.members[-1][team]
    few = [moved for moved in (len(after - before), len(before - after)) if 0 < moved < K]
    return f"{'the team has changed' if few else 'compared'} since {shown[-1] + 1}"


def said(result: Mapping[str, Any], team: str) -> str | None:
    found = result["team_changes"].get(team, {}).get(MISSION.slug)
    if found is None:
        return None
    how = "the team has changed" if "team_has_changed" in found else "compared"
    return f"{how} since {found['since']}"


def check(weeks: Weeks) -> None:
    last = weeks.results[-1]
    for team in (RED, BLUE):
        assert said(last, team) == expected(weeks, team)
    in_full = {team for team in (RED, BLUE) if (figure(last, team) or {}).get("tally")}
    assert set(last["team_changes"]) <= in_full
    for team, found in last["team_changes"].items():
        assert found == calculated(weeks.results, team)


def calculated(results: Sequence[Mapping[str, Any]], team: str) -> dict[str, Any]:
    """What somebody could say who sees only the figures, and knows of which round each is."""
    found: dict[str, Any] = results[-1]["team_changes"][team]
    tallies = {
        slug: [
            tuple(results[number - 1]["questions"][slug]["teams"][team]["tally"])
            for number in (each["since"], len(results))
        ]
        for slug, each in found.items()
        if each.keys() != {"since", "team_has_changed"}
    }
    judged = estimates.judged({team: {slug: (was, now) for slug, (was, now) in tallies.items()}})
    return {
        slug: {"since": each["since"], "team_has_changed": True}
        if slug not in tallies
        else {
            "since": each["since"],
            "direction": judged[team][slug].direction,
            **asdict(judged[team][slug].change),
        }
        for slug, each in found.items()
    }


@settings(max_examples=80)
@given(steps=STEPS)
@example(steps=[(0, 0, MIXED), (0, 0, MIXED)])
@example(steps=[(0, 0, MIXED), (4, 0, MIXED)])
@example(steps=[(0, 0, MIXED), (5, 0, MIXED), (0, 5, MIXED)])
@example(steps=[(0, 0, MIXED), (0, 1, MIXED), (0, 0, MIXED)])
@example(steps=[(0, 0, MIXED), (5, 4, MIXED)])
@example(steps=[(0, 0, MIXED), (1, 1, NOBODY), (4, 4, MIXED)])
@example(steps=[(0, 0, MIXED), (0, 0, ALL), (0, 0, MIXED)])
def test_a_teams_change_is_said_where_both_are_shown_and_no_few_joined_or_left(
    migrated: Path, steps: list[Step]
) -> None:
    def work(session: Session) -> None:
        weeks = Weeks(session)
        for step in steps:
            weeks.close(step)
            check(weeks)

    in_a_copy(migrated, work)


@pytest.mark.parametrize(
    ("steps", "words"),
    [
        ([(0, 0, MIXED), (0, 0, MIXED)], "compared since 1"),
        ([(0, 0, MIXED), (1, 0, MIXED)], "the team has changed since 1"),
        ([(0, 0, MIXED), (0, 4, (2, 4, 4))], None),  # too few are left to be shown
        ([(0, 0, MIXED), (5, 5, MIXED)], "compared since 1"),
        ([(0, 0, MIXED), (5, 1, MIXED)], "the team has changed since 1"),
        ([(0, 0, MIXED), (1, 0, NOBODY), (0, 1, MIXED)], "the team has changed since 1"),
        ([(0, 0, MIXED), (0, 0, ALL), (0, 0, MIXED)], None),
        ([(0, 0, MIXED), (0, 0, NOBODY), (0, 0, MIXED)], "compared since 1"),
    ],
)
def test_it_is_said_like_this(migrated: Path, steps: list[Step], words: str | None) -> None:
    def work(session: Session) -> None:
        weeks = Weeks(session)
        for step in steps:
            weeks.close(step)
        assert said(weeks.results[-1], RED) == words

    in_a_copy(migrated, work)


def test_what_is_asked_in_other_words_is_not_compared(migrated: Path) -> None:
    def work(session: Session) -> None:
        weeks = Weeks(session)
        weeks.close((0, 0, MIXED))
        weeks.asked = (replace(MISSION, text="We came nearer to it."), OTHER)
        weeks.close((0, 0, MIXED))
        weeks.close((0, 0, MIXED))
        first, second = (
            {**each["team_changes"], "whole": each["changes"]} for each in weeks.results[1:]
        )
        assert {group: [*found] for group, found in first.items()} == {
            group: [OTHER.slug] for group in (RED, BLUE, "whole")
        }
        assert second[RED][MISSION.slug]["since"] == 2

    in_a_copy(migrated, work)


def test_a_question_is_compared_with_the_last_time_in_its_cycle(migrated: Path) -> None:
    def work(session: Session) -> None:
        weeks = Weeks(session)
        for week in range(1, CYCLE + 2):
            weeks.asked = (MISSION, OTHER) if week in (1, CYCLE + 1) else (MISSION,)
            weeks.close((0, 0, MIXED))
        last = weeks.results[-1]["changes"]
        assert {slug: each["since"] for slug, each in last.items()} == {"mission": 9, "other": 1}

    in_a_copy(migrated, work)


def test_each_groups_questions_are_judged_among_themselves() -> None:
    before, after = (0, 60, 0, 40, 0), (0, 46, 0, 54, 0)  # p is just below 0.05
    alone = {"101": {"a": (before, after)}, "102": {"a": (before, after)}}
    judged = estimates.judged(alone)
    assert {each["a"].direction.value for each in judged.values()} == {"up"}
    beside = estimates.judged({"101": {"a": (before, after), "b": (before, before)}})["101"]
    assert {each.direction.value for each in beside.values()} == {"unclear"}
