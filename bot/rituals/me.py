"""Everything that one person gave, got, told and decided, for that person alone.

Nothing of it can be asked for about somebody else. There may be much, so it is read a page at a
time, from the latest to the first.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, bindparam, tuple_
from sqlalchemy import select as select_columns
from sqlalchemy.sql.functions import coalesce
from sqlmodel import Session, col

from bot import applause, cards, involvement, places, recognitions, roster
from bot.applause import Applause
from bot.charter import CharterValue, CharterVersion
from bot.mine import Clapped, Cursor, Decided, Given, Item, Kept, Page, Told
from bot.rituals.recognition import Recipient, Recognition
from bot.rituals.story import Credit, Story
from bot.rows import ask
from bot.tenancy import Utc

PAGE = 200
SHOWN = 3  # of each kind in the message
LATEST: Cursor = (datetime.max.replace(tzinfo=UTC), 2**63 - 1)


def _paged(what: Any, at: Any, number: Any) -> Any:
    before = tuple_(bindparam("at", type_=Utc), bindparam("one", type_=BigInteger))
    earlier = what.where(tuple_(at, number) < before)
    return earlier.order_by(at.desc(), number.desc()).limit(bindparam("most"))


def _whom(record: Any, of: Any) -> Any:
    what = select_columns(record, of.person)
    return what.where(record.in_(bindparam("records", expanding=True))).order_by(of.position)


@dataclass(frozen=True)
class _Kind:
    """A kind of record: what is kept of it, and how to ask whom it names."""

    record: Any
    made: type[Given] | type[Told]
    whom: Any

    def columns(self) -> list[Any]:
        """What is kept, in its order."""
        return [getattr(self.record, name) for name in self.made._fields]

    def by_author(self) -> Any:
        """Select what a person wrote."""
        record = self.record
        what = select_columns(record.created_at, record.id, *self.columns())
        return _paged(what.where(record.author == bindparam("who")), record.created_at, record.id)

    def naming(self, of: Any, joined: Any) -> Any:
        """Select what names a person."""
        what = select_columns(of.created_at, of.id, *self.columns())
        what = what.join_from(of, self.record, self.record.id == joined)
        return _paged(what.where(of.person == bindparam("who")), of.created_at, of.id)


_RECOGNITION = _Kind(Recognition, Given, _whom(Recipient.recognition_id, Recipient))
_STORY = _Kind(Story, Told, _whom(Credit.story_id, Credit))
_GAVE, _TOLD = _RECOGNITION.by_author(), _STORY.by_author()
_GOT = _RECOGNITION.naming(Recipient, Recipient.recognition_id)
_CREDITED = _STORY.naming(Credit, Credit.story_id)
_WORDED = (
    select_columns(CharterValue, col(CharterVersion.number))
    .join(CharterVersion, col(CharterVersion.id) == col(CharterValue.version_id))
    .where(col(CharterValue.id).in_(bindparam("these", expanding=True)))
)
_CLAPPED = _paged(
    select_columns(
        col(Applause.created_at),
        col(Applause.id),
        col(Applause.record_id),
        col(Story.id),
        coalesce(col(Recognition.author), col(Story.author)),
        coalesce(col(Recognition.withdrawn_by), col(Story.withdrawn_by)),
    )
    .join(Recognition, col(Recognition.id) == col(Applause.record_id), isouter=True)
    .join(Story, col(Story.id) == col(Applause.record_id), isouter=True)
    .where(col(Applause.person) == bindparam("who")),
    col(Applause.created_at),
    col(Applause.id),
)


def got(session: Session, person: str, before: Cursor = LATEST, most: int = PAGE) -> Page:
    """Return recognitions that the person got."""
    return _kept(session, _GOT, _RECOGNITION, person, before, most)


def gave(session: Session, person: str, before: Cursor = LATEST, most: int = PAGE) -> Page:
    """Return recognitions that the person gave."""
    return _kept(session, _GAVE, _RECOGNITION, person, before, most)


def told(session: Session, person: str, before: Cursor = LATEST, most: int = PAGE) -> Page:
    """Return stories that the person told."""
    return _kept(session, _TOLD, _STORY, person, before, most)


def credited(session: Session, person: str, before: Cursor = LATEST, most: int = PAGE) -> Page:
    """Return stories that credit the person."""
    return _kept(session, _CREDITED, _STORY, person, before, most)


def _kept(session: Session, what: Any, kind: _Kind, person: str, before: Cursor, most: int) -> Page:
    rows = _rows(session, what, person, before, most)
    records = [kind.made._make(row[2:]) for row in rows]
    ids = [one.id for one in records]
    named: dict[int, list[str]] = {one: [] for one in ids}
    for record, who in ask(session, kind.whom, records=ids) if ids else ():
        named[record].append(who)
    clapping = applause.of_records(session, ids)
    worded = _worded(session, {one.value_id for one in records})
    shown = [_causes(kind, one, person) for one in records]
    found = places.find(session, {cause for causes in shown for cause in causes})
    items = [
        Kept(row[:2], one, *worded[one.value_id], named[one.id], clapping[one.id], place)
        for row, one, causes in zip(rows, records, shown, strict=True)
        for place in [found.first(*causes)]
    ]
    return _page(session, items, most)


def _worded(session: Session, values: Iterable[int]) -> Mapping[int, tuple[CharterValue, int]]:
    these = sorted(values)
    return {one.id: (one, number) for one, number in ask(session, _WORDED, these=these)}


def _rows(session: Session, what: Any, person: str, before: Cursor, most: int) -> list[Any]:
    at, one = before
    return ask(session, what, who=person, at=at, one=one, most=most)


def _causes(kind: _Kind, record: Given | Told, person: str) -> tuple[str, str]:
    """The outbox's keys of what shows the record to this person: its post, or their own message."""
    cause = f"{kind.record.KIND}:{record.id}"
    return cause, f"{cause}:copy" if record.author == person else f"{cause}:to:{person}"


def _page(session: Session, items: Sequence[Item], most: int) -> Page:
    people = dict.fromkeys(who for item in items for who in item.people)
    after = items[-1].cursor if len(items) == most else None
    return Page(items, roster.names(session, people), after)


def applauded(session: Session, person: str, before: Cursor = LATEST, most: int = PAGE) -> Page:
    """Return what the person applauds."""
    rows = _rows(session, _CLAPPED, person, before, most)
    kinds = {row[2]: Story.KIND if row[3] else Recognition.KIND for row in rows}
    causes = {record: f"{kind}:{record}" for record, kind in kinds.items()}
    found = places.find(session, causes.values())
    items = [
        Clapped((at, number), one, kinds[one], author, bool(withdrawn), found.first(causes[one]))
        for at, number, one, _, author, withdrawn in rows
    ]
    return _page(session, items, most)


def decided(session: Session, person: str, before: Cursor = LATEST, most: int = PAGE) -> Page:
    """Return decisions that the person asked for, drove, approved or contributed to."""
    part = involvement.part_of(session, person)
    ids = [one for one in part.ids if one < before[1]][:most]
    involved = involvement.latest(session, person, part, ids)
    causes = {one.decision.id: cards.cause_of(one.decision, person) for one in involved}
    found = places.find(session, set(causes.values()))
    items = [
        Decided(
            (one.decision.created_at, one.decision.id), one, found.first(causes[one.decision.id])
        )
        for one in involved
    ]
    made = _page(session, items, most)
    after = (LATEST[0], ids[-1]) if len(ids) == most else None
    return Page(made.items, made.names, after)


Reader = Callable[[Session, str, Cursor, int], Page]
SECTIONS: Mapping[str, Reader] = {
    "received": got,
    "given": gave,
    "applauded": applauded,
    "told": told,
    "credited": credited,
    "decisions": decided,
}


def counts(session: Session, person: str) -> dict[str, int]:
    """Return how much there is of each kind that may be counted, which stories may not."""
    received, given = recognitions.got_and_gave(session, person)
    return {
        "received": received,
        "given": given,
        "applauded": applause.count_by(session, person),
        "decisions": len(involvement.part_of(session, person).ids),
    }
