"""When it is time to forget what is needed no longer, and to try again what was blocked."""

import logging
from datetime import datetime

from sqlmodel import Session

from bot import inbound, outbox
from bot.due import Due

log = logging.getLogger(__name__)


def forget(session: Session, due: Due, now: datetime) -> None:
    """Remove what no feature needs any more."""
    keys = inbound.forget(session, before=now - inbound.REMEMBERED)
    messages = outbox.forget(session, now=now)
    log.info("forgot %d deliveries and the wording of %d direct messages", keys, messages)


def unblock(session: Session, due: Due, now: datetime) -> None:
    """Try blocked posts again: the event that told of the mending may have been missed."""
    outbox.release(session)
