"""What becomes of everything of a workspace some time after Truenorth was taken out of it."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.engine import Connection
from sqlmodel import Session, SQLModel
from sqlmodel import select as select_rows

from bot import departures, fulltext
from bot.chores import Chore
from bot.db import Database
from bot.departures import Departure
from bot.fulltext import SearchEntry
from bot.kinds import KINDS
from bot.tenancy import current_team
from schedules.search import forget

log = logging.getLogger(__name__)

AT_ONCE = 500  # rows of a table that go in one transaction
PATIENCE = 60.0  # seconds
AGAIN_SECONDS = 1.0
# They go last: one says what is still to be forgotten, the other that anything is.
_CHORES, _DEPARTURES = str(Chore.__tablename__), str(Departure.__tablename__)


async def erase_old(database: Database, *, days: int, now: datetime) -> None:
    """Erase everything of each workspace that has been without Truenorth for so many days."""
    over: dict[str, datetime] = {}
    for team in await database.look(_departed):
        is_over = partial(departures.over_since, days=days, now=now)
        if since := await database.read(team, is_over):
            over[team] = since
    await erase(database, over)


def _departed(every: Connection) -> list[str]:
    departed = SQLModel.metadata.tables[_DEPARTURES].c.team_id
    return [str(team) for team in every.execute(select(departed)).scalars()]


async def erase(database: Database, over: Mapping[str, datetime]) -> None:
    """Erase everything of workspaces, from the disk too; what dies at it goes on with it later.

    Each is named with when Truenorth was taken out. Where it was installed again meanwhile, also
    where it was taken out once more since, what is left stays.
    """
    for team, since in over.items():
        step = partial(_while, database, team, since)
        await step(_out_of_index)
        for table in _tables():
            await step(partial(_untie, table=table))
            await step(partial(_some_go, table=table))
        await _forgotten(database, team)
        await step(partial(_some_go, table=SQLModel.metadata.tables[_CHORES]))
    if not over:
        return
    # Once for all of them: it writes whole tables anew, everybody's.
    await database.forget_erased(*(table.name for table in _tables()), _CHORES)
    for team, since in over.items():
        await _while(database, team, since, _forget_departure)
        log.info("workspace %s: everything is erased", team)
    await database.forget_erased(_DEPARTURES)


def _tables() -> list[Table]:
    """Return every table, what refers to another before it."""
    tables = reversed(SQLModel.metadata.sorted_tables)
    return [table for table in tables if table.name not in (_CHORES, _DEPARTURES)]


async def _while(
    database: Database, team: str, since: datetime, step: Callable[[Session], bool]
) -> None:
    unless_back = partial(_unless_back, since=since, step=step)
    while await database.write(team, unless_back, patience=PATIENCE, alone=True):
        continue  # whoever waits to write comes between


def _unless_back(session: Session, *, since: datetime, step: Callable[[Session], bool]) -> bool:
    return departures.since(session) == since and step(session)


def _forget_departure(session: Session) -> bool:
    departures.forget(session)
    return False


def _out_of_index(session: Session) -> bool:
    found = session.exec(select_rows(SearchEntry).limit(AT_ONCE)).all()
    for kind in KINDS:
        ids = [entry.id for entry in found if entry.kind == kind]
        for entry in KINDS[kind].entries(session, ids) if ids else ():
            fulltext.drop(session, entry)
    session.flush()
    return bool(found)


def _untie(session: Session, *, table: Table) -> bool:
    """Have rows refer to no other of the same table, so that they go in any order."""
    for column in table.columns:
        if any(key.column.table is table for key in column.foreign_keys):
            ours = table.c.team_id == current_team()
            session.execute(update(table).where(ours).values({column: None}))
    return False


def _some_go(session: Session, *, table: Table) -> bool:
    ours = table.c.team_id == current_team()
    some = select(table.c.id).where(ours).limit(AT_ONCE)
    gone: Any = session.execute(delete(table).where(ours, table.c.id.in_(some)))
    return bool(gone.rowcount)


async def _forgotten(database: Database, team: str) -> None:
    while True:
        try:
            return await forget(database, team)
        except RuntimeError:  # another renews the index just now
            await asyncio.sleep(AGAIN_SECONDS)
