"""What was withdrawn or worded otherwise is gone: from what is found at once, from the disk soon.

Every byte of the database's files is searched, not only what its tables tell.
"""

import asyncio
import random
import string
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

import pytest
from sqlmodel import Session

from bot import chores, fulltext, upkeep
from bot.db import Database
from bot.fulltext import Entry
from schedules.search import forget
from tests.pulse.test_forgetting import reader
from tests.search.acts import Act, all_found, do, set_up
from tests.search.small import play
from tests.stored import everything, sound
from tests.support import ANA, BEN, KIM, T0, TEAM

Found = TypeVar("Found")
SECRET = "xylograph"  # a stem that nothing else has
MANY = 3000


class Archive:
    """A database in which much was said."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.random = random.Random(5)  # noqa: S311

    async def write(self, work: Callable[[Session], Found]) -> Found:
        return await self.database.write(TEAM, work, patience=60)

    async def fill(self, first: int, count: int) -> None:
        """Put in records of all lengths, whose segments are merged and whose pages are divided."""
        for start in range(first, first + count, 50):
            ids = range(start, min(start + 50, first + count))
            await self.write(
                lambda session, ids=ids: fulltext.put(session, *map(self.entry, ids))  # type: ignore[misc]
            )

    def entry(self, number: int, more: str = "") -> Entry:
        letters = self.random.choices(string.ascii_lowercase, k=5)
        words = ["clinic", "late", "".join(letters), more] * self.random.choice([1, 4, 30])
        return Entry(number, "story", BEN, T0, f"title {number}", " ".join(words), "care")

    def on_disk(self, word: str) -> int:
        return everything(self.database).count(word.encode())


@pytest.fixture
async def archive(database_url: str) -> AsyncIterator[Archive]:
    database = Database.open(database_url)
    yield Archive(database)
    database.close()


async def test_no_word_of_what_was_taken_out_of_the_index_is_on_the_disk(archive: Archive) -> None:
    await archive.fill(1, MANY)
    secret = [archive.entry(MANY + 1 + at, f"{SECRET}{at}q") for at in range(40)]
    for one in secret:
        await archive.write(lambda session, one=one: fulltext.put(session, one))  # type: ignore[misc]
    await archive.fill(2 * MANY, MANY // 2)
    assert archive.on_disk(SECRET)
    for one in secret:
        await archive.write(lambda session, one=one: fulltext.drop(session, one))  # type: ignore[misc]
    assert archive.on_disk(SECRET)  # as FTS5 keeps what was deleted
    await forget(archive.database, TEAM)
    assert archive.on_disk(SECRET) == 0
    assert await archive.database.read(TEAM, upkeep.count) == MANY + MANY // 2
    assert await archive.database.read(TEAM, lambda s: chores.last(s, chores.FORGET)) is None
    assert sound(archive.database)


# With these, pages that are not written anew keep a copy of what once stood in them.
@pytest.mark.parametrize("seed", [0, 67])
async def test_nothing_is_left_in_the_unused_parts_of_pages(archive: Archive, seed: int) -> None:
    assert await play(archive.database, seed) == []


OLD, NEW, PUBLIC = "xylographa stayed late", "the clinic stayed open", "a garden was planted here"


@pytest.mark.parametrize(
    "act",
    [
        Act(BEN, NEW, to=(KIM,), before=(OLD,)),
        Act(BEN, NEW, to=(KIM,), is_private=True, before=(OLD,)),
        Act(BEN, NEW, before=(OLD,)),
        Act(BEN, OLD, to=(KIM,), is_withdrawn=True),
        Act(BEN, OLD, to=(KIM,), is_private=True, is_withdrawn=True),
        Act(BEN, OLD, is_withdrawn=True),
    ],
    ids=lambda act: (
        f"{'story' if act.is_story else 'private' if act.is_private else 'recognition'} "
        f"{'withdrawn' if act.is_withdrawn else 'corrected'}"
    ),
)
async def test_what_was_said_is_gone_from_every_table(archive: Archive, act: Act) -> None:
    """The records' own tables and all that was written on the way included."""

    def say(session: Session) -> None:
        set_up(session)
        do(session, Act(ANA, PUBLIC, to=(KIM,)))
        done = do(session, act)
        assert all_found(session, BEN, "xylographa") == []
        assert (done in all_found(session, BEN, "clinic open")) is not act.is_withdrawn

    await archive.write(say)
    await forget(archive.database, TEAM)
    assert archive.on_disk("xylographa") == 0
    assert archive.on_disk(PUBLIC)
    assert sound(archive.database)


@pytest.mark.parametrize(
    ("before", "after", "is_asked_for"),
    [
        ("", "the clinic", False),
        ("the clinic", "the clinic\nis open", False),
        ("the clinic", "the clinics are open", True),
        ("the clinic\nis open", "the clinic", True),
    ],
)
async def test_only_what_lost_words_has_something_to_be_forgotten(
    archive: Archive, before: str, after: str, is_asked_for: bool
) -> None:
    old, new = (Entry(1, "decision", BEN, T0, "title", words) for words in (before, after))
    await archive.write(lambda session: fulltext.put(session, old))
    await archive.write(lambda session: fulltext.change(session, old, new))
    asked = await archive.database.read(TEAM, lambda s: chores.last(s, chores.FORGET))
    assert (asked is not None) is is_asked_for


async def test_people_write_meanwhile_and_whoever_reads_only_delays_it(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.db.RETRY_SECONDS", 0.01)
    await archive.fill(1, 400)
    secret = archive.entry(5000, SECRET)
    await archive.write(lambda session: fulltext.put(session, secret))
    await archive.write(lambda session: fulltext.drop(session, secret))
    with reader(archive.database):
        forgetting = asyncio.create_task(forget(archive.database, TEAM))
        for number in range(6000, 6100):
            one = archive.entry(number)
            await archive.write(lambda session, one=one: fulltext.put(session, one))  # type: ignore[misc]
        assert not forgetting.done()
    await forgetting
    assert archive.on_disk(SECRET) == 0
    assert await archive.database.read(TEAM, upkeep.count) == 500


async def test_what_is_taken_out_meanwhile_is_forgotten_the_next_time(archive: Archive) -> None:
    first, second = (archive.entry(number, SECRET) for number in (1, 2))
    await archive.write(lambda session: fulltext.put(session, first, second))
    await archive.write(lambda session: fulltext.drop(session, first))
    until = await archive.database.read(TEAM, lambda s: chores.last(s, chores.FORGET))
    assert until is not None
    await archive.write(lambda session: fulltext.drop(session, second))
    await archive.write(lambda session: chores.done(session, chores.FORGET, until=until))
    await forget(archive.database, TEAM)
    assert archive.on_disk(SECRET) == 0
