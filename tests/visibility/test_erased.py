"""Whoever is erased is named nowhere, and nothing that they wrote is left; all others have theirs.

Every byte of the database's files is searched, and all that anybody can be shown.
"""

import asyncio
import re
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from handlers import erasure
from handlers.erasure import Asked
from schedules.search import forget
from tests.kernel.filled import installation
from tests.stored import dump, everything, sound
from tests.visibility import organisation
from tests.visibility.acts import Script, Step, Thing, scripts, token, who
from tests.visibility.organisation import ANN, BOB, CARL, DORA, GUEST, OWNER
from tests.visibility.shown import Unhurried
from tests.visibility.test_everything import DAY, Play
from tests.visibility.test_everything import template as template

DAYS_AFTER = 3
OTHERS = (OWNER, BOB, GUEST)
SAID_BY_ANN = "9[345]"  # the numbers of the notes and reasons that are Ann's alone


def names(person: str, text: str) -> bool:
    """Whether a text holds the id, or the name, which is the id in small letters."""
    return bool(re.search(rf"(?<![A-Z0-9]){person}(?![A-Z0-9])", text, re.IGNORECASE))


def own(script: Script, person: str) -> list[str]:
    """The words that stand in nothing but what the person wrote as their own."""
    kinds = ("recognition", "story", "comment")
    things = enumerate(script.things)
    return [token(at) for at, thing in things if thing.by == person and thing.kind in kinds]


def left_of(url: str, person: str) -> list[str]:
    """Where the tables name the person."""
    return [line for line in dump(url) if names(person, line)]


async def erase_and_look(url: str, script: Script, person: str) -> None:
    database = Unhurried.open(url)
    play = Play(database, script, ())
    for step in script.steps:
        await (play._let_pass(DAY) if step.what == "day" else play._do(step))
        await play._deliver()
    assert left_of(url, person)
    asked = Asked(person, sure=True)
    ended = await erasure.run(installation(url), asked, forget=forget, now=lambda: play.now)
    assert ended == 0
    assert left_of(url, person) == []
    on_disk = everything(database)
    assert [words for words in own(script, person) if words.encode() in on_disk] == []
    assert not (person == ANN and re.search(f"number {SAID_BY_ANN}".encode(), on_disk))
    assert not names(person, on_disk.decode("latin-1"))
    assert sound(database)
    for _ in range(DAYS_AFTER):
        await play._let_pass(DAY)
        await play._deliver()
    for one in OTHERS:
        shown = await play.shown_to(one) if one != person else []
        assert [what for what, text in shown if names(person, text)] == []
        assert [what for what, text in shown if re.search("says? ERASED|ERASED\\w+ ", text)] == []
    assert left_of(url, person) == []
    database.close()


def erased(template: Path, script: Script, person: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{shutil.copy(template, folder)}"
        asyncio.run(erase_and_look(url, script, person))


@settings(
    max_examples=5,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=(Phase.generate,),
)
@given(script=scripts(), person=who)
def test_nothing_is_left_of_somebody_whatever_they_did(
    template: Path, script: Script, person: str
) -> None:
    erased(template, script, person)


# Ann does of everything something, and others name her in what they write.
EVERYTHING = Script(
    (
        Thing("recognition", ANN, (BOB, GUEST), "late booking", is_private=False),
        Thing("recognition", ANN, (BOB,), "late clinic", is_private=True),
        Thing("recognition", BOB, (ANN, CARL), f"with <@{ANN}> late", is_private=False),
        Thing("story", ANN, (BOB,), "late clinic", is_private=False),
        Thing("story", BOB, (ANN,), f"<@{ANN}|ann> was late", is_private=False),
        Thing("decision", ANN, (BOB, CARL, DORA), f"printer of <@{ANN}>", is_private=False),
        Thing("decision", BOB, (DORA, ANN), "garden", is_private=False),
        Thing("decision", BOB, (CARL, ANN), "warden", is_private=True),
        Thing("comment", ANN, (), "clinic late", is_private=True),
        Thing("answer", ANN, (), "clinic late", is_private=True),
    ),
    (
        *(Step(number, "begin", ANN, 1) for number in range(10)),
        Step(0, "applaud", BOB, 1),
        Step(2, "applaud", ANN, 1),
        Step(4, "thank", ANN, 1),
        Step(5, "check", ANN, 93),
        Step(5, "score", ANN, 3),
        Step(6, "object", ANN, 94),
        Step(7, "object", ANN, 95),
        Step(6, "decide", DORA, 1),
        Step(6, "review", DORA, 1),
        Step(-1, "read", ANN, 1),
    ),
)


@pytest.mark.parametrize("person", [ANN, BOB, OWNER])
def test_nothing_is_left_of_somebody_who_did_of_everything_something(
    template: Path, person: str
) -> None:
    erased(template, EVERYTHING, person)


async def test_nothing_is_left_of_somebody_on_any_database(database_url: str) -> None:
    await organisation.prepare_at(database_url)
    await erase_and_look(database_url, EVERYTHING, ANN)
