"""How much a person may give on one of their own days: never more, whoever asks at once."""

import asyncio
import shutil
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot import allowance, roster
from bot import settings as team_settings
from bot.allowance import Left
from bot.db import Database
from bot.errors import UserError
from tests.support import BEN, T0, TEAM

ZONES = sorted(available_timezones())
DAY = timedelta(days=1)


def allow(session: Session, limit: int, zone: str) -> None:
    roster.remember(session, [{"id": BEN, "name": "ben", "tz": zone}])
    team_settings.change(session, allowance=limit)


def a_copy(migrated: Path, folder: str) -> str:
    return f"sqlite:///{shutil.copy(migrated, folder)}"


async def use(database: Database, now: datetime) -> bool:
    try:
        await database.write(
            TEAM, lambda session: allowance.use_one(session, giver=BEN, now=now), patience=30
        )
    except UserError:
        return False
    return True


@settings(max_examples=15)
@given(limit=st.integers(0, 12), asked=st.integers(0, 24))
def test_many_at_once_from_two_processes_never_overdraw(
    migrated: Path, limit: int, asked: int
) -> None:
    async def everybody_at_once() -> int:
        with tempfile.TemporaryDirectory() as folder:
            url = a_copy(migrated, folder)
            both = [Database.open(url) for _ in range(2)]
            await both[0].write(TEAM, lambda session: allow(session, limit, "UTC"))
            used = await asyncio.gather(*(use(both[n % 2], T0) for n in range(asked)))
            for database in both:
                database.close()
            return sum(used)

    assert asyncio.run(everybody_at_once()) == min(limit, asked)


async def test_what_is_left_counts_down(database_url: str) -> None:
    database = Database.open(database_url)
    await database.write(TEAM, lambda session: allow(session, 2, "UTC"))
    for left in (1, 0):
        answer = await database.write(
            TEAM, lambda session: allowance.use_one(session, giver=BEN, now=T0)
        )
        assert answer == Left(left, of=2)
    with pytest.raises(
        UserError, match=r"today's 2 recognitions are used\. They renew on Tue 6 Jan"
    ):
        await database.write(TEAM, lambda session: allowance.use_one(session, giver=BEN, now=T0))
    database.close()


@settings(max_examples=30)
@given(zone=st.sampled_from(ZONES), hours=st.integers(0, 24 * 366))
def test_the_day_is_the_givers_own_wherever_and_whenever(
    migrated: Path, zone: str, hours: int
) -> None:
    now = T0 + timedelta(hours=hours)

    async def twice() -> tuple[bool, bool]:
        with tempfile.TemporaryDirectory() as folder:
            database = Database.open(a_copy(migrated, folder))
            await database.write(TEAM, lambda session: allow(session, 1, zone))
            answers = await use(database, now), await use(database, next_morning(now, zone))
            assert not await use(database, now)
            database.close()
            return answers

    assert asyncio.run(twice()) == (True, True)


def next_morning(now: datetime, zone: str) -> datetime:
    tomorrow = now.astimezone(ZoneInfo(zone)) + DAY
    return tomorrow.replace(hour=12)
