"""An organisation of every kind of person, whose pulse was counted once and is open again."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from bot import agenda, homes, roster, settings
from bot.teams import ReportingLead, ReportingTeam
from schedules import ALL
from tests.pulse import poll
from tests.pulse.poll import BLUE, INVITED, OPENS, RED, opened, user
from tests.support import GENERAL, KUDOS, LOUNGE

NOW = OPENS + timedelta(days=7)  # the Tuesday on which the second round opens
OWNER, ANN, BOB, CARL, DORA = INVITED[:5]
LEAD, LEAVER = INVITED[12], INVITED[5]  # who leads the red team, and who leaves when a play says so
GUEST = "U200"
GONE = "U201"  # left before anything happened
OUTSIDE = "U202"  # of another organisation, and in the channel for recognitions
MOVER = INVITED[6]  # who goes to another organisation, and comes back, when a play says so
PEOPLE = (OWNER, ANN, BOB, CARL, DORA, LEAD, LEAVER, GUEST, MOVER, OUTSIDE)
CHANNELS = (KUDOS, GENERAL, LOUNGE)  # in which everybody is, but who is of another organisation
SHARED = (KUDOS,)
NAMES = {BLUE: "zqblueteam", RED: "zqredteam"}


async def prepare(path: Path, migrated: Path) -> None:
    """Make the organisation's database, in one file."""
    shutil.copyfile(migrated, path)
    await prepare_at(f"sqlite:///{path}")


async def prepare_at(url: str) -> None:
    """Make it in a database that every migration was applied to."""
    await poll.prepare(url)
    async with opened(url) as playing:
        await playing.write(_name_teams)
        await playing.begin()
        for number, who in enumerate(INVITED):
            await playing.answer_all([who], 2 + number % 4)
            if number < 9:
                await playing.comment(who, f"Comment {number} of the first round")
        await playing.close()
        await playing.at(NOW)
        await playing.write(_settle)


def _name_teams(session: Session) -> None:
    for team in session.exec(select(ReportingTeam)):
        team.name = NAMES[team.id]
        session.add(team)
    session.add(ReportingLead(reporting_team_id=RED, person=LEAD, position=0))


def _settle(session: Session) -> None:
    guest = user(GUEST) | {"is_restricted": True}
    roster.remember(session, [guest, user(GONE, gone=True), elsewhere(OUTSIDE)])
    chosen = {"recognition_channel": KUDOS, "stories_channel": GENERAL, "decisions_channel": LOUNGE}
    settings.change(session, **chosen, allowance=100)
    for who in {*PEOPLE, GONE} - {OUTSIDE}:
        homes.opened(session, who, now=NOW)
    agenda.keep(session, ALL, now=NOW)


def elsewhere(who: str) -> dict[str, Any]:
    """What Slack says of somebody of another organisation."""
    return user(who) | {"team_id": "T0OTHER"}
