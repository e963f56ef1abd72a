"""What waits: how many messages, for how long, and which dates have not run."""

from datetime import timedelta

import pytest

from bot import due
from bot.backlog import Backlog, backlog
from bot.outbox import Status
from tests.kernel.office import Office
from tests.support import LOUNGE, T0, TEAM

KINDS = ("digest", "forget")


async def look(office: Office) -> Backlog:
    now = office.hand.now()
    return await office.database.read(TEAM, lambda session: backlog(session, KINDS, now=now))


async def test_where_nothing_waits_everything_is_nought(office: Office) -> None:
    found = await look(office)
    assert set(found.messages.values()) == {0}
    assert found.oldest == 0
    assert found.late == {"digest": 0, "forget": 0}


async def test_messages_are_counted_by_status_and_the_oldest_is_aged(office: Office) -> None:
    await office.post("one", "two")
    office.hand.move(40)
    await office.post("three")
    await office.post("nowhere", lane=None)
    await office.post("tomorrow", send_after=T0 + timedelta(days=1))
    office.hand.move(20)
    found = await look(office)
    assert found.messages[Status.WAITING] == 4
    assert found.messages[Status.BLOCKED] == 1
    assert found.oldest == 60


async def test_what_waits_for_its_hour_is_not_old(office: Office) -> None:
    await office.post("tomorrow", send_after=T0 + timedelta(days=1))
    office.hand.move(3600)
    assert (await look(office)).oldest == 0


async def test_a_message_that_is_there_is_not_old_where_it_shows_an_earlier_wording(
    office: Office,
) -> None:
    await office.post("one")
    await office.send()
    office.hand.move(3600)
    await office.revise("one", "otherwise")
    found = await look(office)
    assert found.messages[Status.STALE] == 1
    assert found.oldest == 0


@pytest.mark.parametrize("fate", ["reset_after", "reset_before"])
async def test_a_message_that_may_not_be_there_is_as_old_as_one_that_is_not(
    office: Office, fate: str
) -> None:
    office.slack.fault("chat.postMessage", fate)
    await office.post("one", lane=LOUNGE)
    await office.send()
    office.hand.move(1)
    found = await look(office)
    assert found.messages[Status.DOUBTFUL] + found.messages[Status.WAITING] == 1
    assert found.oldest == 1


async def test_a_date_is_late_from_when_it_came_due_until_it_ran(office: Office) -> None:
    await office.write(lambda session: due.plan(session, "digest", at=T0))
    await office.write(lambda session: due.plan(session, "digest", at=T0, subject="two"))
    await office.write(lambda session: due.plan(session, "forget", at=T0 + timedelta(hours=1)))
    office.hand.move(90)
    assert (await look(office)).late == {"digest": 90, "forget": 0}
