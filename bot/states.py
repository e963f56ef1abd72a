"""What ties an installation that comes back from Slack to the browser that began it."""

from datetime import UTC, datetime
from typing import cast

from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.oauth.state_store.sqlalchemy import SQLAlchemyOAuthStateStore
from sqlalchemy import MetaData, delete, select
from sqlalchemy.engine import Engine
from sqlmodel import Session

from bot.db import Database
from bot.sdkstore import Within, ours
from bot.tenancy import NOBODY

STATE_SECONDS = 600  # that an installation may take
MOST = 1_000  # at a time, however often somebody begins
STATES = ours(
    SQLAlchemyOAuthStateStore.build_oauth_states_table(MetaData(), "states"), "installation_state"
)


class _States(SQLAlchemyOAuthStateStore):
    """slack_sdk's store of states, of which each can be used once, also by two at a time."""

    def consume(self, state: str) -> bool:
        """Say whether it was there, and have it be there no more."""
        ours = (STATES.c.team_id == NOBODY, STATES.c.state == state)
        is_fresh = STATES.c.expire_at > datetime.now(UTC)
        with self.engine.begin() as connection:
            return bool(connection.execute(delete(STATES).where(*ours, is_fresh)).rowcount)

    def forget_old(self) -> None:
        """Delete what nobody came back with, and the oldest of more than anybody needs."""
        nobodys = STATES.c.team_id == NOBODY
        newest = (
            select(STATES.c.id)
            .where(nobodys, STATES.c.expire_at > datetime.now(UTC))
            .order_by(STATES.c.id.desc())
            .limit(MOST - 1)
        )
        with self.engine.begin() as connection:
            connection.execute(delete(STATES).where(nobodys, STATES.c.id.not_in(newest)))


class States(AsyncOAuthStateStore):
    """What is handed to a browser that begins to install the app; no workspace's yet."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def _within(self, session: Session) -> _States:
        store = _States(STATE_SECONDS, cast(Engine, Within(session)))
        store.oauth_states = STATES
        return store

    async def async_issue(self, *_: object, **__: object) -> str:
        """Return a new one."""

        def issue(session: Session) -> str:
            store = self._within(session)
            store.forget_old()
            return store.issue()

        return await self._database.write(NOBODY, issue)

    async def async_consume(self, state: str) -> bool:
        """Say whether it was handed out, ten minutes ago at most, and not used since."""
        return await self._database.write(NOBODY, lambda s: self._within(s).consume(state))
