"""Dates: planned once, run once, moved on, and left out when it is too late."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import Session, select

import schedules
from bot import due
from bot.due import Due
from bot.ledger import LedgerLine
from schedules import Schedule
from tests.kernel.hand import Hand
from tests.kernel.office import Office
from tests.support import T0, TEAM

EVERY, GRACE = timedelta(hours=1), timedelta(minutes=10)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One schedule, which notes that it ran."""
    noted: list[str] = []
    hourly = Schedule(lambda session, now: noted.append(f"{now:%H:%M}"), every=EVERY, grace=GRACE)
    monkeypatch.setattr(schedules, "ALL", {"hourly": hourly})
    return noted


@pytest.fixture
async def planned(office: Office, ran: list[str]) -> Office:
    """The schedule's first date, which is now."""
    await office.write(lambda session: schedules.plan_all(session, now=T0))
    return office


def dates(session: Session) -> list[Due]:
    return list(session.exec(select(Due)).all())


async def tick(office: Office) -> int:
    return await schedules.tick(office.deps, team=TEAM)


async def test_nothing_runs_before_its_time(office: Office, ran: list[str]) -> None:
    await office.write(lambda session: due.plan(session, "hourly", at=T0 + EVERY))
    assert await tick(office) == 0
    assert ran == []


async def test_what_is_due_runs_once_and_moves_on(
    planned: Office, ran: list[str], hand: Hand
) -> None:
    assert [await tick(planned), await tick(planned)] == [1, 0]
    assert ran == ["09:00"]
    hand.move(EVERY.total_seconds())
    assert await tick(planned) == 1
    assert ran == ["09:00", "10:00"]


async def test_two_processes_at_once_run_it_once(planned: Office, ran: list[str]) -> None:
    assert sorted(await asyncio.gather(*(tick(planned) for _ in range(4)))) == [0, 0, 0, 1]
    assert ran == ["09:00"]


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
    assert ran == ["09:10"]


async def test_what_comes_too_late_is_left_out_with_a_line_in_the_ledger(
    planned: Office, ran: list[str], hand: Hand
) -> None:
    hand.move(GRACE.total_seconds() + 1)
    assert await tick(planned) == 0
    assert ran == []
    (line,) = await planned.write(lambda session: session.exec(select(LedgerLine)).all())
    assert (line.kind, line.details) == ("due.skipped", {"due": "hourly"})
    (moved,) = await planned.write(dates)
    assert moved.at == hand.now() + EVERY


async def test_work_that_fails_stays_due_and_keeps_nothing_else_from_running(
    planned: Office, monkeypatch: pytest.MonkeyPatch, ran: list[str], hand: Hand
) -> None:
    def fail(session: Session, now: object) -> None:
        raise ZeroDivisionError

    good = schedules.ALL["hourly"]
    monkeypatch.setitem(schedules.ALL, "hourly", Schedule(fail, every=EVERY, grace=GRACE))
    monkeypatch.setitem(schedules.ALL, "later", good)
    await planned.write(lambda session: schedules.plan_all(session, now=T0 + timedelta(seconds=1)))
    hand.move(1)
    assert await tick(planned) == 1
    monkeypatch.setitem(schedules.ALL, "hourly", good)
    assert await tick(planned) == 1
    assert ran == ["09:00", "09:00"]


async def test_first_dates_are_planned_once(planned: Office, hand: Hand) -> None:
    hand.move(60)
    await planned.write(lambda session: schedules.plan_all(session, now=hand.now()))
    assert [one.at for one in await planned.write(dates)] == [T0]


async def test_every_schedule_of_ours_has_a_first_date(office: Office) -> None:
    await office.write(lambda session: schedules.plan_all(session, now=T0))
    assert {one.kind for one in await office.write(dates)} == set(schedules.ALL)
    assert await tick(office) == len(schedules.ALL)
