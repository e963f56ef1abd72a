"""Home: what one person is shown of the mission, of what they got and gave, and of the stories."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, bindparam, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from bot import charter, docket, homes, places, recognitions, roster, waits
from bot.cards import cause_of
from bot.charter import Charter, CharterValue
from bot.decisions import Decision
from bot.docket import Waiting
from bot.ledger import LedgerLine
from bot.places import Place, Places
from bot.record import Record
from bot.rituals import mission
from bot.rituals.recognition import Recipient, Recognition
from bot.rituals.story import Story
from bot.rows import ask
from bot.waits import Thing

LATEST = 5  # of each kind
MOST_LINES = 500  # of the ledger at once


@dataclass(frozen=True)
class Thanks:
    """A recognition, with the value as it was worded then and the message that shows it."""

    recognition: Recognition
    recipients: Sequence[str]
    value: CharterValue
    place: Place | None


@dataclass(frozen=True)
class Told:
    """A story, and the post that shows it."""

    story: Story
    place: Place | None


@dataclass(frozen=True)
class Content:
    """All that one person's Home shows, the latest first; what was withdrawn is in nothing of it.

    To who is none of ours it shows only why, in `refusal`.

    But what waits for them, in `waits`, is the longest first. `own_stories` are those besides
    `stories`; `cards` are where the decisions stand in Slack, by their ids. It is settled where
    none of its messages is still on its way to Slack.
    """

    person: str
    zone: ZoneInfo
    refusal: str | None = None
    charter: Charter | None = None
    who_writes: str = ""
    is_owner: bool = False
    missing: Sequence[str] = ()
    waits: Sequence[Thing] = ()
    got: Sequence[Thanks] = ()
    gave: Sequence[Thanks] = ()
    stories: Sequence[Told] = ()
    own_stories: Sequence[Told] = ()
    decisions: Sequence[Decision] = ()
    cards: Mapping[int, Place] = field(default_factory=dict)
    settled: bool = True


_GOT = (
    select(Recognition, CharterValue)
    .join(Recipient, col(Recipient.recognition_id) == col(Recognition.id))
    .join(CharterValue, col(CharterValue.id) == col(Recognition.value_id))
    .where(Recipient.person == bindparam("who"), col(Recognition.withdrawn_at).is_(None))
    .order_by(col(Recipient.created_at).desc(), col(Recipient.id).desc())
    .limit(LATEST)
)
_GAVE = (
    select(Recognition, CharterValue)
    .join(CharterValue, col(CharterValue.id) == col(Recognition.value_id))
    .where(Recognition.author == bindparam("who"), col(Recognition.withdrawn_at).is_(None))
    .order_by(col(Recognition.created_at).desc(), col(Recognition.id).desc())
    .limit(LATEST)
)
_STORIES = (
    select(Story)
    .where(col(Story.withdrawn_at).is_(None))
    .order_by(col(Story.created_at).desc(), col(Story.id).desc())
    .limit(LATEST)
)
_OWN_STORIES = _STORIES.where(Story.author == bindparam("who"))


def content(session: Session, *, person: str, now: datetime) -> Content:
    """Return what this person's Home shows now."""
    zone = roster.zone_of(session, person)
    if refusal := roster.why_not_ours(session, person):
        return Content(person, zone, refusal)
    current, is_owner = charter.in_force(session), roster.is_owner(session, person)
    got, gave = ask(session, _GOT, who=person), ask(session, _GAVE, who=person)
    stories, theirs = ask(session, _STORIES), ask(session, _OWN_STORIES, who=person)
    decisions, waiting = docket.latest(session), waits.of(session, person, now=now)
    awaited = [one.decision for one in waiting if isinstance(one, Waiting)]
    cards = {one.id: cause_of(one, person) for one in (*decisions, *awaited)}
    given = [one for one, _ in [*got, *gave]]
    named = recognitions.named_in(session, [one.id for one in given])
    records = [*given, *stories, *theirs]
    messages = places.find(session, _causes(records, person=person) | set(cards.values()))
    latest = {story.id for story in stories}
    return Content(
        person=person,
        zone=zone,
        charter=current,
        who_writes="" if current else charter.who_writes(session),
        is_owner=is_owner,
        missing=mission.missing(session) if is_owner else [],
        waits=waiting,
        got=_thanks(got, named, messages, partial(_to, person=person)),
        gave=_thanks(gave, named, messages, _copy),
        stories=_told(stories, messages),
        own_stories=_told([one for one in theirs if one.id not in latest], messages),
        decisions=decisions,
        cards={one: there for one, cause in cards.items() if (there := messages.first(cause))},
        settled=messages.are_settled,
    )


def _thanks(
    found: Sequence[tuple[Recognition, CharterValue]],
    named: Mapping[int, Sequence[str]],
    messages: Places,
    own_cause: Callable[[Recognition], str],
) -> list[Thanks]:
    return [
        Thanks(one, named[one.id], value, messages.first(one.cause, own_cause(one)))
        for one, value in found
    ]


def _told(stories: Iterable[Story], messages: Places) -> list[Told]:
    return [Told(story, messages.first(story.cause)) for story in stories]


def _to(given: Recognition, person: str) -> str:
    return f"{given.cause}:to:{person}"


def _copy(given: Recognition) -> str:
    return f"{given.cause}:copy"


def _causes(records: Iterable[Record], *, person: str) -> set[str]:
    causes: set[str] = set()
    for record in records:
        causes.add(record.cause)
        if isinstance(record, Recognition):
            causes |= {_to(record, person), _copy(record)}
    return causes


@dataclass(frozen=True)
class News:
    """What the ledger says since a line: the last one read, and whose Home may be another now."""

    last: int
    people: Sequence[str] = ()
    is_all: bool = True  # whether the ledger held no more than was read


_EVERYBODYS = ("charter.", "settings.", "story.", "pulse.", "decision.")
_CHANGES = ("recognition.corrected", "recognition.withdrawn")  # and those of private ones
_LAST = select(func.max(LedgerLine.id))
# Columns and no objects: a busy minute has thousands of lines.
_LINES = (
    select_columns(
        col(LedgerLine.id),
        col(LedgerLine.kind),
        col(LedgerLine.actor),
        col(LedgerLine.subject),
        col(LedgerLine.details),
    )
    .where(col(LedgerLine.id) > bindparam("after"))
    .order_by(col(LedgerLine.id))
    .limit(MOST_LINES)
)
_GIVER = select(Recognition.author).where(Recognition.id == bindparam("record"))


def news(
    session: Session, *, after: int | None, now: datetime, besides: Collection[str] = ()
) -> News:
    """Return who has their Home before them and is concerned by what happened after a line.

    With no line to begin from, only the last one there is. Those named in `besides` are
    concerned in any case.
    """
    if after is None:
        return News(session.scalars(_LAST).one() or 0)
    lines = session.execute(_LINES, {"after": after}).all()
    everybody = any(
        line.kind.startswith(_EVERYBODYS) and not line.kind.endswith("_privately") for line in lines
    )
    concerned = None if everybody else {*besides, *_concerned(session, lines)}
    return News(
        last=lines[-1].id if lines else after,
        people=homes.looking(session, now=now, among=concerned),
        is_all=len(lines) < MOST_LINES,
    )


def _concerned(session: Session, lines: Sequence[Row[Any]]) -> set[str]:
    people = {line.actor for line in lines if line.actor}
    for line in lines:
        people |= set(_flat(line.details.get("recipients", []) + line.details.get("concerns", [])))
    # A correction names nobody who stayed, and a withdrawal nobody: that is in the record.
    changed = [line.subject for line in lines if line.kind.startswith(_CHANGES)]
    if changed:
        people |= set().union(*recognitions.named_in(session, changed).values())
    for record in changed:  # one by one: with many SQLite goes through the whole team's instead
        people |= set(session.scalars(_GIVER, {"record": record}))
    return people


def _flat(named: Iterable[str | list[str]]) -> Iterator[str]:
    for one in named:
        yield from [one] if isinstance(one, str) else one
