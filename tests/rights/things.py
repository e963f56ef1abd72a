"""Things in which somebody has a part: made past the people who would make them, one for each try.

Whoever is a bot, left or never came has a part in them as well, as if that were kept from before.
"""

import itertools
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from bot import charter, outbox
from bot.blocks import kit
from bot.blocks import recognition as recognition_blocks
from bot.blocks import story as story_blocks
from bot.deed import Deed
from bot.outbox import Status
from bot.rights import Part
from bot.rituals import recognition, story
from bot.rituals.recognition import Recipient
from bot.rituals.story import Credit
from bot.rounds import Invitation, Round
from bot.tale import Kind, Tale
from tests.rights.people import KINDS
from tests.support import BEN, Doc

LIA = "U0LIA"  # with Ben the one who has all parts that nobody else has
JON = "U0JON"  # who drove, or approved, and left
TEXT = "We called every clinic on the list and asked what kept them."
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Thing:
    """One of them: what its buttons carry, what it is, and the form to correct it, if any.

    `theirs` is what who tries something is here and to it.
    """

    value: str
    what: Any = None
    form: Doc = field(default_factory=dict)
    theirs: Collection[Part] = ()


@dataclass(frozen=True)
class Sort:
    """A sort of thing: the parts that there are in it, none among them, and how one is made."""

    parts: Sequence[Part | None]
    make: Callable[[Session, str, Collection[Part], datetime], Thing]


def theirs(who: str, parts: Collection[Part]) -> set[Part]:
    """What somebody is here and to a thing: who is none of ours is nothing to it either."""
    return KINDS[who] | set(parts) if KINDS[who] else set()


def _nothing(session: Session, who: str, parts: Collection[Part], now: datetime) -> Thing:
    return Thing("0", theirs=theirs(who, parts))


NOTHING = Sort([None], _nothing)


def with_form(form: Callable[[Session], Doc]) -> Sort:
    """Nothing but a form that is open."""

    def make(session: Session, who: str, parts: Collection[Part], now: datetime) -> Thing:
        return Thing("0", form=form(session), theirs=theirs(who, parts))

    return Sort([None], make)


def recognitions(*, private: bool) -> Sort:
    """Recognitions that Ben gave Lia."""

    def make(session: Session, who: str, parts: Collection[Part], now: datetime) -> Thing:
        deed = Deed(BEN, [LIA], f"{TEXT} {next(_numbers)}", "care", private)
        given = recognition.give(session, deed, now=now)
        found = recognition.by_id(session, given.recognition.id)
        assert found is not None
        if Part.AUTHOR in parts:
            found.recognition.author = who
        if Part.RECIPIENT in parts:
            row = session.exec(
                select(Recipient).where(Recipient.recognition_id == given.recognition.id)
            ).one()
            row.person = who
        session.flush()
        found = recognition.by_id(session, given.recognition.id)
        assert found is not None
        current = charter.must_be_in_force(session)
        form = recognition_blocks.edit_form(current, found, here=found.recipients)
        return Thing(str(given.recognition.id), found, form, theirs(who, parts))

    return Sort([Part.AUTHOR, Part.RECIPIENT, None], make)


def _story(session: Session, who: str, parts: Collection[Part], now: datetime) -> Thing:
    texts = {"happened": TEXT, "impact": TEXT}
    tale = Tale(BEN, Kind.SUCCESS, f"Story {next(_numbers)}", texts, "care", [LIA])
    told = story.tell(session, tale, now=now)
    found = story.must_be_there(session, told.story.id)
    if Part.AUTHOR in parts:
        found.story.author = who
    if Part.RECIPIENT in parts:
        session.exec(select(Credit).where(Credit.story_id == told.story.id)).one().person = who
    session.flush()
    found = story.must_be_there(session, told.story.id)
    current = charter.must_be_in_force(session)
    form = story_blocks.edit_form(current, found, here=found.credits)
    return Thing(str(told.story.id), found, form, theirs(who, parts))


STORIES = Sort([Part.AUTHOR, Part.RECIPIENT, None], _story)


def _round(session: Session, who: str, parts: Collection[Part], now: datetime) -> Thing:
    """A round in which everybody was asked, or the one in which nobody was."""
    everybody, nobody = session.exec(select(Round).order_by(col(Round.id))).all()[:2]
    asked = everybody if parts else nobody
    if (
        parts
        and not session.exec(
            select(Invitation).where(Invitation.round_id == asked.id, Invitation.person == who)
        ).first()
    ):
        session.add(Invitation(round_id=asked.id, person=who))
    return Thing(f"{asked.id}:{asked.asks()[0].slug}", asked, theirs=theirs(who, parts))


ROUNDS = Sort([Part.INVITED, None], _round)


def _message(session: Session, who: str, parts: Collection[Part], now: datetime) -> Thing:
    cause, owner = f"made:{next(_numbers)}", who if parts else BEN
    outbox.post(session, outbox.direct(cause, LIA, kit.sentence("Hello."), owner=owner), now=now)
    row = outbox.by_cause(session, cause)
    assert row is not None
    row.status = Status.UNKNOWN
    session.add(row)
    return Thing(cause, theirs=theirs(who, parts))


MESSAGES = Sort([Part.AUTHOR, None], _message)
