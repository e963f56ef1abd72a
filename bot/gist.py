"""The gist of a decision: the words by which it is found, and how it is named then."""

from collections.abc import Sequence

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from bot.decisions import Decision
from bot.fulltext import Entry
from bot.rows import ask


def entry(decision: Decision) -> Entry:
    """Return the decision as it is found, whatever became of it: what is decided adds words."""
    decided = [] if decision.choice is None else [decision.options[decision.choice]]
    words = (decision.context, *decision.options, decision.prediction, *decided, decision.reason)
    return Entry(
        id=decision.id,
        kind=decision.KIND,
        author=decision.author,
        at=decision.created_at,
        title=decision.title,
        words="\n".join(filter(None, words)),
        is_private=decision.is_private,
        name=decision.name,
        state=decision.status,
    )


_THESE = select(Decision).where(col(Decision.id).in_(bindparam("ids", expanding=True)))


def entries(session: Session, ids: Sequence[int]) -> list[Entry]:
    """Return these decisions as they are found, the withdrawn ones too: their cards stand."""
    return [entry(one) for one in ask(session, _THESE, ids=list(ids))]
