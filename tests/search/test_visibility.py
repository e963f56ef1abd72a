"""Nobody finds, sees, counts or infers from a search what they may not see.

The strongest way to say so: the answer is the same, to its last word, where everything that the
asker may not see was never there.
"""

import asyncio
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot.db import Database
from bot.decisions import CODE_LETTERS
from tests.search.acts import Act, do, set_up, shown
from tests.support import ANA, BEN, KIM, TEAM

MEMBERS = (ANA, BEN, KIM)
# Forms of one word, and words that are a slip from another, so that much is mended.
WORDS = (
    *("clinic", "clinics", "clinik", "booked", "booking", "boking", "garden", "gardens", "warden"),
    *("harden", "printer", "painter", "pointer", "late", "gate", "date", "the", "who", "zebra"),
)

said = st.lists(st.sampled_from(WORDS), min_size=3, max_size=7).map(" ".join)


@st.composite
def acts(draw: st.DrawFn) -> Act:
    by = draw(st.sampled_from(MEMBERS))
    others = [one for one in MEMBERS if one != by]
    to = draw(st.lists(st.sampled_from(others), max_size=2, unique=True))
    is_decision = draw(st.booleans())
    is_private = (bool(to) or is_decision) and draw(st.booleans())
    about = Act(by, draw(said), tuple(to), is_private=is_private, is_decision=is_decision)
    about = replace(about, is_withdrawn=draw(st.integers(0, 4)) == 0)
    if is_decision:
        return replace(about, reason=draw(st.one_of(st.just(""), said)))
    value = draw(st.sampled_from(("care", "candour")))
    return replace(about, value=value, before=tuple(draw(st.lists(said, max_size=1))))


_CODE = re.compile(f"P-[{CODE_LETTERS}]+")  # a private decision's is another one each time

FILTERS = (
    *("", "in:stories", "in:recognitions", "in:decisions", "in:mission"),
    *("from:me", f"from:<@{BEN}>", "value:care", "after:2026-01"),
)
filters = st.sampled_from(FILTERS)
slipped = st.tuples(st.sampled_from(WORDS), st.integers(0, 6)).map(
    lambda pair: pair[0][: pair[1]] + pair[0][pair[1] + 1 :]
)
words = st.one_of(st.sampled_from(WORDS), slipped, st.just('"late clinic"'))
questions = st.tuples(st.lists(words, max_size=4), filters).map(
    lambda both: " ".join([*both[0], both[1]])
)


def answers(migrated: Path, done: Sequence[Act], asked: Sequence[tuple[str, str]]) -> list[str]:
    """What each is answered in an organisation where just this was done."""

    def play(session: Session) -> list[str]:
        set_up(session)
        ids = [do(session, act) for act in done]
        assert len(ids) == len(set(ids))
        return [_CODE.sub("P-", str(shown(session, who, text))) for who, text in asked]

    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(f"sqlite:///{shutil.copy(migrated, folder)}")
        try:
            return asyncio.run(database.write(TEAM, play, patience=60))
        finally:
            database.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    done=st.lists(acts(), max_size=12, unique_by=lambda act: (act.by, act.words, act.before)),
    asked=st.lists(questions, min_size=1, max_size=4),
)
def test_an_answer_is_the_same_where_what_is_hidden_never_was(
    migrated: Path, done: list[Act], asked: list[str]
) -> None:
    everything = answers(migrated, done, [(who, text) for who in MEMBERS for text in asked])
    for at, who in enumerate(MEMBERS):
        seen = [act.as_it_is for act in done if act.seen_by(who)]
        theirs = answers(migrated, seen, [(who, text) for text in asked])
        assert everything[at * len(asked) :][: len(asked)] == theirs


def test_no_word_is_taken_for_one_that_stands_where_the_asker_cannot_look(migrated: Path) -> None:
    seen = Act(BEN, "the clinic has a garden", to=(KIM,))
    hidden = Act(BEN, "the zebra was late", to=(KIM,), is_private=True)
    asked = [(ANA, "clinic zebrra"), (ANA, "zebrra"), (ANA, "zebra garden")]
    theirs = answers(migrated, [seen, hidden], asked)
    assert theirs == answers(migrated, [seen], asked)
    assert "zebra" in answers(migrated, [seen, hidden], [(KIM, "clinic zebrra")])[0]


def test_nothing_of_a_private_decision_shows_to_whoever_is_none_of_its_people(
    migrated: Path,
) -> None:
    seen = Act(ANA, "the clinic has a garden", is_decision=True)
    hidden = replace(seen, by=BEN, words="the zebra was late", to=(KIM,), is_private=True)
    made = replace(hidden, words="the zebra is asked for", reason="the walrus has been heard")
    filtered = [f"{kind} {text}" for kind in FILTERS for text in ("", "zebra", "zebrra walrus")]
    asked = [(ANA, text) for text in (*filtered, "in:decisions", "late garden", '"has been heard"')]
    theirs = answers(migrated, [hidden, seen, made], asked)
    assert theirs == answers(migrated, [seen], asked)
    found = answers(migrated, [hidden, seen, made], [(BEN, "zebra"), (KIM, "walruss")])
    assert "2 found." in found[0]
    assert "1 found." in found[1]
    assert "decided" in found[1]
