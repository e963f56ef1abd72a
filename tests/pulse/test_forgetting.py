"""After the close nothing on the disk leads from an answer to who gave it; while open, little does.

Every byte of the database's files is searched, not only what its tables tell.
"""

import asyncio
import logging
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import String, cast, update
from sqlmodel import Session, col

from bot import rounds
from bot.closing import count
from bot.db import Database
from bot.responses import Comment, respondent
from bot.rituals import pulse
from bot.rounds import Status
from bot.rows import write_over
from bot.sqlite import Sqlite
from bot.tenancy import EVERY_TEAM
from schedules.pulse import Closer
from tests.faults.truth import rows
from tests.pulse.poll import CLOSES, INVITED, LATE, Poll
from tests.stored import everything, file_of, tables
from tests.support import TEAM

LONG = "and so on, at some length, so that it fills a page or more " * 40


async def codes(poll: Poll) -> dict[str, bytes]:
    """What everybody's answers stand under, and the key itself."""
    asked = await poll.round()
    key = await poll.read(lambda session: rounds.key_of(session, asked.id))
    assert key is not None
    of_people = {who: respondent(key, who).encode() for who in [*INVITED, *LATE]}
    return {**of_people, "the key": key}


async def play(poll: Poll) -> dict[str, bytes]:
    """Answers, changes, skips, comments and reminders; return what must be gone afterwards."""
    secrets = await codes(poll)
    await poll.answer_all(INVITED[:10])
    for who in INVITED[:10]:
        assert await poll.comment(who, f"{who} says that all is well")
        assert await poll.comment(who, f"what nobody signed, number {INVITED.index(who)} {LONG}")
    await poll.answer_all(INVITED[3:6], 2)
    await poll.answer_all(INVITED[5:7], None)
    await poll.later(days=2)
    await poll.later(days=1)
    assert [cause for _, cause, _ in poll.delivered if "reminder" in cause]
    on_disk = everything(poll.database)
    assert all(secret in on_disk for who, secret in secrets.items() if who in INVITED[:10])
    assert secrets["the key"] in on_disk
    return secrets


def found(poll: Poll, secrets: dict[str, bytes]) -> list[str]:
    on_disk = everything(poll.database)
    return [name for name, secret in secrets.items() if secret in on_disk]


async def test_no_byte_on_the_disk_leads_to_a_person(poll: Poll) -> None:
    secrets = await play(poll)
    await poll.close()
    assert found(poll, secrets) == []
    on_disk = everything(poll.database)
    assert b"You can still answer" not in on_disk  # nobody can tell who was reminded
    for number, who in enumerate(INVITED[:10]):
        words = f"what nobody signed, number {number} ".encode()
        assert f"{who} says".encode() not in on_disk  # was changed
        kept = [place.start() for place in re.finditer(words, on_disk)]
        assert len(kept) == (1 if isinstance(poll.database.store, Sqlite) else 0)  # compressed
        assert not [place for place in kept if who.encode() in on_disk[place - 80 : place]]
    assert len(poll.rows("kept_comment")) == 10


async def test_no_row_names_somebody_beside_what_they_chose(poll: Poll) -> None:
    secrets = await play(poll)
    asked = await poll.round()
    await poll.close()
    for table in ("answer", "comment", "participation", "round_key"):
        assert poll.rows(table) == []
    causes = [str(row) for row in poll.rows("outbox")]
    assert [cause for cause in causes if f"{asked.cause}:to:" in cause] == []
    for table in tables(poll.url):
        for row in poll.rows(table):
            assert not [code for code in secrets.values() if code.decode("latin1") in str(row)]
    comments = poll.rows("kept_comment")
    assert len(comments) == 10
    for row in comments:
        assert row[1:3] == (TEAM, asked.id)
        assert len(row) == 4  # its own key, the workspace, the round, the words


async def test_while_it_is_open_no_row_names_somebody_beside_what_they_chose(poll: Poll) -> None:
    before = {table: poll.rows(table) for table in tables(poll.url)}
    await poll.answer_all([INVITED[2]], 5)
    assert await poll.comment(INVITED[2], "what nobody signed")
    changed = {table for table in before if poll.rows(table) != before[table]}
    assert changed == {"answer", "comment", "participation"}
    for table in ("answer", "comment"):
        assert INVITED[2] not in str(poll.rows(table))
    ((_, _, _, who),) = poll.rows("participation")
    assert who == INVITED[2]


async def test_no_key_of_a_message_names_whom_it_asks_or_reminds(poll: Poll) -> None:
    """An index may keep some of a key whose row is gone."""
    await poll.later(days=2)
    await poll.later(hours=9)
    causes = [cause for _, cause, _ in poll.delivered]
    assert len(causes) == 2 * len(INVITED)
    telling = [*INVITED, *(code.decode("latin1") for code in (await codes(poll)).values())]
    assert [cause for cause in causes for one in telling if one in cause] == []


@pytest.mark.sqlite
@pytest.mark.parametrize("table", ["answer", "participation", "comment"])
async def test_the_order_of_rows_is_that_of_random_keys(poll: Poll, table: str) -> None:
    await poll.answer_all(INVITED)
    for who in INVITED:
        await poll.comment(who, "words")
    keys = [row[0] for row in poll.rows(table)]
    assert keys == sorted(keys)
    made = rows(file_of(poll.database), f"SELECT sql FROM sqlite_master WHERE name = '{table}'")
    assert "WITHOUT ROWID" in str(made)


async def test_comments_are_shuffled_and_kept_in_no_order(poll: Poll) -> None:
    for who in INVITED:
        assert await poll.comment(who, f"comment of {who}")
    asked = await poll.round()
    once, again = [await poll.read(lambda session: count(session, asked)) for _ in range(2)]
    assert once is not None
    assert again is not None
    assert sorted(once.comments) == sorted(again.comments) == [f"comment of {w}" for w in INVITED]
    assert once.comments != again.comments
    await poll.close()
    keys = [row[0] for row in poll.rows("kept_comment")]
    gaps = {here - there for here, there in zip(keys[1:], keys, strict=False)}
    assert max(gaps) > 2**54  # two that were made one after the other are far apart


@contextmanager
def reader(database: Database) -> Iterator[None]:
    """Somebody who began to read and does not come to an end."""
    with database.readers.connect() as connection:
        counting = connection.execution_options(**EVERY_TEAM)
        counting.exec_driver_sql("SELECT count(*) FROM answer").one()
        yield


async def test_a_round_is_closing_until_nobody_reads_what_is_erased(
    poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.db.RETRY_SECONDS", 0.01)
    secrets = await play(poll)
    await poll.at(CLOSES)
    with reader(poll.database):
        ending = asyncio.create_task(Closer(poll.deps(), TEAM).close_all())
        while poll.rows("participation") and not ending.done():  # people can write meanwhile
            await poll.heard_of({"id": "U200", "name": "new"})
        assert (await poll.round()).status == Status.CLOSING
        assert found(poll, secrets)
        assert not ending.done()
    await ending
    assert (await poll.round()).status == Status.CLOSED
    assert found(poll, secrets) == []


async def test_a_round_that_closes_just_after_others_were_counted_is_not_erased_uncounted(
    poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    await play(poll)
    closer = Closer(poll.deps(), TEAM)
    count_all = closer.count_all

    async def and_then_it_closes() -> None:
        await count_all()
        await poll.at(CLOSES)

    with monkeypatch.context() as patched:
        patched.setattr(closer, "count_all", and_then_it_closes)
        await closer.close_all()
    assert (await poll.round()).status == Status.CLOSING
    assert len(poll.rows("participation")) == 10
    await closer.close_all()
    closed = await poll.round()
    assert closed.status == Status.CLOSED
    assert closed.result is not None
    assert closed.result["turnout"]["whole"]["responders"] == 10


async def test_what_another_open_round_keeps_hides_nothing_of_a_closed_one(poll: Poll) -> None:
    """Pages that both filled were divided, and divided pages keep what moved."""
    closed, secrets = await poll.round(), await codes(poll)
    await poll.later(days=1)  # so that the other one closes later
    question = "How do you like the new room?"
    by = INVITED[0]
    now = poll.hand.now()
    other = await poll.write(
        lambda session: pulse.ask_everybody(session, by=by, question=question, now=now)
    )
    key = secrets["the key"]
    many = {number: respondent(key, f"U9{number:04}") for number in range(1000)}

    def fill(session: Session) -> None:
        chosen = random.Random(3)  # noqa: S311
        for number, code in many.items():
            words = "x" * chosen.choice([10, 200, 2500])
            for of in (closed.id, other.round.id):
                row = {"round_id": of, "respondent": code, "words": words}
                write_over(session, Comment, [row], key=("round_id", "respondent"))
            if number % 2:
                row = {"round_id": closed.id, "respondent": code, "words": "short"}
                write_over(session, Comment, [row], key=("round_id", "respondent"))

    await poll.database.write(TEAM, fill, patience=60)
    # Nothing of the other round, which stays open, is to have the same codes.
    theirs = update(Comment).where(col(Comment.round_id) == other.round.id)
    renaming = theirs.values(respondent=cast(col(Comment.id), String))
    await poll.write(lambda session: session.execute(renaming))
    await poll.close()
    on_disk = everything(poll.database)
    assert [code for code in many.values() if code.encode() in on_disk] == []
    assert len(poll.rows("comment")) == len(many)


async def test_no_line_of_the_log_says_what_somebody_answered(
    poll: Poll, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await play(poll)
    await poll.close()
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert "nobody signed" not in said
    assert not [who for who in INVITED if who in said]
