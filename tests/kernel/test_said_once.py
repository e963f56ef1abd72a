"""Two processes find the same date due at once: one thing is posted, and one turn is taken."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

import schedules
from bot import agenda, due, settings
from bot.db import Database
from bot.deed import Deed
from bot.outbox import OutboxRow
from bot.rituals import mission, recognition
from bot.rituals.digest import Digest
from bot.rituals.reminder import Reminder
from tests.kernel.hand import Hand
from tests.kernel.office import Office
from tests.support import ANA, BEN, KIM, LOUNGE, STATEMENT, T0, TEAM, VALUES

KINDS = ("reminder", "digest")


def begin(session: Session) -> None:
    settings.change(session, updates_channel=LOUNGE, roster_loaded_at=T0)
    mission.set_up(session, by=ANA, statement=STATEMENT, values=VALUES, why="", now=T0)
    deed = Deed(BEN, [KIM], "stayed late so that the clinic could book again", "care")
    recognition.give(session, deed, now=T0)


def posted(session: Session) -> list[str]:
    about = col(OutboxRow.cause).startswith("reminder:") | col(OutboxRow.cause).startswith("digest")
    return list(session.exec(select(OutboxRow.cause).where(about).order_by(OutboxRow.cause)))


def taken(session: Session) -> tuple[int, int]:
    return len(session.exec(select(Reminder)).all()), len(session.exec(select(Digest)).all())


@pytest.fixture
async def ours(office: Office) -> Office:
    """An office with a mission and a recognition, whose agenda has what only says when."""
    office.deps = replace(office.deps, agenda={kind: schedules.ALL[kind] for kind in KINDS})
    await office.write(begin)
    await office.write(lambda session: agenda.keep(session, office.deps.agenda, now=T0))
    return office


async def go_on(office: Office, hand: Hand, kind: str) -> None:
    date = await office.write(lambda session: due.date_of(session, kind))
    assert date is not None
    hand.move((date.at - hand.now()).total_seconds())


async def test_two_processes_post_once_and_take_one_turn(
    ours: Office, hand: Hand, database_url: str
) -> None:
    other = Database.open(database_url)
    both = [ours.deps, replace(ours.deps, database=other)]
    for kind in ("digest", "reminder"):  # Friday, and the Monday after it
        await go_on(ours, hand, kind)
        ran = await asyncio.gather(*(schedules.tick(deps, team=TEAM) for deps in both * 2))
        assert sorted(ran) == [0, 0, 0, 1]
    other.close()
    assert await ours.write(posted) == ["digest:2026-01-09", "reminder:2026-01-12"]
    assert await ours.write(taken) == (1, 1)


async def test_what_comes_a_working_day_late_is_left_out(ours: Office, hand: Hand) -> None:
    await go_on(ours, hand, "digest")
    hand.move(timedelta(hours=8, seconds=1).total_seconds())
    assert await schedules.tick(ours.deps, team=TEAM) == 0
    await go_on(ours, hand, "reminder")
    hand.move(timedelta(hours=8).total_seconds())
    assert await schedules.tick(ours.deps, team=TEAM) == 1
    assert await ours.write(posted) == ["reminder:2026-01-12"]
    await go_on(ours, hand, "digest")
    await schedules.tick(ours.deps, team=TEAM)
    # What the one that was left out would have told is not lost.
    assert "digest:2026-01-16" in await ours.write(posted)


async def test_a_channel_that_is_taken_away_at_the_last_moment_gets_nothing(
    ours: Office, hand: Hand
) -> None:
    await go_on(ours, hand, "digest")
    await ours.write(lambda session: settings.change(session, updates_channel=None))
    assert await schedules.tick(ours.deps, team=TEAM) == 1
    assert await ours.write(posted) == []
    assert await ours.write(taken) == (0, 0)
