"""Search: what can be found, who may see it, and what is found for somebody who asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import (
    chores,
    fulltext,
    places,
    recognitions,
    relevance,
    roster,
    settings,
    sifting,
    upkeep,
)
from bot.fulltext import Entry, Filters, Finder
from bot.kinds import KINDS, Kind, some_at_a_time
from bot.recognitions import Recognition
from bot.relevance import Marked, Texts
from bot.seeking import Found, Seeker, Sought

A_PAGE = 10
AT_ONCE = 200  # records that are put in with one transaction

_FINDER = Finder({name: kind.readers for name, kind in KINDS.items() if kind.readers})


@dataclass(frozen=True)
class Result:
    """One record that was found, with what was found in it marked, and the link to its message."""

    entry: Entry
    marked: Marked
    link: str
    named: Sequence[str]  # whom a recognition thanks


@dataclass(frozen=True)
class Answer:
    """A page of what was found. `mended` are words that were taken for others, as they read there.

    `is_all` says whether there are no more than `count`, `is_filling` whether some are still
    missing from what can be found.
    """

    results: Sequence[Result]
    count: int
    is_all: bool
    page: int
    mended: Mapping[str, str]
    zone: ZoneInfo
    is_filling: bool

    @property
    def last_page(self) -> int:
        """Return the last page's number, the first's being 0."""
        return max(self.count - 1, 0) // A_PAGE


def search(
    session: Session,
    sought: Sequence[Sought],
    filters: Mapping[str, str],
    *,
    asker: str,
    page: int = 0,
) -> Answer:
    """Return a page of what this person may see of what they seek.

    Raises UserError where they are none of ours, and for a filter that there is not.
    """
    roster.must_be_ours(session, asker)
    kinds = {kind.typed: name for name, kind in KINDS.items()}
    chosen = sifting.filters(session, filters, kinds=kinds, asker=asker)
    found = _found(session, sought, chosen, asker=asker)
    last = max(len(found.ids) - 1, 0) // A_PAGE
    page = min(page, last)
    results = _results(session, found, found.ids[page * A_PAGE :][:A_PAGE], asker=asker)
    return Answer(
        results=results,
        count=len(found.ids),
        is_all=found.is_all,
        page=page,
        mended={old: _as_written(new, results) for old, new in found.mended.items()},
        zone=roster.zone_of(session, asker),
        is_filling=chores.last(session, chores.FILL) is not None,
    )


def _found(session: Session, sought: Sequence[Sought], filters: Filters, *, asker: str) -> Found:
    def texts(ids: Sequence[int]) -> Texts:
        return {one.id: (one.title, one.words) for one in _entries(session, ids)}

    seeker = Seeker(session, _FINDER, filters, asker, texts)
    return seeker.seek(sought) if sought else seeker.all_of_it()


def _entries(session: Session, ids: Sequence[int]) -> list[Entry]:
    found: dict[int, Entry] = {}
    for kind in KINDS.values():
        left = [one for one in ids if one not in found]
        found |= {one.id: one for one in _of_kind(session, kind, left)}
    return list(found.values())


def _of_kind(session: Session, kind: Kind, ids: Sequence[int]) -> list[Entry]:
    return [one for some in some_at_a_time(ids) for one in kind.entries(session, some)]


def _results(session: Session, found: Found, ids: Sequence[int], *, asker: str) -> list[Result]:
    entries = {one.id: one for one in _entries(session, ids)}
    texts = {one.id: (one.title, one.words) for one in entries.values()}
    marked = relevance.marked(texts, found.by)
    causes = _causes(session, list(entries.values()), asker=asker)
    messages = places.find(session, {cause for several in causes.values() for cause in several})
    address = settings.of_team(session).address or ""
    given = [one.id for one in entries.values() if one.kind == Recognition.KIND]
    named = recognitions.named_in(session, given)
    results = []
    for one in ids:
        place = messages.first(*causes[one])
        link = place.link(address) if place and address else ""
        results.append(Result(entries[one], marked[one], link, named.get(one, ())))
    return results


def _causes(session: Session, entries: Sequence[Entry], *, asker: str) -> dict[int, Sequence[str]]:
    causes: dict[int, Sequence[str]] = {}
    for name, kind in KINDS.items():
        ids = [one.id for one in entries if one.kind == name]
        causes |= kind.causes(session, ids, asker) if ids else {}
    return causes


def _as_written(words: str, results: Sequence[Result]) -> str:
    """Return a word as somebody wrote it where it was found, since it may be a stem alone."""
    (wanted,) = relevance.stems(words)
    written = list(dict.fromkeys(each for one in results for each in one.marked.found))
    stems = relevance.stems(*written)
    return next((each for each, has in zip(written, stems, strict=True) if has == wanted), words)


_BELOW = {name: upkeep.some_below(kind.record, most=AT_ONCE) for name, kind in KINDS.items()}


def fill_some(session: Session, kind: str, *, below: int) -> int | None:
    """Have some records found that cannot be yet, those with the highest ids below one.

    Returns the lowest id that was looked at, None where there is none any more.
    """
    ids = upkeep.ids_below(session, _BELOW[kind], below=below)
    if not ids:
        return None
    missing = [one for some in some_at_a_time(ids) for one in upkeep.unknown(session, some)]
    entries = _of_kind(session, KINDS[kind], missing)
    # In the order of their ids, which the index takes many times faster.
    fulltext.put(session, *sorted(entries, key=lambda one: one.id))
    return int(ids[-1])


def counts(session: Session) -> tuple[int, int]:
    """Return how many records there are to be found, and how many can be."""
    records = sum(upkeep.how_many(session, kind.record, *kind.standing) for kind in KINDS.values())
    return records, upkeep.count(session)
