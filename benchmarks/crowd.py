"""Ten thousand people in teams, what they answer, and ten years of rounds behind them."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from bot import ballot, disclosure, membership, roster, rounds
from bot.disclosure import FEWEST, Answers, stored
from bot.ids import random_id
from bot.quarters import quarter_of
from bot.questions import Question, of_round
from bot.responses import Answer, Participation, respondent
from bot.rounds import Invitation, Kind, Round, Status
from bot.rows import insert_rows
from bot.teams import ReportingTeam

PEOPLE, ROUNDS = 10_000, 500
TEAMS, FIRST_TEAM = 20, 101
WEEKS = 13  # of a quarter
NOW = datetime(2026, 1, 6, 10, tzinfo=UTC)
OWNER = "UB00000"


def employ(session: Session) -> None:
    """Have everybody there, each in one of the teams."""
    people = [f"UB{n:05}" for n in range(PEOPLE)]
    users = ({"id": who, "name": who.lower(), "is_admin": who == OWNER} for who in people)
    roster.remember(session, users)
    for place in range(TEAMS):
        team = ReportingTeam(
            id=FIRST_TEAM + place,
            name=f"team {place}",
            source=f"CB{place:05}",
            label=f"team-{place}",
            position=place,
            created_at=NOW,
        )
        session.add(team)
        session.flush()
        membership.heard(session, team, at=NOW, came=people[place::TEAMS])


def answer(session: Session, opened: Round) -> None:
    key, question = rounds.key_of(session, opened.id), opened.asks()[0].slug
    assert key is not None
    ballot.answer(session, opened.id, person=OWNER, question=question, point=4, now=NOW)
    people = [f"UB{number:05}" for number in range(1, PEOPLE)]
    about = {"round_id": opened.id}
    about_question = {**about, "question": question}
    rows = [
        # So that no team agrees with itself.
        {**about_question, "respondent": respondent(key, who), "point": 2 + number // TEAMS % 4}
        for number, who in enumerate(people)
    ]
    insert_rows(session, Answer, rows)
    insert_rows(session, Participation, [{**about, "person": who} for who in people])


def before(session: Session, opened: Round) -> None:
    """A round of the same people with whose figures this one's are compared, team by team."""
    row = _counted(opened, opened.number - 1, kind=Kind(opened.kind), asked=opened.asks())
    insert_rows(session, Round, [row])
    invited = select(Invitation).where(Invitation.round_id == opened.id)
    about = [(each.person, each.reporting_team_id) for each in session.exec(invited)]
    before = {"round_id": row["id"]}
    rows = [{**before, "person": who, "reporting_team_id": team} for who, team in about]
    insert_rows(session, Invitation, rows)


def ten_years(session: Session, opened: Round) -> None:
    quarters = quarter_of(NOW, ZoneInfo("UTC")), None
    rows = []
    for number in range(1, ROUNDS + 1):
        asked = of_round(number, quarter=quarters[0], before=quarters[number % WEEKS == 0])
        rows.append(_counted(opened, number, kind=Kind.WEEKLY, asked=asked))
    insert_rows(session, Round, rows)


def _counted(
    opened: Round, number: int, *, kind: Kind, asked: Sequence[Question]
) -> dict[str, Any]:
    """A round like the one that was opened, with the figures of every team."""
    shown = {one.slug: disclosure.shown(_of_teams(one), one.scale, k=FEWEST) for one in asked}
    return opened.model_dump(exclude={"team_id"}) | {
        "id": random_id(),
        "number": number,
        "kind": kind.value,
        "status": Status.CLOSED.value,
        "questions": [asdict(one) for one in asked],
        "result": {"questions": {slug: stored(figures) for slug, figures in shown.items()}},
        "key_destroyed_at": NOW,
    }


def _of_teams(question: Question) -> dict[str, Answers]:
    return {
        str(FIRST_TEAM + place): Answers(PEOPLE // TEAMS, tuple(question.scale.points))
        for place in range(TEAMS)
    }
