"""What lies ahead: what people know by name, what waits to be sent, and what is being sent."""

from datetime import timedelta
from functools import partial

from sqlmodel import Session

from bot import due, lanes
from bot.agenda import Schedule
from bot.ahead import Ahead, ahead
from tests.kernel.hand import Hand
from tests.kernel.office import Office
from tests.support import KIM, LOUNGE, T0, TEAM, T
from tests.surveys import SURVEYS, close

HOUR = 3600


async def look(office: Office) -> Ahead:
    agenda = {**SURVEYS, "quiet": Schedule(close, grace=timedelta(days=1))}

    def query(session: Session) -> Ahead:
        return ahead(session, agenda, now=office.hand.now())

    return await office.database.read(TEAM, query)


def named(found: Ahead) -> list[tuple[str, float]]:
    return [(one.name, (one.at - T0).total_seconds()) for one in found.coming]


async def test_nothing_lies_ahead_at_first(office: Office) -> None:
    found = await look(office)
    assert found.told() == {"next": [], "busy": False, "rests_until": None}


async def test_what_has_a_name_is_there_in_its_order_and_what_is_past_is_not(
    office: Office,
) -> None:
    def plan(session: Session) -> None:
        due.plan(session, "quiet", at=T(HOUR))
        due.plan(session, "survey", at=T(3 * HOUR))
        due.plan(session, "close", at=T(2 * HOUR), subject="1")
        due.plan(session, "close", at=T(-HOUR), subject="2")

    await office.write(plan)
    found = await look(office)
    assert named(found) == [("End of the survey", 2 * HOUR), ("Weekly survey", 3 * HOUR)]
    assert not found.is_busy


async def test_five_are_enough(office: Office) -> None:
    def plan(session: Session) -> None:
        for number in range(9):
            due.plan(session, "close", at=T(HOUR * (number + 1)), subject=str(number))

    await office.write(plan)
    await office.post("later", send_after=T(2.5 * HOUR))
    ours = "End of the survey"
    assert named(await look(office)) == [
        *((ours, HOUR), (ours, 2 * HOUR), ("Messages", 2.5 * HOUR), (ours, 3 * HOUR)),
        (ours, 4 * HOUR),
    ]


async def test_a_message_for_later_lies_ahead_and_one_for_now_keeps_busy(
    office: Office, hand: Hand
) -> None:
    await office.post("later", send_after=T(HOUR))
    found = await look(office)
    assert (named(found), found.is_busy) == ([("Messages", HOUR)], False)
    hand.move(HOUR)
    found = await look(office)
    assert (named(found), found.is_busy, found.rests_until) == ([], True, None)
    await office.send()
    assert not (await look(office)).is_busy


async def test_while_messages_wait_for_their_pace_it_says_until_when(
    office: Office, hand: Hand
) -> None:
    await office.post("first", "second", lane=KIM)
    await office.send()
    found = await look(office)
    assert found.is_busy
    assert found.rests_until == T(0.25)  # the method's pace, the first of two
    await office.send_for(3)
    assert not (await look(office)).is_busy


async def test_while_slack_is_asked_there_is_no_saying_until_when(
    office: Office, hand: Hand
) -> None:
    await office.post("one", lane=LOUNGE)
    claiming = partial(lanes.claim, holder="another process", now=hand.now())
    assert await office.write(claiming) is not None
    found = await look(office)
    assert (found.is_busy, found.rests_until) == (True, None)
