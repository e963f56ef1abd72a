"""The index is written into fresh pages a few at a time, whatever happens between any two."""

from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from bot import chores, fulltext, upkeep
from bot.statement import execute
from schedules.search import forget
from tests.faults.truth import rows
from tests.search.test_forgotten import SECRET, Archive
from tests.search.test_forgotten import archive as archive
from tests.stored import file_of, sound
from tests.support import TEAM

MANY = 600
FEW = 2
HELD = "held up meanwhile"


class DiedError(Exception):
    """The process is no more."""


@pytest.fixture(autouse=True)
def a_few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that little takes many transactions."""
    monkeypatch.setattr("bot.upkeep.ROWS_AT_ONCE", FEW)


async def forget_and(archive: Archive, meanwhile: Callable[[int], Awaitable[None]]) -> int:
    """Forget, and have something happen after each transaction; return how many there were."""
    write, count = archive.database.write, 0

    async def writing(*args: Any, **kwargs: Any) -> Any:
        nonlocal count
        result = await write(*args, **kwargs)
        count += 1
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(archive.database, "write", write)
            await meanwhile(count)
        return result

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive.database, "write", writing)
        await forget(archive.database, TEAM)
    return count


async def take_one_out(archive: Archive, number: int) -> None:
    """Put one in with a word that nothing else has, and take it out."""
    secret = archive.entry(number, SECRET)
    await archive.write(lambda session: fulltext.put(session, secret))
    await archive.write(lambda session: fulltext.drop(session, secret))


def found(archive: Archive) -> int:
    """How many the index finds by a word that all have."""
    query = "SELECT count(*) FROM search_index WHERE search_index MATCH 'clinic'"
    return int(rows(file_of(archive.database), query)[0][0])


def outlived(archive: Archive) -> list[tuple[Any, ...]]:
    """What was copied and is not as it is in the index, while it is copied."""
    path = file_of(archive.database)
    if ("table", upkeep.FRESH) not in names(path):
        return []
    return rows(path, f"SELECT * FROM {upkeep.FRESH} EXCEPT SELECT * FROM {upkeep.RENEWED}")  # noqa: S608


def names(path: Path) -> list[tuple[Any, ...]]:
    """What there is in the database."""
    return rows(path, "SELECT type, name FROM sqlite_schema ORDER BY name")


@pytest.mark.sqlite
async def test_whenever_it_dies_the_index_is_whole_and_the_next_life_forgets(
    archive: Archive,
) -> None:
    before = names(file_of(archive.database))
    await archive.fill(1, MANY)
    dies_at, lasted = 0, 0
    while not lasted:
        dies_at += 1
        await take_one_out(archive, MANY + dies_at)

        async def die(count: int, at: int = dies_at) -> None:
            if count == at:
                raise DiedError

        try:
            lasted = await forget_and(archive, die)
        except DiedError:
            assert found(archive) == MANY
            assert sound(archive.database)
            await forget(archive.database, TEAM)
        assert found(archive) == MANY
        assert archive.on_disk(SECRET) == 0
        assert names(file_of(archive.database)) == before
    assert lasted > 15
    assert sound(archive.database)


@pytest.mark.sqlite
async def test_what_is_put_in_taken_out_and_merged_between_any_two_steps_is_right(
    archive: Archive,
) -> None:
    await archive.fill(1, MANY)
    await take_one_out(archive, MANY + 1)
    stay = 0

    async def go_on(count: int) -> None:
        nonlocal stay
        new = archive.entry(9000 + count, HELD)
        await archive.write(lambda session: fulltext.put(session, new))
        stay += 1
        if count % 3:
            return
        await take_one_out(archive, 8000 + count)
        while await archive.write(partial(upkeep.merge_some, first=True)):
            continue  # rows go out of the table meanwhile
        assert not outlived(archive)

    assert await forget_and(archive, go_on) > 15
    await forget(archive.database, TEAM)
    assert archive.on_disk(SECRET) == 0
    assert found(archive) == MANY + stay
    assert sound(archive.database)
    assert await archive.database.read(TEAM, lambda s: chores.last(s, chores.FORGET)) is None


@pytest.mark.sqlite
async def test_no_transaction_has_more_than_its_share(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits to write waits for one of them, however much has been said."""
    shares: list[int] = []

    def share(work: Callable[..., Any]) -> Callable[..., Any]:
        def counted(session: Session, **given: Any) -> Any:
            before = changes(session)
            result = work(session, **given)
            shares.append(changes(session) - before)
            return result

        return counted

    await archive.fill(1, MANY)
    await take_one_out(archive, MANY + 1)
    for work in (upkeep.begin_anew, upkeep.copy_some, upkeep.clear_some):
        monkeypatch.setattr(upkeep, work.__name__, share(work))
    await forget(archive.database, TEAM)
    assert len(shares) > 15
    assert max(shares) == FEW
    assert (
        sum(shares)
        == 2 * rows(file_of(archive.database), "SELECT count(*) FROM search_index_data")[0][0]
    )


def changes(session: Session) -> int:
    """How many rows the writer has changed so far."""
    return int(execute(session.connection(), "SELECT total_changes()", ()).fetchone()[0])


@pytest.mark.sqlite
async def test_a_renewal_that_another_process_has_ended_goes_no_further(archive: Archive) -> None:
    await archive.fill(1, MANY)
    begun = await archive.write(upkeep.begin_anew)
    last = await archive.write(lambda s: upkeep.copy_some(s, renewal=begun, after=0))
    assert last is not None
    while await archive.write(upkeep.clear_some):
        continue
    await archive.write(upkeep.begin_anew)
    with pytest.raises(RuntimeError, match="has ended"):
        await archive.write(lambda s: upkeep.copy_some(s, renewal=begun, after=last))
    assert found(archive) == MANY
    await take_one_out(archive, MANY + 1)
    await forget(archive.database, TEAM)
    assert archive.on_disk(SECRET) == 0
    assert sound(archive.database)
