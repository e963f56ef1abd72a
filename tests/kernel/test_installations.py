"""Tokens are stored so that nobody finds them who has the file alone."""

import time
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet
from slack_bolt.error import BoltError
from sqlmodel import Session

from bot import installations
from bot import states as states_module
from bot.db import Database
from bot.installations import INSTALLATIONS, Installations
from bot.states import States
from bot.vault import KeyLost
from tests.kernel.installing import (
    NEW,
    OLD,
    OURS,
    PLANTED,
    THEIRS,
    find,
    installation,
    secrets_of,
)
from tests.stored import everything, rows


async def test_every_token_is_read_as_it_was_written(
    store_with: Callable[..., Installations],
) -> None:
    store, kept = store_with(OLD), installation(OURS)
    await store.async_save(kept)
    assert secrets_of(await find(store, OURS)) == secrets_of(kept)
    bot = await store.async_find_bot(enterprise_id=None, team_id=OURS)
    assert bot is not None
    assert (bot.bot_token, bot.bot_refresh_token) == (kept.bot_token, kept.bot_refresh_token)
    assert await find(store, THEIRS) is None


async def test_no_byte_on_the_disk_tells_a_token(
    database: Database, store_with: Callable[..., Installations]
) -> None:
    await store_with(OLD).async_save(installation(OURS))
    stored = everything(database)
    assert b"Clinic" in stored
    assert [each for each in PLANTED if each.encode() in stored] == []


async def test_it_is_installed_when_it_was_wherever_this_machine_is(
    store_with: Callable[..., Installations], monkeypatch: pytest.MonkeyPatch
) -> None:
    at = datetime(2026, 11, 26, 12, tzinfo=UTC)
    await store_with(OLD).async_save(installation(OURS, installed_at=at))
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("TZ", "Asia/Seoul")
        time.tzset()
        found = await find(store_with(OLD), OURS)
    time.tzset()
    assert found is not None
    assert found.installed_at == at.timestamp()


async def test_whoever_installs_again_leaves_nothing_of_the_earlier_tokens(
    database: Database, store_with: Callable[..., Installations], database_url: str
) -> None:
    store = store_with(OLD)
    await store.async_save(installation(OURS))
    await store.async_save(installation(OURS, more="2", enterprise_id="E1"))
    await store.async_save(installation(THEIRS, more="3"))
    assert rows(database_url, "SELECT count(*) FROM installation") == [(2,)]
    found = await store.async_find_installation(enterprise_id="E1", team_id=OURS)
    assert secrets_of(found) == secrets_of(installation(OURS, more="2"))
    assert secrets_of(await find(store, THEIRS)) == secrets_of(installation(THEIRS, more="3"))


async def test_a_workspace_is_forgotten_alone(store_with: Callable[..., Installations]) -> None:
    store = store_with(OLD)
    for team in (OURS, THEIRS):
        await store.async_save(installation(team))
    await store.async_delete_all(enterprise_id=None, team_id=OURS)
    assert await find(store, OURS) is None
    assert await store.async_find_bot(enterprise_id=None, team_id=OURS) is None
    assert await find(store, THEIRS) is not None


async def test_an_installation_is_kept_whole_or_not_at_all(
    store_with: Callable[..., Installations], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_with(OLD)
    await store.async_save(installation(OURS))

    def broken(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(installations._SDK, "save_bot", broken)
    with pytest.raises(RuntimeError):
        await store.async_save(installation(OURS, more="2"))
    assert secrets_of(await find(store, OURS)) == secrets_of(installation(OURS))


async def test_no_whole_organisation_is_installed(
    store_with: Callable[..., Installations],
) -> None:
    with pytest.raises(BoltError, match="one workspace"):
        await store_with(OLD).async_save(
            installation(OURS, enterprise_id="E1", is_enterprise_install=True)
        )
    assert await find(store_with(OLD), OURS) is None


@pytest.mark.parametrize("keys", [(NEW,), (Fernet.generate_key().decode(), NEW)])
async def test_a_key_that_is_lost_or_another_is_told_in_a_sentence(
    store_with: Callable[..., Installations], keys: tuple[str, ...]
) -> None:
    await store_with(OLD).async_save(installation(OURS))
    with pytest.raises(KeyLost, match="TOKEN_KEY does not open the tokens") as lost:
        await find(store_with(*keys), OURS)
    assert "PLANTED" not in repr(lost.value)
    assert not any(key in str(lost.value) for key in (OLD, *keys))


async def test_what_somebody_changed_in_the_database_is_no_token(
    database: Database, store_with: Callable[..., Installations]
) -> None:
    await store_with(OLD).async_save(installation(OURS))

    def change(session: Session) -> None:
        ours = INSTALLATIONS.c.team_id == OURS
        session.connection().execute(
            INSTALLATIONS.update().where(ours).values(bot_token="xoxb-planted")
        )

    await database.write(OURS, change)
    with pytest.raises(KeyLost):
        await find(store_with(OLD), OURS)


async def test_an_older_key_still_opens_what_was_written_with_it(
    store_with: Callable[..., Installations],
) -> None:
    await store_with(OLD).async_save(installation(OURS))
    both = store_with(NEW, OLD)
    assert secrets_of(await find(both, OURS)) == secrets_of(installation(OURS))
    await both.async_save(installation(THEIRS))
    assert secrets_of(await find(store_with(NEW), THEIRS)) == secrets_of(installation(THEIRS))


@pytest.fixture
def states(database: Database) -> States:
    return States(database)


async def test_a_state_can_be_used_once(states: States) -> None:
    one, another = await states.async_issue(), await states.async_issue()
    assert one != another
    assert [await states.async_consume(one) for _ in range(2)] == [True, False]
    assert not await states.async_consume("made up")
    assert await states.async_consume(another)


async def test_a_state_is_good_for_ten_minutes_and_then_forgotten(
    states: States, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr(states_module, "STATE_SECONDS", 0)
        old = await states.async_issue()
    assert not await states.async_consume(old)
    await states.async_issue()
    assert rows(database_url, "SELECT count(*) FROM installation_state") == [(1,)]


async def test_however_often_somebody_begins_only_the_last_are_kept(
    states: States, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(states_module, "MOST", 3)
    begun = [await states.async_issue() for _ in range(5)]
    assert rows(database_url, "SELECT count(*) FROM installation_state") == [(3,)]
    assert [await states.async_consume(each) for each in begun] == [False] * 2 + [True] * 3
