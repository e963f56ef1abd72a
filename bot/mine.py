"""What one person gave, got, told, applauds and decided: items of which there may be many.

So they are tuples: to make an object of a table for each would cost more than to read it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from bot.charter import CharterValue
from bot.involvement import Involved
from bot.places import Place
from bot.tale import FIELDS, Kind

Cursor = tuple[datetime, int]  # when an item was made, and its number among those of that time


class Given(NamedTuple):
    """What is kept of a recognition."""

    id: int
    author: str
    value_id: int
    created_at: datetime
    revision: int
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    is_private: bool
    link: str | None
    message: str


class Told(NamedTuple):
    """What is kept of a story."""

    id: int
    author: str
    value_id: int
    created_at: datetime
    revision: int
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    kind: str
    title: str
    happened: str
    impact: str
    expected: str
    learned: str
    change: str

    @property
    def texts(self) -> dict[str, str]:
        """Its words by the names of its kind's fields, in their order."""
        return {name: getattr(self, name) for name in FIELDS[Kind(self.kind)]}


class Kept(NamedTuple):
    """A recognition or a story, with the value as it was worded then and in which version.

    `named` are its recipients or whom it credits; what was withdrawn has no words.
    """

    cursor: Cursor
    record: Given | Told
    value: CharterValue
    version: int
    named: Sequence[str]
    applauded_by: Sequence[str]
    place: Place | None

    @property
    def stands(self) -> bool:
        """Whether it was not withdrawn."""
        return self.record.withdrawn_at is None

    @property
    def people(self) -> list[str]:
        """Everybody in it."""
        of_it = [self.record.author, *self.named, *self.applauded_by]
        return [*of_it, *filter(None, [self.record.withdrawn_by])]


class Clapped(NamedTuple):
    """What the person applauds, of which kind it is, and whose."""

    cursor: Cursor
    record_id: int
    kind: str
    author: str
    is_withdrawn: bool
    place: Place | None

    @property
    def people(self) -> list[str]:
        """Everybody in it."""
        return [self.author]


class Decided(NamedTuple):
    """The person's part in a decision, and the card of it that they see."""

    cursor: Cursor
    involved: Involved
    place: Place | None

    @property
    def people(self) -> list[str]:
        """Everybody in it."""
        return [self.involved.decision.author, self.involved.decision.driver]


Item = Kept | Clapped | Decided


@dataclass(frozen=True)
class Page:
    """Some of what there is of one kind, the latest first, and the names of the people in it."""

    items: Sequence[Item] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    after: Cursor | None = None  # where the next page begins, None where there is none
