"""What was kept for as long as was decided goes, with all that belongs to it, and nothing else."""

from datetime import timedelta

import pytest
from sqlmodel import Session, SQLModel

import schedules
from bot.decisions import Decision, Status
from bot.due import Due
from bot.retention import BELONGS, MENTIONS
from schedules.pulse import Closer
from schedules.search import forget
from tests.stored import dump, rows, sound
from tests.support import TEAM
from tests.visibility import organisation
from tests.visibility.acts import EVERYBODYS, Script, Step, Thing, token
from tests.visibility.organisation import ANN, BOB, CARL, DORA, GUEST, NOW
from tests.visibility.shown import Asking, Recorder, Unhurried
from tests.visibility.test_everything import DAY, Play

ALL_KINDS = ("recognitions", "stories", "decisions", "pulse")
KEPT = 90  # days
OPEN = 5  # the decision that nobody decides
WORDS = Script(
    (
        Thing("recognition", ANN, (BOB, GUEST), "late booking", is_private=False),
        Thing("recognition", ANN, (BOB,), "late clinic", is_private=True),
        Thing("story", ANN, (BOB,), "late clinic", is_private=False),
        Thing("decision", ANN, (BOB, CARL, DORA), "printer", is_private=False),
        Thing("decision", BOB, (CARL, ANN), "warden", is_private=True),
        Thing("decision", BOB, (DORA, ANN), "garden", is_private=False),
    ),
    (
        *(Step(number, "begin", ANN, 1) for number in range(6)),
        Step(0, "applaud", BOB, 1),
        Step(2, "thank", BOB, 1),
        Step(3, "check", ANN, 3),
        Step(3, "score", ANN, 3),
        Step(3, "object", CARL, 3),
        Step(3, "decide", BOB, 1),
        Step(4, "end", BOB, 1),
        *(Step(EVERYBODYS, "day", ANN, 0) for _ in range(9)),
        Step(3, "review", BOB, 1),
    ),
)
OF_KIND = {"recognitions": {0, 1}, "stories": {2}, "decisions": {3, 4}, "pulse": set[int]()}


async def played(url: str) -> Play:
    """The organisation in which all of that was done; a reminder and a digest told of it."""
    await organisation.prepare_at(url)
    play = Play(Unhurried.open(url), WORDS, ())
    for step in WORDS.steps:
        await (play._let_pass(DAY) if step.what == "day" else play._do(step))
        await play._deliver()
    return play


async def let_go(play: Play, *kinds: str, days: int) -> None:
    """Have an hour pass so many days later, where these kinds are kept for a time only."""
    kept, now = dict.fromkeys(kinds, KEPT), NOW + timedelta(days=days)
    due = Due(kind="retention", subject="", at=now, team_id=TEAM)
    run = schedules.agenda_of(kept)["retention"].run
    await play.database.write(TEAM, lambda session: run(session, due, now))
    await forget(play.database, TEAM)


def told_of(url: str) -> set[int]:
    """The things of which some table tells."""
    text = " ".join(dump(url))
    return {number for number in range(len(WORDS.things)) if token(number) in text}


@pytest.mark.parametrize("kind", ALL_KINDS)
async def test_what_is_too_old_goes_and_nothing_else(database_url: str, kind: str) -> None:
    play = await played(database_url)
    assert told_of(database_url) == {*range(6)}
    before = dump(database_url)
    await let_go(play, kind, days=KEPT - 10)
    assert dump(database_url) == before
    await let_go(play, kind, days=KEPT + 30)
    assert told_of(database_url) == {*range(6)} - OF_KIND[kind]
    assert sound(play.database)
    play.database.close()


async def test_a_decision_whose_outcome_is_still_to_be_asked_for_stays(database_url: str) -> None:
    play = await played(database_url)
    reviewed = NOW + timedelta(days=KEPT + 60)

    def ask_later(session: Session) -> None:
        decision = session.get(Decision, play.doing.ids[3])
        assert decision is not None
        decision.status, decision.review_at = Status.DECIDED, reviewed

    await play.database.write(TEAM, ask_later)
    await let_go(play, "decisions", days=KEPT + 30)
    assert told_of(database_url) == {*range(6)} - {4}
    play.database.close()


async def test_nothing_that_belonged_to_it_is_left(database_url: str) -> None:
    play = await played(database_url)
    gone = {number: play.doing.ids[number] for number in range(OPEN)}
    await let_go(play, *ALL_KINDS, days=KEPT + 30)
    lines = dump(database_url)
    assert [one for one in lines if any(str(number) in one for number in gone.values())] == []
    assert told_of(database_url) == {OPEN}
    asking = Asking(play.database, BOB, NOW + timedelta(days=KEPT + 30))
    tokens = [token(number) for number in range(6)]
    shown = await asking.everything(tokens, list(play.doing.ids.values()), ["P-222222"] * 6)
    assert not any(token(0) in text.replace(what, "") for what, text in shown if "zq" not in what)
    play.database.close()


async def test_of_the_pulse_the_last_round_stays(database_url: str) -> None:
    play = await played(database_url)
    await Closer(Asking(play.database, "", play.now).deps(Recorder()), TEAM).close_all()
    assert numbers_of_closed_rounds(database_url) == [1, 2]
    await let_go(play, "pulse", days=KEPT + 30)
    assert numbers_of_closed_rounds(database_url) == [2]
    assert not any("Comment" in one for one in dump(database_url) if "kept_comment: " in one)
    play.database.close()


def numbers_of_closed_rounds(url: str) -> list[int]:
    found = rows(url, "SELECT number FROM round WHERE status = 'closed' ORDER BY number")
    return [number for (number,) in found]


async def test_what_is_kept_for_ever_has_nothing_that_comes_round() -> None:
    assert schedules.agenda_of({}) == schedules.ALL
    assert {*schedules.agenda_of({"stories": 90})} - {*schedules.ALL} == {"retention"}


@pytest.mark.parametrize("table", BELONGS)
def test_nothing_that_refers_to_a_record_was_forgotten(table: str) -> None:
    referring = {
        (other.name, column.name)
        for other in SQLModel.metadata.sorted_tables
        for column in other.columns
        for key in column.foreign_keys
        if key.column.table.name == table
    }
    assert referring <= {*BELONGS[table], *MENTIONS.get(table, ())}
