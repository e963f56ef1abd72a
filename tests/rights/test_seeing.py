"""Who may see what: every kind of record, public and private, and the figures of teams."""

import asyncio
import itertools
import shutil
from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from bot import fulltext
from bot.playground.server import FakeSlack
from bot.recognitions import entry as recognition_entry
from bot.rights import Part, Right
from bot.stories import entry as story_entry
from tests.pulse.poll import RED, TEAM_AT_FIRST
from tests.rights.deciding import decisions_of_ben
from tests.rights.people import KINDS
from tests.rights.sending import Sender
from tests.rights.test_cells import combinations
from tests.rights.test_cells import everybody as everybody
from tests.rights.things import STORIES, Sort, Thing, recognitions
from tests.rights.tries import Comes, Try
from tests.support import ANA, STATEMENT, TEAM, Bot
from tests.visibility.organisation import LEAD, NAMES, NOW, OUTSIDE, OWNER, PEOPLE
from tests.visibility.shown import Asking, Unhurried
from tests.visibility.test_everything import template as template

pytestmark = pytest.mark.sqlite
_numbers = itertools.count(100)


def searched(sort: Sort, kind: str) -> Sort:
    """The same, with one word to search it by and another one to know it by."""

    def make(session: Session, who: str, parts: Collection[Part], now: datetime) -> Thing:
        thing = sort.make(session, who, parts, now)
        number = next(_numbers)
        record, value = getattr(thing.what, kind), thing.what.value.slug
        entry = recognition_entry if kind == "recognition" else story_entry
        before = entry(record, value=value)
        words = f"sought{number} known{number} by its people"
        setattr(record, "message" if kind == "recognition" else "happened", words)
        session.add(record)
        fulltext.change(session, before, entry(record, value=value))
        return Thing(str(number), theirs=thing.theirs)

    return Sort(sort.parts, make)


async def search(sender: Sender, thing: Thing) -> str:
    said = await sender.command(f"/mission search sought{thing.value}")
    return "seen" if f"known{thing.value}" in said else said


async def show(sender: Sender, thing: Thing) -> str:
    stands = thing.what.stands
    said = await sender.command(f"/decide show {stands.decision.name}")
    return "seen" if f"{stands.decision.name} · " in said else said


async def look_at_the_mission(sender: Sender, thing: Thing) -> str:
    said = [await sender.command("/mission"), await sender.command("/mission history")]
    return "seen" if all(STATEMENT in each for each in said) else str(said)


ALL = (Right.USE,)
LOOKS = {
    "a recognition": (ALL, search, searched(recognitions(private=False), "recognition")),
    "a private recognition": (
        (Right.USE, Right.SEE_RECOGNITION),
        search,
        searched(recognitions(private=True), "recognition"),
    ),
    "a story": (ALL, search, searched(STORIES, "story")),
    "a decision": (ALL, show, decisions_of_ben(private=False)),
    "a private decision": (
        (Right.USE, Right.SEE_DECISION),
        show,
        decisions_of_ben(private=True),
    ),
    "the mission": (ALL, look_at_the_mission, Sort([None], STORIES.make)),
}


async def test_each_sees_what_the_table_says_and_nothing_else(
    slack: FakeSlack, everybody: Bot
) -> None:
    wrong = []
    for name, (needs, look, sort) in LOOKS.items():
        one = Try(name, needs, look, Comes.TOLD, sort)
        for who, parts in combinations(one):
            thing = await made(everybody, sort, who, parts)
            seen = await look(Sender(slack, who), thing) == "seen"
            if seen is not (one.lacks(thing) is None):
                wrong.append((name, who, [*map(str, parts)], seen))
    assert wrong == []


async def made(bot: Bot, sort: Sort, who: str, parts: Sequence[Part]) -> Thing:
    now = bot.slack.now()
    return await bot.database.write(
        TEAM, lambda session: sort.make(session, who, parts, now), patience=60
    )


async def test_nobody_asks_for_what_is_about_somebody_else(
    slack: FakeSlack, everybody: Bot
) -> None:
    for who in (ANA, *KINDS):
        said = await Sender(slack, who).command("/mission me <@U0BEN>")
        assert "Ben" not in said
        assert "on its way" not in said


async def shown(template: Path, folder: Path, line: str) -> dict[str, set[int]]:
    """The teams whose names everybody is told, by whom."""
    database = Unhurried.open(f"sqlite:///{shutil.copy(template, folder)}")
    try:
        name, _, text = line.partition(" ")
        answers = {one: await Asking(database, one, NOW).command(name, text) for one in PEOPLE}
    finally:
        database.close()
    return {
        one: {team for team, called in NAMES.items() if called in text}
        for one, text in answers.items()
    }


def to_a_team(who: str, team: int) -> set[Part]:
    """What somebody is to a team of the organisation."""
    if who == OUTSIDE:
        return set()
    here = {Part.OWNER} if who == OWNER else set()
    leads = {Part.LEAD} if (who, team) == (LEAD, RED) else set()
    return here | leads | ({Part.IN_TEAM} if TEAM_AT_FIRST.get(who) == team else set())


def test_the_results_of_a_team_are_for_its_people_and_its_leads(
    template: Path, tmp_path: Path
) -> None:
    """Not for owners either, who see how the teams are made."""
    theirs = asyncio.run(shown(template, tmp_path, "/pulse results"))
    for who, teams in theirs.items():
        allowed = {team for team in NAMES if Right.SEE_RESULTS.allows(to_a_team(who, team))}
        assert teams == allowed, who


def test_all_teams_are_for_owners_and_each_for_who_reports_in_it(
    template: Path, tmp_path: Path
) -> None:
    theirs = asyncio.run(shown(template, tmp_path, "/mission teams"))
    for who, teams in theirs.items():
        parts = {team: to_a_team(who, team) for team in NAMES}
        allowed = {t for t in NAMES if Right.KEEP.allows(parts[t]) or Part.IN_TEAM in parts[t]}
        assert teams == allowed, who
