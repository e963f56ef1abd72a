"""Stories: what worked, and what failed and was learned from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import bindparam, delete
from sqlmodel import Session, col, select

from bot import applause, charter, fulltext, ledger, naming, record, roster, settings
from bot.charter import CharterValue
from bot.errors import UserError, raise_together
from bot.ids import new_id
from bot.rows import ask, insert_rows
from bot.stories import Credit as Credit
from bot.stories import Story as Story
from bot.stories import entry
from bot.tale import WORDS, Tale, problems
from bot.tale import Kind as Kind


@dataclass(frozen=True)
class Told:
    """A story with everything that its post shows."""

    story: Story
    credits: Sequence[str]
    value: CharterValue
    thanked_by: Sequence[str] = ()


@dataclass(frozen=True)
class Corrected:
    """A story after a correction, and who was credited before and is not any more."""

    told: Told
    removed: Sequence[str] = ()


@dataclass(frozen=True)
class Withdrawn:
    """A story that was taken back, and the words it had: they are kept nowhere else."""

    told: Told
    title: str
    texts: Mapping[str, str]


def tell(session: Session, tale: Tale, *, now: datetime) -> Told:
    """Save a story and return it.

    Raises UserError, with every fault at its field, where it cannot be told, and where its author
    told the same one before.
    """
    current = charter.must_be_in_force(session)
    tale = tale.tidied()
    value = current.value(tale.value)
    credits, refusals = naming.check(session, tale.credits)
    no_value = None if value else UserError("Choose one of the values.", field="value")
    raise_together(problems(tale, credits, refusals, no_value))
    _must_be_new(session, tale)
    story = _save(session, tale, value=cast(CharterValue, value), now=now)
    _save_credits(session, story, credits)
    fulltext.put(session, entry(story, value=cast(CharterValue, value).slug))
    details = {"credits": credits, "value": story.value_id}
    ledger.append(session, "story.told", at=now, actor=tale.author, subject=story.id, **details)
    return Told(story, credits, cast(CharterValue, value))


_SAME = (
    select(Story)
    .where(*(getattr(Story, name) == bindparam(name) for name in ("author", "kind", "title")))
    .where(*(getattr(Story, name) == bindparam(name) for name in WORDS))
    .limit(1)
)  # one that was withdrawn has no words left to be the same


def _must_be_new(session: Session, tale: Tale) -> None:
    texts = dict.fromkeys(WORDS, "") | dict(tale.texts)
    about = {"author": tale.author, "kind": tale.kind.value, "title": tale.title}
    same = session.scalars(_SAME, about | texts).first()
    if same is not None:
        day = same.created_at.astimezone(roster.zone_of(session, tale.author))
        raise UserError(
            f"Nothing was saved: you told this story already, on {day:%-d %B %Y}. "
            "If there is more to it now, change that one.",
            field="title",
        )


def _save(session: Session, tale: Tale, *, value: CharterValue, now: datetime) -> Story:
    values: dict[str, Any] = {
        "id": new_id(),
        "author": tale.author,
        "kind": tale.kind.value,
        "title": tale.title,
        "value_id": value.id,
        "channel": settings.of_team(session).stories_channel,
        "created_at": now,
        **dict.fromkeys(WORDS, ""),
        **tale.texts,
    }
    insert_rows(session, Story, [values])
    (saved,) = ask(session, _THE_ONE, record=values["id"])
    return saved


def _save_credits(session: Session, story: Story, people: Sequence[str]) -> None:
    about = {"story_id": story.id, "created_at": story.created_at}
    rows = [
        {"person": person, "position": position, **about} for position, person in enumerate(people)
    ]
    insert_rows(session, Credit, rows)


_THE_ONE = select(Story).where(Story.id == bindparam("record"))
_ITS_CREDITS = (
    select(Credit.person)
    .where(Credit.story_id == bindparam("record"))
    .order_by(col(Credit.position))
)
_FORGET_CREDITS = (
    delete(Credit)
    .where(col(Credit.story_id) == bindparam("record"))
    .execution_options(synchronize_session=False)
)


def must_be_there(session: Session, story_id: int) -> Told:
    """Return the story with what its post shows, or raise UserError."""
    story = session.scalars(_THE_ONE, {"record": story_id}).first()
    if story is None:
        raise UserError("This story is no longer here, so nothing was changed.")
    credits = ask(session, _ITS_CREDITS, record=story_id)
    value = charter.value_by_id(session, story.value_id)
    return Told(story, credits, value, applause.people(session, story_id))


def toggle_thanks(session: Session, *, story_id: int, person: str, now: datetime) -> Told:
    """Thank for a story, or take the thanks back where the person thanked already."""
    told = must_be_there(session, story_id)
    applause.toggle(session, told.story, person=person, now=now)
    return replace(told, thanked_by=applause.people(session, story_id))


def to_correct(session: Session, *, story_id: int, by: str) -> Told:
    """Return the story, or raise UserError where it is not theirs to correct."""
    told = must_be_there(session, story_id)
    record.must_be_authors(session, told.story, by=by)
    return told


def correct(
    session: Session, tale: Tale, *, story_id: int, based_on: int, now: datetime
) -> Corrected:
    """Save the author's other words, credits or value; the kind stays.

    Raises UserError with every fault at its field, and where another correction came first.
    """
    told = to_correct(session, story_id=story_id, by=tale.author)
    tale = replace(tale, kind=Kind(told.story.kind)).tidied()
    credits, refusals = naming.check_again(session, tale.credits, before=told.credits)
    value, no_value = charter.chosen_again(session, tale.value, before=told.value)
    raise_together(problems(tale, credits, refusals, no_value))
    after = replace(told, credits=credits, value=value)
    changes = _differences(told, after, tale)
    if not changes:
        return Corrected(told)
    record.corrected(session, told.story, based_on=based_on, now=now, **changes)
    before = entry(told.story, value=told.value.slug)
    _put(told.story, title=tale.title, value_id=value.id, **tale.texts)
    fulltext.change(session, before, entry(told.story, value=value.slug))
    if "credits" in changes:
        session.execute(_FORGET_CREDITS, {"record": story_id})
        _save_credits(session, told.story, credits)
    return Corrected(after, [person for person in told.credits if person not in credits])


def _put(story: Story, **values: object) -> None:
    for name, value in values.items():
        setattr(story, name, value)


def _differences(before: Told, after: Told, tale: Tale) -> dict[str, Any]:
    """What a correction changed: ids, and of the words only which."""
    words = {"title": before.story.title, **before.story.texts}
    changes: dict[str, Any] = {
        name: True
        for name, text in (("title", tale.title), *tale.texts.items())
        if text != words[name]
    }
    if list(before.credits) != list(after.credits):
        changes["credits"] = [list(before.credits), list(after.credits)]
    if before.value.id != after.value.id:
        changes["value"] = [before.value.id, after.value.id]
    return changes


def to_withdraw(session: Session, *, story_id: int, by: str) -> Told:
    """Return the story, or raise UserError where it is not theirs to withdraw."""
    told = must_be_there(session, story_id)
    record.must_be_withdrawable(session, told.story, by=by)
    return told


def withdraw(session: Session, *, story_id: int, by: str, now: datetime) -> Withdrawn:
    """Take a story back, as its author or an owner, and forget its words."""
    told = must_be_there(session, story_id)
    record.withdraw(session, told.story, by=by, now=now)
    fulltext.drop(session, entry(told.story, value=told.value.slug))
    withdrawn = Withdrawn(told, told.story.title, told.story.texts)
    _put(told.story, **dict.fromkeys(("title", *WORDS), ""))
    return withdrawn
