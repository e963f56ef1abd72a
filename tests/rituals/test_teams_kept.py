"""Who is in a team: kept by events, read as a whole at the start and once a day, never guessed."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from bot import membership
from bot import teams as reporting_teams
from bot.playground.server import FakeSlack
from bot.rituals import teams as ritual
from tests.rituals.naming_teams import (
    LIZ,
    MAX,
    NIGHT,
    NURSES,
    SUPPORT,
    TOM,
    ZOE,
    all_teams,
    are_read,
    listed,
    name,
    report_in,
    reports,
)
from tests.rituals.naming_teams import places as places
from tests.support import ANA, BEN, EVE, GIL, KIM, PIA, PRIVATE, ROBY, Bot, serving

A_DAY = timedelta(days=1, minutes=1)


async def quietly(slack: FakeSlack, channel: str, *people: str) -> None:
    """Have other people in a channel, without an event that tells of it."""
    known = slack.workspace.channels[channel]
    slack.workspace.channels[channel] = {**known, "members": list(people)}


async def test_who_comes_into_a_channel_or_goes_comes_and_goes(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, channel=SUPPORT)
    places.workspace.enter(SUPPORT, TOM)
    places.workspace.leave(SUPPORT, MAX)
    await report_in(places, bot, "support", BEN, KIM, GIL, LIZ, ZOE, TOM)
    places.workspace.leave(SUPPORT, TOM)
    places.workspace.enter(SUPPORT, MAX)
    await report_in(places, bot, "support", BEN, KIM, GIL, LIZ, ZOE, MAX)


async def test_a_group_that_changes_changes_its_team(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, group=NURSES)
    places.workspace.edit_usergroup(NURSES, members=[KIM, TOM], handle="sisters")
    await report_in(places, bot, "All nurses", KIM, TOM)
    assert "All nurses is made of @sisters, 2 people." in await listed(places)


@pytest.mark.parametrize("deaf_to", ["subteam_updated", "subteam_members_changed"])
async def test_either_event_of_a_group_is_enough(places: FakeSlack, bot: Bot, deaf_to: str) -> None:
    await name(places, bot, group=NURSES)
    places.installation.events.remove(deaf_to)
    places.workspace.edit_usergroup(NURSES, members=[KIM, TOM])
    await report_in(places, bot, "All nurses", KIM, TOM)


async def test_who_leaves_slack_reports_nowhere_until_they_are_back(
    places: FakeSlack, bot: Bot
) -> None:
    await name(places, bot, group=NIGHT)
    places.workspace.edit_person(TOM, deleted=True)
    await report_in(places, bot, "Night shift", ZOE)
    places.workspace.edit_person(TOM, deleted=False)
    await report_in(places, bot, "Night shift", ZOE, TOM)


@pytest.mark.parametrize("stranger", [ROBY, EVE, PIA, "U0UNKNOWN"])
async def test_who_is_not_one_of_ours_is_in_no_team(
    places: FakeSlack, bot: Bot, stranger: str
) -> None:
    await name(places, bot, group=NIGHT)
    places.workspace.edit_usergroup(NIGHT, members=[stranger, GIL])
    await report_in(places, bot, "Night shift", GIL)


async def test_somebody_new_is_in_a_team_once_slack_told_who_they_are(
    places: FakeSlack, bot: Bot
) -> None:
    await name(places, bot, group=NIGHT)
    places.workspace.edit_usergroup(NIGHT, members=["U0NEW"])
    await report_in(places, bot, "Night shift")
    places.workspace.join("U0NEW", name="new")
    await report_in(places, bot, "Night shift", "U0NEW")


async def test_what_no_event_told_is_found_the_next_day(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, channel=SUPPORT)
    await quietly(places, SUPPORT, TOM, KIM, places.workspace.bot_user_id)
    await places.jump(timedelta(hours=1))
    assert len(await reports(bot)) == 6
    await places.jump(A_DAY)
    await report_in(places, bot, "support", TOM, KIM)


async def test_what_happened_while_the_bot_was_away_is_found_at_the_start(
    places: FakeSlack, bot: Bot
) -> None:
    await name(places, bot, channel=SUPPORT)
    await quietly(places, SUPPORT, TOM, places.workspace.bot_user_id)
    async with serving(bot.settings, places):
        await report_in(places, bot, "support", TOM)


async def test_a_large_channel_is_read_page_by_page(
    places: FakeSlack, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sources.PAGE", 2)
    await name(places, bot, channel=SUPPORT)
    await report_in(places, bot, "support", BEN, KIM, GIL, MAX, LIZ, ZOE)


async def test_slack_not_answering_is_waited_for(
    places: FakeSlack, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    await name(places, bot, channel=SUPPORT)
    await name(places, bot, group=NIGHT)
    await quietly(places, SUPPORT, TOM, places.workspace.bot_user_id)
    places.fault("conversations.members", "429", times=1, retry_after=0)
    places.fault("conversations.info", "500", times=1)
    places.fault("usergroups.list", "500", times=2)
    bot.may_be_refused("ratelimited")
    await places.jump(A_DAY)
    await report_in(places, bot, "support", TOM)
    await are_read(places, bot)
    assert [team.trouble for team in await all_teams(bot)] == [None, None]


async def test_an_archived_channel_keeps_its_people_and_says_so(
    places: FakeSlack, bot: Bot
) -> None:
    await name(places, bot, channel=SUPPORT)
    places.workspace.archive(SUPPORT)
    await places.events.settled()
    await are_read(places, bot)
    shown = await listed(places)
    assert "This channel is archived" in shown
    assert "Its people stay as I last heard of them." in shown
    assert len(await reports(bot)) == 6
    places.workspace.unarchive(SUPPORT)
    await places.events.settled()
    await are_read(places, bot)
    assert "archived" not in await listed(places)


async def test_a_private_channel_that_the_bot_is_put_out_of_says_so_until_it_is_back(
    places: FakeSlack, bot: Bot
) -> None:
    bot.may_be_refused("channel_not_found")
    places.workspace.invite_bot(PRIVATE)
    await name(places, bot, channel=PRIVATE)
    places.workspace.kick_bot(PRIVATE)
    await places.events.settled()
    await are_read(places, bot)
    assert "I cannot see this channel." in await listed(places)
    assert set(await reports(bot)) == {ANA, BEN}
    await quietly(places, PRIVATE, KIM)
    places.workspace.invite_bot(PRIVATE)
    await report_in(places, bot, "private", KIM)
    assert "I cannot see" not in await listed(places)


async def test_a_group_that_is_switched_off_keeps_its_people_until_it_is_on_again(
    places: FakeSlack, bot: Bot
) -> None:
    await name(places, bot, group=NIGHT)
    places.workspace.edit_usergroup(NIGHT, disabled=True)
    await places.events.settled()
    await are_read(places, bot)
    assert "it may be switched off. Its people stay as I last heard" in await listed(places)
    assert set(await reports(bot)) == {TOM, ZOE}
    places.workspace.edit_usergroup(NIGHT, disabled=False, members=[KIM])
    await places.events.settled()
    await report_in(places, bot, "Night shift", KIM)
    await are_read(places, bot)
    assert "switched off" not in await listed(places)


async def test_older_news_of_a_group_changes_nothing(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, group=NIGHT)
    places.workspace.edit_usergroup(NIGHT, members=[KIM], handle="nights")
    await report_in(places, bot, "Night shift", KIM)
    earlier = places.now() - timedelta(hours=1)

    def hear(session: Session) -> None:
        membership.whole(session, NIGHT, "@old", [TOM], at=earlier)

    await bot.write(hear)
    assert "made of @nights, 1 person." in await listed(places)
    assert set(await reports(bot)) == {KIM}


async def test_a_group_whose_people_are_not_told_is_read_anew(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, group=NIGHT)
    places.workspace.usergroups[NIGHT]["users"] = [KIM]
    later = places.now() + timedelta(seconds=1)
    await bot.write(lambda s: membership.whole(s, NIGHT, "@night-shift", None, at=later))
    await report_in(places, bot, "Night shift", KIM)


async def test_a_scope_that_was_taken_away_is_said_the_next_day(
    places: FakeSlack, bot: Bot
) -> None:
    bot.may_be_refused("missing_scope")
    await name(places, bot, group=NIGHT)
    places.installation.scopes.remove("usergroups:read")
    await places.jump(A_DAY)
    await are_read(places, bot)
    assert "lacks the scope usergroups:read" in await listed(places)
    assert set(await reports(bot)) == {TOM, ZOE}


async def test_an_event_that_is_delivered_again_later_changes_nothing(
    places: FakeSlack, bot: Bot
) -> None:
    await name(places, bot, channel=SUPPORT)
    places.workspace.leave(SUPPORT, MAX)
    await report_in(places, bot, "support", BEN, KIM, GIL, LIZ, ZOE)
    places.installation.events.remove("member_joined_channel")
    places.workspace.enter(SUPPORT, MAX)  # nobody tells of it
    await places.jump(A_DAY)
    await report_in(places, bot, "support", BEN, KIM, GIL, LIZ, ZOE, MAX)
    await places.redeliver("events_api")
    await places.events.settled()
    assert MAX in await reports(bot)


async def test_who_was_gone_when_all_were_read_is_not_brought_back_by_older_news(
    places: FakeSlack, bot: Bot
) -> None:
    await name(places, bot, channel=SUPPORT)
    await report_in(places, bot, "support", BEN, KIM, GIL, LIZ, ZOE, MAX)
    earlier = places.now() - timedelta(hours=1)
    await bot.write(lambda s: membership.hear(s, SUPPORT, at=earlier, came=[TOM]))
    assert TOM not in await reports(bot)


async def test_news_in_the_wrong_order_count_by_slacks_own_time(
    places: FakeSlack, bot: Bot
) -> None:
    await name(places, bot, channel=SUPPORT)
    await report_in(places, bot, "support", BEN, KIM, GIL, LIZ, ZOE, MAX)
    first, second = (places.now() + timedelta(minutes=passed) for passed in (1, 2))
    await bot.write(lambda s: membership.hear(s, SUPPORT, at=second, went=[MAX], came=[TOM]))
    await bot.write(lambda s: membership.hear(s, SUPPORT, at=first, came=[MAX], went=[TOM]))
    assert set(await reports(bot)) == {BEN, KIM, GIL, LIZ, ZOE, TOM}


async def test_what_happened_while_all_were_read_outlives_the_reading(
    places: FakeSlack, bot: Bot
) -> None:
    await name(places, bot, channel=SUPPORT)
    await report_in(places, bot, "support", BEN, KIM, GIL, LIZ, ZOE, MAX)
    began, meanwhile = (places.now() + timedelta(minutes=passed) for passed in (2, 3))
    await bot.write(lambda s: membership.hear(s, SUPPORT, at=meanwhile, went=[MAX], came=[TOM]))

    def read(session: Session) -> None:
        (team,) = reporting_teams.in_order(session)
        membership.read(session, team, [BEN, KIM, GIL, LIZ, ZOE, MAX], began=began)

    await bot.write(read)
    assert set(await reports(bot)) == {BEN, KIM, GIL, LIZ, ZOE, TOM}


async def test_a_channel_that_is_no_teams_is_not_looked_into(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, group=NIGHT)
    places.workspace.invite_bot(SUPPORT)
    places.workspace.leave(SUPPORT, MAX)
    places.workspace.archive(SUPPORT)
    await places.events.settled()
    called = [call["args"].get("channel") for call in places.calls]
    assert SUPPORT not in called


async def test_leads_and_led_are_known_to_whoever_asks(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, group=NURSES, leads=[BEN, KIM])
    await name(places, bot, channel=SUPPORT, leads=[BEN])

    def query(session: Session) -> dict[str, object]:
        led = reporting_teams.teams_led_by(session, person=BEN)
        nobody = reporting_teams.teams_led_by(session, person=MAX)
        return {
            "led": [team.name for team in led],
            "nobody": [team.name for team in nobody],
            "of Max": reporting_teams.leads_of(session, person=MAX),
            "of Kim": reporting_teams.leads_of(session, person=KIM),
            "of Tom": reporting_teams.leads_of(session, person=TOM),
        }

    assert await bot.read(query) == {
        "led": ["All nurses", "support"],
        "nobody": [],
        "of Max": [BEN, KIM],
        "of Kim": [BEN],
        "of Tom": [],
    }
    places.workspace.edit_person(BEN, deleted=True)
    await places.events.settled()
    found = await bot.read(query)
    assert (found["led"], found["of Max"]) == ([], [KIM])


async def test_a_removed_team_keeps_its_name_for_what_was_shown(
    places: FakeSlack, bot: Bot
) -> None:
    team = await name(places, bot, group=NIGHT)

    def query(session: Session) -> tuple[dict[int, str], object]:
        return reporting_teams.names(session, [team.id]), reporting_teams.find(session, team.id)

    def take_away(session: Session) -> None:
        ritual.remove(session, by=ANA, team=team.id, now=places.now())

    await bot.write(take_away)
    assert await bot.read(query) == ({team.id: "Night shift"}, None)
