"""Who is here, and how many of them are said."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from bot import reach as reaches
from bot import roster, settings
from bot.db import Database
from bot.errors import UserError
from bot.reach import FEW, IS_FULL_MEMBER, IS_HERE, Reach, reach
from bot.roster import Person
from tests.support import T0, TEAM

FLAGS = ("is_bot", "is_guest", "is_pending", "is_external", "is_admin", "has_left")


@given(st.integers(0, 60), st.integers(0, 60))
def test_no_number_stands_for_one_to_four_people_nor_leaves_them_over(one: int, other: int) -> None:
    said = reach(one, of=one + other)
    if said.count is None:
        assert 0 < one < FEW or 0 < other < FEW
    else:
        assert said.count == one
        assert one == 0 or one >= FEW
        assert other == 0 or other >= FEW


@pytest.mark.parametrize(
    ("count", "of", "said"),
    [
        (27, 48, Reach(48, 27)),
        (0, 48, Reach(48, 0)),
        (48, 48, Reach(48, 48)),
        (4, 48, Reach(48, None, is_most=False)),
        (5, 48, Reach(48, 5)),
        (43, 48, Reach(48, 43)),
        (44, 48, Reach(48, None, is_most=True)),
        (3, 6, Reach(6, None, is_most=False)),
        (5, 6, Reach(6, None, is_most=True)),
    ],
)
def test_a_few_and_all_but_a_few_are_words(count: int, of: int, said: Reach) -> None:
    assert reach(count, of=of) == said


async def test_who_is_here_is_the_same_for_a_query_and_for_a_person(database: Database) -> None:
    def everybody(session: Session) -> tuple[int, list[Person]]:
        kinds = itertools.product([False, True], repeat=len(FLAGS))
        for number, kind in enumerate(kinds):
            flags: dict[str, Any] = dict(zip(FLAGS, kind, strict=True))
            session.add(Person(slack_id=f"U0K{number}", name="somebody", **flags))
        session.add(Person(slack_id=roster.SLACKBOT, name="Slackbot"))
        settings.change(session, roster_loaded_at=T0)
        session.flush()
        here = session.exec(select(Person).where(IS_HERE)).all()
        assert {one.slack_id for one in here} == {
            one.slack_id for one in session.exec(select(Person)) if one.is_member
        }
        full = session.exec(select(Person).where(IS_FULL_MEMBER)).all()
        assert {one.slack_id for one in full} == {
            one.slack_id for one in session.exec(select(Person)) if one.is_full_member
        }
        return reaches.here(session), list(here)

    count, found = await database.write(TEAM, everybody)
    assert count == len(found) == 4  # guests or not, admins or not


async def test_nobody_is_counted_before_everybody_is_known(database: Database) -> None:
    with pytest.raises(UserError, match="still learning"):
        await database.read(TEAM, reaches.here)
