"""The owners' own questions of the pulse, which join its rotation."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import UniqueConstraint, func
from sqlmodel import Field, Session, col, select

from bot import ledger, roster
from bot.errors import UserError, length_of, quoted
from bot.questions import CYCLE, Own, Question
from bot.rows import ask, insert_rows
from bot.tenancy import TeamRow, Utc

LENGTH = range(10, 301)  # characters
MOST = CYCLE  # so that none shares its week with another


class OwnQuestion(TeamRow, table=True):
    """A question in the owners' words, which never change: other words are another question."""

    __tablename__ = "own_question"
    __table_args__ = (UniqueConstraint("team_id", "number"),)

    number: int
    words: str
    retired_at: datetime | None = Field(default=None, sa_type=Utc)


_IN_USE = (
    select(OwnQuestion)
    .where(col(OwnQuestion.retired_at).is_(None))
    .order_by(col(OwnQuestion.number))
)
_LAST = select(func.max(OwnQuestion.number))


def in_use(session: Session) -> list[Own]:
    """Return the questions that are asked, in the order in which they were added."""
    found = ask(session, _IN_USE)
    return [Own(one.number, Question(f"own-{one.number}", one.words)) for one in found]


def choose(session: Session, lines: str, *, by: str, now: datetime) -> Sequence[Own]:
    """Have these be the owners' questions, one a line; what is not among them is asked no more.

    Raises UserError, with every fault at its field, where it cannot be, and where `by` is no owner.
    """
    roster.must_be_owner(session, by)
    wanted = list(dict.fromkeys(" ".join(line.split()) for line in lines.splitlines()))
    wanted = [line for line in wanted if line]
    _check(wanted)
    here = {one.words: one for one in session.exec(_IN_USE)}
    for words, one in here.items():
        if words not in wanted:
            one.retired_at = now
            session.add(one)
    last = ask(session, _LAST)[0] or 0
    new = [words for words in wanted if words not in here]
    rows = [{"number": last + place, "words": words} for place, words in enumerate(new, start=1)]
    insert_rows(session, OwnQuestion, rows)
    ledger.append(session, "pulse.questions_chosen", at=now, actor=by, count=len(wanted))
    return in_use(session)


def _check(wanted: Sequence[str]) -> None:
    if len(wanted) > MOST:
        raise UserError(
            f"These are {len(wanted)} questions; {MOST} is the most, one for each week of a cycle.",
            field="questions",
        )
    for words in wanted:
        if length_of(words) not in LENGTH:
            raise UserError(
                f"A question takes {LENGTH[0]} to {LENGTH[-1]} characters; {quoted(words)} has "
                f"{length_of(words)}.",
                field="questions",
            )
