"""What is left of a workspace that Truenorth was taken out of goes after a while, all of it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import SQLModel

import app
from bot import departures, web, workspaces
from bot.clock import real_now
from bot.db import Database
from bot.playground.grid import Grid
from schedules import leaving
from tests.http.conftest import OURS, THEIRS, Served, serving
from tests.http.test_installing import DEPARTED, at_work, installed
from tests.kernel.filled import TEAMS, fill_all
from tests.kernel.filled import everything as all_rows
from tests.stored import everything, rows, sound
from tests.support import BEN, T0, give, set_up

GOES = "T1"
DAYS = 30


@pytest.fixture
async def left(database_url: str) -> Any:
    """An installation with something in each column of each table, without one workspace."""
    fill_all(database_url)
    database = Database.open(database_url)

    def leave(session: Any) -> None:
        departures.forget(session)
        departures.keep(session, now=T0)

    await database.write(GOES, leave)
    yield database
    database.close()


def teams_in(url: str, table: str) -> set[str]:
    return {team for (team,) in rows(url, f"SELECT team_id FROM {table}")}


async def test_nothing_goes_before_its_time(left: Database, database_url: str) -> None:
    before = all_rows(database_url)
    late = T0 + timedelta(days=DAYS) - timedelta(seconds=1)
    await leaving.erase_old(left, days=DAYS, now=late)
    assert all_rows(database_url) == before


async def test_then_every_row_of_it_goes_and_none_of_another(
    left: Database, database_url: str
) -> None:
    before = all_rows(database_url)
    others = [f"T{number}" for number in range(TEAMS) if f"T{number}" != GOES]
    for team in others:
        await left.write(team, departures.forget)
    await leaving.erase_old(left, days=DAYS, now=T0 + timedelta(days=DAYS))
    for table in SQLModel.metadata.sorted_tables:
        assert GOES not in teams_in(database_url, table.name), table.name
    after = all_rows(database_url)
    for name, kept in before.items():
        if name != "departure":
            assert [row for row in kept if GOES not in row] == after[name], name
    assert sound(left)


async def test_what_breaks_off_is_gone_on_with(
    left: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for team in ("T0", "T2"):
        await left.write(team, departures.forget)
    whole, done = leaving._some_go, 0

    def break_off(session: Any, *, table: Any) -> bool:
        nonlocal done
        done += 1
        if done > 20:
            raise KeyboardInterrupt
        return whole(session, table=table)

    monkeypatch.setattr(leaving, "_some_go", break_off)
    with pytest.raises(KeyboardInterrupt):
        await leaving.erase_old(left, days=DAYS, now=T0 + timedelta(days=DAYS))
    monkeypatch.undo()
    assert teams_in(database_url, "departure") == {GOES}
    await leaving.erase_old(left, days=DAYS, now=T0 + timedelta(days=DAYS))
    assert all(
        GOES not in teams_in(database_url, table.name) for table in SQLModel.metadata.sorted_tables
    )


async def test_who_installs_it_again_meanwhile_keeps_what_is_left(
    left: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = leaving._untie

    def come_back(session: Any, *, table: Any) -> bool:
        if table.name == "recognition":
            departures.forget(session)
        return whole(session, table=table)

    monkeypatch.setattr(leaving, "_untie", come_back)
    await leaving.erase(left, {GOES: T0})
    assert GOES not in teams_in(database_url, "recipient")
    for kept in ("recognition", "charter_version", "installation", "installation_bot", "applause"):
        assert GOES in teams_in(database_url, kept), kept


async def test_who_takes_it_out_once_more_meanwhile_has_their_days_again(
    left: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, again = leaving._untie, T0 + timedelta(days=DAYS)

    def come_and_go(session: Any, *, table: Any) -> bool:
        if table.name == "recognition":
            departures.forget(session)
            departures.keep(session, now=again)
        return whole(session, table=table)

    monkeypatch.setattr(leaving, "_untie", come_and_go)
    await leaving.erase(left, {GOES: T0})
    assert GOES in teams_in(database_url, "recognition")
    assert await left.read(GOES, departures.since) == again


@pytest.mark.parametrize("days", [7, None])
async def test_it_is_kept_for_as_long_as_was_chosen(
    served: Served, grid: Grid, days: int | None
) -> None:
    (ours,) = await at_work(served, OURS)
    await set_up(ours)
    await grid.uninstall(OURS)
    assert served.settings.http is not None
    chosen = replace(served.settings, http=replace(served.settings.http, kept_days=days))
    ahead = timedelta(days=8 if days else 4000)
    later = web.application(chosen, app.parts(chosen), now=lambda: real_now() + ahead)
    async with serving(later):
        if days:
            await ours.until(lambda: installed(served, DEPARTED) == [], 20)
        else:
            await asyncio.sleep(3 * workspaces.SWEEP_SECONDS)
    there = teams_in(served.settings.database_url, "charter_version")
    assert there == (set() if days else {OURS})


async def test_no_word_of_it_is_on_the_disk_and_another_is_found_as_before(
    served: Served, grid: Grid
) -> None:
    ours, theirs = await at_work(served, OURS, THEIRS)
    for one, word in ((ours, "zanzibar"), (theirs, "quetzalcoatl")):
        await set_up(one)
        await give(one, BEN, f"@kim carried the {word} through the night #care")
    await grid.uninstall(OURS)
    database = Database.open(served.settings.database_url)
    assert b"zanzibar" in everything(database)
    served.ahead = timedelta(days=DAYS, minutes=1)
    await theirs.until(lambda: installed(served, DEPARTED) == [], 20)
    await theirs.until(lambda: OURS.encode() not in everything(database), 20)
    stored = everything(database)
    assert b"zanzibar" not in stored
    assert b"quetzalcoatl" in stored
    found = await theirs.command(BEN, "C0GENERAL", "/mission search quetzalcoatl")
    assert found.ok
    assert "quetzalcoatl" in str(theirs.ephemerals(BEN)[-1])
    database.close()
