"""Migrations make what the models say, once, and leave a database they cannot change as it was."""

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.config import Config

from bot import migrate
from bot.db import Database, create_tables
from bot.errors import DatabaseTrouble
from tests.statements import offences
from tests.stored import file_of

pytestmark = pytest.mark.sqlite

HEAD = "head_of_the_test"
REBUILT = """
from alembic import op
import sqlalchemy as sa

revision = "{head}"
down_revision = "{below}"


def upgrade() -> None:
    with op.batch_alter_table("charter_version", recreate="always") as table:
        table.add_column(sa.Column("tone", sa.String()))
"""
BREAKING = """
from alembic import op

revision = "{head}"
down_revision = "{below}"


def upgrade() -> None:
    op.execute("CREATE TABLE made_before (id INTEGER)")
    {then}
"""
FIRST_VERSION = """
INSERT INTO charter_version VALUES (1, 'T1', 1, 'statement', NULL, 'U1', '2026-01-05');
INSERT INTO charter_value (id, team_id, version_id, position, slug, emoji, name, meaning, weight)
    VALUES (2, 'T1', 1, 0, 'care', '', 'Care', 'we notice', 1);
INSERT INTO recognition (id, team_id, giver, message, value_id, channel, applause_changes,
    created_at) VALUES (3, 'T1', 'U1', 'helped the clinic', 2, 'C1', 0, '2026-01-06');
INSERT INTO recipient (id, team_id, recognition_id, person, position, created_at)
    VALUES (4, 'T1', 3, 'U2', 0, '2026-01-06');
INSERT INTO team_settings (id, team_id, owners, recognition_channel, allowance)
    VALUES (5, 'T1', '[]', 'C1', 10);
"""
# 1 was superseded by 2, and that by 3; 4 by 5, both public.
SUPERSEDED = """
INSERT INTO charter_version VALUES (1, 'T1', 1, 'statement', NULL, 'U1', '2026-01-05');
INSERT INTO decision (id, team_id, version_id, author, driver, title, context, options, checklist,
    quorum, due, prediction, status, version, reason, despite, created_at, number, superseded_by)
    SELECT column1, 'T1', 1, 'U1', 'U1', 't', '', '[]', '[]', 'all', '2026-01-09', '', 'open', 0,
        '', '[]', '2026-01-05', column2, column3
    FROM (VALUES (3, NULL, NULL), (2, NULL, 3), (1, NULL, 2), (5, 2, NULL), (4, 1, 5));
INSERT INTO decision_role (id, team_id, decision_id, person, role, position)
    SELECT column1 * 10 + column2, 'T1', column1, 'U' || column2, 'contributor', 0
    FROM (VALUES (1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (3, 1), (3, 3), (4, 1), (4, 2), (5, 1));
"""
FAILS = 'op.execute("SELECT nothing FROM nowhere")'
ORPHANS = 'op.execute("DELETE FROM charter_version")'


def open_at(path: Path) -> Database:
    return Database.open(f"sqlite:///{path}")


def schema(path: Path) -> dict[str, str]:
    """Everything in the database as the SQL that made it, by name, without its spacing."""
    with sqlite3.connect(path) as connection:
        made = connection.execute(
            "SELECT type || ' ' || name, coalesce(sql, '') FROM sqlite_master"
            " WHERE tbl_name <> 'alembic_version'"
        ).fetchall()
    connection.close()
    return {name: _normalised(sql) for name, sql in made}


def _normalised(sql: str) -> str:
    found = re.fullmatch(r"(.*?)\((.*)\)(.*)", re.sub(r"\s+", " ", sql.replace('"', "")))
    if found is None:
        return sql
    head, inside, tail = (part.strip() for part in found.groups())
    parts = [part.strip() for part in re.split(r",(?![^()]*\))", inside)]
    # In a table the order of its constraints says nothing; in an index that of the columns does.
    return f"{head} ({', '.join(sorted(parts) if 'TABLE' in head else parts)}) {tail}"


@pytest.fixture
def old(database_url: str) -> Iterator[Database]:
    """A database of the latest version with a value that refers to its mission."""
    database = Database.open(database_url)
    with sqlite3.connect(file_of(database)) as connection:
        connection.execute(
            "INSERT INTO charter_version VALUES (1, 'T1', 1, 'statement', NULL, 'U1', '2026-01-05')"
        )
        connection.execute(
            "INSERT INTO charter_value (id, team_id, version_id, position, slug, emoji, name,"
            " meaning, weight) VALUES (2, 'T1', 1, 0, 'care', '', 'Care', 'we notice', 1)"
        )
    connection.close()
    yield database
    database.close()


@pytest.fixture
def add_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Let the script be one more migration on top of the real ones."""
    more = tmp_path / "more"
    more.mkdir()
    real = migrate.configuration
    versions = migrate.FOLDER / "versions"
    below = max(path.name[:4] for path in versions.glob("[0-9]*.py"))

    def configuration() -> Config:
        config = real()
        config.set_main_option("version_locations", f"{versions}:{more}")
        config.set_main_option("path_separator", ":")
        return config

    monkeypatch.setattr(migrate, "configuration", configuration)
    monkeypatch.setattr(migrate, "scripts_known", migrate.scripts_known.__wrapped__)

    def add(script: str, **parts: str) -> None:
        text = script.format(head=HEAD, below=below, **parts)
        (more / "9999_more.py").write_text(text)

    return add


def fingerprint(database: Database) -> str:
    with sqlite3.connect(file_of(database)) as connection:
        lines = "\n".join(connection.iterdump())
    connection.close()
    return hashlib.sha256(lines.encode()).hexdigest()


def foreign_keys(database: Database) -> int:
    with database.writer.connect() as connection:
        return int(connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one())


def test_migrations_make_what_the_models_say(tmp_path: Path, migrated: Path) -> None:
    database = open_at(tmp_path / "fresh.db")
    create_tables(database.writer)
    database.close()
    assert schema(migrated) == schema(tmp_path / "fresh.db")


def test_the_comparison_sees_a_difference(tmp_path: Path, migrated: Path) -> None:
    database = open_at(tmp_path / "fresh.db")
    create_tables(database.writer)
    with database.writer.begin() as connection:
        connection.exec_driver_sql("DROP INDEX ix_outbox_due")
    database.close()
    assert schema(migrated) != schema(tmp_path / "fresh.db")


def test_applying_them_again_changes_nothing(old: Database) -> None:
    before = fingerprint(old)
    migrate.migrate(old.writer)
    assert fingerprint(old) == before


def test_a_database_of_a_newer_version_is_refused_and_left_alone(old: Database) -> None:
    with sqlite3.connect(file_of(old)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    before = fingerprint(old)
    with pytest.raises(DatabaseTrouble, match="made by a newer Truenorth"):
        migrate.migrate(old.writer)
    assert fingerprint(old) == before


def test_keys_are_watched_again_afterwards(tmp_path: Path) -> None:
    database = open_at(tmp_path / "fresh.db")
    migrate.migrate(database.writer)
    assert foreign_keys(database) == 1
    database.close()


def test_rebuilding_a_table_keeps_what_refers_to_it(
    old: Database, add_migration: Callable[..., None]
) -> None:
    add_migration(REBUILT)
    migrate.migrate(old.writer)
    joined = "SELECT tone, name FROM charter_version v JOIN charter_value ON version_id = v.id"
    with sqlite3.connect(file_of(old)) as raw:
        assert raw.execute(joined).fetchall() == [(None, "Care")]
    raw.close()
    assert foreign_keys(old) == 1


@pytest.mark.parametrize(("then", "error"), [(FAILS, "nowhere"), (ORPHANS, "was undone")])
def test_a_migration_that_fails_leaves_everything_as_it_was(
    old: Database, add_migration: Callable[..., None], then: str, error: str
) -> None:
    add_migration(BREAKING, then=then)
    before = fingerprint(old)
    with pytest.raises(Exception, match=error):
        migrate.migrate(old.writer)
    offences.clear()  # a migration is for every team
    assert fingerprint(old) == before
    assert foreign_keys(old) == 1


def test_a_database_of_the_first_version_keeps_what_was_given(tmp_path: Path) -> None:
    database = open_at(tmp_path / "first.db")
    migrate.migrate(database.writer, to="0001")
    with sqlite3.connect(file_of(database)) as connection:
        connection.executescript(FIRST_VERSION)
    connection.close()
    migrate.migrate(database.writer)
    kept = "SELECT r.author, r.message, r.revision, r.is_private, r.withdrawn_at, p.person"
    joined = f"{kept} FROM recognition r JOIN recipient p ON p.recognition_id = r.id"
    with sqlite3.connect(file_of(database)) as raw:
        assert raw.execute(joined).fetchall() == [("U1", "helped the clinic", 0, 0, None, "U2")]
        assert raw.execute("SELECT stories_channel FROM team_settings").fetchall() == [(None,)]
    raw.close()
    database.close()


def test_whoever_has_no_part_in_what_took_a_private_ones_place_sees_it_no_more(
    tmp_path: Path,
) -> None:
    database = open_at(tmp_path / "before.db")
    migrate.migrate(database.writer, to="0017")
    with sqlite3.connect(file_of(database)) as connection:
        connection.executescript(SUPERSEDED)
    connection.close()
    migrate.migrate(database.writer)
    with sqlite3.connect(file_of(database)) as raw:
        hidden = raw.execute("SELECT id FROM decision_role WHERE NOT sees ORDER BY id").fetchall()
    raw.close()
    assert hidden == [(12,), (13,), (22,)]
    database.close()
