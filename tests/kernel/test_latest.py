"""What is not to be said any more when its turn comes."""

from datetime import datetime

from sqlmodel import Session

from bot.latest import AT_A_TIME
from bot.outbox import Message, OutboxRow, Status
from bot.sender import Sender
from handlers.outbox import tell_concerned
from tests.kernel.office import Office
from tests.support import BEN, TEAM


def only_new(session: Session, row: OutboxRow, now: datetime) -> Message | None:
    return None if row.cause.startswith("old") else {"text": f"{row.cause}, as it is now"}


async def test_what_is_not_sent_any_more_takes_nobody_s_turn(office: Office) -> None:
    sender = Sender(office.deps, TEAM, notice=tell_concerned, wording=only_new)
    old = [f"old {number}" for number in range(AT_A_TIME + 20)]
    for cause in old:
        await office.post(cause, lane=f"U0{cause[4:]}")
    await office.post("new", lane=BEN)
    await office.send(sender)
    assert [await office.status(cause) for cause in (old[0], old[AT_A_TIME - 1])] == [
        Status.TAKEN_BACK
    ] * 2
    assert await office.status(old[-1]) is Status.WAITING  # or others could not write for long
    await office.send(sender)  # at the same moment: no pause was due
    assert await office.status(old[-1]) is Status.TAKEN_BACK
    assert [message["text"] for message in office.slack.dm(BEN)] == ["new, as it is now"]
    assert [call["method"] for call in office.slack.calls].count("chat.postMessage") == 1
