"""When records have been kept for as long as whoever runs Truenorth has decided."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot import retention
from bot.due import Due
from bot.recognitions import Recognition
from bot.record import Record
from bot.rituals import digest, reminder

log = logging.getLogger(__name__)


def let_go(session: Session, due: Due, now: datetime, *, kept: Mapping[str, int]) -> None:
    """Delete what was kept long enough; what there is too much of goes the next times."""
    for kind, days in kept.items():
        records = retention.too_old(session, kind, days=days, now=now)
        retention.let_go(session, records, causes=set(_showing(session, records)))
        log.info("%d of the %s were kept for %d days and are deleted", len(records), kind, days)


def _showing(session: Session, records: Sequence[Any]) -> Iterator[str]:
    """Yield the outbox's keys of the reminders and digests that show some of the records."""
    for one in records:
        if isinstance(one, Recognition):
            for shown in reminder.that_quoted(session, one.id):
                yield shown.cause
        told = digest.of_time(session, one.created_at) if isinstance(one, Record) else None
        if told is not None:
            yield told.cause
