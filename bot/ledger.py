"""What happened, append-only: feed, digest, search, audit and export all read it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, Index
from sqlmodel import Field, Session

from bot.rows import insert_rows
from bot.tenancy import TeamRow, Utc


class LedgerLine(TeamRow, table=True):
    """One thing that happened: who did what to which record. It holds ids, never free text."""

    __tablename__ = "ledger"
    __table_args__ = (
        Index("ix_ledger_team_kind_at", "team_id", "kind", "at"),
        # Who follows the ledger asks for what came after a line.
        Index("ix_ledger_order", "team_id", "id"),
    )

    at: datetime = Field(sa_type=Utc)
    actor: str | None = Field(default=None, max_length=32)
    kind: str = Field(max_length=64)
    subject: int | None = Field(default=None, sa_type=BigInteger)
    details: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


def append(
    session: Session,
    kind: str,
    *,
    at: datetime,
    actor: str | None = None,
    subject: int | None = None,
    **details: object,
) -> None:
    """Write one line; it is never removed, nor changed but to leave out who was erased."""
    line = {"at": at, "actor": actor, "kind": kind, "subject": subject, "details": details}
    insert_rows(session, LedgerLine, [line])
