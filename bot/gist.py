"""The gist of a decision: the words by which it is found, and how it is named then."""

from collections.abc import Iterator, Sequence

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from bot.decisions import Decision
from bot.fulltext import Entry
from bot.proposal import DO_IT
from bot.rows import ask


def entry(decision: Decision) -> Entry:
    """Return the decision as it is found, whatever became of it: what is decided adds words."""
    return Entry(
        id=decision.id,
        kind=decision.KIND,
        author=decision.author,
        at=decision.created_at,
        title=decision.title,
        words="\n".join(filter(None, _lines(decision))),
        is_private=decision.is_private,
        name=decision.name,
        state=decision.status,
    )


def _lines(decision: Decision) -> Iterator[str]:
    yield decision.context
    if decision.options != list(DO_IT):  # which say nothing of what they are about
        yield " / ".join(decision.options)
    yield decision.prediction
    if decision.choice is not None:
        chosen = decision.options[decision.choice]
        yield f"{chosen}: {decision.reason}" if decision.reason else chosen


_THESE = select(Decision).where(col(Decision.id).in_(bindparam("ids", expanding=True)))


def entries(session: Session, ids: Sequence[int]) -> list[Entry]:
    """Return these decisions as they are found, the withdrawn ones too: their cards stand."""
    return [entry(one) for one in ask(session, _THESE, ids=list(ids))]
