"""Dates: planned once, run once and in their order, moved on, and left out when it is too late."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

import schedules
from bot import agenda, due, settings
from bot.agenda import Agenda, Schedule, every
from bot.db import Database
from bot.due import Due
from bot.ledger import LedgerLine
from bot.rituals import mission
from tests.kernel.hand import Hand
from tests.kernel.office import Office
from tests.support import ANA, LOUNGE, STATEMENT, T0, TEAM, VALUES, T

EVERY, GRACE = timedelta(hours=1), timedelta(minutes=10)
HOURLY = T0 + EVERY
LONG = timedelta(days=365)


@pytest.fixture
def ran() -> list[str]:
    """What ran, and when."""
    return []


def noting(ran: list[str]) -> Callable[[Session, Due, datetime], None]:
    def run(session: Session, one: Due, now: datetime) -> None:
        ran.append(f"{one.subject or one.kind} {now:%H:%M}")

    return run


def hire(office: Office, **more: Schedule) -> None:
    """Have these kinds of dates run as well."""
    office.deps = replace(office.deps, agenda={**office.deps.agenda, **more})


@pytest.fixture
async def planned(office: Office, ran: list[str], hand: Hand) -> Office:
    """One schedule, which notes that it ran, and whose first date is now."""
    hire(office, hourly=Schedule(noting(ran), grace=GRACE, next_at=every(EVERY)))
    await office.write(lambda session: due.plan(session, "hourly", at=T0))
    return office


async def keep(office: Office) -> None:
    def work(session: Session) -> None:
        agenda.keep(session, office.deps.agenda, now=office.hand.now())

    await office.write(work)


def dates(session: Session) -> list[Due]:
    return list(session.exec(select(Due)).all())


async def tick(office: Office) -> int:
    return await schedules.tick(office.deps, team=TEAM)


async def test_nothing_runs_before_its_time(planned: Office, ran: list[str], hand: Hand) -> None:
    hand.move(-1)
    assert await tick(planned) == 0
    assert ran == []


async def test_what_is_due_runs_once_and_moves_on(
    planned: Office, ran: list[str], hand: Hand
) -> None:
    assert [await tick(planned), await tick(planned)] == [1, 0]
    assert ran == ["hourly 09:00"]
    hand.move(EVERY.total_seconds())
    assert await tick(planned) == 1
    assert ran == ["hourly 09:00", "hourly 10:00"]


async def test_two_processes_at_once_run_it_once(planned: Office, ran: list[str]) -> None:
    assert sorted(await asyncio.gather(*(tick(planned) for _ in range(4)))) == [0, 0, 0, 1]
    assert ran == ["hourly 09:00"]


async def test_two_processes_share_what_is_ripe_and_keep_its_order(
    planned: Office, ran: list[str], database_url: str
) -> None:
    hire(planned, once=Schedule(noting(ran), grace=LONG))

    def plan(session: Session) -> None:
        for number in range(20):
            due.plan(session, "once", at=T(number - 100), subject=f"{number:02}")

    await planned.write(plan)
    other = Database.open(database_url)
    theirs = replace(planned.deps, database=other)
    both = [schedules.tick(deps, team=TEAM) for deps in (planned.deps, theirs)]
    assert sum(await asyncio.gather(*both)) == 21
    other.close()
    assert ran == [f"{number:02} 09:00" for number in range(20)] + ["hourly 09:00"]


async def test_a_date_that_somebody_else_took_cannot_be_taken(planned: Office) -> None:
    (seen,) = await planned.write(dates)

    def claim(session: Session) -> bool:
        return due.claim(session, seen, next_at=T0 + EVERY)

    assert await planned.write(claim)
    assert not await planned.write(claim)


async def test_a_last_date_can_be_ended_once(planned: Office) -> None:
    (seen,) = await planned.write(dates)

    def end(session: Session) -> bool:
        return due.claim(session, seen, next_at=None)

    assert await planned.write(end)
    assert not await planned.write(end)
    assert await planned.write(dates) == []


async def test_what_comes_late_within_its_grace_runs(
    planned: Office, ran: list[str], hand: Hand
) -> None:
    hand.move(GRACE.total_seconds())
    assert await tick(planned) == 1
    assert ran == ["hourly 09:10"]


async def test_what_comes_too_late_is_left_out_with_a_line_in_the_ledger(
    planned: Office, ran: list[str], hand: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    hand.move(GRACE.total_seconds() + 1)
    assert await tick(planned) == 0
    assert ran == []
    (line,) = await planned.write(lambda session: session.exec(select(LedgerLine)).all())
    assert line.kind == "due.skipped"
    assert line.details == {"due": "hourly", "about": "", "was": "2026-01-05T09:00:00+00:00"}
    assert "hourly of 2026-01-05 09:00:00+00:00 came too late" in caplog.text
    (moved,) = await planned.write(dates)
    assert moved.at == T0 + EVERY


async def test_after_three_days_asleep_it_goes_on_from_now_once(
    planned: Office, ran: list[str], hand: Hand
) -> None:
    hire(planned, hourly=Schedule(noting(ran), grace=timedelta(days=4), next_at=every(EVERY)))
    hand.move(timedelta(days=3, minutes=20).total_seconds())
    assert [await tick(planned), await tick(planned)] == [1, 0]
    assert ran == ["hourly 09:20"]
    (moved,) = await planned.write(dates)
    assert moved.at == T0 + timedelta(days=3, hours=1)


async def test_a_clock_set_back_an_hour_brings_nothing_a_second_time(
    planned: Office, ran: list[str], hand: Hand
) -> None:
    assert await tick(planned) == 1
    hand.move(-3600)
    await keep(planned)  # as a start does, and a change of settings
    for _ in range(8):
        hand.move(600)
        await tick(planned)
    assert ran == ["hourly 09:00"]
    hand.move(3000)
    await tick(planned)
    assert ran == ["hourly 09:00", "hourly 10:10"]


@pytest.mark.parametrize("back", [timedelta(hours=1), LONG], ids=["an hour", "a year"])
async def test_a_process_whose_clock_is_set_back_goes_on_looking(
    planned: Office, ran: list[str], hand: Hand, monkeypatch: pytest.MonkeyPatch, back: timedelta
) -> None:
    monkeypatch.setattr(schedules.Ticker, "looks_again", 0.0)
    looking = asyncio.create_task(schedules.Ticker(planned.deps, TEAM).run())
    try:
        async with asyncio.timeout(10):
            await until_ran(planned, ran, 1)
            hand.move(-back.total_seconds())
            soon = hand.now()
            await planned.write(lambda session: due.plan(session, "hourly", at=soon, subject="new"))
            await until_ran(planned, ran, 2)
    finally:
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    assert ran == ["hourly 09:00", f"new {soon:%H:%M}"]


async def until_ran(office: Office, ran: list[str], count: int) -> None:
    while len(ran) < count:
        await office.write(dates)  # each look lets the other go on


async def test_a_clock_that_was_a_year_ahead_holds_nothing_up(
    planned: Office, ran: list[str], hand: Hand
) -> None:
    hand.move(LONG.total_seconds())
    await tick(planned)
    hand.move(3600)
    await tick(planned)
    hand.move(-3600 - LONG.total_seconds())
    await keep(planned)
    (moved,) = await planned.write(dates)
    assert moved.at == T0 + EVERY


async def test_work_that_fails_stays_due_and_keeps_nothing_else_from_running(
    planned: Office, ran: list[str], hand: Hand
) -> None:
    def fail(session: Session, one: Due, now: datetime) -> None:
        session.add(LedgerLine(at=now, kind="half.done"))
        session.flush()
        raise ZeroDivisionError

    good = planned.deps.agenda["hourly"]
    hire(planned, hourly=Schedule(fail, grace=GRACE, next_at=every(EVERY)), later=good)
    await planned.write(lambda session: due.plan(session, "later", at=T(1)))
    hand.move(1)
    assert await tick(planned) == 1
    assert await planned.write(lambda session: session.exec(select(LedgerLine)).all()) == []
    hire(planned, hourly=good)
    assert await tick(planned) == 1
    assert ran == ["later 09:00", "hourly 09:00"]


async def test_everything_ripe_runs_in_the_order_of_its_dates(
    planned: Office, ran: list[str], hand: Hand
) -> None:
    hire(planned, once=Schedule(noting(ran), grace=LONG))

    def plan(session: Session) -> None:
        for minute in (30, 10, 50, 20, 40):
            at = T0 + timedelta(minutes=minute)
            due.plan(session, "once", at=at, subject=f"at {minute}")

    await planned.write(plan)
    hand.move(540)
    assert await tick(planned) == 1
    hand.move(3600)
    assert await tick(planned) == 6
    assert ran[1:] == [f"at {minute} 10:09" for minute in (10, 20, 30, 40, 50)] + ["hourly 10:09"]
    assert [one.kind for one in await planned.write(dates)] == ["hourly"]


async def test_what_a_run_plans_for_a_time_that_passed_has_its_turn_in_the_same_tick(
    planned: Office, ran: list[str], hand: Hand
) -> None:
    def open_round(session: Session, one: Due, now: datetime) -> None:
        noting(ran)(session, one, now)
        due.plan(session, "close", at=one.at + timedelta(days=3), subject=one.subject)

    hire(
        planned,
        open=Schedule(open_round, grace=LONG),
        close=Schedule(noting(ran), grace=LONG),
        between=Schedule(noting(ran), grace=LONG),
    )

    def plan(session: Session) -> None:
        due.plan(session, "open", at=T0 + timedelta(days=1), subject="first")
        due.plan(session, "between", at=T0 + timedelta(days=2))
        due.plan(session, "between", at=T0 + timedelta(days=5), subject="last")

    await planned.write(plan)
    hand.move(timedelta(days=6).total_seconds())
    await tick(planned)
    assert [each.split()[0] for each in ran] == ["first", "between", "first", "last"]


async def test_a_date_with_a_subject_is_over_once_it_ran(
    planned: Office, ran: list[str], hand: Hand
) -> None:
    await planned.write(lambda session: due.plan(session, "hourly", at=T0, subject="besides"))
    assert await tick(planned) == 2
    assert [one.subject for one in await planned.write(dates)] == [""]


async def test_a_date_that_was_moved_cannot_be_claimed_by_who_saw_the_old_one(
    planned: Office,
) -> None:
    (seen,) = await planned.write(dates)
    assert await planned.write(lambda session: due.move(session, "hourly", at=HOURLY))
    assert not await planned.write(lambda session: due.claim(session, seen, next_at=None))
    (moved,) = await planned.write(dates)
    assert (moved.at, moved.last_at) == (HOURLY, None)


async def test_moving_and_dropping_touch_only_what_is_named(planned: Office) -> None:
    def plan(session: Session) -> None:
        for subject in ("1", "2"):
            due.plan(session, "close", at=T0, subject=subject)

    await planned.write(plan)
    assert await planned.write(lambda session: due.move(session, "close", at=HOURLY, subject="1"))
    assert await planned.write(lambda session: due.drop(session, "close", subject="2"))
    left = {(one.kind, one.subject): one.at for one in await planned.write(dates)}
    assert left == {("hourly", ""): T0, ("close", "1"): HOURLY}
    assert not await planned.write(lambda session: due.move(session, "close", at=T0, subject="2"))
    assert not await planned.write(lambda session: due.drop(session, "close", subject="2"))


async def test_a_claim_moves_on_with_the_work_or_not_at_all(planned: Office) -> None:
    (seen,) = await planned.write(dates)

    def claim_and_die(session: Session) -> None:
        assert due.claim(session, seen, next_at=HOURLY)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await planned.write(claim_and_die)
    (still,) = await planned.write(dates)
    assert (still.at, still.version) == (T0, 0)


async def test_a_kind_that_nobody_here_runs_is_left_to_who_does(
    planned: Office, ran: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await planned.write(lambda session: due.plan(session, "of another version", at=T0))
    assert await tick(planned) == 1
    assert [record.levelname for record in caplog.records] == []
    assert len(await planned.write(dates)) == 2


async def test_first_dates_are_planned_once(office: Office, hand: Hand) -> None:
    hire(office, hourly=Schedule(noting([]), grace=GRACE, next_at=every(EVERY)))
    hand.move(60)
    await keep(office)
    hand.move(60)
    await keep(office)
    assert [one.at for one in await office.write(dates)] == [HOURLY]


async def test_keeping_leaves_what_is_due_already_as_it_is(planned: Office, hand: Hand) -> None:
    hand.move(300)
    await keep(planned)
    assert [one.at for one in await planned.write(dates)] == [T0]


async def test_what_the_settings_want_no_more_is_dropped(planned: Office, hand: Hand) -> None:
    hire(planned, hourly=Schedule(noting([]), grace=GRACE, next_at=lambda session, after: None))
    hand.move(-60)
    await keep(planned)
    assert await planned.write(dates) == []


async def test_every_schedule_of_ours_has_a_first_date_and_runs(
    office: Office, hand: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)  # whatever another test left
    ours: Agenda = schedules.ALL
    hire(office, **ours)
    await office.write(set_up)
    await keep(office)
    first = sorted(await office.write(dates), key=lambda one: one.at)
    assert {one.kind for one in first} == {kind for kind, one in ours.items() if one.next_at}
    for one in first:
        hand.move((one.at - hand.now()).total_seconds())
        await tick(office)
    # What one of them plans for a day in between is passed over here.
    assert [line for line in caplog.messages if not line.startswith("pulse_remind")] == []
    assert {one.kind for one in await office.write(dates) if one.last_at} >= {
        one.kind for one in first
    }


def set_up(session: Session) -> None:
    settings.change(session, updates_channel=LOUNGE, roster_loaded_at=T0)
    mission.set_up(session, by=ANA, statement=STATEMENT, values=VALUES, why="", now=T0)
