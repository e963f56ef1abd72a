"""What becomes of a round when it closes: figures are kept, and whatever leads to a person goes."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, bindparam, delete
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot import disclosure, rounds, teams
from bot.disclosure import Answers, Turnout
from bot.outbox import OutboxRow
from bot.questions import Question
from bot.responses import Answer, Comment, KeptComment, Participation, respondent
from bot.rounds import Invitation, Round, RoundKey, Status
from bot.rows import ask, insert_rows, swap

IN_NO_TEAM = "none"  # the key of those who report in no team
ONCE = 250  # rows that are erased in one transaction
OF_PEOPLE = (Answer, Comment, Participation)  # nothing of them is kept when their round has closed

Points = Mapping[str, int | None]  # what one person chose, by question


@dataclass(frozen=True)
class Counted:
    """A round's answers by team, so that nobody is in them any more, and the comments shuffled."""

    answers: Mapping[str, Mapping[str, Answers]]  # by question, then team
    turnout: Mapping[str, Turnout]
    teams: Mapping[str, str]  # their names
    comments: Sequence[str] = field(default=())


_INVITED = select(Invitation).where(Invitation.round_id == bindparam("one"))
_TOOK_PART = select(Participation.person).where(Participation.round_id == bindparam("one"))
_ANSWERS = select_columns(col(Answer.respondent), col(Answer.question), col(Answer.point)).where(
    col(Answer.round_id) == bindparam("one")
)
_COMMENTS = select(Comment.words).where(Comment.round_id == bindparam("one"), Comment.words != "")


def count(session: Session, closing: Round) -> Counted | None:
    """Count the answers of a round that takes no more; None where its key is gone already."""
    key = rounds.key_of(session, closing.id)
    if key is None:
        return None
    invited = ask(session, _INVITED, one=closing.id)
    took_part = set(ask(session, _TOOK_PART, one=closing.id))
    given: dict[str, dict[str, int | None]] = defaultdict(dict)
    for code, question, point in ask(session, _ANSWERS, one=closing.id):
        given[code][question] = point
    by_team: dict[str, list[Points]] = defaultdict(list)
    turnout: dict[str, Turnout] = {}
    for one in invited:
        team = str(one.reporting_team_id or IN_NO_TEAM)
        # Who was out of reach and answered all the same was not.
        if one.person in took_part or not one.is_excused:
            by_team[team].append(given.get(respondent(key, one.person), {}))
            turnout[team] = _with_one(turnout.get(team), one.person in took_part)
    named = teams.names(session, [int(team) for team in by_team if team != IN_NO_TEAM])
    comments = ask(session, _COMMENTS, one=closing.id)
    random.SystemRandom().shuffle(comments)
    return Counted(
        {question.slug: _answers(by_team, question) for question in closing.asks()},
        turnout,
        {str(team): name for team, name in named.items()},
        comments,
    )


def _with_one(before: Turnout | None, has_answered: bool) -> Turnout:
    invited, responders = (before.invited, before.responders) if before else (0, 0)
    return Turnout(invited + 1, responders + has_answered)


def _answers(by_team: Mapping[str, Sequence[Points]], question: Question) -> dict[str, Answers]:
    return {
        team: Answers(len(people), _tally((each.get(question.slug) for each in people), question))
        for team, people in by_team.items()
    }


def _tally(points: Iterable[int | None], question: Question) -> tuple[int, ...]:
    tally = dict.fromkeys(question.scale.points, 0)
    for point in points:
        if point is not None:
            tally[point] += 1
    return tuple(tally.values())


def result(closing: Round, counted: Counted) -> dict[str, Any]:
    """Return what may be shown of the round, as JSON can hold it."""
    k = closing.fewest_scores
    shown = {
        question.slug: disclosure.shown(counted.answers[question.slug], question.scale, k=k)
        for question in closing.asks()
    }
    turnout = disclosure.shown_turnout(counted.turnout, k=k)
    named = {*turnout.teams, *turnout.smaller_teams}
    for figures in shown.values():
        named |= {*figures.teams, *figures.smaller_teams}
    return {
        "questions": {slug: disclosure.stored(figures) for slug, figures in shown.items()},
        "turnout": disclosure.stored(turnout),
        "teams": {team: name for team, name in counted.teams.items() if team in named},
    }


def freeze(
    session: Session,
    closing: Round,
    counted: Counted,
    shown: Mapping[str, Any],
    *,
    now: datetime,
) -> bool:
    """Keep what may be shown and destroy the key; False where that was done already.

    The comments are kept where there are enough, in no order and beside nothing.
    """
    seen = {"id": closing.id, "version": closing.version, "status": Status.CLOSING.value}
    if not swap(session, Round, seen, result=dict(shown), key_destroyed_at=now):
        return False
    session.execute(delete(RoundKey).where(col(RoundKey.round_id) == closing.id))
    if len(counted.comments) >= closing.fewest_comments:
        kept = [{"round_id": closing.id, "words": words} for words in counted.comments]
        insert_rows(session, KeptComment, kept)
    return True


def erase_some(session: Session, round_id: int, *, cause: str) -> bool:
    """Erase some of what names a person; say whether there may be more.

    `cause` is what the outbox's keys of the round's messages to people begin with.
    """
    of_people = col(OutboxRow.cause).between(f"{cause}:to:", f"{cause}:to:~")
    for table, these in (
        *((table, col(table.round_id) == round_id) for table in OF_PEOPLE),
        (OutboxRow, of_people),
    ):
        some = select(table.id).where(these).limit(ONCE)
        erased = session.execute(
            delete(table).where(col(table.id).in_(some)),
            execution_options={"synchronize_session": False},
        )
        if cast(CursorResult[Any], erased).rowcount:
            return True
    return False


def finish(session: Session, round_id: int, *, now: datetime) -> bool:
    """Say that nothing leads from an answer to a person any more; False where that was said."""
    seen = {"id": round_id, "status": Status.CLOSING.value}
    return swap(session, Round, seen, status=Status.CLOSED.value, erased_at=now)
