"""What becomes of a round when it closes: figures are kept, and whatever leads to a person goes."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, bindparam, delete, not_, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot import disclosure, rounds, teams
from bot.disclosure import Answers, Turnout
from bot.outbox import OutboxRow
from bot.prefix import Plainly
from bot.questions import Question
from bot.responses import Answer, Comment, KeptComment, Participation, respondents
from bot.rounds import Invitation, Round, RoundKey, Status
from bot.rows import ask, insert_rows, swap

IN_NO_TEAM = "none"  # the key of those who report in no team
ONCE = 1000  # rows that are erased in one transaction
OF_PEOPLE = (Answer, Comment, Participation)  # nothing of them is kept when their round has closed


@dataclass(frozen=True)
class Counted:
    """A round's answers by team, so that nobody is in them any more, and the comments shuffled."""

    answers: Mapping[str, Mapping[str, Answers]]  # by question, then team
    turnout: Mapping[str, Turnout]
    teams: Mapping[str, str]  # their names
    comments: Sequence[str] = field(default=())


# Who was out of reach and answered all the same was not.
_COUNTS = or_(
    not_(col(Invitation.is_excused)),
    select(Participation.id)
    .where(
        col(Participation.round_id) == col(Invitation.round_id),
        col(Participation.person) == col(Invitation.person),
    )
    .exists(),
)
_INVITED = select_columns(col(Invitation.person), col(Invitation.reporting_team_id)).where(
    col(Invitation.round_id) == bindparam("one"), _COUNTS
)
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
    team_of = dict(ask(session, _INVITED, one=closing.id))
    took_part = ask(session, _TOOK_PART, one=closing.id)
    of_code = dict(zip(respondents(key, team_of), team_of.values(), strict=True))
    given = Counter(
        (of_code[code], question, point)
        for code, question, point in ask(session, _ANSWERS, one=closing.id)
        if code in of_code
    )
    invited = Counter(team_of.values())
    responders = Counter(team_of[person] for person in took_part if person in team_of)
    comments = ask(session, _COMMENTS, one=closing.id)
    random.SystemRandom().shuffle(comments)
    named = teams.names(session, [team for team in invited if team])
    return Counted(
        {question.slug: _answers(invited, given, question) for question in closing.asks()},
        {_key(team): Turnout(many, responders[team]) for team, many in invited.items()},
        {_key(team): name for team, name in named.items()},
        comments,
    )


def _key(team: int | None) -> str:
    return str(team or IN_NO_TEAM)


def _answers(
    invited: Mapping[int | None, int],
    given: Mapping[tuple[int | None, str, int | None], int],
    question: Question,
) -> dict[str, Answers]:
    return {
        _key(team): Answers(
            many, tuple(given[team, question.slug, point] for point in question.scale.points)
        )
        for team, many in invited.items()
    }


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
    if disclosure.comments_are_shown(len(counted.comments), k=closing.fewest_comments):
        kept = [{"round_id": closing.id, "words": words} for words in counted.comments]
        insert_rows(session, KeptComment, kept)
    return True


def erase_some(session: Session, round_id: int, *, cause: str) -> bool:
    """Erase some of what names a person; say whether there may be more.

    `cause` is what the outbox's keys of the round's messages to people begin with.
    """
    of_people = Plainly(col(OutboxRow.cause)).between(f"{cause}:to:", f"{cause}:to:~")
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
