"""What is done for the search beside everything else: it is filled, and made to forget."""

import asyncio
import sys
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from sqlmodel import Session

from bot import chores, lexemes, upkeep
from bot.db import Database
from bot.errors import NotSaved, Unconfirmed
from bot.kinds import KINDS
from bot.migrate import migrate
from bot.outbox import OutboxRow
from bot.rituals import search
from bot.standing import Answered, Spoken
from schedules.worker import Worker

Done = TypeVar("Done")

HIGHEST = 2**63 - 1  # no record has it
PATIENCE = 60.0  # seconds; nobody waits for what is put in
# Between two steps: another process that waits to write looks every tenth of a second whether it
# may, and would hardly ever find the moment between two that follow each other at once.
LETS_IN = 0.15  # seconds
# Beside the index, what was withdrawn or corrected stood in these.
HOLD_WORDS = (*(kind.record for kind in KINDS.values()), Answered, Spoken, OutboxRow)


class Keeper(Worker):
    """Puts in what cannot be found yet, and erases the words of what was taken out.

    Each step is a short transaction of its own, and each may be done again.
    """

    name = "the search"
    looks_again = 30.0  # seconds in which what is corrected and withdrawn comes together

    async def work(self) -> float:
        """Do what is to be done."""
        await fill(self.deps.database, self.team)
        await forget(self.deps.database, self.team)
        return self.looks_again


async def fill(database: Database, team: str) -> None:
    """Have every record found, where some cannot be; the latest come first."""
    until = await database.read(team, partial(chores.last, what=chores.FILL))
    if until is None:
        return
    for kind in KINDS:
        below: int | None = HIGHEST
        while below is not None:
            below = await _step(database, team, partial(search.fill_some, kind=kind, below=below))
    await database.write(team, partial(_filled, until=until))


async def _step(database: Database, team: str, work: Callable[[Session], Done]) -> Done:
    """Do one step of many, between which another process may write."""
    done = await database.write(team, work, patience=PATIENCE, alone=True)
    await asyncio.sleep(LETS_IN)
    return done


def _filled(session: Session, *, until: int) -> None:
    records, found = search.counts(session)
    if records == found:  # unless it was emptied again meanwhile
        chores.done(session, chores.FILL, until=until)


async def forget(database: Database, team: str) -> None:
    """Return once no word of what was taken out of the index is on the disk."""
    until = await database.read(team, partial(chores.last, what=chores.FORGET))
    if until is None:
        return
    if database.writer.dialect.name == lexemes.NAME:
        while await database.write(team, lexemes.forget_some, alone=True):
            continue  # whoever waits to write comes between
        await database.forget_erased(*lexemes.TABLES, besides=HOLD_WORDS)
    else:
        await _merge(database, team)
        await _renew(database, team)
        await database.forget_erased(upkeep.WITH_FIRST_WORDS)
    await database.write(team, partial(chores.done, what=chores.FORGET, until=until))


async def _merge(database: Database, team: str) -> None:
    await _clear(database, team)  # whoever died at this may have left something
    is_first = True
    while await database.write(team, partial(upkeep.merge_some, first=is_first), alone=True):
        is_first = False  # whoever waits to write comes between


async def _renew(database: Database, team: str) -> None:
    """Have nothing of what was erased stand in the pages that the index consists of."""
    begun = await database.write(team, upkeep.begin_anew, alone=True)
    after: int | None = 0
    while after is not None:
        some = partial(upkeep.copy_some, renewal=begun, after=after)
        after = await database.write(team, some, alone=True)
    await _clear(database, team)


async def _clear(database: Database, team: str) -> None:
    while await database.write(team, upkeep.clear_some, alone=True):
        continue


async def reindex(url: str) -> int:
    """Put together anew what can be found, also while Truenorth runs; return the exit code."""
    try:
        database = Database.open(url)
    except NotSaved as error:
        print(error, file=sys.stderr)
        return 1
    try:
        migrate(database.writer)
        return await _reindex(database)
    except (NotSaved, Unconfirmed) as error:
        print(error, "Run it again.", file=sys.stderr)
        return 1
    finally:
        database.close()


async def _reindex(database: Database) -> int:
    with database.readers.connect() as connection:
        teams = upkeep.teams(connection)
    for at, team in enumerate(teams):
        if at == 0:
            await _step(database, team, upkeep.empty)
            while await _step(database, team, upkeep.clear_emptied):
                continue
        await fill(database, team)
        records, found = await database.read(team, search.counts)
        if records != found:
            print(f"{found:,} of {records:,} records can be found.", file=sys.stderr)
            return 1
        print(f"{records:,} records, and all of them can be found.")
    return 0
