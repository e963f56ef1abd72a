"""What is kept for a time only, and how it goes with all that belongs to it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, and_, delete, or_, update
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as select_rows

from bot import fulltext
from bot.decisions import Decision
from bot.decisions import Status as DecisionStatus
from bot.kinds import KINDS
from bot.prefix import Plainly
from bot.recognitions import Recognition
from bot.rounds import Round, Status
from bot.stories import Story
from bot.tenancy import current_team

AT_ONCE = 200  # records of a kind that go in one transaction
_DONE = (DecisionStatus.REVIEWED, DecisionStatus.WITHDRAWN, DecisionStatus.SUPERSEDED)


# The columns that lead to a record of these tables: their rows go with it.
BELONGS: Mapping[str, Sequence[tuple[str, str]]] = {
    "recognition": [
        ("recipient", "recognition_id"),
        ("applause", "record_id"),
        ("ledger", "subject"),
    ],
    "story": [("story_credit", "story_id"), ("applause", "record_id"), ("ledger", "subject")],
    "decision": [
        ("decision_role", "decision_id"),
        ("decision_answer", "decision_id"),
        ("decision_verdict", "decision_id"),
        ("ledger", "subject"),
    ],
    "round": [
        ("invitation", "round_id"),
        ("participation", "round_id"),
        ("answer", "round_id"),
        ("comment", "round_id"),
        ("kept_comment", "round_id"),
        ("round_key", "round_id"),
        ("ledger", "subject"),
    ],
}
# Those that only mention one stay, and mention none any more.
MENTIONS: Mapping[str, Sequence[tuple[str, str]]] = {
    "recognition": [("reminder", "recognition_id")],
    "decision": [("decision", "superseded_by")],
}


def too_old(session: Session, kind: str, *, days: int, now: datetime) -> Sequence[Any]:
    """Return records of this kind that were kept long enough, the oldest first, at most AT_ONCE.

    A decision has to be done with; of the pulse the last round of each sort stays.
    """
    return _OLD[kind](session, now - timedelta(days=days))


def _records(table: type[Recognition] | type[Story]) -> Callable[[Session, datetime], Any]:
    def old(session: Session, before: datetime) -> Sequence[Any]:
        made = select_rows(table).where(col(table.created_at) < before)
        return session.exec(made.order_by(col(table.id)).limit(AT_ONCE)).all()

    return old


def _decisions(session: Session, before: datetime) -> Sequence[Any]:
    decided = and_(
        col(Decision.status) == DecisionStatus.DECIDED, col(Decision.review_at).is_(None)
    )
    done = or_(col(Decision.status).in_(_DONE), decided)
    old = select_rows(Decision).where(col(Decision.created_at) < before, done)
    return session.exec(old.order_by(col(Decision.id)).limit(AT_ONCE)).all()


def _rounds(session: Session, before: datetime) -> Sequence[Any]:
    closed = select_rows(Round).where(col(Round.opened_at) < before, Round.status == Status.CLOSED)
    found = session.exec(closed.order_by(col(Round.id)).limit(AT_ONCE)).all()
    return [one for one in found if _has_a_later_one(session, one)]


def _has_a_later_one(session: Session, one: Round) -> bool:
    later = select_rows(Round.id).where(Round.kind == one.kind, col(Round.number) > one.number)
    return session.exec(later.where(Round.status == Status.CLOSED).limit(1)).first() is not None


_OLD: Mapping[str, Callable[[Session, datetime], Sequence[Any]]] = {
    "recognitions": _records(Recognition),
    "stories": _records(Story),
    "decisions": _decisions,
    "pulse": _rounds,
}


def let_go(session: Session, records: Sequence[Any], *, causes: Collection[str] = ()) -> None:
    """Delete records of one kind with all that belongs to them, their messages in the outbox too.

    `causes` are the messages besides that show some of them. What stands in Slack stays there.
    """
    if not records:
        return
    session.flush()
    table = _table(str(records[0].__tablename__))
    ids = [one.id for one in records]
    _drop_from_search(session, table.name, ids)
    for name, column in MENTIONS.get(table.name, ()):
        other = _table(name)
        these = (_ours(other), other.c[column].in_(ids))
        session.execute(update(other).where(*these).values({column: None}))
    for name, column in BELONGS[table.name]:
        other = _table(name)
        session.execute(delete(other).where(_ours(other), other.c[column].in_(ids)))
    for one in records:
        _drop_by_name(session, table.name, one.id)
    outbox = _table("outbox")
    session.execute(delete(outbox).where(_ours(outbox), outbox.c.cause.in_(list(causes))))
    session.execute(delete(table).where(_ours(table), table.c.id.in_(ids)))
    session.expire_all()


def _table(name: str) -> Table:
    return SQLModel.metadata.tables[name]


def _ours(table: Table) -> Any:
    return table.c.team_id == current_team()


def _drop_from_search(session: Session, kind: str, ids: Sequence[int]) -> None:
    for entry in _entries(session, kind, ids):
        fulltext.drop(session, entry)


def _entries(session: Session, kind: str, ids: Sequence[int]) -> Iterator[fulltext.Entry]:
    for one in ids if kind in KINDS else ():
        yield from KINDS[kind].entries(session, [one])


def _drop_by_name(session: Session, kind: str, number: int) -> None:
    """Delete what knows a record by its kind and number, or begins with them."""
    cause = f"{kind}:{number}"
    for name, column, begins in (
        ("outbox", "cause", cause),
        ("attachment", "cause", cause),
        ("scoring", "card", cause),
        ("due", "subject", str(number)),
    ):
        named = _table(name).c[column]
        these = or_(named == begins, Plainly(named).between(f"{begins}:", f"{begins}:~"))
        session.execute(delete(_table(name)).where(_ours(_table(name)), these))
