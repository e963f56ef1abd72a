"""A team of four is shown to nobody, nor what it could be worked out from; and it is said why."""

import json
from collections.abc import Sequence
from functools import partial

import pytest

from bot.playground.server import FakeSlack
from tests.rituals.asking import buttons
from tests.rituals.few import at, go, results, rounds_of
from tests.rituals.naming_teams import name, report_in
from tests.rituals.test_mission import settle
from tests.support import (
    ANA,
    BEN,
    GENERAL,
    GIL,
    KIM,
    LOUNGE,
    Bot,
    Doc,
    soon,
    text_of,
    told,
)

FOUR = [ANA, BEN, KIM, GIL]
FIVE = [f"U0F{number}" for number in range(5)]
SIX = [f"U0S{number}" for number in range(6)]
C_FOUR, C_FIVE, C_SIX = "C0FOUR", "C0FIVE", "C0SIX"
QUESTION = "The move went well for me."
ENDS = at("08 16:00")


@pytest.fixture
def teams(slack: FakeSlack) -> FakeSlack:
    """Two channels whose people are teams, before the bot learns who is here."""
    for person in FIVE:
        slack.workspace.add_person(id=person, name=person.lower())
    slack.workspace.add_channel(C_FOUR, "four", members=FOUR, bot=False)
    slack.workspace.add_channel(C_FIVE, "five", members=FIVE, bot=False)
    return slack


@pytest.fixture
def three_teams(teams: FakeSlack) -> FakeSlack:
    """Beside them six more."""
    for person in SIX:
        teams.workspace.add_person(id=person, name=person.lower())
    teams.workspace.add_channel(C_SIX, "six", members=SIX, bot=False)
    return teams


def cards(slack: FakeSlack, who: str) -> list[Doc]:
    return [message for message in slack.dm(who) if buttons(message)]


async def ask_all(slack: FakeSlack, bot: Bot, people: Sequence[str]) -> int:
    """Have everybody asked and answer, two of three agreeing; return the id of the team of four."""
    four = await name(slack, bot, name="Four", channel=C_FOUR, leads=[BEN])
    await name(slack, bot, name="Five", channel=C_FIVE, leads=[FIVE[0]])
    if SIX[0] in people:
        await name(slack, bot, name="Six", channel=C_SIX, leads=[SIX[0]])
    assert (await slack.command(ANA, GENERAL, f"/pulse ask {QUESTION}")).ok
    for place, who in enumerate(people):
        card = (await soon(slack, partial(cards, slack, who)))[0]
        where = {"channel": slack.workspace.dm_id(who), "ts": card["ts"]}
        point = 2 if place % 3 == 0 else 4
        assert (await slack.click(who, action_id=f"pulse_answer_{point}", **where)).ok
    return four.id


async def seen(slack: FakeSlack, who: str) -> str:
    """What /pulse results shows somebody."""
    assert (await slack.command(who, GENERAL, "/pulse results")).ok
    return told(slack, who)


def to_lead(slack: FakeSlack, who: str, team: str) -> list[str]:
    found = map(text_of, slack.dm(who))
    return [each for each in found if each.startswith(f"{team}, Question 1")]


def withheld(team: str, *, fewest: str = "five") -> str:
    return (
        f"{team}, Question 1: too few to say.\n"
        f"A team is shown where at least {fewest} answered, and where nothing about fewer people "
        "could be worked out from it and the whole."
    )


async def closed(slack: FakeSlack, bot: Bot, *, four: int) -> str:
    """Let it close; see that nothing is kept of the team of four, and return the post."""
    await go(slack, at("08 12:00"))  # with a channel before, the week's round would open too
    assert (await settle(slack, updates_channel=LOUNGE)).closed
    await go(slack, ENDS)
    await soon(slack, lambda: results(slack) and to_lead(slack, BEN, "Four"))
    (post,) = results(slack)
    assert "Four" not in post
    assert "Five" not in post
    (one,) = await rounds_of(bot)
    assert str(four) not in json.dumps(one.result)
    assert to_lead(slack, BEN, "Four") == [withheld("Four")]
    for who in (BEN, ANA):
        assert (await seen(slack, who)).endswith(withheld("Four"))
    return post


async def test_four_beside_five_withhold_the_five_as_well(teams: FakeSlack, mission: Bot) -> None:
    """The whole of nine is shown: without the five it would be the four."""
    four = await ask_all(teams, mission, [*FOUR, *FIVE])
    post = await closed(teams, mission, four=four)
    assert "9 of 9 answered" in post
    assert "67 % agree" in post
    await soon(teams, lambda: to_lead(teams, FIVE[0], "Five"))
    assert to_lead(teams, FIVE[0], "Five") == [withheld("Five")]
    assert (await seen(teams, FIVE[1])).endswith(withheld("Five"))


async def test_beside_a_third_team_the_smallest_two_are_one_and_who_moves_counts_where_they_were(
    three_teams: FakeSlack, mission: Bot
) -> None:
    slack = three_teams
    four = await ask_all(slack, mission, [*FOUR, *FIVE, *SIX])
    slack.workspace.enter(C_FOUR, SIX[1])
    await report_in(slack, mission, "Four", *FOUR, SIX[1])
    post = await closed(slack, mission, four=four)
    assert "15 of 15 answered" in post
    await soon(slack, lambda: to_lead(slack, FIVE[0], "Five") and to_lead(slack, SIX[0], "Six"))
    assert to_lead(slack, FIVE[0], "Five") == [withheld("Five")]
    (said,) = to_lead(slack, SIX[0], "Six")
    await mission.has_sent_everything()
    everybody = {*FOUR, *FIVE, *SIX}
    assert {who for who in everybody if to_lead(slack, who, "Six")} == {SIX[0]}
    assert "6 of 6 answered" in said
    assert f"{QUESTION} 67 % agree" in said
    assert said in await seen(slack, SIX[2])
    assert (await seen(slack, SIX[1])).endswith(withheld("Four"))


async def test_where_an_owner_wants_more_of_them_a_team_of_six_is_too_small_from_the_next_round_on(
    three_teams: FakeSlack, mission: Bot
) -> None:
    slack = three_teams
    assert (await settle(slack, fewest_answers="7")).closed
    await ask_all(slack, mission, [*FOUR, *FIVE, *SIX])
    await go(slack, at("08 12:00"))
    assert (await settle(slack, updates_channel=LOUNGE, fewest_answers="5")).closed
    await go(slack, ENDS)
    await soon(slack, lambda: results(slack) and to_lead(slack, SIX[0], "Six"))
    (post,) = results(slack)
    assert "15 of 15 answered" in post
    assert "Of fewer than seven people nothing is said" in post
    assert to_lead(slack, SIX[0], "Six") == [withheld("Six", fewest="seven")]
