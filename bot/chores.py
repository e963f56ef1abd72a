"""What is still to be done beside everything else, whoever dies meanwhile."""

from sqlalchemy import Index, bindparam, delete, func
from sqlmodel import Field, Session, col, select

from bot.rows import ask, insert_rows
from bot.tenancy import TeamRow

FORGET = "forget"  # something was taken out of the index, and its words may still be on the disk
FILL = "fill"  # records cannot be found yet
LEARN = "learn"  # somebody was erased who may be here all the same


class Chore(TeamRow, table=True):
    """One thing to do. Who does it does every one of its kind that there was when they began."""

    __tablename__ = "search_chore"
    __table_args__ = (Index("ix_search_chore", "team_id", "what"),)

    what: str = Field(max_length=16)


_LAST = select(func.max(Chore.id)).where(Chore.what == bindparam("which"))
_DONE = (
    delete(Chore)
    .where(col(Chore.what) == bindparam("which"), col(Chore.id) <= bindparam("until"))
    .execution_options(synchronize_session=False)
)


def ask_for(session: Session, what: str) -> None:
    """Have it done soon."""
    insert_rows(session, Chore, [{"what": what}])


def last(session: Session, what: str) -> int | None:
    """Return the last chore of this kind, None where there is nothing to do."""
    found: int | None = ask(session, _LAST, which=what)[0]
    return found


def done(session: Session, what: str, *, until: int) -> None:
    """Say that every chore of this kind is done, up to this one."""
    session.execute(_DONE, {"which": what, "until": until})
