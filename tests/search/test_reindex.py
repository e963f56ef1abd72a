"""What can be found is put together anew while people go on, and whatever dies meanwhile."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bot import chores, upkeep
from bot.db import Database
from bot.kinds import KINDS
from bot.migrate import migrate
from bot.rituals import recognition, search
from bot.sqlite import Sqlite
from bot.statement import execute
from schedules.search import HIGHEST, LETS_IN, fill, forget, reindex
from tests.faults.truth import FAULTS, IN_SQLITE
from tests.rituals.test_home_large import asked
from tests.search.acts import LATER, Act, all_found, do, find, set_up, shown, upgrade_again
from tests.search.test_renewal import changes, names
from tests.stored import everything, file_of, rows, sound, tables
from tests.support import ANA, BEN, KIM, TEAM

ROOT = Path(__file__).parents[2]
MANY = 500
FEW = 20
SECRET = "between the two of us"
# Some tenths of a second of SQLite's work.
A_WHILE = """WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500000)
    SELECT count(*) FROM n"""
ABOUT = ("record", "what is gone", "words of")
# Runs `app.py reindex` and dies at this transaction, before or after its commit.
DYING = """
import asyncio, os, signal, sys
sys.path.insert(0, {root!r})
from bot.db import Database
from schedules.search import reindex
write, left = Database.write, {at}
async def mortal(self, *args, **kwargs):
    global left
    left -= 1
    if left == 0 and not {after}:
        os.kill(os.getpid(), signal.SIGKILL)
    result = await write(self, *args, **kwargs)
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return result
Database.write = mortal
sys.exit(asyncio.run(reindex({url!r})))
"""


@pytest.fixture
async def archive(database_url: str) -> AsyncIterator[Database]:
    """A database with public and private records, corrected and withdrawn ones among them."""
    database = Database.open(database_url)
    await database.write(TEAM, play, patience=60)
    yield database
    database.close()


def play(session: Session) -> None:
    set_up(session)
    do(session, Act(BEN, f"clinic {SECRET}", to=(KIM,), is_private=True))
    do(session, Act(BEN, "clinic reworded", to=(KIM,), before=("clinic as it was",)))
    do(session, Act(BEN, "clinic withdrawn", is_withdrawn=True))
    asked = Act(BEN, f"{SECRET}, is the clinic to move", to=(KIM,), is_decision=True)
    do(session, replace(asked, is_private=True, reason=f"we agreed {SECRET}"))
    do(session, Act(ANA, "is the clinic to have a garden", is_decision=True, reason="it has one"))
    do(session, Act(ANA, "clinic closed for good", is_decision=True, is_withdrawn=True))
    for number in range(MANY):
        do(session, Act(ANA, f"clinic number {number} opened in spring"))


def wrong(database: Database) -> list[str]:
    """What can be found and should not be, or cannot be and should."""
    about = {
        fault: query for fault, query in (FAULTS | IN_SQLITE).items() if fault.startswith(ABOUT)
    }
    assert len(about) == 4
    if not isinstance(database.store, Sqlite):
        theirs = "SELECT id FROM search_index_docsize", "SELECT rowid FROM search_index"
        about = {fault: query.replace(*theirs) for fault, query in about.items()}
    url = database.writer.url.render_as_string(hide_password=False)
    return [fault for fault, query in about.items() if rows(url, query)]


async def test_everything_is_found_again_and_nothing_else(
    archive: Database, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = await archive.read(TEAM, lambda s: shown(s, KIM, "clinic reworded"))
    assert await reindex(database_url) == 0
    # Two recognitions that stand, the stories, three decisions, the mission.
    assert f"{MANY + 6} records, and all of them can be found." in capsys.readouterr().out
    assert wrong(archive) == []
    assert sound(archive)
    assert await archive.read(TEAM, lambda s: shown(s, KIM, "clinic reworded")) == before
    assert await archive.read(TEAM, lambda s: all_found(s, ANA, f'"{SECRET}"')) == []
    assert len(await archive.read(TEAM, lambda s: all_found(s, KIM, f'"{SECRET}"'))) == 2


async def test_an_index_that_tells_something_else_is_put_right(
    archive: Database, database_url: str
) -> None:
    def spoil(session: Session) -> None:
        upkeep.empty(session)

    await archive.write(TEAM, spoil)
    assert await archive.read(TEAM, lambda s: all_found(s, KIM, "clinic")) == []
    assert await reindex(database_url) == 0
    assert wrong(archive) == []


async def test_while_it_runs_a_search_says_so_and_shows_nobody_what_is_not_theirs(
    archive: Database,
) -> None:
    await archive.write(TEAM, upkeep.empty)
    below: int | None = 2**63 - 1
    seen = 0
    while below is not None:
        answer = await archive.read(TEAM, lambda s: str(shown(s, ANA, "clinic")))
        assert SECRET not in answer
        found = (await archive.read(TEAM, lambda s: find(s, ANA, "clinic"))).count
        assert found >= seen
        assert not found or "some may still be missing" in answer
        seen = found
        some = partial(search.fill_some, kind="story", below=below)
        below = await archive.write(TEAM, some)
    assert seen


async def test_what_people_do_meanwhile_is_right_afterwards(archive: Database) -> None:
    await archive.write(TEAM, upkeep.empty)
    filling = asyncio.create_task(fill(archive, TEAM))
    for number in range(60):
        given = Act(BEN, f"meanwhile {number} was late", before=(f"meanwhile {number} before",))
        taken = Act(BEN, f"meanwhile {number} was taken back", is_withdrawn=True)
        await archive.write(TEAM, lambda s, acts=(given, taken): [do(s, act) for act in acts])  # type: ignore[misc]
    await filling
    assert wrong(archive) == []
    assert sound(archive)
    assert len(await archive.read(TEAM, lambda s: all_found(s, KIM, "meanwhile late"))) == 60


@pytest.mark.sqlite
async def test_emptying_takes_no_longer_where_there_is_more(archive: Database) -> None:
    """Whoever writes meanwhile waits for a few rows, and not for all that was said."""
    shares: list[int] = []

    def share(work: Callable[[Session], object]) -> Callable[[Session], object]:
        def counted(session: Session) -> object:
            before = changes(session)
            result = work(session)
            shares.append(changes(session) - before)
            return result

        return counted

    before = names(file_of(archive))
    await archive.write(TEAM, share(upkeep.empty))
    assert len(names(file_of(archive))) > len(before)
    with pytest.MonkeyPatch.context() as few:
        few.setattr("bot.upkeep.SLIM_AT_ONCE", FEW)
        while await archive.write(TEAM, share(upkeep.clear_emptied)):
            continue
    assert len(shares) > 2 * MANY / FEW
    assert max(shares) <= 2 * FEW  # of some hundreds
    assert names(file_of(archive)) == before
    await fill(archive, TEAM)
    assert wrong(archive) == []
    assert sound(archive)


@pytest.mark.sqlite
async def test_what_is_put_in_is_looked_for_by_its_id(archive: Database) -> None:
    """By the team SQLite would sort everything that there is for each few of it."""
    latest = {kind: partial(search.fill_some, kind=kind, below=HIGHEST) for kind in KINDS}
    for look in latest.values():
        with asked(archive) as found:
            await archive.read(TEAM, look)
        (statement, given), *_ = found
        (step, *others) = await archive.read(TEAM, partial(plan, statement, given))
        assert step.endswith("(id<?)"), f"{step}\n{statement}"
        assert not others


def plan(statement: str, given: Any, session: Session) -> list[str]:
    """How SQLite would go about the statement."""
    found = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
    return [str(row[3]) for row in found]


async def test_words_that_are_withdrawn_before_they_are_put_in_again_are_forgotten(
    archive: Database,
) -> None:
    def say(session: Session) -> int:
        return do(session, Act(BEN, "the clinic has a xylograph", to=(KIM,)))

    said = await archive.write(TEAM, say)
    await forget(archive, TEAM)
    await archive.write(TEAM, upkeep.empty)
    taken = partial(recognition.withdraw, recognition_id=said, by=BEN, now=LATER)
    await archive.write(TEAM, taken)
    await fill(archive, TEAM)
    await forget(archive, TEAM)
    assert everything(archive).count(b"xylograph") == 0
    assert wrong(archive) == []


async def test_another_process_that_writes_gets_its_turn_between_any_two_steps(
    archive: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("schedules.search.LETS_IN", LETS_IN)
    other = Database.open(database_url)
    write, steps, between = archive.write, 0, list[int]()

    async def slowly(team: str, work: Callable[[Session], Any], **how: Any) -> Any:
        def long(session: Session) -> Any:
            execute(session.connection(), A_WHILE, ())
            return work(session)

        nonlocal steps
        done = await write(team, long, **how)
        steps += 1
        return done

    monkeypatch.setattr(archive, "write", slowly)
    await other.write(TEAM, upkeep.empty)
    filling = asyncio.create_task(fill(archive, TEAM))
    while not filling.done():
        before = steps
        await other.write(TEAM, lambda session: None, patience=60)
        between.append(steps - before)
    await filling
    other.close()
    assert steps > 8
    assert max(between) <= 2  # the one under way, and one that began just then


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("at", [1, 2, 4, 6, 9, 12])
async def test_killed_on_the_way_it_is_right_about_who_sees_what_and_goes_on(
    archive: Database, database_url: str, at: int, after: bool
) -> None:
    before = tables(database_url)
    script = DYING.format(root=str(ROOT), at=at, after=after, url=database_url)
    died = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script], capture_output=True, check=False
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    answer = await archive.read(TEAM, lambda s: str(shown(s, ANA, "clinic")))
    assert SECRET not in answer
    assert "withdrawn" not in answer
    await archive.write(TEAM, lambda s: do(s, Act(BEN, "said after the kill", to=(KIM,))))
    await fill(archive, TEAM)  # as the bot does when it starts
    await forget(archive, TEAM)
    assert tables(database_url) == before
    assert wrong(archive) == []
    assert sound(archive)
    assert await archive.read(TEAM, lambda s: chores.last(s, chores.FILL)) is None


async def test_a_database_from_before_there_was_a_search_is_filled(tmp_path: Path) -> None:
    database = Database.open(f"sqlite:///{tmp_path / 'old.db'}")
    migrate(database.writer)
    await database.write(TEAM, play, patience=60)
    with database.writer.begin() as connection:  # as it was before
        for name in ("search_vocabulary", "search_index", "search_entry", "search_chore"):
            connection.exec_driver_sql(f"DROP TABLE {name}")
    upgrade_again(database, "0011", "0012")
    await fill(database, TEAM)
    assert wrong(database) == []
    assert sound(database)
    database.close()
