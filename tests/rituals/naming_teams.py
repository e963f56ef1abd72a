"""What the tests of teams share: people, channels and groups, and the ways to name teams."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot import teams as reporting_teams
from bot.playground.server import FakeSlack
from bot.teams import ReportingTeam
from tests.support import (
    ANA,
    BEN,
    DAN,
    EVE,
    GENERAL,
    GIL,
    KIM,
    ROBY,
    Bot,
    Doc,
    text_of,
    told,
)

MAX, LIZ, ZOE, TOM = "U0MAX", "U0LIZ", "U0ZOE", "U0TOM"
PATIENCE = 5  # seconds
A_MOMENT = timedelta(seconds=0.1)
SUPPORT, EMPTY = "C0SUPPORT", "C0EMPTY"
NURSES, NIGHT, OLD, NOBODY = "S0NURSES", "S0NIGHT", "S0OLD", "S0NOBODY"


@pytest.fixture
def places(slack: FakeSlack) -> FakeSlack:
    """Channels and groups of every sort, before the bot learns who is here."""
    for person in (MAX, LIZ, ZOE, TOM):
        slack.workspace.add_person(id=person, name=person[2:].lower())
    inside = [BEN, KIM, GIL, MAX, LIZ, ZOE, DAN, ROBY, EVE]
    slack.workspace.add_channel(SUPPORT, "support", members=inside, bot=False)
    slack.workspace.add_channel(EMPTY, "empty", members=[DAN, ROBY], bot=False)
    add_group = slack.workspace.add_usergroup
    add_group(NURSES, "nurses", "All nurses", members=[KIM, ANA, MAX, LIZ, DAN])
    add_group(NIGHT, "night-shift", "Night shift", members=[TOM, ZOE])
    add_group(OLD, "old", "Switched off", members=[KIM], disabled=True)
    add_group(NOBODY, "alumni", "Who was here", members=[DAN])
    return slack


async def listed(slack: FakeSlack, who: str = ANA) -> str:
    """Ask for the teams, and return the answer as it reads."""
    outcome = await slack.command(who, GENERAL, "/mission teams")
    assert outcome.ok, outcome.error
    return told(slack, who)


async def press(slack: FakeSlack, action_id: str, *, who: str = ANA, team: int = 0) -> Doc:
    """Press a button of the newest list, and return the form that it opens."""
    there = slack.ephemerals(who)[-1]
    at = {"channel": GENERAL, "ts": there["ts"], "action_id": action_id}
    outcome = await slack.click(who, **at, value=str(team) if team else None)
    assert outcome.ok, outcome.error
    assert slack.views(who), slack.picture()
    return slack.views(who)[-1]


async def add(slack: FakeSlack, *, force: bool = False, **values: Any) -> Any:
    """Add a team as Ana, led by Ben where nobody is named, and return what came of the form."""
    await listed(slack)
    form = await press(slack, "open_teams_add")
    filled = {"leads": [BEN], **values}
    return await slack.submit(ANA, form["id"], filled, force=force)


async def name(slack: FakeSlack, bot: Bot, **values: Any) -> ReportingTeam:
    """Add a team, close what is said then, and return it once its people are read."""
    outcome = await add(slack, **values)
    assert outcome.result == "updated", outcome
    await slack.close_view(ANA, slack.views(ANA)[-1]["id"])
    await are_read(slack, bot)
    return (await all_teams(bot))[-1]


async def are_read(slack: FakeSlack, bot: Bot) -> None:
    """Wait until no team is left to be read."""
    async with asyncio.timeout(PATIENCE):
        while any(team.is_unread for team in await all_teams(bot)):
            await slack.jump(A_MOMENT)  # who follows the clock looks again


async def all_teams(bot: Bot) -> list[ReportingTeam]:
    """The teams there are, in their order."""
    return list(await bot.read(reporting_teams.in_order))


async def reports(bot: Bot) -> dict[str, str]:
    """In which team each person reports, by the team's name."""

    def query(session: Session) -> dict[str, str]:
        names = {team.id: team.name for team in session.exec(select(ReportingTeam))}
        return {who: names[team] for who, team in reporting_teams.reporting(session).items()}

    return await bot.read(query)


async def report_in(slack: FakeSlack, bot: Bot, team: str, *people: str) -> None:
    """Wait until exactly these people report in the team."""

    async def there() -> set[str]:
        return {who for who, name in (await reports(bot)).items() if name == team}

    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            while await there() != set(people):
                await slack.jump(A_MOMENT)
    assert await there() == set(people)


async def is_owner(slack: FakeSlack, who: str, *, owner: bool = True) -> None:
    """Make somebody an owner or not, by what Slack says of them."""
    slack.workspace.edit_person(who, is_admin=owner, is_owner=owner)
    await slack.events.settled()


def notice(slack: FakeSlack, who: str = ANA) -> str:
    """What stands in the top form."""
    return text_of(slack.views(who)[-1])
