"""The ways to the teams: from Home while there are none, and from the mission's card."""

from bot.playground.server import FakeSlack
from tests.rituals.naming_teams import NURSES, SUPPORT, all_teams, name, notice
from tests.rituals.naming_teams import places as places
from tests.support import ANA, BEN, GENERAL, KIM, Bot, Doc, set_up, soon, text_of, told

MISSING = "No teams are named yet, so the pulse speaks of the whole alone."


async def home(slack: FakeSlack, who: str = ANA) -> Doc:
    """Open Home."""
    view = await slack.open_home(who)
    assert view is not None, slack.picture()
    return view


async def press(slack: FakeSlack, view: Doc, action_id: str, *, value: str | None = None) -> Doc:
    """Press a button on Home or in a form, and return the form that is there then."""
    outcome = await slack.click(ANA, view=view["id"], action_id=action_id, value=value)
    assert outcome.ok, outcome.error
    return slack.views(ANA)[-1]


async def test_home_asks_owners_for_a_first_team_and_opens_its_form(
    places: FakeSlack, bot: Bot
) -> None:
    await set_up(places)
    there = await home(places)
    assert MISSING in text_of(there)
    assert MISSING not in text_of(await home(places, BEN))
    form = await press(places, there, "open_teams_add")
    outcome = await places.submit(ANA, form["id"], {"group": NURSES, "leads": [BEN]})
    assert outcome.result == "updated"
    await soon(places, lambda: MISSING not in text_of(places.home(ANA) or {}))


async def test_the_missions_card_leads_owners_to_the_list(places: FakeSlack, bot: Bot) -> None:
    await set_up(places)
    await name(places, bot, group=NURSES)
    for who, leads_there in ((ANA, True), (BEN, False)):
        await places.command(who, GENERAL, "/mission")
        assert ("Teams" in told(places, who).splitlines()) is leads_there
    there = places.ephemerals(ANA)[-1]["ts"]
    await places.click(ANA, channel=GENERAL, ts=there, action_id="open_teams")
    assert "1. All nurses is made of @nurses, 4 people." in told(places, ANA)


async def test_home_opens_the_list_which_follows_what_is_changed_in_it(
    places: FakeSlack, bot: Bot
) -> None:
    await set_up(places)
    nurses = await name(places, bot, group=NURSES)
    listed = await press(places, await home(places), "open_teams")
    assert "1. All nurses is made of @nurses" in notice(places)
    form = await press(places, listed, "open_teams_change", value=str(nurses.id))
    assert (await places.submit(ANA, form["id"], {"name": "Ward"})).result == "updated"
    await places.close_view(ANA, places.views(ANA)[-1]["id"])
    assert "1. Ward is made of @nurses" in notice(places)
    form = await press(places, listed, "open_teams_add")
    values = {"channel": SUPPORT, "leads": [KIM]}
    assert (await places.submit(ANA, form["id"], values)).result == "updated"
    await places.close_view(ANA, places.views(ANA)[-1]["id"])
    assert "2. support is made of #support" in notice(places)


async def test_a_list_that_slack_does_not_change_keeps_nobody_from_saving(
    places: FakeSlack, bot: Bot
) -> None:
    await set_up(places)
    nurses = await name(places, bot, group=NURSES)
    listed = await press(places, await home(places), "open_teams")
    form = await press(places, listed, "open_teams_remove", value=str(nurses.id))
    places.fault("views.update", "slow", seconds=60)
    assert (await places.submit(ANA, form["id"])).result == "updated"
    assert notice(places) == "All nurses is removed."
    assert await all_teams(bot) == []


async def test_the_list_on_home_has_pages_too(places: FakeSlack, bot: Bot) -> None:
    await set_up(places)
    for number in range(11):
        group = f"S0G{number:02}"
        places.workspace.add_usergroup(group, f"g{number}", f"G{number}", members=[KIM])
        await name(places, bot, group=group)
    listed = await press(places, await home(places), "open_teams")
    assert "11. G10" not in notice(places)
    listed = await press(places, listed, "teams_later", value="1")
    assert "11. G10" in notice(places)
    await press(places, listed, "teams_earlier", value="0")
    assert "10. G9" in notice(places)


async def test_the_help_names_the_teams(places: FakeSlack, bot: Bot) -> None:
    await places.command(ANA, GENERAL, "/mission help")
    assert "/mission teams" in told(places, ANA)
