"""Tokens are encrypted anew with another key: all of them, or none."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot import departures, installations, rotation
from bot.config import Settings
from bot.db import Database
from bot.httpmode import HttpMode
from bot.installations import BOTS, INSTALLATIONS, SECRET, Installations
from bot.vault import KeyLost, cipher_of
from tests.kernel.installing import (
    NEW,
    OLD,
    OURS,
    THEIRS,
    find,
    installation,
    secrets_of,
)
from tests.stored import everything, rows
from tests.support import T0


def hidden(url: str) -> list[str]:
    """Everything that is stored of the secrets."""
    columns = [f"{table.name}.{name}" for table in (BOTS, INSTALLATIONS) for name in SECRET]
    there = [each for each in columns if each.split(".")[1] in _columns(each.split(".")[0])]
    found = [
        str(value)
        for each in there
        for (value,) in rows(url, f"SELECT {each} FROM {each.split('.')[0]}")
    ]
    assert len(found) >= len(SECRET)
    return found


async def rotate(
    database: Database, *keys: str, forget_lost: bool = False
) -> tuple[int, list[str]]:
    return await installations.rotate(database, cipher_of(keys), forget_lost=forget_lost, now=T0)


def _columns(table: str) -> list[str]:
    return list(BOTS.metadata.tables[table].columns.keys())


async def test_after_a_rotation_the_first_key_alone_opens_everything(
    database: Database, store_with: Callable[..., Installations], database_url: str
) -> None:
    for team in (OURS, THEIRS):
        await store_with(OLD).async_save(installation(team))
    before = hidden(database_url)
    assert await rotate(database, NEW, OLD) == (4, [])
    for team in (OURS, THEIRS):
        assert secrets_of(await find(store_with(NEW), team)) == secrets_of(installation(team))
    with pytest.raises(KeyLost):
        await find(store_with(OLD), OURS)
    stored = everything(database)
    assert not any(each.encode() in stored for each in before)
    assert all(each.encode() in stored for each in hidden(database_url))


async def test_a_rotation_without_the_older_key_changes_nothing(
    database: Database, store_with: Callable[..., Installations], database_url: str
) -> None:
    await store_with(NEW).async_save(installation(OURS))
    await store_with(OLD).async_save(installation(THEIRS))
    before = hidden(database_url)
    with pytest.raises(KeyLost):
        await rotate(database, NEW)
    assert hidden(database_url) == before


async def test_what_no_key_opens_can_be_forgotten_and_installed_again(
    database: Database, store_with: Callable[..., Installations]
) -> None:
    await store_with(NEW).async_save(installation(OURS))
    await store_with(OLD).async_save(installation(THEIRS))
    assert await rotate(database, NEW, forget_lost=True) == (2, [THEIRS])
    assert secrets_of(await find(store_with(NEW), OURS)) == secrets_of(installation(OURS))
    assert await find(store_with(NEW), THEIRS) is None
    assert await database.read(THEIRS, departures.since) == T0
    await store_with(NEW).async_save(installation(THEIRS))
    assert await database.read(THEIRS, departures.since) is None


OVER_HTTP = HttpMode("1.2", "secret", "signing", (NEW, OLD))


def chosen(url: str, *keys: str) -> Settings:
    return Settings("", "", database_url=url, http=replace(OVER_HTTP, keys=keys))


async def test_the_command_rotates_and_says_what_it_did_or_why_not(
    store_with: Callable[..., Installations],
    database_url: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    await store_with(OLD).async_save(installation(OURS))
    assert await asyncio.to_thread(rotation.run, chosen(database_url, NEW)) == 1
    assert capsys.readouterr().err.startswith("TOKEN_KEY does not open the tokens")
    assert await asyncio.to_thread(rotation.run, chosen(database_url, NEW, OLD)) == 0
    assert "2 rows are encrypted with the first key" in capsys.readouterr().out
    assert secrets_of(await find(store_with(NEW), OURS)) == secrets_of(installation(OURS))


@pytest.mark.sqlite
def test_there_is_nothing_to_rotate_for_one_workspace_or_where_nothing_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = chosen(f"sqlite:///{tmp_path}/none.db", NEW)
    for one, why in ((replace(nowhere, http=None), "in no database"), (nowhere, "is not there")):
        assert rotation.run(one) == 1
        assert why in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
