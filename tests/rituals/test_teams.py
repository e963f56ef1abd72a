"""Teams as owners name them: of channels and of user groups, with leads and an order."""

import pytest

from bot.playground.server import FakeSlack
from tests.rituals.naming_teams import (
    EMPTY,
    LIZ,
    MAX,
    NIGHT,
    NOBODY,
    NURSES,
    SUPPORT,
    TOM,
    ZOE,
    add,
    all_teams,
    are_read,
    is_owner,
    listed,
    name,
    notice,
    press,
    report_in,
    reports,
)
from tests.rituals.naming_teams import places as places
from tests.support import (
    ANA,
    ARCHIVE,
    BEN,
    DAN,
    EVE,
    GENERAL,
    GIL,
    KIM,
    PIA,
    PRIVATE,
    ROBY,
    Bot,
    Doc,
    told,
)

ORDER = "Who is in several reports in the first of theirs, unless an owner chose another for them."


async def test_the_people_of_a_channel_become_a_team(places: FakeSlack, bot: Bot) -> None:
    outcome = await add(places, channel=SUPPORT, name="Clinic support")
    assert outcome.result == "updated"
    assert notice(places) == "Clinic support is made of #support, 6 people. It is led by @ben."
    assert await listed(places) == (
        f"1 team\n{ORDER}\n"
        "1. Clinic support is made of #support, 6 people. It is led by @ben.\n"
        "Change\nRemove\nAdd a team"
    )
    await report_in(places, bot, "Clinic support", BEN, KIM, GIL, MAX, LIZ, ZOE)


async def test_the_people_of_a_user_group_become_a_team_named_like_it(
    places: FakeSlack, bot: Bot
) -> None:
    await add(places, group=NURSES, leads=[ANA, BEN])
    assert "All nurses is made of @nurses, 4 people. It is led by @ana and @ben." in notice(places)
    assert "Nothing is ever shown of fewer than five people alone" in notice(places)
    assert places.workspace.pings == []
    await report_in(places, bot, "All nurses", KIM, ANA, MAX, LIZ)


async def test_a_list_says_to_a_screen_reader_what_it_shows(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, group=NURSES)
    await listed(places)
    said = places.ephemerals(ANA)[-1]["text"]
    assert said == "1 team\n1. All nurses is made of @nurses, 4 people."


async def test_the_bot_enters_a_public_channel_to_hear_of_its_people(
    places: FakeSlack, bot: Bot
) -> None:
    await name(places, bot, channel=SUPPORT)
    assert places.workspace.bot_user_id in places.workspace.channels[SUPPORT]["members"]


async def test_who_is_in_several_reports_in_the_first_of_theirs(
    places: FakeSlack, bot: Bot
) -> None:
    await name(places, bot, group=NURSES)
    await name(places, bot, channel=SUPPORT)
    assert await reports(bot) == {
        **dict.fromkeys((KIM, ANA, MAX, LIZ), "All nurses"),
        **dict.fromkeys((BEN, GIL, ZOE), "support"),
    }
    shown = await listed(places)
    assert "2. support is made of #support, 6 people, of whom 3 report here." in shown
    assert "Who is in several · 3" in shown


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ({"channel": ARCHIVE}, "This channel is archived"),
        ({"channel": PRIVATE}, "I cannot see this channel. If it is private, invite me"),
        ({"channel": "C0GONE"}, "I cannot see this channel."),
        ({"channel": EMPTY}, "Nobody in #empty could report: it is empty."),
        ({"group": NOBODY}, "Nobody in @alumni could report: it is empty."),
        ({}, "Choose a channel or a user group"),
        ({"channel": SUPPORT, "group": NURSES}, "one of the two"),
    ],
)
async def test_a_source_that_will_not_do_is_said_at_its_field_and_the_rest_is_kept(
    places: FakeSlack, bot: Bot, source: Doc, sentence: str
) -> None:
    bot.may_be_refused("channel_not_found")
    outcome = await add(places, name="Care", **source)
    field = list({"channel": "", **source})[-1]
    assert list(outcome.errors) == [field]
    assert sentence in outcome.errors[field]
    assert places.views(ANA)[-1]["state"]["values"]["name"]["value"]["value"] == "Care"
    assert await all_teams(bot) == []


async def test_a_group_that_was_switched_off_meanwhile_is_said(places: FakeSlack, bot: Bot) -> None:
    await listed(places)
    form = await press(places, "open_teams_add")
    places.workspace.edit_usergroup(NURSES, disabled=True)
    outcome = await places.submit(ANA, form["id"], {"group": NURSES, "leads": [BEN]})
    assert outcome.errors == {"group": "I find no such user group here; it may be switched off."}


async def test_the_same_source_makes_no_second_team(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, channel=SUPPORT, name="Clinics")
    outcome = await add(places, channel=SUPPORT, name="Other")
    assert outcome.errors == {"channel": "“Clinics” is made of #support already."}


async def test_two_teams_have_no_name_together(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, channel=SUPPORT, name="Care")
    outcome = await add(places, group=NURSES, name=" care ")
    assert outcome.errors == {"name": "There is a team of this name already."}


@pytest.mark.parametrize(
    ("lead", "sentence"),
    [
        (ROBY, "roby is a bot."),
        (DAN, "dan is no longer here"),
        (EVE, "eve belongs to another organisation"),
        (PIA, "pia has been invited and has not joined yet"),
        ("U0WHO", "I do not know anybody here with the id U0WHO."),
    ],
)
async def test_a_lead_who_is_not_one_of_ours_is_said_at_the_field(
    places: FakeSlack, bot: Bot, lead: str, sentence: str
) -> None:
    outcome = await add(places, channel=SUPPORT, leads=[BEN, lead])
    assert list(outcome.errors) == ["leads"]
    assert sentence in outcome.errors["leads"]


@pytest.mark.parametrize("leads", [[], [ANA, BEN, KIM, MAX, LIZ, ZOE]])
async def test_a_team_has_one_to_five_leads(places: FakeSlack, bot: Bot, leads: list[str]) -> None:
    outcome = await add(places, channel=SUPPORT, leads=leads, force=True)
    assert outcome.errors == {"leads": "Choose one to 5 people who lead it."}


async def test_every_fault_is_told_together(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, channel=SUPPORT, name="Care")
    outcome = await add(places, channel=SUPPORT, name="Care", leads=[ROBY])
    assert set(outcome.errors) == {"channel", "leads", "name"}


@pytest.mark.parametrize(
    ("refusal", "sentence"),
    [
        ("missing_scope", "lacks the scope usergroups:read"),
        ("plan_upgrade_required", "has no user groups, as its plan comes without them"),
    ],
)
async def test_without_groups_the_form_says_why_and_offers_channels(
    places: FakeSlack, bot: Bot, refusal: str, sentence: str
) -> None:
    bot.may_be_refused(refusal)
    if refusal == "missing_scope":
        places.installation.scopes.remove("usergroups:read")
    places.workspace.plan_has_usergroups = refusal == "missing_scope"
    await listed(places)
    form = await press(places, "open_teams_add")
    assert sentence in notice(places)
    outcome = await places.submit(ANA, form["id"], {"channel": SUPPORT, "leads": [BEN]})
    assert outcome.result == "updated"


async def test_a_scope_that_was_taken_away_meanwhile_is_said_at_the_field(
    places: FakeSlack, bot: Bot
) -> None:
    bot.may_be_refused("missing_scope")
    await listed(places)
    form = await press(places, "open_teams_add")
    places.installation.scopes.remove("usergroups:read")
    outcome = await places.submit(ANA, form["id"], {"group": NURSES, "leads": [BEN]})
    assert "lacks the scope usergroups:read" in outcome.errors["group"]


@pytest.mark.parametrize("fault", ["500", "reset_before", "429", "slow"])
async def test_slack_not_answering_is_said_at_the_field(
    places: FakeSlack, bot: Bot, fault: str
) -> None:
    bot.may_be_refused("ratelimited")
    more = {"seconds": 60} if fault == "slow" else {}
    places.fault("conversations.members", fault, times=9, **more)
    outcome = await add(places, channel=SUPPORT)
    assert "Slack did not tell me just now" in outcome.errors["channel"]
    assert await all_teams(bot) == []


async def test_a_form_that_slack_delivers_twice_makes_one_team(places: FakeSlack, bot: Bot) -> None:
    await add(places, group=NIGHT)
    await places.redeliver("interactive")
    assert [team.name for team in await all_teams(bot)] == ["Night shift"]


async def test_a_private_channel_will_do_once_the_bot_is_in_it(places: FakeSlack, bot: Bot) -> None:
    places.workspace.invite_bot(PRIVATE)
    await name(places, bot, channel=PRIVATE)
    await report_in(places, bot, "private", ANA, BEN)


async def test_name_leads_and_place_can_be_changed(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, group=NURSES)
    support = await name(places, bot, channel=SUPPORT)
    await listed(places)
    form = await press(places, "open_teams_change", team=support.id)
    values = {"name": "Clinics", "leads": [KIM, GIL], "position": "1"}
    outcome = await places.submit(ANA, form["id"], values)
    assert outcome.result == "updated"
    assert "Clinics is made of #support, 6 people. It is led by @kim and @gil." in notice(places)
    assert [team.name for team in await all_teams(bot)] == ["Clinics", "All nurses"]
    assert [team.position for team in await all_teams(bot)] == [1, 2]
    assert await reports(bot) == {
        **dict.fromkeys((BEN, KIM, GIL, MAX, LIZ, ZOE), "Clinics"),
        ANA: "All nurses",
    }


@pytest.mark.parametrize("place", ["0", "3", "first", "-1", "", "9" * 4000])
async def test_a_place_that_there_is_not_is_said_at_its_field(
    places: FakeSlack, bot: Bot, place: str
) -> None:
    await name(places, bot, group=NURSES)
    support = await name(places, bot, channel=SUPPORT)
    await listed(places)
    form = await press(places, "open_teams_change", team=support.id)
    outcome = await places.submit(ANA, form["id"], {"position": place}, force=True)
    assert outcome.errors == {"position": "Write a number from 1 to 2."}


async def test_two_who_change_a_team_at_once_do_not_undo_each_other(
    places: FakeSlack, bot: Bot
) -> None:
    team = await name(places, bot, group=NURSES)
    await is_owner(places, BEN)
    await listed(places)
    await listed(places, BEN)
    mine = await press(places, "open_teams_change", team=team.id)
    theirs = await press(places, "open_teams_change", who=BEN, team=team.id)
    assert (await places.submit(BEN, theirs["id"], {"name": "Ward"})).result == "updated"
    outcome = await places.submit(ANA, mine["id"], {"name": "Wards"})
    assert "somebody else changed this team meanwhile" in outcome.errors["name"]
    assert [one.name for one in await all_teams(bot)] == ["Ward"]


async def test_a_lead_who_left_slack_is_not_shown_and_can_be_replaced(
    places: FakeSlack, bot: Bot
) -> None:
    team = await name(places, bot, group=NURSES, leads=[BEN])
    places.workspace.edit_person(BEN, deleted=True)
    await places.events.settled()
    assert "Nobody leads it." in await listed(places)
    form = await press(places, "open_teams_change", team=team.id)
    outcome = await places.submit(ANA, form["id"], {"leads": [KIM]})
    assert outcome.result == "updated"


async def test_a_team_is_removed_after_a_question(places: FakeSlack, bot: Bot) -> None:
    nurses = await name(places, bot, group=NURSES)
    await name(places, bot, channel=SUPPORT)
    await listed(places)
    question = await press(places, "open_teams_remove", team=nurses.id)
    assert "Remove All nurses?" in notice(places)
    assert (await places.submit(ANA, question["id"])).result == "updated"
    assert notice(places) == "All nurses is removed."
    assert [team.name for team in await all_teams(bot)] == ["support"]
    await report_in(places, bot, "support", BEN, KIM, GIL, MAX, LIZ, ZOE)


async def test_a_group_can_be_a_team_again_after_it_was_removed(
    places: FakeSlack, bot: Bot
) -> None:
    nurses = await name(places, bot, group=NURSES)
    await listed(places)
    question = await press(places, "open_teams_remove", team=nurses.id)
    await places.submit(ANA, question["id"])
    again = await name(places, bot, group=NURSES)
    assert again.id != nurses.id
    await report_in(places, bot, "All nurses", KIM, ANA, MAX, LIZ)


async def test_what_is_done_to_a_removed_team_is_refused(places: FakeSlack, bot: Bot) -> None:
    nurses = await name(places, bot, group=NURSES)
    for owner in (BEN, KIM):
        await is_owner(places, owner)
        await listed(places, owner)
    await listed(places)
    form = await press(places, "open_teams_change", team=nurses.id)
    late = await press(places, "open_teams_remove", who=KIM, team=nurses.id)
    question = await press(places, "open_teams_remove", who=BEN, team=nurses.id)
    await places.submit(BEN, question["id"])
    await places.submit(KIM, late["id"])
    assert "This team is not there any more" in notice(places, KIM)
    outcome = await places.submit(ANA, form["id"], {"name": "Ward"})
    assert "This team is not there any more" in outcome.errors["name"]


async def test_an_owner_chooses_where_somebody_in_several_reports(
    places: FakeSlack, bot: Bot
) -> None:
    await name(places, bot, group=NURSES)
    support = await name(places, bot, channel=SUPPORT)
    await listed(places)
    form = await press(places, "open_teams_several")
    assert [b["block_id"] for b in form["blocks"] if b["type"] == "input"] == [KIM, LIZ, MAX]
    assert (await places.submit(ANA, form["id"], {LIZ: str(support.id)})).result == "updated"
    assert (await reports(bot))[LIZ] == "support"
    assert (await reports(bot))[KIM] == "All nurses"
    await places.close_view(ANA, places.views(ANA)[-1]["id"])
    form = await press(places, "open_teams_several")
    assert form["state"]["values"][LIZ]["value"]["selected_option"]["value"] == str(support.id)
    assert (await places.submit(ANA, form["id"], {LIZ: "order"})).result == "updated"
    assert (await reports(bot))[LIZ] == "All nurses"


async def test_a_choice_counts_only_while_somebody_is_in_that_team(
    places: FakeSlack, bot: Bot
) -> None:
    await name(places, bot, group=NURSES)
    support = await name(places, bot, channel=SUPPORT)
    await listed(places)
    form = await press(places, "open_teams_several")
    await places.submit(ANA, form["id"], {LIZ: str(support.id)})
    places.workspace.leave(SUPPORT, LIZ)
    await report_in(places, bot, "All nurses", KIM, ANA, MAX, LIZ)
    await places.close_view(ANA, places.views(ANA)[-1]["id"])
    form = await press(places, "open_teams_several")
    await places.submit(ANA, form["id"])  # Liz is not in it
    places.workspace.enter(SUPPORT, LIZ)
    await report_in(places, bot, "support", BEN, GIL, ZOE, LIZ)


async def test_a_choice_of_a_team_that_somebody_left_meanwhile_is_said_at_their_field(
    places: FakeSlack, bot: Bot
) -> None:
    await name(places, bot, group=NURSES)
    support = await name(places, bot, channel=SUPPORT)
    await listed(places)
    form = await press(places, "open_teams_several")
    places.workspace.leave(SUPPORT, LIZ)
    await report_in(places, bot, "support", BEN, GIL, ZOE)
    await places.events.settled()
    outcome = await places.submit(ANA, form["id"], {LIZ: str(support.id), KIM: str(support.id)})
    assert outcome.errors == {LIZ: "They are not in this team any more. Choose another."}
    assert (await reports(bot))[KIM] == "All nurses"


async def test_many_in_several_are_asked_about_in_parts(places: FakeSlack, bot: Bot) -> None:
    crowd = [f"U0CROWD{number:03}" for number in range(85)]
    for person in crowd:
        places.workspace.join(person, name=person[2:].lower())
    await places.events.settled()
    places.workspace.edit_usergroup(NIGHT, members=crowd)
    places.workspace.add_channel("C0ALL", "all", members=crowd, bot=False)
    await name(places, bot, group=NIGHT)
    everybody = await name(places, bot, channel="C0ALL")
    await listed(places)
    form = await press(places, "open_teams_several")
    assert form["submit"]["text"] == "Save and go on"
    seen: list[str] = []
    while form["callback_id"] == "teams_several":
        people = [b["block_id"] for b in form["blocks"] if b["type"] == "input"]
        seen += people
        await places.submit(ANA, form["id"], {people[-1]: str(everybody.id)})
        form = places.views(ANA)[-1]
    assert seen == crowd
    chosen = [who for who, team in (await reports(bot)).items() if team == "all"]
    assert sorted(chosen) == [crowd[39], crowd[79], crowd[84]]


async def test_more_teams_than_fit_are_shown_in_pages(places: FakeSlack, bot: Bot) -> None:
    for number in range(12):
        places.workspace.add_usergroup(f"S0G{number:02}", f"g{number}", f"G{number}", members=[KIM])
        await add(places, group=f"S0G{number:02}", leads=[ANA, BEN, KIM, GIL, MAX])
        await places.close_view(ANA, places.views(ANA)[-1]["id"])
    first = await listed(places)
    assert "12 teams" in first
    assert "10. G9" in first
    assert "11. G10" not in first
    there = places.ephemerals(ANA)[-1]["ts"]
    await places.click(ANA, channel=GENERAL, ts=there, action_id="teams_later")
    second = told(places, ANA)
    assert "11. G10" in second
    assert "10. G9" not in second
    await places.click(ANA, channel=GENERAL, ts=there, action_id="teams_earlier")
    assert told(places, ANA) == first


async def test_more_than_a_hundred_groups_can_be_chosen_from(places: FakeSlack, bot: Bot) -> None:
    for number in range(120):
        handle = f"group{number:03}"
        places.workspace.add_usergroup(f"S0N{number:03}", handle, handle, members=[TOM])
    team = await name(places, bot, group="S0N119")
    assert team.label == "@group119"


async def test_others_see_only_the_team_in_which_they_report(places: FakeSlack, bot: Bot) -> None:
    assert (
        await listed(places, KIM) == "You report in no team here. What you say counts in the whole."
    )
    await name(places, bot, group=NURSES, name="Ward <!channel>", leads=[ANA, BEN])
    await name(places, bot, channel=SUPPORT)
    assert await listed(places, KIM) == "You report in Ward <!channel>. It is led by @ana and @ben."
    assert await listed(places, GIL) == "You report in support. It is led by @ben."
    assert "no team here" in await listed(places, TOM)
    assert {ping["kind"] for ping in places.workspace.pings} == {"user"}


@pytest.mark.parametrize("action", ["add", "change", "remove"])
async def test_only_owners_name_change_and_remove_teams(
    places: FakeSlack, bot: Bot, action: str
) -> None:
    team = await name(places, bot, group=NURSES)
    await is_owner(places, BEN)
    await listed(places)
    about = 0 if action == "add" else team.id
    form = await press(places, f"open_teams_{action}", team=about)
    await is_owner(places, ANA, owner=False)
    filled: dict[str, Doc] = {"add": {"group": NIGHT, "leads": [BEN]}, "change": {"name": "X"}}
    outcome = await places.submit(ANA, form["id"], filled.get(action, {}))
    said = [*outcome.errors.values(), notice(places)]
    assert any("Only an owner of the mission can do that." in one for one in said)
    assert [one.name for one in await all_teams(bot)] == ["All nurses"]


async def test_who_is_no_owner_any_more_can_press_nothing(places: FakeSlack, bot: Bot) -> None:
    team = await name(places, bot, group=NURSES)
    await listed(places)
    there = places.ephemerals(ANA)[-1]["ts"]
    await is_owner(places, BEN)
    await is_owner(places, ANA, owner=False)
    for action in ("open_teams_add", "open_teams_change", "open_teams_remove"):
        await places.click(ANA, channel=GENERAL, ts=there, action_id=action)
        assert "Only an owner of the mission can do that." in told(places, ANA)
    assert places.views(ANA) == []
    assert (await all_teams(bot))[0].id == team.id
    await are_read(places, bot)
