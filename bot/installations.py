"""Where the app is installed: slack_sdk's own stores on our database, each secret encrypted.

Nothing of it leaves in an export. Who has the file without TOKEN_KEY has no token.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar, cast

from cryptography.fernet import MultiFernet
from slack_bolt.error import BoltError
from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.installation_store.sqlalchemy import SQLAlchemyInstallationStore
from sqlalchemy import Column, MetaData, RowMapping, Table, UniqueConstraint, delete, update
from sqlalchemy import select as select_columns
from sqlalchemy.engine import Connection, Engine
from sqlmodel import Session

from bot import departures, vault
from bot.db import Database
from bot.deadline import Job
from bot.engine import at_work
from bot.errors import NotSaved, Unconfirmed
from bot.sdkstore import Within, ours
from bot.tenancy import EVERY_TEAM, NOBODY, current_team, team_bound
from bot.vault import Encrypted

T = TypeVar("T")

SECRET = (
    *("bot_token", "bot_refresh_token", "user_token", "user_refresh_token"),
    *("incoming_webhook_url", "incoming_webhook_configuration_url"),  # who knows it can post
)
PATIENCE = 3600.0  # seconds; nobody in Slack waits for new keys


_SDK = SQLAlchemyInstallationStore
BOTS = ours(
    _SDK.build_bots_table(MetaData(), "bots"), "installation_bot", UniqueConstraint("team_id")
)
INSTALLATIONS = ours(
    _SDK.build_installations_table(MetaData(), "all"), "installation", UniqueConstraint("team_id")
)


def forget(session: Session) -> None:
    """Forget whatever the workspace was installed with, also by another app than this."""
    with Within(session).begin() as connection:
        for table in (BOTS, INSTALLATIONS):
            connection.execute(delete(table).where(table.c.team_id == current_team()))


def since(session: Session) -> datetime | None:
    """Return since when the workspace's installation stands, None where there is none."""
    with Within(session).begin() as connection:
        found = select_columns(BOTS.c.installed_at).where(BOTS.c.team_id == current_team())
        at: datetime | None = connection.execute(found).scalar()
        return at


def _readable(table: Table, cipher: MultiFernet) -> Table:
    """Return the table as the store sees it: with its secrets as they are."""
    readable = table.to_metadata(MetaData())
    for name in SECRET:
        if name in readable.c:
            readable.c[name].type = Encrypted(cipher)
    return readable


class Installations(AsyncInstallationStore):
    """The workspaces where the app is installed, each once, as Bolt asks for them."""

    def __init__(self, database: Database, *, client_id: str, cipher: MultiFernet) -> None:
        self._database, self._client_id = database, client_id
        self._tables = _readable(BOTS, cipher), _readable(INSTALLATIONS, cipher)

    def within(self, session: Session) -> SQLAlchemyInstallationStore:
        """Return slack_sdk's own store, which works in this transaction."""
        store = _SDK(self._client_id, cast(Engine, Within(session)))
        store.bots, store.installations = self._tables
        return store

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation in place of an earlier one of its workspace.

        Raises BoltError where it is one of a whole organisation, or could not be kept.
        """
        if installation.is_enterprise_install or not installation.team_id:
            raise BoltError("Truenorth is installed in one workspace at a time")

        def save(session: Session) -> None:
            forget(session)
            departures.forget(session)
            self.within(session).save(installation)

        try:
            await self._database.write(installation.team_id, save)
        except (NotSaved, Unconfirmed) as error:
            raise BoltError(error.message) from error

    async def async_find_bot(self, *, team_id: str | None, **which: Any) -> Bot | None:
        """Return the bot of a workspace; raise KeyLost where its token cannot be decrypted."""
        return await self._read(team_id, lambda store: store.find_bot(team_id=team_id, **which))

    async def async_find_installation(
        self, *, team_id: str | None, **which: Any
    ) -> Installation | None:
        """Return the installation in a workspace; raise KeyLost as above."""
        return await self._read(
            team_id, lambda store: store.find_installation(team_id=team_id, **which)
        )

    async def async_delete_bot(self, *, team_id: str | None, **which: Any) -> None:
        """Forget the bot of a workspace."""
        await self._write(team_id, lambda store: store.delete_bot(team_id=team_id, **which))

    async def async_delete_installation(self, *, team_id: str | None, **which: Any) -> None:
        """Forget the installation in a workspace."""
        await self._write(
            team_id, lambda store: store.delete_installation(team_id=team_id, **which)
        )

    async def _read(self, team: str | None, query: Callable[[SQLAlchemyInstallationStore], T]) -> T:
        return await self._database.read(team or NOBODY, lambda s: query(self.within(s)))

    async def _write(self, team: str | None, work: Callable[[SQLAlchemyInstallationStore], T]) -> T:
        return await self._database.write(team or NOBODY, lambda s: work(self.within(s)))


def token(session: Session, cipher: MultiFernet) -> str | None:
    """Return the bot's token of the workspace; raise KeyLost where it cannot be decrypted."""
    bots = _readable(BOTS, cipher)
    with Within(session).begin() as connection:
        found = select_columns(bots.c.bot_token).where(bots.c.team_id == current_team())
        kept: str | None = connection.execute(found).scalar()
        return kept


def tokens(connection: Connection, cipher: MultiFernet) -> dict[str, str]:
    """Return the bot's token of each workspace; raise KeyLost where one cannot be decrypted."""
    bots = _readable(BOTS, cipher)
    found = select_columns(bots.c.team_id, bots.c.bot_token).order_by(bots.c.team_id)
    rows = connection.execution_options(**EVERY_TEAM).execute(found)
    return {str(team): str(token) for team, token in rows}


async def rotate(
    database: Database, cipher: MultiFernet, *, forget_lost: bool, now: datetime
) -> tuple[int, list[str]]:
    """Encrypt every secret anew with the first key; return of how many rows, and whom it forgot.

    All, or none. Raises KeyLost where one cannot be decrypted; to forget what is lost is to take
    Truenorth out of its workspace. What was there before is nowhere any more.
    """
    changed, lost = 0, list[str]()
    with at_work(Job(patience=PATIENCE)), database.writer.begin() as connection:
        every = connection.execution_options(**EVERY_TEAM)
        if forget_lost:
            lost = _forget_lost(every, cipher, now)
        for table in (BOTS, INSTALLATIONS):
            changed += _rotate(every, table, cipher)
    await database.forget_erased(BOTS.name, INSTALLATIONS.name)
    return changed, lost


def _forget_lost(connection: Connection, cipher: MultiFernet, now: datetime) -> list[str]:
    lost: set[str] = set()
    for table in (BOTS, INSTALLATIONS):
        for row in _rows(connection, table):
            try:
                _anew(row, table, cipher)
            except vault.KeyLost:
                lost.add(str(row["team_id"]))
    for team in sorted(lost):
        for table in (BOTS, INSTALLATIONS):
            connection.execute(delete(table).where(table.c.team_id == team))
        with team_bound(team), Session(connection, join_transaction_mode="rollback_only") as left:
            departures.keep(left, now=now)
    return sorted(lost)


def _rotate(connection: Connection, table: Table, cipher: MultiFernet) -> int:
    rows = _rows(connection, table)
    for row in rows:
        anew = _anew(row, table, cipher)
        connection.execute(update(table).where(table.c.id == row["id"]).values(anew))
    return len(rows)


def _rows(connection: Connection, table: Table) -> Sequence[RowMapping]:
    columns = (table.c.id, table.c.team_id, *_hidden(table))
    return connection.execute(select_columns(*columns)).mappings().all()


def _anew(row: RowMapping, table: Table, cipher: MultiFernet) -> dict[str, str | None]:
    return {one.name: vault.anew(cipher, row[one.name]) for one in _hidden(table)}


def _hidden(table: Table) -> list[Column[Any]]:
    return [table.c[name] for name in SECRET if name in table.c]
