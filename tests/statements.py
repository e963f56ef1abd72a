"""Watches every SQL statement of the whole run: each table's rows are asked for by their team."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlmodel import SQLModel

import app  # noqa: F401 - every table has to be known

_REFERENCE = re.compile(
    r'(?:\b(?:FROM|JOIN|UPDATE)\s+|,\s+(?=\w+(?:\s+AS\s+\w+)?\s*(?:,|WHERE|JOIN)))"?(\w+)"?'
    r"(?:\s+AS\s+(\w+))?",
    re.IGNORECASE,
)
# What the session writes of an object that it loaded itself, by the key of that object.
_BY_KEY = re.compile(r"^UPDATE (\w+) SET [^;]* WHERE \1\.id = (?:\?|%\(\w+\)s\S*)$", re.DOTALL)
# The doctor alone asks for every team's channels.
_ALLOWED = frozenset(
    [
        "SELECT team_settings.recognition_channel, team_settings.stories_channel,"
        " team_settings.updates_channel \n"
        "FROM team_settings",
        # The index is every team's, and so is putting it together anew.
        "SELECT DISTINCT charter_version.team_id FROM charter_version",
    ],
)

offences: list[str] = []


@cache
def tables_of_teams() -> frozenset[str]:
    """Return the names of the tables whose rows belong to teams."""
    tables = SQLModel.metadata.tables.values()
    return frozenset(table.name for table in tables if "team_id" in table.columns)


@lru_cache(10_000)
def without_team(statement: str) -> tuple[str, ...]:
    """Return how the statement names the tables of teams that it asks without naming the team."""
    verb = statement.lstrip().split(maxsplit=1)[0].upper()
    if verb not in ("SELECT", "UPDATE", "DELETE", "WITH") or statement in _ALLOWED:
        return ()
    if _BY_KEY.match(statement):
        return ()
    scoped = set(re.findall(r"\b(\w+)\.team_id = (?:\?|%\()", statement))
    named = ((table, alias or table) for table, alias in _REFERENCE.findall(statement))
    return tuple(name for table, name in named if table in tables_of_teams() and name not in scoped)


@event.listens_for(Engine, "before_cursor_execute")
def _watch(
    _connection: object,
    _cursor: object,
    statement: str,
    _parameters: object,
    context: Any,
    _many: bool,
) -> None:
    says_so = context is not None and context.execution_options.get("every_team")
    if not says_so and without_team(statement):
        offences.append(statement)


@pytest.fixture(autouse=True)
def every_statement_names_the_team() -> Iterator[None]:
    """Fail the test in which a statement asked for rows of whatever team."""
    offences.clear()
    yield
    assert offences == [], "these statements name no team"
