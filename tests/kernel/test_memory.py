"""The writer remembers what hardly ever changes, and is never wrong about it."""

from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import event
from sqlmodel import Session

from bot import roster, settings
from bot.db import Database
from tests.support import TEAM

ANA = {"id": "U1", "name": "ana", "real_name": "Ana"}


@pytest.fixture
def ours(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
    yield database
    database.close()


@pytest.fixture
def another_process(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
    yield database
    database.close()


def channel(session: Session) -> str | None:
    return settings.of_team(session).recognition_channel


def choose(session: Session, *, name: str) -> None:
    settings.change(session, recognition_channel=name)


def name_of_ana(session: Session) -> str | None:
    known = roster.person(session, "U1")
    return known.name if known else None


@pytest.mark.sqlite
async def test_what_was_read_is_not_read_again(ours: Database) -> None:
    await ours.write(TEAM, partial(choose, name="C1"))
    emitted: list[str] = []
    event.listen(ours.writer, "before_cursor_execute", lambda *given: emitted.append(given[2]))
    assert await ours.write(TEAM, channel) == "C1"
    assert [statement for statement in emitted if "team_settings" in statement] == []


async def test_a_change_of_our_own_is_known_at_once(ours: Database) -> None:
    for name in ("C1", "C2"):
        await ours.write(TEAM, partial(choose, name=name))
        assert await ours.write(TEAM, channel) == name


async def test_a_change_by_another_process_is_seen(
    ours: Database, another_process: Database
) -> None:
    for name in ("C1", "C2"):
        await another_process.write(TEAM, partial(choose, name=name))
        assert await ours.write(TEAM, channel) == name


async def test_a_change_that_failed_is_forgotten(ours: Database) -> None:
    await ours.write(TEAM, partial(choose, name="C1"))

    def fail(session: Session) -> None:
        choose(session, name="C2")
        session.flush()
        raise LookupError

    with pytest.raises(LookupError):
        await ours.write(TEAM, fail)
    assert await ours.write(TEAM, channel) == "C1"


async def test_what_one_team_chose_is_unknown_to_another(ours: Database) -> None:
    await ours.write(TEAM, partial(choose, name="C1"))
    assert await ours.write("T0OTHER", channel) is None
    assert await ours.write(TEAM, channel) == "C1"


async def test_a_person_who_was_unknown_is_known_once_slack_told_of_them(ours: Database) -> None:
    assert await ours.write(TEAM, name_of_ana) is None
    for name in ("Ana", "Ana Souza"):
        user = ANA | {"real_name": name}
        await ours.write(TEAM, partial(roster.remember, users=[user]))
        assert await ours.write(TEAM, name_of_ana) == name


async def test_more_people_than_are_kept_are_all_found(
    ours: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(roster, "KNOWN_AT_ONCE", 1)
    users = [ANA | {"id": f"U{number}"} for number in range(4)]
    ids = [str(user["id"]) for user in users]
    await ours.write(TEAM, lambda session: roster.remember(session, users))
    for _ in range(2):
        found = await ours.write(TEAM, lambda session: roster.people(session, ids))
        assert sorted(found) == ids
