"""Whatever language a PostgreSQL sorts by: what belongs to a round or a decision is found there."""

import pytest
from sqlmodel import Session, col, select

from bot import closing, doubt, outbox
from bot.db import Database
from bot.errors import DatabaseTrouble
from bot.migrate import migrate
from bot.outbox import OutboxRow, Status, direct
from bot.prefix import Plainly
from tests.postgres import Server
from tests.support import KIM, T0, TEAM


@pytest.mark.postgres
async def test_the_messages_of_a_round_go_in_any_language(server: Server) -> None:
    with server.database_in("en-US") as url:
        database = Database.open(url)
        migrate(database.writer)

        def post(session: Session) -> None:
            for cause in ("round:1:to:ab", "round:1:to:ab:reminder1", "round:1:result"):
                outbox.post(session, direct(cause, KIM, {"text": "a"}), now=T0)
            outbox.post(session, direct("recognition:41:to:U0KIM", KIM, {"text": "a"}), now=T0)
            for row in session.exec(select(OutboxRow)):
                row.status = Status.UNKNOWN if row.cause.startswith("rec") else row.status

        def causes(session: Session) -> set[str]:
            return {*session.exec(select(OutboxRow.cause))}

        await database.write(TEAM, post)
        assert await database.write(
            TEAM, lambda session: closing.erase_some(session, 1, cause="round:1")
        )
        assert await database.read(TEAM, causes) == {"round:1:result", "recognition:41:to:U0KIM"}
        unknown = await database.read(
            TEAM, lambda session: len(doubt.unknown(session, "recognition:41:to:"))
        )
        assert unknown == 1
        database.close()


@pytest.mark.postgres
async def test_they_are_found_through_an_index(server: Server) -> None:
    with server.database_in("en-US") as url:
        database = Database.open(url)
        migrate(database.writer)
        begins = Plainly(col(OutboxRow.cause)).between("round:1:to:", "round:1:to:~")
        ours = select(OutboxRow.id).where(OutboxRow.team_id == TEAM, begins)
        how = {"literal_binds": True}
        asked = ours.compile(database.writer, compile_kwargs=how)
        with database.readers.connect() as connection:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            plan = connection.exec_driver_sql(f"EXPLAIN {asked}").scalars().all()
        assert "ix_outbox_begins" in str(plan)
        database.close()


@pytest.mark.postgres
def test_an_option_that_nobody_knows_is_told_in_a_sentence(server: Server) -> None:
    with pytest.raises(DatabaseTrouble, match="ends with an option that PostgreSQL does not know"):
        Database.open(f"{server.url}?colour=blue")


@pytest.mark.postgres
@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_does_not_hold_every_letter_is_refused(
    server: Server, encoding: str
) -> None:
    made = server.database_made(f"TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'")
    with made as url, pytest.raises(DatabaseTrouble, match=encoding) as refused:
        Database.open(url)
    how = refused.value.message.removesuffix(".").split("CREATE DATABASE truenorth ")[1]
    with server.database_made(how) as url:
        Database.open(url).close()
