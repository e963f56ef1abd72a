"""Who has read the mission counts once, and only how many is shown."""

import pytest
from sqlmodel import Session, select

from bot.acknowledgement import Acknowledgement
from bot.blocks import acknowledgement as blocks
from bot.charter import CharterVersion
from bot.playground.server import FakeSlack
from bot.reach import reach
from bot.roster import ONLY_OURS
from tests.rituals.spreading import CROWD
from tests.rituals.test_mission import set_up
from tests.support import (
    ANA,
    BEN,
    EVE,
    GENERAL,
    KIM,
    KUDOS,
    STATEMENT,
    T0,
    TEAM,
    Bot,
    Doc,
    soon,
    text_of,
    told,
)


def read(session: Session) -> list[str]:
    return list(session.exec(select(Acknowledgement.person)))


def post(slack: FakeSlack) -> Doc:
    """The latest post of a version."""
    about = [each for each in slack.messages(KUDOS) if "our mission" in text_of(each)]
    return about[-1]


async def press(slack: FakeSlack, who: str, message: Doc | None = None) -> str:
    """Say "I have read it" as somebody, and return what they were told."""
    ts = (message or post(slack))["ts"]
    outcome = await slack.click(who, channel=KUDOS, ts=ts, action_id="acknowledge")
    assert outcome.ok
    return told(slack, who)


async def test_a_second_press_says_that_it_counts_once(slack: FakeSlack, mission: Bot) -> None:
    assert "Thank you for reading version 1." in await press(slack, BEN)
    assert "You said before that you have read version 1." in await press(slack, BEN)
    assert await mission.read(read) == [BEN]


async def test_of_few_no_number_is_said(slack: FakeSlack, mission: Bot) -> None:
    assert "have read v" not in text_of(post(slack))
    await press(slack, BEN)
    await soon(slack, lambda: "Some of 4 have read v1" in text_of(post(slack)))


async def test_the_post_shows_how_many_of_how_many(slack: FakeSlack, crowd: Bot) -> None:
    for who in CROWD:
        slack.workspace.channels[KUDOS]["members"].append(who)
    for who in CROWD[:4]:
        await press(slack, who)
    await soon(slack, lambda: "Fewer than five of 18 have read v1" in text_of(post(slack)))
    await press(slack, CROWD[4])
    await soon(slack, lambda: "5 of 18 have read v1" in text_of(post(slack)))
    slack.workspace.edit_person(CROWD[0], deleted=True)
    await slack.events.settled()
    await press(slack, CROWD[5])
    await soon(slack, lambda: "5 of 17 have read v1" in text_of(post(slack)))
    await slack.command(ANA, GENERAL, "/mission")
    assert "5 of 17 have read v1" in told(slack, ANA)
    await slack.command(BEN, GENERAL, "/mission")
    assert "have read v" not in told(slack, BEN)


async def test_a_new_version_begins_anew_and_the_earlier_one_counts_no_more(
    slack: FakeSlack, mission: Bot
) -> None:
    first = post(slack)
    await press(slack, BEN)
    assert (await set_up(slack, statement="We help every clinic to book.", why="All")).closed
    await soon(slack, lambda: "version 2" in text_of(post(slack)))
    assert "have read v" not in text_of(post(slack))
    assert "version 2 is in force, so this was not counted" in await press(slack, KIM, first)
    assert await mission.read(read) == [BEN]
    assert "Thank you for reading version 2." in await press(slack, KIM)


async def test_people_of_another_organisation_are_not_counted(
    slack: FakeSlack, mission: Bot
) -> None:
    assert ONLY_OURS in await press(slack, EVE)
    assert await mission.read(read) == []


@pytest.mark.parametrize(
    ("count", "of", "said"),
    [
        (1, 48, "Fewer than five of 48 have read v3"),
        (4, 48, "Fewer than five of 48 have read v3"),
        (5, 48, "5 of 48 have read v3"),
        (41, 48, "41 of 48 have read v3"),
        (43, 48, "43 of 48 have read v3"),
        (44, 48, "All but fewer than five of 48 have read v3"),
        (47, 48, "All but fewer than five of 48 have read v3"),
        (48, 48, "All 48 have read v3"),
        (1200, 1300, "1,200 of 1,300 have read v3"),
        (2, 5, "Some of 5 have read v3"),
    ],
)
def test_the_line_points_at_nobody(count: int, of: int, said: str) -> None:
    version = CharterVersion(
        id=1, team_id=TEAM, number=3, statement=STATEMENT, author=ANA, created_at=T0
    )
    assert blocks.line(reach(count, of=of), version) == said
