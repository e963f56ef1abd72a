"""What one person has answered so far, and what they answer now, as long as the round is open."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import Session, select

from bot import roster, rounds, teams
from bot.errors import UserError, length_of
from bot.responses import LONGEST_COMMENT, Answer, Comment, Participation, respondent
from bot.rights import Part, Right
from bot.rounds import Round, key_of
from bot.rows import ask, insert_once, write_over

NOT_ASKED = (
    "You were not asked in this round, as you joined after it had opened, so nothing was stored. "
    "You are asked in the next one."
)


@dataclass(frozen=True)
class Ballot:
    """A round as one person sees it: which of its questions they answered, but never how."""

    round: Round
    answered: Collection[str]
    has_commented: bool = False

    @property
    def is_complete(self) -> bool:
        """Whether no question is left."""
        return all(question["slug"] in self.answered for question in self.round.questions)


@dataclass(frozen=True)
class Held:
    """What is held about one person in a round that is open."""

    round: Round
    team: str
    is_excused: bool
    takes_part: bool
    answers: int
    has_commented: bool


_ANSWERED = select(Answer.question).where(
    Answer.round_id == bindparam("one"), Answer.respondent == bindparam("code")
)
_COMMENTED = select(Comment.words).where(
    Comment.round_id == bindparam("one"), Comment.respondent == bindparam("code")
)


def of_person(session: Session, asked: Round, *, person: str) -> Ballot:
    """Return what the person answered so far."""
    code = _code(session, asked, person)
    answered = ask(session, _ANSWERED, one=asked.id, code=code)
    return Ballot(asked, frozenset(answered), bool(comment_of(session, asked, person=person)))


def open_ballots(session: Session, person: str, *, now: datetime) -> list[Ballot]:
    """Return the rounds that the person can answer now, the oldest first."""
    waiting = rounds.open_for(session, person, now=now)
    return [of_person(session, one, person=person) for one in waiting]


def comment_of(session: Session, asked: Round, *, person: str) -> str:
    """Return what the person added so far, nothing where they added nothing."""
    found = ask(session, _COMMENTED, one=asked.id, code=_code(session, asked, person))
    return found[0] if found else ""


_TAKES_PART = select(Participation.person).where(
    Participation.round_id == bindparam("one"), Participation.person == bindparam("who")
)


def takes_part(session: Session, asked: Round, *, person: str) -> bool:
    """Say whether the person has answered something."""
    return bool(ask(session, _TAKES_PART, one=asked.id, who=person))


def held(session: Session, asked: Round, *, person: str) -> Held:
    """Return what is held about the person, who is asked in the round."""
    invited = rounds.invitation(session, asked.id, person=person)
    team = invited.reporting_team_id if invited else None
    mine = of_person(session, asked, person=person)
    return Held(
        asked,
        teams.names(session, [team])[team] if team else "",
        bool(invited and invited.is_excused),
        takes_part(session, asked, person=person),
        len(mine.answered),
        mine.has_commented,
    )


def answer(
    session: Session,
    round_id: int,
    *,
    person: str,
    question: str,
    point: int | None,
    now: datetime,
) -> Ballot:
    """Store the answer over an earlier one, none where the question is skipped.

    It leaves no trace but the answer and that the person takes part. Raises UserError, and stores
    nothing, where the round is over, or the person is not asked in it or has left.
    """
    asked = must_be_open(session, round_id, person=person, now=now)
    known = {one.slug: one for one in asked.asks()}
    if question not in known or not (point is None or point in known[question].scale.points):
        raise UserError("This round has no such question. Nothing was stored.")
    row = {
        "round_id": asked.id,
        "respondent": _code(session, asked, person),
        "question": question,
        "point": point,
    }
    write_over(session, Answer, [row], key=("round_id", "respondent", "question"))
    insert_once(session, Participation, round_id=asked.id, person=person)
    return of_person(session, asked, person=person)


def comment(session: Session, round_id: int, *, person: str, words: str, now: datetime) -> Ballot:
    """Store the comment over an earlier one; nothing but space takes it back, and is no answer.

    Raises UserError at its field where it is too long, and as `answer` does.
    """
    asked = must_be_open(session, round_id, person=person, now=now)
    length = len(words.strip())
    if length > LONGEST_COMMENT:
        raise UserError(
            f"This is {length:,} characters; {LONGEST_COMMENT:,} is the most. Please shorten it.",
            field="comment",
        )
    said = words.strip() if length_of(words) else ""
    if not said and not comment_of(session, asked, person=person):
        return of_person(session, asked, person=person)
    row = {"round_id": asked.id, "respondent": _code(session, asked, person), "words": said}
    write_over(session, Comment, [row], key=("round_id", "respondent"))
    insert_once(session, Participation, round_id=asked.id, person=person)
    return of_person(session, asked, person=person)


def must_be_open(session: Session, round_id: int, *, person: str, now: datetime) -> Round:
    """Return the round, or raise UserError where this person cannot answer it now."""
    asked = rounds.by_id(session, round_id)
    if asked is None:
        raise UserError("This round is not here any more. Nothing was stored.")
    if not asked.takes_answers(now):
        raise ClosedError
    roster.must_be_ours(session, person)
    invited = rounds.invitation(session, round_id, person=person) is not None
    if not Right.ANSWER.allows({Part.INVITED} if invited else ()):
        raise UserError(NOT_ASKED)
    return asked


class ClosedError(UserError):
    """The round takes no answers any more; whoever knows when the next one is says so."""

    def __init__(self) -> None:
        super().__init__("Thank you. This round is closed, so nothing was stored.")


def _code(session: Session, asked: Round, person: str) -> str:
    return respondent(_key(session, asked), person)


def _key(session: Session, asked: Round) -> bytes:
    key = key_of(session, asked.id)
    if key is None:
        raise ClosedError
    return key
