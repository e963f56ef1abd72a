"""The watcher of statements sees what it is there for."""

import pytest
from sqlmodel import SQLModel

from bot.db import Database
from tests.statements import offences, tables_of_teams, without_team


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT outbox.id \nFROM outbox",
        "SELECT outbox.id \nFROM outbox \nWHERE outbox.lane = ?",
        "SELECT o.id \nFROM outbox AS o \nWHERE outbox.team_id = ?",
        "SELECT outbox.id \nFROM outbox LEFT OUTER JOIN lane ON lane.name = outbox.lane"
        " \nWHERE outbox.team_id = ?",
        "SELECT lane.id \nFROM outbox, lane \nWHERE outbox.team_id = ?",
        "UPDATE lane SET holder=? WHERE lane.version = ?",
        "DELETE FROM inbound WHERE inbound.at < ?",
        "WITH a AS (SELECT lane.id FROM lane) SELECT a.id FROM a",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM due WHERE due.kind = ?)",
    ],
)
def test_a_statement_that_names_no_team_is_seen(statement: str) -> None:
    assert without_team(statement) != ()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT outbox.id \nFROM outbox \nWHERE outbox.team_id = ?",
        "SELECT o.id \nFROM outbox AS o \nWHERE o.team_id = ? AND o.lane = ?",
        "SELECT outbox.id \nFROM outbox LEFT OUTER JOIN lane ON lane.name = outbox.lane"
        " AND lane.team_id = ? \nWHERE outbox.team_id = ?",
        "UPDATE outbox SET status=? WHERE outbox.id = ?",
        "DELETE FROM inbound WHERE inbound.at < ? AND inbound.team_id = ?",
        "SELECT version_num FROM alembic_version",
        "PRAGMA foreign_key_check",
        "INSERT INTO lane (id, team_id) VALUES (?, ?)",
    ],
)
def test_a_statement_of_one_team_passes(statement: str) -> None:
    assert without_team(statement) == ()


def test_every_table_belongs_to_teams() -> None:
    assert tables_of_teams() == set(SQLModel.metadata.tables)
    assert "recognition" in tables_of_teams()


def test_a_statement_past_the_session_is_seen(database: Database) -> None:
    with database.readers.connect() as connection:
        connection.exec_driver_sql("SELECT outbox.id FROM outbox")
    assert offences == ["SELECT outbox.id FROM outbox"]
    offences.clear()
