"""Another team's rows cannot be seen, changed or removed, however one asks."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, exists, func, literal, true, union_all, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot import inbound
from bot.charter import CharterValue, CharterVersion
from bot.db import Database
from bot.inbound import Inbound
from bot.ledger import LedgerLine
from bot.rows import insert_once
from bot.tenancy import NoTeamBound
from tests.support import T0

OURS, THEIRS = "T0OURS", "T0THEIRS"
Query = Callable[[Session], Any]


def lines(session: Session, name: str) -> None:
    """Some rows of the bound team that name it."""
    insert_once(session, Inbound, key=name, at=T0)
    insert_once(session, LedgerLine, kind=name, at=T0, details={})
    version = CharterVersion(number=1, statement=name, author="U1", created_at=T0)
    session.add(version)
    session.flush()
    first = CharterValue(version_id=version.id, position=0, slug=name, name=name, meaning=name)
    session.add(first)


@pytest.fixture
async def database(database: Database) -> Database:
    """Two teams with the same kinds of rows."""
    await database.write(OURS, lambda session: lines(session, "ours"))
    await database.write(THEIRS, lambda session: lines(session, "theirs"))
    return database


def select_rows(session: Session) -> list[str]:
    return [row.key for row in session.exec(select(Inbound))]


def select_columns(session: Session) -> list[str]:
    return list(session.exec(select(Inbound.key)))


def select_through_a_join(session: Session) -> list[str]:
    joined = select(CharterValue.name).join(CharterVersion, col(CharterVersion.number) == 1)
    return list(session.exec(joined))


def select_through_a_wide_join(session: Session) -> list[str]:
    return list(session.exec(select(LedgerLine.kind).select_from(Inbound).join(LedgerLine, true())))


def select_through_an_outer_join(session: Session) -> list[str]:
    joined = select(LedgerLine.kind).select_from(Inbound).join(LedgerLine, true(), isouter=True)
    return list(session.exec(joined))


def select_an_alias(session: Session) -> list[str]:
    other = aliased(Inbound)
    return list(session.exec(select(other.key)))


def select_beside_an_alias(session: Session) -> list[str]:
    other = aliased(Inbound)
    return list(session.exec(select(other.key).select_from(Inbound).join(other, true())))


def select_with_a_subquery(session: Session) -> list[str]:
    within = select(Inbound.key).subquery()
    return list(session.exec(select(within.c.key)))


def select_where_in(session: Session) -> list[str]:
    kinds = select(Inbound.key)
    return list(session.exec(select(LedgerLine.kind).where(col(LedgerLine.kind).in_(kinds))))


def select_with_a_cte(session: Session) -> list[str]:
    within = select(Inbound.key).cte("within")
    return list(session.exec(select(within.c.key)))


def select_a_scalar_subquery(session: Session) -> list[str]:
    newest = select(func.max(Inbound.key)).scalar_subquery()
    return [str(session.exec(select(newest)).one())]


def select_a_union(session: Session) -> list[str]:
    both = union_all(select(col(Inbound.key)), select(col(Inbound.key)))
    return sorted({row.key for row in session.execute(both)})


def select_what_exists(session: Session) -> list[str]:
    there = exists().where(col(Inbound.key) == "theirs")
    return ["theirs"] if session.exec(select(literal(1)).where(there)).first() else ["ours"]


def select_scalars(session: Session) -> list[str]:
    return list(session.scalars(select(Inbound.key)))


def count_rows(session: Session) -> list[str]:
    return ["ours"] * session.exec(select(func.count(col(Inbound.id)))).one()


@pytest.mark.parametrize(
    "query",
    [
        select_rows,
        select_columns,
        select_through_a_join,
        select_through_a_wide_join,
        select_through_an_outer_join,
        select_an_alias,
        select_beside_an_alias,
        select_with_a_subquery,
        select_where_in,
        select_with_a_cte,
        select_a_scalar_subquery,
        select_a_union,
        select_what_exists,
        select_scalars,
        count_rows,
    ],
)
async def test_only_the_bound_team_is_seen(database: Database, query: Query) -> None:
    assert await database.read(OURS, query) == ["ours"]


async def test_the_same_statement_sees_each_team_by_turns(database: Database) -> None:
    statement = select(Inbound.key)

    def query(session: Session) -> list[str]:
        return list(session.exec(statement))

    for _ in range(2):
        assert await database.read(OURS, query) == ["ours"]
        assert await database.read(THEIRS, query) == ["theirs"]


async def test_an_update_changes_the_bound_team_only(database: Database) -> None:
    await database.write(OURS, lambda session: session.execute(update(Inbound).values(key="new")))
    assert await database.read(OURS, select_rows) == ["new"]
    assert await database.read(THEIRS, select_rows) == ["theirs"]


async def test_a_delete_removes_the_bound_team_only(database: Database) -> None:
    await database.write(OURS, lambda session: session.execute(delete(Inbound)))
    assert await database.read(OURS, select_rows) == []
    assert await database.read(THEIRS, select_rows) == ["theirs"]


async def test_another_team_is_not_got_by_its_key(database: Database) -> None:
    theirs = await database.read(THEIRS, lambda session: session.exec(select(Inbound.id)).one())
    assert await database.read(OURS, lambda session: session.get(Inbound, theirs)) is None
    assert await database.read(THEIRS, lambda session: session.get(Inbound, theirs)) is not None


async def test_a_new_row_belongs_to_the_bound_team(database: Database) -> None:
    def add(session: Session) -> str:
        row = Inbound(key="added", at=T0)
        session.add(row)
        session.flush()
        return row.team_id

    assert await database.write(THEIRS, add) == THEIRS


async def test_the_same_key_is_free_in_each_team(database: Database) -> None:
    def first_time(session: Session) -> bool:
        return inbound.first_time(session, "shared", at=T0)

    assert await database.write(OURS, first_time)
    assert await database.write(THEIRS, first_time)
    assert not await database.write(OURS, first_time)


def test_nothing_is_read_where_no_team_is_bound(database: Database) -> None:
    with Session(database.readers) as session, pytest.raises(NoTeamBound):
        session.exec(select(Inbound)).all()


def test_nothing_is_made_where_no_team_is_bound(database: Database) -> None:
    with pytest.raises(NoTeamBound):
        Inbound(key="nobody's", at=T0)


def test_nothing_is_inserted_where_no_team_is_bound(database: Database) -> None:
    with Session(database.writer) as session, pytest.raises(Exception, match="no team is bound"):
        insert_once(session, Inbound, key="nobody's", at=T0)


@pytest.mark.parametrize("change", [update(Inbound).values(key="x"), delete(Inbound)])
def test_nothing_is_changed_where_no_team_is_bound(database: Database, change: Any) -> None:
    with Session(database.writer) as session, pytest.raises(NoTeamBound):
        session.execute(change)
