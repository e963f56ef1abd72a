"""How one question went, round after round: its words, and what is shown of everybody's answers."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Text, bindparam, cast
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from bot.rounds import Kind, Round
from bot.rows import ask

KEPT_WORDINGS = 64  # of rounds' questions


class Whole(NamedTuple):
    """How a round worded a question, and what is shown of all answers to it, as JSON holds it.

    No words, and nothing shown, where the round did not ask it.
    """

    closes_at: datetime
    text: str | None
    figure: Mapping[str, Any]


@cache
def _last(slug: str) -> Any:
    # A result holds every team's figures to every question: what is shown of one is a small part.
    shown = cast(col(Round.result)[("questions", slug, "whole")], Text)
    return (
        select_columns(col(Round.closes_at), cast(col(Round.questions), Text), shown)
        .where(col(Round.kind) == bindparam("kind"), col(Round.key_destroyed_at).is_not(None))
        .order_by(col(Round.number).desc())
        .limit(bindparam("most"))
    )


# Rounds take turns, so that many ask the same.
@lru_cache(KEPT_WORDINGS)
def _text(questions: str, slug: str) -> str | None:
    return next((one["text"] for one in json.loads(questions) if one["slug"] == slug), None)


def last(session: Session, kind: Kind, slug: str, *, most: int) -> Sequence[Whole]:
    """Return how this question went in the last rounds of this sort that have a result.

    The latest comes first.
    """
    found = ask(session, _last(slug), kind=kind, most=most)
    # One by one they would take as long to read as to find.
    figures = json.loads(f"[{','.join(shown or 'null' for _, _, shown in found)}]")
    return [
        Whole(at, _text(questions, slug), figure or {})
        for (at, questions, _), figure in zip(found, figures, strict=True)
    ]
