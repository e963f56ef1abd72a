"""A hundred questions, written before there was a search, find what they mean."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml
from sqlmodel import Session

from bot import fulltext
from bot.blocks import search as blocks
from bot.fulltext import Entry, Filters, Finder
from bot.relevance import Texts
from bot.seeking import Seeker
from tests.support import in_a_copy

HERE = Path(__file__).parent
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
FIRST = 3
SHARE = 0.9


def load(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def corpus() -> dict[str, Entry]:
    return {
        one["key"]: Entry(
            id=number,
            kind=one["in"],
            author=one["from"],
            at=AT,
            title=one.get("title", ""),
            words=one["words"],
            value=one.get("value"),
        )
        for number, one in enumerate(load("corpus.yml"), start=1)
    }


def asked(session: Session, question: str, entries: dict[str, Entry]) -> list[str]:
    """The keys of what is found, the best first."""
    of_id = {entry.id: key for key, entry in entries.items()}

    def texts(ids: Sequence[int]) -> Texts:
        return {one: (entries[of_id[one]].title, entries[of_id[one]].words) for one in ids}

    said = blocks.read(question)
    kind = {"decisions": "decision", "stories": "story"}.get(said.filters.get("in", ""))
    filters = Filters(kind, said.filters.get("from"), said.filters.get("value"))
    found = Seeker(session, Finder({}), filters, "somebody", texts).seek(said.sought)
    return [of_id[one] for one in found.ids]


def test_most_questions_have_what_they_mean_among_the_first_three(migrated: Path) -> None:
    entries, questions = corpus(), load("questions.yml")
    assert len(questions) == 100
    missed: list[str] = []

    def ask_all(session: Session) -> None:
        fulltext.put(session, *entries.values())
        for question, key in questions:
            found = asked(session, question, entries)
            if key not in found[:FIRST]:
                missed.append(f"{question}: {key} not in {found[:FIRST]}")

    in_a_copy(migrated, ask_all)
    print("\n".join(missed))
    assert len(questions) - len(missed) >= SHARE * len(questions), missed
