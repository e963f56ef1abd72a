"""Whatever column names somebody, it does not any more once they are erased."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import JSON
from sqlmodel import SQLModel

from bot import erasing
from bot.db import Database
from bot.fates import FATES, Fate
from bot.pseudonym import SOMEBODY, Somebody, new
from bot.responses import respondent
from tests.stored import dump, rows
from tests.support import T0

WHO, OTHER, TEAM, ELSEWHERE = "U0ERA", "U0ERAS", "T1", "T2"
UNNAMED = (Fate.NOTHING, Fate.WITH_THE_ROW, Fate.CODE)
TABLES = SQLModel.metadata.tables
# What can be found has to make sense, wherever it names somebody.
SENSIBLE: dict[str, dict[str, Any]] = {
    "decision": {"options": ["Do it", "Don't"], "choice": 1},
    "story": {"kind": "success"},
}


def put(url: str, table: str, values: dict[str, Any], *, team: str = TEAM) -> None:
    database = Database.open(url)
    with database.writer.begin() as connection:
        of = TABLES[table]
        connection.execute(of.update().where(of.c.team_id == team).values(values))
    database.close()


def naming(column: Any, fate: Fate) -> Any:
    """What may stand in a column that names somebody."""
    words = f"ask <@{WHO}|era> or {WHO}" if fate in (Fate.WORDS, Fate.THEIRS) else WHO
    if isinstance(column.type, JSON):
        mention = {"type": "user", "user_id": WHO, "style": {"bold": True}}
        of_fate = {Fate.TAKEN_OUT: [WHO], Fate.WORDS: [words, words]}
        return of_fate.get(fate, {"said": [words, mention], WHO: 1})
    return f"round:1:to:{WHO}:a" if fate in (Fate.INSIDE, Fate.GOES_TOO) else words


async def erase(url: str, who: str) -> erasing.Erased:
    database = Database.open(url)
    somebody = Somebody(who, new())
    done = await database.write(TEAM, lambda session: erasing.erase(session, somebody, now=T0))
    database.close()
    return done


NAMING = {
    name: {one: fate for one, fate in columns.items() if fate not in UNNAMED}
    for name, columns in FATES.items()
}
del NAMING["outbox"]["lane"]  # with which the row would go
del NAMING["search_entry"]  # of which the installation has none


@pytest.mark.parametrize("table", [name for name, columns in NAMING.items() if columns])
@pytest.mark.parametrize("by", [WHO, OTHER])
async def test_no_column_names_them_any_more(full: str, table: str, by: str) -> None:
    named = {one: naming(TABLES[table].c[one], fate) for one, fate in NAMING[table].items()}
    if Fate.THEIRS in NAMING[table].values():
        named |= dict.fromkeys({"author", "person"} & {*NAMING[table]}, by)
    for team in (TEAM, ELSEWHERE):
        put(full, table, SENSIBLE.get(table, {}) | named, team=team)
    before = dump(full)
    await erase(full, WHO)
    after = dump(full)
    assert [one for one in before if names(one) and TEAM in one]
    assert [one for one in after if names(one) and TEAM in one] == []
    # Another workspace is left as it was, and so is somebody whose id only begins like theirs.
    of_others = f"'{ELSEWHERE}'"  # a pseudonym may end like it
    assert [one for one in after if of_others in one] == [one for one in before if of_others in one]
    assert others_in(table, after) == others_in(table, before)


def names(line: str) -> bool:
    return WHO in line.replace(OTHER, "")


def others_in(table: str, lines: list[str]) -> int:
    return sum(one.startswith(f"{table}: ") and OTHER in one for one in lines)


async def test_answers_of_an_open_round_go_by_their_code(full: str) -> None:
    key = b"k" * 32
    put(full, "round_key", {"key": key})
    for table in ("answer", "comment"):
        put(full, table, {"respondent": respondent(key, WHO)})
    done = await erase(full, WHO)
    assert done.deleted["answer"] == done.deleted["comment"] == 1
    assert not any(respondent(key, WHO) in line for line in dump(full))


@pytest.mark.parametrize("status", ["open", "closed"])
async def test_no_open_round_waits_for_them(full: str, status: str) -> None:
    put(full, "round", {"status": status})
    put(full, "invitation", {"person": WHO, "is_excused": False})
    await erase(full, WHO)
    excused = rows(full, f"SELECT is_excused FROM invitation WHERE team_id = '{TEAM}'")
    assert [bool(each) for (each,) in excused] == [status == "open"]


async def test_their_own_words_go_and_what_others_wrote_stays(full: str) -> None:
    put(full, "decision_verdict", {"person": WHO, "reason": "my own words"})
    put(full, "decision_answer", {"person": OTHER, "note": f"as <@{WHO}> says"})
    done = await erase(full, WHO)
    left = str([line for line in dump(full) if TEAM in line])
    assert "my own words" not in left
    assert f"as {SOMEBODY} says" in left
    assert (done.emptied["decision_verdict"], done.emptied["decision_answer"]) == (1, 0)


async def test_of_whom_nothing_is_kept_nothing_changes(full: str) -> None:
    before = dump(full)
    assert (await erase(full, "U0NOBODY")).is_nothing
    assert dump(full) == before


def test_a_mention_becomes_words_that_say_nothing() -> None:
    who = Somebody(WHO, "ERASEDX")
    message = {"type": "user", "user_id": WHO, "style": {"bold": True}}
    assert who.absent_from([message, {"type": "user", "user_id": OTHER}]) == [
        {"type": "text", "text": SOMEBODY, "style": {"bold": True}},
        {"type": "user", "user_id": OTHER},
    ]
    assert who.absent_from(f"<@{WHO}> <@{OTHER}> {WHO}:1") == f"{SOMEBODY} <@{OTHER}> ERASEDX:1"


@given(st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.lists(inner)))
def test_whatever_does_not_name_them_stays_as_it_is(value: Any) -> None:
    assert Somebody(WHO, "ERASEDX").absent_from(value) == value
