"""What becomes of each column when somebody is erased is decided; none can be forgotten."""

from typing import Any

import pytest
from sqlalchemy import JSON, LargeBinary, String
from sqlmodel import SQLModel

import app  # noqa: F401 - every table is known
from bot.fates import FATES, Fate

TABLES = SQLModel.metadata.tables
KEPT_OUT = {"team_id"}  # which names a workspace, and nobody in it


def can_hold(column: Any) -> bool:
    """Whether somebody's id or words fit into a column."""
    kind = getattr(column.type, "impl", column.type)  # below what decorates it
    return isinstance(kind, String | JSON | LargeBinary) and column.name not in KEPT_OUT


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_column_that_can_hold_somebody_has_a_fate(table: Any) -> None:
    can = {column.name for column in table.columns if can_hold(column)}
    assert FATES[table.name].keys() == can


def test_nothing_is_decided_of_what_there_is_not() -> None:
    assert FATES.keys() == TABLES.keys()


def test_whoever_wrote_words_of_their_own_is_known_by_their_name() -> None:
    for name, columns in FATES.items():
        if Fate.THEIRS in columns.values():
            writers = {"author", "person"} & set(TABLES[name].columns.keys())
            assert [columns[writer] for writer in writers] == [Fate.RENAMED], name


def test_a_name_that_may_be_nobodys_is_one_that_may_be_missing() -> None:
    for name, columns in FATES.items():
        for column, fate in columns.items():
            assert fate is not Fate.NOBODYS or TABLES[name].columns[column].nullable
