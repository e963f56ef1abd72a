"""What a team is told of how its figures changed, and what not, where it is another team by now."""

import asyncio

import pytest
from sqlmodel import Session, col, select

from bot.playground.server import FakeSlack
from bot.rounds import Round
from tests.rituals.asking import AGREE, CLOSES, DISAGREE, OPENS, answer, card_of
from tests.rituals.naming_teams import A_MOMENT, name, report_in
from tests.rituals.spreading import CROWD
from tests.rituals.weekly import MISSION, WEEK
from tests.support import (
    ANA,
    BEN,
    GENERAL,
    GIL,
    KIM,
    LOUNGE,
    Bot,
    open_form,
    pass_time,
    soon,
    text_of,
    told,
)

EVERYBODY = [*CROWD, ANA, BEN, KIM, GIL]
CLINIC = "S0CLINIC"
JOINERS = [f"U0J{number}" for number in range(5)]
COUNTING_SECONDS = 60  # what judges changes has to be loaded first


@pytest.fixture
async def clinic(slack: FakeSlack, crowd: Bot) -> Bot:
    """The bot on the Tuesday on which it asks everybody, who are one team that Ben leads."""
    slack.workspace.add_usergroup(CLINIC, "clinic", "Clinic", members=EVERYBODY)
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], {"updates_channel": LOUNGE})).closed
    await name(slack, crowd, group=CLINIC, leads=[BEN])
    await pass_time(slack, OPENS - slack.now())
    await slack.until(lambda: card_of(slack, CROWD[0]))
    return crowd


async def week(slack: FakeSlack, bot: Bot, number: int, *, agree: int, of: int = 14) -> str:
    """Have so many of the crowd agree in this week's round, and return what the lead is told."""
    if number:
        before = [card_of(slack, who) for who in CROWD]
        await pass_time(slack, OPENS + number * WEEK - slack.now())
        for who, last in zip(CROWD, before, strict=True):
            await soon(slack, lambda who=who, last=last: card_of(slack, who) != last)  # type: ignore[misc]
    for place in range(of):
        await answer(slack, CROWD[place], "skip", **{MISSION: AGREE if place < agree else DISAGREE})
    told_before = len(of_lead(slack))
    await pass_time(slack, CLOSES + number * WEEK - slack.now())
    async with asyncio.timeout(COUNTING_SECONDS):
        while not (await bot.read(last_round)).result:
            await slack.jump(A_MOMENT)  # each look lets the bot go on
    return (await soon(slack, lambda: of_lead(slack)[told_before:]))[0]


def last_round(session: Session) -> Round:
    return session.exec(select(Round).order_by(col(Round.number).desc())).all()[0]


def of_lead(slack: FakeSlack) -> list[str]:
    return [text_of(each) for each in slack.dm(BEN) if each["text"].startswith("Clinic, Pulse")]


def of_mission(text: str) -> str:
    """The line about the mission."""
    (line,) = [each for each in text.splitlines() if each.startswith("This week we moved")]
    return line.partition("forward. ")[2]


async def results_for(slack: FakeSlack, who: str) -> str:
    """What /pulse results says of the person's team."""
    await slack.command(who, GENERAL, "/pulse results")
    return told(slack, who).partition("Clinic, Pulse")[2]


async def test_lead_and_members_are_told_a_clear_change(slack: FakeSlack, clinic: Bot) -> None:
    first = await week(slack, clinic, 0, agree=3)
    assert of_mission(first) == "21 % agree (8–48 %), 14 answers"
    second = await week(slack, clinic, 1, agree=11)
    line = "79 % agree (52–92 %), 14 answers; up 57 points (+20 to +77) since Pulse 1"
    assert of_mission(second) == line
    assert of_mission(await results_for(slack, CROWD[3])) == line
    assert "joined or left" not in second


async def test_an_unclear_change_is_said_with_its_range(slack: FakeSlack, clinic: Bot) -> None:
    await week(slack, clinic, 0, agree=6)
    second = await week(slack, clinic, 1, agree=7)
    assert of_mission(second).endswith("; no clear change since Pulse 1 (−27 to +39 points)")


async def test_where_somebody_left_no_change_is_said(slack: FakeSlack, clinic: Bot) -> None:
    await week(slack, clinic, 0, agree=3)
    slack.workspace.edit_person(KIM, deleted=True)
    await slack.events.settled()
    second = await week(slack, clinic, 1, agree=11)
    assert of_mission(second).endswith("14 answers; the team has changed since Pulse 1")
    assert "Where one to four people joined or left it since, no change is said" in second


async def test_where_five_joined_it_is_compared_again(slack: FakeSlack, clinic: Bot) -> None:
    await week(slack, clinic, 0, agree=3)
    for who in JOINERS:
        slack.workspace.join(who, name=who.lower())
    await slack.events.settled()
    slack.workspace.edit_usergroup(CLINIC, members=[*EVERYBODY, *JOINERS])
    await report_in(slack, clinic, "Clinic", *EVERYBODY, *JOINERS)
    second = await week(slack, clinic, 1, agree=11)
    assert "; up 57 points" in of_mission(second)


async def test_nothing_is_kept_of_a_team_that_is_not_shown(slack: FakeSlack, clinic: Bot) -> None:
    await week(slack, clinic, 0, agree=6)
    second = await week(slack, clinic, 1, agree=2, of=4)
    assert "too few to say" in second

    result = (await clinic.read(last_round)).result or {}
    assert result["team_changes"] == {}
    assert result["changes"] == {}
