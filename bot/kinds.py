"""The kinds of what can be found: whose each is, how it is put in, and where it stands in Slack."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, or_
from sqlmodel import Session, col, select

from bot import charter, gist, recognitions, stories
from bot.charter import CharterVersion
from bot.decisions import Decision, DecisionRole
from bot.fulltext import Entry, SearchEntry
from bot.outbox import TO
from bot.recognitions import Recipient, Recognition
from bot.rows import ask
from bot.stories import Story

TOGETHER = 3  # records that are asked for by their ids: for more SQLite goes through all there are


def some_at_a_time(ids: Sequence[int]) -> Iterator[list[int]]:
    """Return the ids in lists that are all as long, since a select is compiled for each length."""
    for first in range(0, len(ids), TOGETHER):
        some = ids[first : first + TOGETHER]
        yield [*some, *[some[-1]] * (TOGETHER - len(some))]


@dataclass(frozen=True)
class Kind:
    """One kind of what can be found.

    It is called `typed` after `in:`. `entries` returns those of some records that stand, all that
    are `standing`. `causes` are the outbox's keys of the messages that show a record to somebody,
    the best first. `readers` are a column of ids, and who may see those records though private.
    """

    typed: str
    record: Any
    standing: Sequence[Any]
    entries: Callable[[Session, Sequence[int]], list[Entry]]
    causes: Callable[[Session, Sequence[int], str], Mapping[int, Sequence[str]]]
    readers: tuple[Any, Any] | None = None


_ASKER: BindParameter[str] = bindparam("asker")
_GAVE_OR_GOT = or_(col(Recipient.person) == _ASKER, col(SearchEntry.author) == _ASKER)
_SEES = and_(col(DecisionRole.person) == _ASKER, col(DecisionRole.sees))


def _of_recognitions(_: Session, ids: Sequence[int], asker: str) -> Mapping[int, Sequence[str]]:
    ends = ("", f"{TO}{asker}", ":copy")
    return {one: [f"{Recognition.KIND}:{one}{end}" for end in ends] for one in ids}


def _of_stories(_: Session, ids: Sequence[int], asker: str) -> Mapping[int, Sequence[str]]:
    return {one: [f"{Story.KIND}:{one}"] for one in ids}


def _of_decisions(_: Session, ids: Sequence[int], asker: str) -> Mapping[int, Sequence[str]]:
    # A private one has no card for everybody, and any other none for somebody alone.
    return {one: [f"{Decision.KIND}:{one}{end}" for end in ("", f"{TO}{asker}")] for one in ids}


_NUMBERS = select(CharterVersion.id, CharterVersion.number).where(
    col(CharterVersion.id).in_(bindparam("ids", expanding=True))
)


def _of_versions(session: Session, ids: Sequence[int], asker: str) -> Mapping[int, Sequence[str]]:
    numbers = [each for some in some_at_a_time(ids) for each in ask(session, _NUMBERS, ids=some)]
    return {one: [f"charter:{number}"] for one, number in numbers}


# A new kind needs its line here, and `fulltext.put`, `change` and `drop` where it is written.
KINDS: Mapping[str, Kind] = {
    Recognition.KIND: Kind(
        "recognitions",
        Recognition,
        [col(Recognition.withdrawn_at).is_(None)],
        recognitions.entries,
        _of_recognitions,
        readers=(Recipient.recognition_id, _GAVE_OR_GOT),
    ),
    Story.KIND: Kind(
        "stories", Story, [col(Story.withdrawn_at).is_(None)], stories.entries, _of_stories
    ),
    Decision.KIND: Kind(
        "decisions",
        Decision,
        [],
        gist.entries,
        _of_decisions,
        readers=(DecisionRole.decision_id, _SEES),
    ),
    "mission": Kind("mission", CharterVersion, [], charter.entries, _of_versions),
}
