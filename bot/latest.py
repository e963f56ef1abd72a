"""What a message says when it is sent, where that depends on what happened since it was written."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlmodel import Session

from bot import lanes, outbox
from bot.lanes import Claim
from bot.outbox import Message, OutboxRow, Status

# What a message is to say at this moment, None where it is not to be sent any more.
Wording = Callable[[Session, OutboxRow, datetime], Message | None]

AT_A_TIME = 100  # messages that are settled without being sent


def as_written(session: Session, row: OutboxRow, now: datetime) -> Message | None:
    """Say what was written."""
    return row.message


def claim(
    session: Session, *, holder: str, now: datetime, besides: Sequence[str], wording: Wording
) -> Claim | None:
    """Take the first message that is to be sent, saying what it is to say now.

    What it says now is not stored. Those that are not to be sent any more are settled on the way,
    as many as can be without keeping others from writing.
    """
    for _ in range(AT_A_TIME):
        taken = lanes.claim(session, holder=holder, now=now, besides=besides)
        if taken is None or taken.method == "conversations.history":
            return taken
        said = wording(session, taken.row, now)
        if said is not None:
            taken.row.message = said
            return taken
        settled = Status.SENT if taken.row.ts else Status.TAKEN_BACK
        outbox.settle(session, taken.row, status=settled)
        lanes.give_back(session, taken, holder=holder, now=now)
    return None
