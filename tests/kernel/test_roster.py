"""Who is here: learned page by page, kept by events, and never guessed."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import Session

from bot import applause, roster, settings
from bot.errors import UserError
from bot.playground.people import SLACKBOT
from bot.rituals.recognition import Recognition
from bot.roster import Person
from schedules import roster as learning
from tests.kernel.office import Office
from tests.support import ANA, BEN, DAN, EVE, GIL, KIM, PIA, ROBY, TEAM, Bot


async def known(office: Office | Bot, slack_id: str) -> Person:
    def query(session: Session) -> Person | None:
        return roster.person(session, slack_id)

    found = await office.database.read(TEAM, query)
    assert found is not None
    return found


async def test_everybody_is_learned_page_by_page(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "PAGE", 3)
    office.slack.workspace.add_person(id="U0LATE", name="late")
    await learning.learn(office.deps, team=TEAM)
    everybody = office.slack.workspace.people()
    assert office.calls("users.list") == -(-len(everybody) // 3)
    for user in everybody:
        assert (await known(office, user["id"])).slack_id == user["id"]


async def test_too_many_requests_are_waited_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "PATIENCE", 0)
    office.slack.fault("users.list", "429", times=2, retry_after=0)
    office.slack.fault("users.list", "500")
    await learning.learn(office.deps, team=TEAM)
    assert office.calls("users.list") == 1


async def test_the_owners_are_asked_for_a_mission_once(office: Office) -> None:
    await learning.learn(office.deps, team=TEAM)
    await learning.learn(office.deps, team=TEAM)
    await office.send_for(3)
    assert office.told(ANA) == ["The mission is not set up yet."]
    assert office.told(BEN) == []


@pytest.mark.parametrize("member", [ANA, BEN, KIM, GIL])
async def test_members_and_guests_can_be_named(office: Office, member: str) -> None:
    assert (await known(office, member)).why_not_nameable() is None


@pytest.mark.parametrize(
    ("slack_id", "why"),
    [
        (DAN, "deactivated"),
        (PIA, "has not joined yet"),
        (EVE, "another organisation"),
        (ROBY, "is a bot"),
        (SLACKBOT, "is a bot"),
    ],
)
async def test_whoever_cannot_be_named_is_told_why(office: Office, slack_id: str, why: str) -> None:
    assert why in str((await known(office, slack_id)).why_not_nameable())


async def test_somebody_of_another_team_is_external_whatever_the_flag_says(office: Office) -> None:
    stranger = {"id": "U0FAR", "name": "far", "team_id": "T0FAR"}
    await office.write(lambda session: roster.remember(session, [stranger]))
    assert (await known(office, "U0FAR")).is_external


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"team_id": None},
        {"team_id": TEAM},
        {"team_id": "E0ORG", "enterprise_user": {"teams": ["T0FAR", TEAM]}},
        {"team_id": TEAM, "enterprise_user": {"teams": None}},
    ],
)
def test_somebody_of_our_team_or_of_one_beside_it_is_ours(more: dict[str, Any]) -> None:
    assert not roster.from_slack({"id": "U1", **more}, team=TEAM)["is_external"]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "America", "/etc", "../up", ""])
async def test_a_zone_that_nobody_knows_is_the_teams(office: Office, zone: str) -> None:
    ben = {"id": BEN, "name": "ben", "tz": zone}

    def work(session: Session) -> ZoneInfo:
        roster.remember(session, [ben])
        settings.change(session, timezone="Asia/Tokyo")
        return roster.zone_of(session, BEN)

    assert await office.write(work) == ZoneInfo("Asia/Tokyo")


async def test_a_persons_own_zone_goes_first(office: Office) -> None:
    assert (await known(office, KIM)).zone == ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("user", "name"),
    [
        ({"id": "U1", "profile": {"display_name": "Disp", "real_name": "Real"}}, "Disp"),
        ({"id": "U1", "profile": {"display_name": "", "real_name": "Real"}}, "Real"),
        ({"id": "U1", "real_name": "Real", "name": "handle"}, "Real"),
        ({"id": "U1", "name": "handle"}, "handle"),
        ({"id": "U1"}, "U1"),
        ({"id": "U1", "name": "x" * 300}, "x" * 255),
    ],
)
def test_a_person_has_the_name_that_people_see(user: dict[str, Any], name: str) -> None:
    assert roster.from_slack(user, team=TEAM)["name"] == name


async def test_owners_are_admins_and_whom_the_settings_name_while_they_are_here(
    office: Office,
) -> None:
    def work(session: Session) -> list[str]:
        settings.change(session, owners=[BEN, DAN, GIL, EVE])
        return sorted(owner.slack_id for owner in roster.owners(session))

    assert await office.write(work) == [ANA, BEN]


@pytest.mark.parametrize(
    ("person", "owner"),
    [(ANA, True), (BEN, True), (KIM, False), *((who, False) for who in (DAN, GIL, EVE, "U0NO"))],
)
async def test_who_is_an_owner(office: Office, person: str, owner: bool) -> None:
    def work(session: Session) -> bool:
        settings.change(session, owners=[BEN, DAN, GIL, EVE])
        return roster.is_owner(session, person)

    assert await office.write(work) is owner


def given(now: datetime) -> Recognition:
    return Recognition(author=BEN, value_id=1, message="helped the clinic", created_at=now)


@pytest.mark.parametrize(("learned", "said"), [(False, "still learning"), (True, "Only")])
async def test_who_is_unknown_is_sent_away_only_once_everybody_is_learned(
    office: Office, learned: bool, said: str
) -> None:
    def refusals(session: Session) -> list[str]:
        now = office.hand.now()
        settings.change(session, roster_loaded_at=now if learned else None)
        with pytest.raises(UserError) as owner:
            roster.must_be_owner(session, "U0NEW")
        with pytest.raises(UserError) as applauding:
            applause.toggle(session, given(now), person="U0NEW", now=now)
        return [owner.value.message, applauding.value.message]

    assert [said in refusal for refusal in await office.write(refusals)] == [True, True]


async def test_somebody_who_leaves_is_known_to_have_left(bot: Bot) -> None:
    bot.slack.workspace.edit_person(KIM, deleted=True)
    await bot.slack.events.settled()
    assert (await known(bot, KIM)).has_left


async def test_somebody_new_is_known(bot: Bot) -> None:
    bot.slack.workspace.join("U0NEW", name="newcomer")
    await bot.slack.events.settled()
    assert (await known(bot, "U0NEW")).name == "newcomer"
