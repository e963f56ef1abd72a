"""Where messages stand in Slack, so that something can lead to them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from bot import settings
from bot.outbox import DUE, OutboxRow, Status
from bot.rows import ask


@dataclass(frozen=True)
class Place:
    """A message in Slack."""

    channel: str
    ts: str

    def link(self, address: str) -> str:
        """Return the link to it in the workspace with this address, without asking Slack."""
        return f"{address.rstrip('/')}/archives/{self.channel}/p{self.ts.replace('.', '')}"


class Standing(NamedTuple):
    """What the outbox knows of a message."""

    channel: str | None
    ts: str | None
    status: str


@dataclass(frozen=True)
class Places:
    """Where the messages of some causes stand."""

    rows: Mapping[str, Standing]

    def first(self, *causes: str) -> Place | None:
        """Return the first of these messages that stands in Slack."""
        known = (self.rows[cause] for cause in causes if cause in self.rows)
        return next((place for row in known if (place := _place(row)) is not None), None)

    @property
    def are_settled(self) -> bool:
        """Whether none of the messages is on its way to Slack for the first time."""
        return all(row.ts or row.status not in DUE for row in self.rows.values())


def _place(row: Standing) -> Place | None:
    there = row.channel and row.ts and row.status != Status.GONE
    return Place(str(row.channel), str(row.ts)) if there else None


def link_to(session: Session, cause: str) -> str:
    """Return the link to the message of this cause, nothing where it does not stand in Slack."""
    place, address = find(session, {cause}).first(cause), settings.of_team(session).address
    return place.link(address) if place and address else ""


_OF_CAUSES = select(OutboxRow.cause, OutboxRow.channel, OutboxRow.ts, OutboxRow.status).where(
    col(OutboxRow.cause).in_(bindparam("causes", expanding=True))
)


def find(session: Session, causes: Collection[str]) -> Places:
    """Return where the messages of these causes stand."""
    found = ask(session, _OF_CAUSES, causes=sorted(causes)) if causes else ()
    return Places({cause: Standing(*of) for cause, *of in found})


def is_awaited(session: Session, cause: str) -> bool:
    """Say whether the message is still to come into Slack, be it once its channel is mended."""
    row = find(session, {cause}).rows.get(cause)
    return row is not None and row.ts is None and row.status in (*DUE, Status.BLOCKED)
