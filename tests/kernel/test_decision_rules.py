"""What a decision may be asked with, who may do what to it, and when its quorum is there."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bot import deliberation, roster
from bot.decisions import Decision
from bot.errors import UserError
from bot.proposal import DO_IT, Proposal, problems
from bot.rituals import decision, outcome
from bot.scorecard import Scorecard
from bot.standing import Approval, Missing, Standing, Verdict
from tests.kernel.test_decisions import ANN, BOB, CARL, DRIVER, EVA, REASON, prepare, proposed, user
from tests.support import T0, TEAM, in_a_copy

TODAY = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("name", "taken", "refused"),
    [
        ("confidence", [None, 50, 70, 95], [0, 45, 52, 96, 100]),
        ("review_in", [None, 1, 52], [-1, 0, 53]),
        ("due", [None, TODAY, date(2030, 1, 1)], [date(2026, 1, 4), date.max]),
        ("title", ["abc", "x" * 150], ["", "ab", "\u200b" * 9, "x" * 151]),
        ("context", ["", "x" * 2000], ["x" * 2001]),
        ("prediction", ["", "x" * 500], ["x" * 501]),
        ("options", [DO_IT, "abcde", ["x" * 75, "y"]], [[], ["a"], "abcdef", ["x" * 76, "y"]]),
        ("checklist", [[], "abcdefghij", ["x" * 150]], ["abcdefghijk", ["x" * 151]]),
    ],
)
def test_each_limit_is_taken_and_what_is_beyond_is_refused_at_its_field(
    name: str, taken: list[Any], refused: list[Any]
) -> None:
    def wrong(value: Any) -> list[str | None]:
        asked: dict[str, Any] = {"title": "Ship it?", name: value}
        return [each.field for each in problems(Proposal("U1", **asked).tidied(), today=TODAY)]

    assert [wrong(value) for value in taken] == [[]] * len(taken)
    assert [wrong(value) for value in refused] == [[name]] * len(refused)


@pytest.mark.parametrize(
    ("said", "quorum", "missing"),
    [
        ("aaa", "all", []),
        ("aa-", "all", ["quorum"]),
        ("aa-", "majority", []),
        ("a--", "majority", ["quorum"]),
        ("a-", "majority", ["quorum"]),  # half is no majority
        ("aa", "majority", []),
        ("aao", "majority", ["objection"]),
        ("aoo", "majority", ["quorum", "objection"]),
        ("a.", "all", []),  # who left without a word counts no more
        ("a..", "majority", []),
        ("Aa-", "majority", []),  # who approved and left still does
        ("Oa", "all", ["quorum", "objection"]),
        ("..", "all", []),
        ("", "majority", []),
    ],
)
def test_the_quorum_is_of_those_who_are_here_or_said_something(
    said: str, quorum: str, missing: list[str]
) -> None:
    verdicts = {"a": Verdict.APPROVED, "o": Verdict.OBJECTED}
    approvals = [
        Approval(f"UX{at}", verdicts.get(each.casefold()), is_here=each.islower() or each == "-")
        for at, each in enumerate(said)
    ]
    asked = Decision(team_id=TEAM, quorum=quorum, driver=DRIVER)  # type: ignore[call-arg]
    stands = Standing(asked, [], approvals, [], [], Scorecard([], {}, 0))
    assert stands.missing == [Missing(what) for what in missing]
    silent = [f"UX{at}" for at, each in enumerate(said) if each == "-"]
    assert stands.owing == (silent if silent and "quorum" in missing else [DRIVER])


@pytest.mark.parametrize(
    ("name", "most"), [("approvers", 5), ("contributors", 20)], ids=["approvers", "contributors"]
)
def test_no_more_people_are_named_than_fit(migrated: Path, name: str, most: int) -> None:
    def work(session: Session) -> None:
        prepare(session)
        crowd = [f"UX{n}" for n in range(most + 1)]
        roster.remember(session, [user(who) for who in crowd])
        named: dict[str, Any] = {"approvers": [], "contributors": []}
        decision.begin(session, proposed(**named | {name: crowd[:most]}), now=T0)
        with pytest.raises(UserError) as refused:
            decision.begin(session, proposed(**named | {name: crowd}), now=T0)
        assert refused.value.by_field() == {name: f"You named {most + 1} people; {most} fit."}

    in_a_copy(migrated, work)


def replace(session: Session, of: int, by: str) -> None:
    roster.remember(session, [user(ANN, gone=True)])
    deliberation.replace_approver(session, of, by=by, gone=ANN, instead=EVA, now=T0)


def withdraw(session: Session, of: int, by: str) -> None:
    outcome.withdraw(session, of, by=by, now=T0)


def review(session: Session, of: int, by: str) -> None:
    conclude(session, of)
    outcome.review(session, of, by=by, as_predicted=True, now=T0)


def postpone(session: Session, of: int, by: str) -> None:
    conclude(session, of)
    outcome.postpone_review(session, of, by=by, now=T0)


def supersede(session: Session, of: int, by: str) -> None:
    conclude(session, of)
    other = decision.begin(session, proposed(), now=T0).decision
    conclude(session, other.id)
    outcome.supersede(session, of, by=by, successor=other.name, now=T0)


def word(session: Session, of: int, by: str) -> None:
    decision.word_checklist(session, ["Is it so?"], by=by, now=T0)


def conclude(session: Session, of: int) -> None:
    seen = deliberation.must_be_open(session, of, by=DRIVER).decision.version
    outcome.decide(session, of, by=DRIVER, choice=0, reason=REASON, based_on=seen, now=T0)


@pytest.mark.parametrize("by", [BOB, CARL, EVA])
@pytest.mark.parametrize("what", [replace, withdraw, review, postpone, supersede, word])
def test_nobody_but_whose_it_is_does_it_even_where_the_form_was_forged(
    migrated: Path, what: Callable[[Session, int, str], None], by: str
) -> None:
    def work(session: Session) -> None:
        prepare(session)
        known = decision.begin(session, proposed(), now=T0).decision
        with pytest.raises(UserError, match="Only|can withdraw this decision"):
            what(session, known.id, by)

    in_a_copy(migrated, work)
