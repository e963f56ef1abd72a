"""Where messages stand in Slack, so that something can lead to them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam
from sqlmodel import Session, col, select

from bot.outbox import DUE, OutboxRow, Status


@dataclass(frozen=True)
class Place:
    """A message in Slack."""

    channel: str
    ts: str

    def link(self, address: str) -> str:
        """Return the link to it in the workspace with this address, without asking Slack."""
        return f"{address.rstrip('/')}/archives/{self.channel}/p{self.ts.replace('.', '')}"


@dataclass(frozen=True)
class Places:
    """Where the messages of some causes stand."""

    rows: Mapping[str, Row[Any]]

    def first(self, *causes: str) -> Place | None:
        """Return the first of these messages that stands in Slack."""
        known = (self.rows[cause] for cause in causes if cause in self.rows)
        return next((place for row in known if (place := _place(row)) is not None), None)

    @property
    def are_settled(self) -> bool:
        """Whether none of the messages is on its way to Slack for the first time."""
        return all(row.ts or row.status not in DUE for row in self.rows.values())


def _place(row: Row[Any]) -> Place | None:
    there = row.channel and row.ts and row.status != Status.GONE
    return Place(row.channel, row.ts) if there else None


_OF_CAUSES = select(OutboxRow.cause, OutboxRow.channel, OutboxRow.ts, OutboxRow.status).where(
    col(OutboxRow.cause).in_(bindparam("causes", expanding=True))
)


def find(session: Session, causes: Collection[str]) -> Places:
    """Return where the messages of these causes stand."""
    found = session.execute(_OF_CAUSES, {"causes": sorted(causes)}) if causes else ()
    return Places({row.cause: row for row in found})
