"""Whatever is typed is answered, with what was found or a sentence that Slack takes."""

import asyncio
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot.blocks import search as blocks
from bot.db import Database
from bot.outbox import Message
from bot.playground.content import checked
from bot.playground.errors import SlackError
from tests.search.acts import Act, do, set_up, shown
from tests.support import ANA, BEN, KIM, TEAM, in_a_copy

NASTY = (
    *('"', "'", "*", "^", "-", "+", "(", ")", "()", "{", "}", ":", "a:", ":a", "title:clinic"),
    *("NEAR", "NEAR(clinic late, 3)", "AND", "OR", "NOT", "clinic OR", "NOT clinic", '" OR 1=1'),
    *("'; DROP TABLE", "clinic*", "^clinic", '"clinic', 'clinic"', '""', '"" ""', "“clinic late”"),
    *("🎉", "👩‍⚕️", "\u200b", "\x00", "\x02", "\ud800", "予約", "การนัด", "é", "e\u0301", "-", "—"),
    *("&lt;clinic&gt;", "&amp;", "<@U0BEN>", "<@U0BEN|ben>", "<@>", "<!here>", "10:30"),
    *("<https://a.b|c>", "https://a.b/c", "in:", "in:stories", "in:x", "from:", "from:me"),
    *("from:x", 'from:"Ben Carter"', "from:<@U0BEN>", "value:#care", "value:x", "form:me"),
    *("after:2026", "after:2026-13", "after:0000-00-00", "after:9999-12-31", "after:0001-01-01"),
    *("clinic " * 500, "x" * 3000, "a b c d e f g h i j k l m n o p", "\x1f" * 900),
)

typed = st.lists(st.one_of(st.sampled_from(NASTY), st.text(max_size=12)), max_size=6).map(" ".join)


def problems(answer: Message | str) -> str:
    """What Slack would not take of an answer."""
    if isinstance(answer, str):
        return "" if answer.strip() else "an empty sentence"
    try:
        checked(answer)
    except SlackError as error:
        return str(error)
    return "" if answer["text"] else "no text"


ACTS = (
    Act(BEN, "the clinic could book again :heart: 予約できます <!channel>", to=(KIM,)),
    Act(BEN, "is the <!channel> *clinic* to move, 予約 & all", is_decision=True, is_private=True),
    Act(ANA, "is the clinic to close", to=(KIM,), is_decision=True, reason="it is & stays :heart:"),
    Act(ANA, "the clinic had no garden, and it has one now & it is late"),
    *(
        Act(BEN, f"clinic number {number} has a printer " + ":heart: clinic " * 100)
        for number in range(12)
    ),
)


@pytest.fixture(scope="session")
def lively(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database in which something can be found."""
    path = tmp_path_factory.mktemp("lively") / "lively.db"
    shutil.copy(migrated, path)
    database = Database.open(f"sqlite:///{path}")

    def play(session: Session) -> None:
        set_up(session)
        for act in ACTS:
            do(session, act)

    asyncio.run(database.write(TEAM, play, patience=60))
    database.close()
    return path


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=typed)
def test_anything_is_answered(lively: Path, text: str) -> None:
    answered: list[Message | str] = []
    kept = blocks.fitting(text)
    in_a_copy(lively, lambda session: answered.append(shown(session, KIM, kept)))
    assert problems(answered[0]) == ""


@pytest.mark.parametrize("text", NASTY)
def test_each_of_the_nasty_ones_is_answered(lively: Path, text: str) -> None:
    answered: list[Message | str] = []
    kept = blocks.fitting(text)
    in_a_copy(lively, lambda session: answered.append(shown(session, KIM, kept)))
    assert problems(answered[0]) == ""
