"""The cards of a decision: one for everybody, or one for each person who can see a private one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot import decisions, places, standing
from bot.decisions import Decision
from bot.outbox import TO
from bot.standing import Standing


@dataclass(frozen=True)
class Card:
    """How a decision stands, for one reader or, with none, for everybody.

    `links` lead to the other decisions that it names, by their ids: only to those that its reader
    can see, and with an empty one where Slack shows none of their cards.
    """

    stands: Standing
    reader: str | None = None
    links: Mapping[int, str] | None = None

    @property
    def cause(self) -> str:
        """The outbox's key of this card."""
        return cause_of(self.stands.decision, self.reader)

    def link_to(self, other: Decision) -> str | None:
        """Return the link to another decision, None where its reader is not to know of it."""
        return (self.links or {}).get(other.id)


def cause_of(decision: Decision, reader: str | None) -> str:
    """Return the outbox's key of the card that this reader, or everybody, is shown."""
    return f"{decision.cause}{TO}{reader}" if decision.is_private else decision.cause


def of(session: Session, stands: Standing) -> list[Card]:
    """Return every card of the decision as it stands."""
    if not stands.decision.is_private:
        return [for_reader(session, stands, None)]
    readers = [one for one in stands.people if _can_see(session, stands.decision, one)]
    return [for_reader(session, stands, one) for one in readers]


def for_reader(session: Session, stands: Standing, reader: str | None) -> Card:
    """Return the card as this person may see it, or everybody."""
    others = [*([stands.successor] if stands.successor else []), *stands.predecessors]
    seen = [one for one in others if _can_see(session, one, reader)]
    return Card(stands, reader, {one.id: link(session, one, reader) for one in seen})


def link(session: Session, decision: Decision, reader: str | None) -> str:
    """Return the link to the card of a decision, nothing where it does not stand in Slack."""
    return places.link_to(session, cause_of(decision, reader))


def _can_see(session: Session, decision: Decision, reader: str | None) -> bool:
    if reader is None:
        return not decision.is_private
    return decisions.can_see(session, decision, by=reader)


def beside(session: Session, stands: Standing) -> Sequence[Standing]:
    """Return the decisions whose cards name this one: what it supersedes and what supersedes it."""
    others = [*([stands.successor] if stands.successor else []), *stands.predecessors]
    return [standing.of(session, one) for one in others]
