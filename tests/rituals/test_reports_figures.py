"""The figures, against what counting by hand gives, and how the database finds them."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine
from sqlmodel import Session

from bot import settings
from bot.playground.server import FakeSlack
from bot.reach import reach
from bot.rituals import recognition
from bot.rituals.recognition import Given
from bot.rituals.reports import Spread
from bot.shares import effective_number, wilson
from tests.rituals.spreading import CROWD, LATER, asked, figures, ring, thanks, write
from tests.support import ANA, BEN, GIL, KIM, T0, Bot

HERE = 18
GIVEN = 60


@dataclass(frozen=True)
class One:
    """A recognition that counts, as a person with a pencil notes it."""

    giver: str
    people: list[str]
    value: str


def by_hand(given: list[One]) -> dict[str, Any]:
    """Count what the report says, in Python."""
    givers = Counter(one.giver for one in given)
    received = Counter(person for one in given for person in one.people)
    ways = {(one.giver, person) for one in given for person in one.people}
    worth = effective_number(
        total=len(given), squares=sum(n * n for n in givers.values()), count=len(given)
    )
    values = Counter(one.value for one in given)
    both = {frozenset(way) for way in ways if way[::-1] in ways}
    pairs = {frozenset(way) for way in ways}
    return {
        "values": {
            slug: (values[slug], wilson(values[slug] / len(given), n=worth))
            for slug in ("care", "candour")
        },
        "recognised": reach(len(received), of=HERE),
        "gave": reach(len(givers), of=HERE),
        "half": half_by_hand(received),
        "pairs": (len(pairs), len(both), wilson(len(both) / len(pairs), n=min(worth, len(pairs)))),
    }


def half_by_hand(received: Counter[str]) -> int:
    """Return how many people, the most thanked first, it takes to half of everything."""
    reached = 0
    for people, (_, count) in enumerate(received.most_common(), start=1):
        reached += count
        if 2 * reached >= received.total():
            return people
    raise AssertionError("nobody received anything")


def by_the_report(spread: Spread) -> dict[str, Any]:
    assert spread.half is not None
    assert spread.pairs is not None
    return {
        "values": {each.tenure.value.slug: (each.count, each.share) for each in spread.values},
        "recognised": spread.recognised,
        "gave": spread.gave,
        "half": spread.half.people,
        "pairs": (spread.pairs.there, spread.pairs.mutual, spread.pairs.share),
    }


def at_random(chance: random.Random, session: Session) -> One | None:
    """Write a recognition of any sort, and return it if it counts."""
    giver, *people = chance.sample(CROWD, chance.choice([2, 2, 3, 4, 6]))
    value = chance.choice(["care", "care", "candour"])
    private, withdrawn = chance.random() < 0.15, chance.random() < 0.15
    given = thanks(giver, *people, value=value, private=private)(session)
    if withdrawn:
        recognition.withdraw(session, recognition_id=given.recognition.id, by=giver, now=LATER)
    return None if private or withdrawn else One(giver, people, value)


@pytest.mark.parametrize("seed", range(6))
async def test_every_figure_is_what_counting_by_hand_gives(crowd: Bot, seed: int) -> None:
    await crowd.write(lambda session: settings.change(session, allowance=GIVEN))
    chance = random.Random(seed)
    given = [await crowd.write(lambda session: at_random(chance, session)) for _ in range(GIVEN)]
    spread = (await figures(crowd)).spread
    assert spread is not None
    assert by_the_report(spread) == by_hand([one for one in given if one])


async def test_where_a_few_are_left_over_no_number_points_at_them(
    slack: FakeSlack, crowd: Bot
) -> None:
    await write(crowd, *ring(14, steps=1))
    answer = await asked(slack)
    assert "All but fewer than five of the 18 people here were recognised." in answer
    assert "All but fewer than five of the 18 people here recognised somebody." in answer
    await write(crowd, *(thanks(each, BEN, ANA, KIM, GIL) for each in CROWD[:3]))
    assert "All of the 18 people here were recognised." in await asked(slack)


async def test_half_is_said_only_of_enough_people_and_never_of_a_few(crowd: Bot) -> None:
    await write(crowd, *ring(10, steps=1))
    assert await half(crowd) is None  # ten named
    await write(crowd, *(thanks(CROWD[place], CROWD[place + 1]) for place in range(9)))
    assert await half(crowd) is None  # nineteen
    await write(crowd, thanks(CROWD[9], CROWD[0]))
    assert await half(crowd) == 5
    await write(crowd, *(thanks(CROWD[place], CROWD[0]) for place in range(1, 9)))
    assert await half(crowd) == "a few"


async def test_nobody_hears_of_half_where_fewer_than_ten_were_recognised(crowd: Bot) -> None:
    await write(crowd, *ring(9, steps=1), *ring(9, steps=2))
    assert await half(crowd) is None


async def half(bot: Bot) -> int | str | None:
    spread = (await figures(bot)).spread
    assert spread is not None
    return None if spread.half is None else spread.half.people or "a few"


async def test_pairs_are_told_from_twenty_on(slack: FakeSlack, crowd: Bot) -> None:
    await write(crowd, *ring(13, steps=1), *(thanks(CROWD[0], CROWD[n]) for n in range(2, 8)))
    assert "Too few pairs" in await asked(slack)  # nineteen
    await write(crowd, thanks(CROWD[8], CROWD[0]))
    assert "In 20 pairs of people one recognised the other; in 0 of them both" in await asked(slack)
    await write(crowd, thanks(CROWD[0], CROWD[8]), thanks(CROWD[0], CROWD[8]))
    assert "In 20 pairs of people one recognised the other; in 1 of them both" in await asked(slack)


async def test_who_recognised_each_other_in_two_quarters_are_no_such_pair(crowd: Bot) -> None:
    await write(crowd, *ring())
    await write(crowd, thanks(CROWD[1], CROWD[0], now=T0.replace(year=2027)))
    spread = (await figures(crowd)).spread
    assert spread is not None
    assert spread.pairs is not None
    assert (spread.pairs.there, spread.pairs.mutual) == (24, 0)


async def test_one_giver_of_nearly_everything_leaves_the_share_wide_open(crowd: Bot) -> None:
    busy: list[Callable[[Session], Given]] = [thanks(CROWD[0], CROWD[1]) for _ in range(10)]
    few = [thanks(giver, CROWD[0], value="candour") for giver in CROWD[1:5]]
    await write(crowd, *busy, *few)
    spread = (await figures(crowd)).spread
    assert spread is not None
    care = spread.values[0]
    assert care.share == wilson(10 / 14, n=14**2 / (10**2 + 4))
    assert care.share.high - care.share.low > 0.7


@pytest.fixture
def statements() -> Iterator[list[tuple[str, Any]]]:
    """What is asked of any database from now on."""
    asked_for: list[tuple[str, Any]] = []

    def watch(
        _connection: object, _cursor: object, statement: str, values: Any, *_: object
    ) -> None:
        asked_for.append((statement, values))

    event.listen(Engine, "before_cursor_execute", watch)
    yield asked_for
    event.remove(Engine, "before_cursor_execute", watch)


def plan_of(connection: Connection, statement: str, values: Any) -> list[str]:
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    return [str(row[3]) for row in rows]


@pytest.mark.sqlite
async def test_no_other_quarter_is_looked_at(crowd: Bot, statements: list[tuple[str, Any]]) -> None:
    await write(crowd, *ring())
    statements.clear()
    await figures(crowd)
    counting = [each for each in statements if "FROM ledger" in each[0]]
    assert len(counting) == 4
    with crowd.database.readers.connect() as connection:
        for statement, values in counting:
            steps = [step for step in plan_of(connection, statement, values) if "SEARCH" in step]
            assert steps[0].endswith(
                "ix_ledger_team_kind_at (team_id=? AND kind=? AND at>? AND at<?)"
            )
            looked_up = [step for step in steps[1:] if "SEARCH rec" in step]
            assert looked_up
            assert all("(id=?)" in step or "recognition_id=?" in step for step in looked_up)
            scanned = " ".join(plan_of(connection, statement, values))
            for table in ("recognition", "recipient", "ledger", "person"):
                assert f"SCAN {table}" not in scanned
