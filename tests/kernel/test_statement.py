"""Rows go to the driver by a statement that is compiled once."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.dialects.postgresql import insert as insert_for_postgresql
from sqlalchemy.dialects.postgresql import psycopg
from sqlmodel import Session, select

from bot.allowance import Allowance
from bot.db import Database
from bot.inbound import Inbound
from bot.outbox import OutboxRow, Status
from bot.rows import count_up, insert_once, insert_rows
from bot.statement import Statement
from bot.tenancy import team_bound
from tests.support import T0, TEAM

MESSAGE = {"text": "bread", "blocks": [{"type": "divider"}]}


def message(cause: str) -> dict[str, object]:
    return {"cause": cause, "message": MESSAGE, "created_at": T0, "send_after": T0}


async def test_what_a_row_does_not_say_has_its_default(database: Database) -> None:
    def write(session: Session) -> None:
        insert_rows(session, OutboxRow, [message("a")])
        insert_once(session, OutboxRow, **message("b"), id=7, team_id=TEAM, urgent=False)

    await database.write(TEAM, write)
    rows = await database.read(TEAM, lambda s: s.exec(select(OutboxRow)).all())
    a, b = sorted(rows, key=lambda row: row.cause)
    assert (a.status, a.urgent, a.shown_revision, a.lane) == (Status.WAITING, True, -1, None)
    assert a.message == b.message == MESSAGE
    assert (b.id, b.urgent) == (7, False)


async def test_rows_with_different_columns_are_refused(database: Database) -> None:
    rows = [message("a"), message("b") | {"urgent": False}]
    with pytest.raises(ValueError, match="different columns"):
        await database.write(TEAM, lambda session: insert_rows(session, OutboxRow, rows))
    assert await database.read(TEAM, lambda s: s.exec(select(OutboxRow)).all()) == []


async def test_an_hour_that_comes_twice_is_two_instants(database: Database) -> None:
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    hours = {"first": twice, "second": twice.replace(fold=1)}

    def write(session: Session) -> None:
        for key, at in hours.items():
            insert_once(session, Inbound, key=key, at=at)

    await database.write(TEAM, write)
    rows = await database.read(TEAM, lambda s: s.exec(select(Inbound)).all())
    assert {row.key: row.at.hour for row in rows} == {"first": 0, "second": 1}


async def test_no_rows_are_nothing_to_do(database: Database) -> None:
    await database.write(TEAM, lambda session: insert_rows(session, Inbound, []))


async def test_a_count_stops_at_its_limit_and_goes_by_its_key(database: Database) -> None:
    def use(session: Session, giver: str, limit: int) -> int | None:
        return count_up(session, Allowance, "used", limit=limit, giver=giver, day=T0.date())

    def write(session: Session) -> list[int | None]:
        calls = [("U1", 2), ("U1", 2), ("U1", 2), ("U2", 2), ("U1", 3), ("U3", 0)]
        return [use(session, giver, limit) for giver, limit in calls]

    assert await database.write(TEAM, write) == [1, 2, None, 1, 3, None]


def test_another_database_is_spoken_to_in_its_own_way() -> None:
    insert = insert_for_postgresql(Inbound).on_conflict_do_nothing()
    statement = Statement.of(insert, ("key", "at"), psycopg.dialect())  # type: ignore[no-untyped-call]
    with team_bound(TEAM):
        values = statement.values({"key": "a", "at": T0.astimezone(timezone(timedelta(hours=2)))})
    assert "%(team_id)s" in statement.text
    assert (values["key"], values["team_id"]) == ("a", TEAM)
    assert values["at"].utcoffset() == timedelta(0)
