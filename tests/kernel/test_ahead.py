"""What lies ahead: what people know by name, what waits to be sent, and what is being sent."""

from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot import due, lanes
from bot.agenda import Schedule
from bot.ahead import Ahead, ahead
from bot.due import Due
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
    assert found.told() == {"next": [], "stops": [], "busy": False, "rests_until": None}


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
        *((ours, HOUR), (ours, 2 * HOUR), ("Message for 1 person", 2.5 * HOUR), (ours, 3 * HOUR)),
        (ours, 4 * HOUR),
    ]


async def test_a_message_for_later_lies_ahead_and_one_for_now_keeps_busy(
    office: Office, hand: Hand
) -> None:
    await office.post("later", send_after=T(HOUR))
    found = await look(office)
    assert (named(found), found.is_busy) == ([("Message for 1 person", HOUR)], False)
    hand.move(HOUR)
    found = await look(office)
    assert (named(found), found.is_busy, found.rests_until) == ([], True, None)
    await office.send()
    assert not (await look(office)).is_busy


async def test_what_is_sent_later_says_what_it_is_and_to_how_many_but_not_to_whom(
    office: Office,
) -> None:
    for causes, called in (
        (("round:7:to:U0KIM",), "Pulse for 1 person"),
        (("round:7:to:U0BEN", "round:7:to:U0ANA"), "Pulse for 3 people"),
        (("setup:U0KIM",), "Messages for 4 people"),
    ):
        await office.post(*causes, send_after=T(HOUR))
        assert named(await look(office)) == [(called, HOUR)]
    reminders = [f"round:7:to:{who}:reminder1" for who in ("U0KIM", "U0BEN")]
    await office.post(*reminders, send_after=T(HOUR / 2))
    assert named(await look(office)) == [("Pulse reminder for 2 people", HOUR / 2)]


async def test_a_date_is_told_as_people_mean_it_and_begins_when_it_does(office: Office) -> None:
    def an_hour_later(session: Session, date: Due) -> datetime:
        return date.at + timedelta(hours=1)

    def an_hour_before(session: Session, date: Due) -> datetime:
        return date.at - timedelta(hours=1)

    agenda = {
        "late": Schedule(close, grace=timedelta(days=1), name="Late", told=an_hour_later),
        "early": Schedule(close, grace=timedelta(days=1), name="Early", told=an_hour_before),
    }

    def query(session: Session) -> Ahead:
        return ahead(session, agenda, now=office.hand.now())

    def plan(session: Session) -> None:
        due.plan(session, "late", at=T(3 * HOUR))
        due.plan(session, "early", at=T(3.5 * HOUR))

    await office.write(plan)
    found = await office.database.read(TEAM, query)
    assert named(found) == [("Early", 3.5 * HOUR), ("Late", 4 * HOUR)]
    assert list(found.stops) == [T(3 * HOUR), T(3.5 * HOUR)]


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
