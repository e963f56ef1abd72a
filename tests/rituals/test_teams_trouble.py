"""When nobody hears any more who is in a team: owners are told, once, what to do about it."""

from datetime import timedelta

from bot.playground.server import FakeSlack
from tests.rituals.naming_teams import NIGHT, NURSES, SUPPORT, are_read, is_owner, listed, name
from tests.rituals.naming_teams import places as places
from tests.support import ANA, BEN, KIM, PRIVATE, Bot, Doc, soon, text_of, told

A_DAY = timedelta(days=1, minutes=1)
ARCHIVED = (
    "I cannot read any more who is in Clinic support: its channel is archived. Its people stay as "
    "I last heard of them until that is mended. Restore it, or remove the team and name another "
    "instead.\nOpen the teams"
)


def troubles(slack: FakeSlack, who: str = ANA) -> list[Doc]:
    """What the person was told of teams that cannot be read."""
    return [each for each in slack.dm(who) if each["text"].startswith("I cannot read any more")]


async def settled(slack: FakeSlack, bot: Bot) -> None:
    """Wait until what happened in Slack is read, and told."""
    await slack.events.settled()
    await are_read(slack, bot)
    await bot.has_sent_everything()


async def test_every_owner_is_told_when_a_channel_is_archived(places: FakeSlack, bot: Bot) -> None:
    await is_owner(places, BEN)
    await name(places, bot, channel=SUPPORT, name="Clinic support", leads=[KIM])
    places.workspace.archive(SUPPORT)
    await settled(places, bot)
    for owner in (ANA, BEN):
        (message,) = troubles(places, owner)
        assert text_of(message) == ARCHIVED
    assert troubles(places, KIM) == []


async def test_the_button_leads_to_the_list(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, channel=SUPPORT)
    places.workspace.archive(SUPPORT)
    await settled(places, bot)
    (message,) = troubles(places)
    where: Doc = {"channel": places.workspace.dm_id(ANA), "message": message}
    outcome = await places.click(ANA, **where, action_id="open_teams")
    assert outcome.ok, outcome.error
    assert "1. support is made of #support, 6 people." in told(places, ANA)
    assert "Its people stay as I last heard of them." in told(places, ANA)
    assert troubles(places) == [message]


async def test_it_is_told_once_and_again_when_it_breaks_anew(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, channel=SUPPORT)
    places.workspace.archive(SUPPORT)
    await settled(places, bot)
    for _ in range(2):
        await places.jump(A_DAY)  # it is read every day
        await settled(places, bot)
    assert len(troubles(places)) == 1
    places.workspace.unarchive(SUPPORT)
    await settled(places, bot)
    await places.jump(A_DAY)
    await settled(places, bot)
    assert len(troubles(places)) == 1
    places.workspace.archive(SUPPORT)
    await settled(places, bot)
    await soon(places, lambda: len(troubles(places)) == 2)


async def test_a_group_that_is_switched_off_is_told_too(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, group=NIGHT)
    places.workspace.edit_usergroup(NIGHT, disabled=True)
    await settled(places, bot)
    (message,) = troubles(places)
    assert "Night shift: its user group is switched off. Its people stay" in text_of(message)
    assert "Switch it on again, or remove" in text_of(message)


async def test_a_private_channel_that_the_bot_is_out_of_is_told_too(
    places: FakeSlack, bot: Bot
) -> None:
    bot.may_be_refused("channel_not_found")
    places.workspace.invite_bot(PRIVATE)
    await name(places, bot, channel=PRIVATE, name="Leads <!channel>")
    places.workspace.kick_bot(PRIVATE)
    await settled(places, bot)
    (message,) = troubles(places)
    assert "Leads <!channel>: I cannot see its channel" in text_of(message)
    assert "&lt;!channel&gt;" in message["text"]
    assert places.workspace.pings == []


async def test_what_begins_for_several_at_once_is_told_at_once(places: FakeSlack, bot: Bot) -> None:
    bot.may_be_refused("missing_scope")
    await name(places, bot, group=NIGHT)
    await name(places, bot, group=NURSES)
    places.installation.scopes.remove("usergroups:read")
    await places.jump(A_DAY)
    await settled(places, bot)
    (message,) = troubles(places)
    assert "who is in Night shift and All nurses: the app lacks the scope" in text_of(message)
    assert "Their people stay" in text_of(message)


async def test_slack_not_answering_is_no_trouble_to_tell(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, group=NIGHT)
    places.fault("usergroups.list", "500", times=2)
    await places.jump(A_DAY)
    await settled(places, bot)
    assert troubles(places) == []
    assert "1 team" in await listed(places)


async def test_what_is_left_of_it_is_not_told_again(places: FakeSlack, bot: Bot) -> None:
    await name(places, bot, group=NIGHT)
    await name(places, bot, group=NURSES)
    for group in (NIGHT, NURSES):
        places.workspace.edit_usergroup(group, disabled=True)
    await settled(places, bot)
    before = len(troubles(places))
    places.workspace.edit_usergroup(NIGHT, disabled=False)
    await settled(places, bot)
    await places.jump(A_DAY)
    await settled(places, bot)
    assert "switched off" in await listed(places)
    assert len(troubles(places)) == before
