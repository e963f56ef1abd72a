"""What people give, tell, ask, correct and withdraw, done at once, and what each then finds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlmodel import Session

from bot import roster
from bot.blocks import search as blocks
from bot.db import Database
from bot.deed import Deed
from bot.errors import UserError
from bot.migrate import scripts_known
from bot.outbox import Message
from bot.proposal import Proposal, Visibility
from bot.relevance import BEGIN, END
from bot.rituals import decision, mission, outcome, recognition, search, story
from bot.tale import Kind, Tale
from tests.support import ANA, PEOPLE, STATEMENT, T0, TEAM, VALUES

LATER = T0 + timedelta(hours=1)
TITLE = "What we tell of that week"
QUESTION = "What is asked of us"


@dataclass(frozen=True)
class Act:
    """Something that somebody says, how often it was worded before, and what became of it.

    Of a story nothing is private, and nobody but its author is told of. A decision is asked of its
    approvers; it is made, with a reason, where there is one, and never worded otherwise.
    """

    by: str
    words: str
    to: tuple[str, ...] = ()
    value: str = "care"
    is_private: bool = False
    before: tuple[str, ...] = ()  # what it said first
    is_withdrawn: bool = False
    is_decision: bool = False
    reason: str = ""

    @property
    def is_story(self) -> bool:
        return not self.to and not self.is_decision

    def seen_by(self, who: str) -> bool:
        """Whether somebody may see it, as the README says."""
        is_there = self.is_decision or not self.is_withdrawn
        return is_there and (not self.is_private or who in (self.by, *self.to))

    @property
    def as_it_is(self) -> "Act":
        """The same, said like that from the first."""
        return replace(self, before=())


def set_up(session: Session) -> None:
    """Have everybody here, and a mission."""
    roster.remember(session, [dict(person) | _of(person) for person in PEOPLE])
    mission.set_up(session, by=ANA, statement=STATEMENT, values=VALUES, why="", now=T0)


def _of(person: Mapping[str, object]) -> dict[str, object]:
    return {"team_id": person.get("team_id", TEAM)}


def do(session: Session, act: Act, *, at: datetime = LATER) -> int:
    """Do it, begun at a moment if it is no decision, and return its id."""
    if act.is_decision:
        return _decide(session, act)
    first, *rest = [*act.before, act.words]
    done = _begin(session, act, first, at)
    for revision, words in enumerate(rest):
        _correct(session, act, done, words, revision)
    if act.is_withdrawn and act.is_story:
        story.withdraw(session, story_id=done, by=act.by, now=LATER)
    elif act.is_withdrawn:
        recognition.withdraw(session, recognition_id=done, by=act.by, now=LATER)
    return done


def _begin(session: Session, act: Act, words: str, at: datetime) -> int:
    if act.is_story:
        return story.tell(session, _tale(act, words), now=at).story.id
    return recognition.give(session, _deed(act, words), now=at).recognition.id


def _correct(session: Session, act: Act, done: int, words: str, revision: int) -> None:
    if act.is_story:
        tale = _tale(act, words)
        story.correct(session, tale, story_id=done, based_on=revision, now=LATER)
    else:
        deed = _deed(act, words)
        recognition.correct(session, deed, recognition_id=done, based_on=revision, now=LATER)


def _deed(act: Act, words: str) -> Deed:
    return Deed(act.by, act.to, words, act.value, is_private=act.is_private)


def _tale(act: Act, words: str) -> Tale:
    texts = {"happened": words, "impact": "It was of some use."}
    return Tale(act.by, Kind.SUCCESS, f"{TITLE}: {words[:40]}", texts, act.value)


def _decide(session: Session, act: Act) -> int:
    asked = Proposal(
        act.by,
        f"{QUESTION}: {act.words[:40]}",
        act.words,
        approvers=act.to,
        visibility=Visibility.PRIVATE if act.is_private else Visibility.CHANNEL,
    )
    begun = decision.begin(session, asked, now=LATER).decision
    if act.is_withdrawn:
        outcome.withdraw(session, begun.id, by=act.by, now=LATER)
    elif act.reason:
        about: dict[str, Any] = {"choice": 0, "reason": act.reason, "based_on": 0}
        outcome.decide(session, begun.id, by=act.by, now=LATER, **about)
    return begun.id


def find(session: Session, who: str, text: str, page: int = 0) -> search.Answer:
    """What somebody finds."""
    asked = blocks.read(text)
    return search.search(session, asked.sought, asked.filters, asker=who, page=page)


def all_found(session: Session, who: str, text: str) -> list[int]:
    """The ids of everything on every page, in its order."""
    pages = range(find(session, who, text).last_page + 1)
    return [one.entry.id for page in pages for one in find(session, who, text, page).results]


def shown(session: Session, who: str, text: str) -> Message | str:
    """The answer as it goes to Slack, or the sentence in its place."""
    try:
        found, asked = find(session, who, text), blocks.read(text)
    except UserError as error:
        return error.message
    return blocks.answer(found, asked, text) if found.results else blocks.nothing(asked, text)


def plainly(marked: Sequence[str]) -> list[str]:
    """Texts without the marks of what was found in them."""
    return [text.replace(BEGIN, "").replace(END, "") for text in marked]


def upgrade_again(database: Database, *revisions: str) -> None:
    """Do to a database of today what these migrations did to those of their time."""
    with (
        database.writer.begin() as connection,
        Operations.context(MigrationContext.configure(connection)),
    ):
        for revision in revisions:
            scripts_known().get_revision(revision).module.upgrade()
