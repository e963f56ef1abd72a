"""What waits in the database to be done, and for how long already."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import bindparam, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from bot.due import Due
from bot.outbox import DUE, OutboxRow, Status
from bot.rows import ask
from bot.tenancy import Utc

OPEN = (*DUE, Status.BLOCKED, Status.UNKNOWN)


@dataclass(frozen=True)
class Backlog:
    """How many messages are not in Slack as they should be, by their status, and what is late.

    `oldest` is how long the first of those that could be sent has waited to be posted, `late` how
    long ago each kind of date came due that has not run yet; both in seconds.
    """

    messages: Mapping[str, int]
    oldest: float
    late: Mapping[str, float]


_NOW = bindparam("now", type_=Utc)
_COUNTED = (
    select_columns(col(OutboxRow.status), func.count(col(OutboxRow.id)))
    .where(col(OutboxRow.status).in_(OPEN))
    .group_by(col(OutboxRow.status))
)
_OLDEST = select_columns(func.min(col(OutboxRow.send_after))).where(
    col(OutboxRow.status).in_([Status.WAITING, Status.SENDING, Status.DOUBTFUL]),
    col(OutboxRow.ts).is_(None),
    col(OutboxRow.send_after) <= _NOW,
)
_LATE = (
    select_columns(col(Due.kind), func.min(col(Due.at)))
    .where(col(Due.at) <= _NOW)
    .group_by(col(Due.kind))
)


def backlog(session: Session, kinds: Collection[str], *, now: datetime) -> Backlog:
    """Return what waits; of dates those of these kinds, each of which is named."""
    counted: dict[str, int] = dict(ask(session, _COUNTED))
    (oldest,) = cast(list[datetime | None], ask(session, _OLDEST, now=now))  # the only column
    ripe: dict[str, datetime] = dict(ask(session, _LATE, now=now))
    return Backlog(
        {status.value: counted.get(status, 0) for status in OPEN},
        _seconds(oldest, now),
        {kind: _seconds(ripe.get(kind), now) for kind in kinds},
    )


def together(backlogs: Sequence[Backlog]) -> Backlog:
    """Return what waits in one or more workspaces: how many in all, and the longest in any."""
    messages = Counter[str]()
    for each in backlogs:
        messages.update(each.messages)
    return Backlog(
        messages,
        max(each.oldest for each in backlogs),
        {kind: max(each.late[kind] for each in backlogs) for kind in backlogs[0].late},
    )


def _seconds(since: datetime | None, now: datetime) -> float:
    return (now - since).total_seconds() if since else 0.0
