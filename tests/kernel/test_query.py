"""What is asked by a select compiled once is what the session would have found, and no more."""

from typing import Any

import pytest
from sqlalchemy import func, inspect, true
from sqlalchemy.dialects.postgresql import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import aliased
from sqlmodel import Session, bindparam, col, select

from bot.allowance import Allowance
from bot.charter import CharterValue, CharterVersion
from bot.db import Database
from bot.inbound import Inbound
from bot.lanes import _NEXT_WAITING, LONGEST_REST, Lane
from bot.ledger import LedgerLine
from bot.outbox import OutboxRow
from bot.query import Query
from bot.rows import ask, insert_rows, swap
from bot.tenancy import NoTeamBound, TeamRow, team_bound
from tests.kernel.test_tenancy import OURS, THEIRS, lines
from tests.support import T0, TEAM

MESSAGE = {"text": "bread", "blocks": [{"type": "divider"}]}
OTHER = aliased(Inbound)
WITHIN = select(Inbound.key).subquery()
CTE = select(Inbound.key).cte("within")


@pytest.fixture
async def two_teams(database: Database) -> Database:
    """Two teams with the same kinds of rows."""
    await database.write(OURS, lambda session: lines(session, "ours"))
    await database.write(THEIRS, lambda session: lines(session, "theirs"))
    return database


@pytest.mark.parametrize(
    "statement",
    [
        select(Inbound.key),
        select(CharterValue.name).join(CharterVersion, col(CharterVersion.number) == 1),
        select(LedgerLine.kind).select_from(Inbound).join(LedgerLine, true()),
        select(LedgerLine.kind).select_from(Inbound).join(LedgerLine, true(), isouter=True),
        select(OTHER.key),
        select(OTHER.key).select_from(Inbound).join(OTHER, true()),
        select(WITHIN.c.key),
        select(CTE.c.key),
        select(LedgerLine.kind).where(col(LedgerLine.kind).in_(select(Inbound.key))),
        select(select(func.max(Inbound.key)).scalar_subquery()),
    ],
)
async def test_only_the_bound_team_is_seen(two_teams: Database, statement: Any) -> None:
    for _ in range(2):
        assert await two_teams.read(OURS, lambda session: ask(session, statement)) == ["ours"]
        assert await two_teams.read(THEIRS, lambda session: ask(session, statement)) == ["theirs"]


def test_nothing_is_asked_where_no_team_is_bound(database: Database) -> None:
    with Session(database.readers) as session, pytest.raises(NoTeamBound):
        ask(session, select(Inbound))


def rows(session: Session) -> None:
    """Some rows whose columns are of every kind that there is."""
    lines(session, "a")
    due = {"created_at": T0, "send_after": T0}
    insert_rows(session, OutboxRow, [{"cause": c, "message": MESSAGE, **due} for c in "abc"])
    insert_rows(session, Lane, [{"name": "C1", "held_until": T0, "free_at": T0}])
    insert_rows(session, Allowance, [{"giver": "U1", "day": T0.date()}])


@pytest.mark.parametrize(
    "table", [Inbound, LedgerLine, CharterVersion, CharterValue, OutboxRow, Lane, Allowance]
)
async def test_an_object_is_as_the_session_loads_it(
    database: Database, table: type[TeamRow]
) -> None:
    await database.write(TEAM, rows)
    statement = select(table).order_by(col(table.id))

    def both(session: Session) -> tuple[list[TeamRow], list[TeamRow]]:
        return ask(session, statement), list(session.exec(statement))

    asked, loaded = await database.read(TEAM, both)
    keys = [attribute.key for attribute in inspect(table).column_attrs]
    told = [[[getattr(one, key) for key in keys] for one in found] for found in (asked, loaded)]
    assert told[0] == told[1] != []


BY_CAUSE = (
    select(OutboxRow, OutboxRow.cause, Lane)
    .join(Lane, col(Lane.name) == "C1", isouter=True)
    .where(col(OutboxRow.cause).in_(bindparam("causes", expanding=True)))
    .order_by(col(OutboxRow.cause).desc())
    .limit(2)
)


@pytest.mark.parametrize(
    ("causes", "found"),
    [([], []), (["b"], ["b"]), (["a", "c"], ["c", "a"]), (["a", "b", "c", "d"], ["c", "b"])],
)
async def test_a_list_may_be_of_any_length(
    database: Database, causes: list[str], found: list[str]
) -> None:
    await database.write(TEAM, rows)
    for _ in range(2):
        answer = await database.read(TEAM, lambda session: ask(session, BY_CAUSE, causes=causes))
        assert [(row.cause, cause, lane.name) for row, cause, lane in answer] == [
            (cause, cause, "C1") for cause in found
        ]


async def test_what_the_session_changed_is_seen(database: Database) -> None:
    statement = select(OutboxRow).where(OutboxRow.cause == bindparam("one"))

    def change(session: Session) -> list[str | None]:
        rows(session)
        row = session.exec(select(OutboxRow).where(OutboxRow.cause == "a")).one()
        row.trouble = "new"
        session.add(row)
        return [row.trouble for row in ask(session, statement, one="a")]

    assert await database.write(TEAM, change) == ["new"]


async def test_what_is_changed_in_an_object_is_not_saved(database: Database) -> None:
    def change(session: Session) -> None:
        rows(session)
        for row in ask(session, select(OutboxRow)):
            row.trouble = "forgotten"

    await database.write(TEAM, change)
    troubles = await database.read(TEAM, lambda session: ask(session, select(OutboxRow.trouble)))
    assert troubles == [None] * 3


async def test_a_select_that_cannot_be_run_raises_as_sqlalchemy_does(database: Database) -> None:
    wrong = select(func.no_such_function(bindparam("word")))
    with pytest.raises(DBAPIError, match="no_such_function") as raised:
        await database.read(TEAM, lambda session: ask(session, wrong, word="a secret"))
    assert "a secret" not in str(raised.value)


def test_another_database_is_asked_in_its_own_way() -> None:
    values = {"causes": ["a", "b"]}
    with team_bound(TEAM):
        query = Query.of(BY_CAUSE, values, psycopg.dialect())  # type: ignore[no-untyped-call]
        bound = query._bound(values)
    assert "outbox.cause IN (%(causes_1)s::VARCHAR, %(causes_2)s::VARCHAR)" in query.text
    assert {"bound_team": TEAM, "causes_1": "a", "causes_2": "b"}.items() <= bound.items()


async def test_of_two_who_saw_the_same_one_changes_it(database: Database) -> None:
    await database.write(TEAM, rows)
    (seen,) = await database.read(TEAM, lambda session: ask(session, select(Lane)))

    def take(session: Session) -> bool:
        return swap(session, Lane, {"id": seen.id, "version": seen.version}, holder="one")

    assert [await database.write(TEAM, take), await database.write(TEAM, take)] == [True, False]
    (now,) = await database.read(TEAM, lambda session: ask(session, select(Lane)))
    assert (now.holder, now.version) == ("one", seen.version + 1)


async def test_another_teams_row_is_not_changed(database: Database) -> None:
    await database.write(TEAM, rows)
    (seen,) = await database.read(TEAM, lambda session: ask(session, select(Lane)))

    def take(session: Session) -> bool:
        return swap(session, Lane, {"id": seen.id}, holder="stranger")

    assert not await database.write(THEIRS, take)


@pytest.mark.sqlite
async def test_the_next_message_is_found_without_sorting_all_that_wait(database: Database) -> None:
    when = {"now": T0, "latest": T0 + LONGEST_REST}
    values = {**when, "besides": [""], "methods": ["chat.postMessage"], "urgent": False}

    def plan(session: Session) -> list[str]:
        connection = session.connection()
        query = Query.of(_NEXT_WAITING, values, connection.dialect)
        text = f"EXPLAIN QUERY PLAN {query.text}"
        return [row[3] for row in connection.exec_driver_sql(text, query._bound(values))]

    steps = await database.read(TEAM, plan)
    assert any("ix_outbox_due (team_id=? AND status=? AND urgent=?" in step for step in steps)
    assert "USE TEMP B-TREE FOR ORDER BY" not in " ".join(steps)
