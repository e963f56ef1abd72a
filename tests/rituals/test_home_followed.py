"""Home follows what happens while somebody has it before them, and nobody else's is published."""

from datetime import timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import col, select

from bot import homes
from bot.deps import Deps
from bot.ledger import LedgerLine
from bot.playground.server import FakeSlack
from bot.rituals import home
from schedules.home import Refresher
from tests.rituals.test_home import BETTER, DEED, chosen, given, given_privately, link_to, opened
from tests.rituals.waiting import UNREAD, waits
from tests.support import ANA, BEN, GIL, KIM, KUDOS, TEAM, Bot, open_form, soon, text_of

LATER = "asked the question that nobody had asked"
SOON = 15.0  # seconds; a look that nobody asked for comes after five


async def shows(slack: FakeSlack, who: str, words: str) -> None:
    """Wait until what Slack has of this person's Home says so, without opening it."""
    await slack.until(lambda: words in text_of(slack.home(who) or {}), SOON)


async def caught_up(slack: FakeSlack, bot: Bot, who: str) -> None:
    """Have somebody else recognise this person, and wait until that is there, behind all before.

    So what is not published by then is not going to be.
    """
    post = await given(slack, bot, GIL, f"<@{who}> {LATER} #candour")
    await shows(slack, who, link_to(KUDOS, post))


async def test_those_it_concerns_see_a_recognition_without_opening_home_again(
    slack: FakeSlack, mission: Bot
) -> None:
    for who in (KIM, ANA):
        await opened(slack, who)
    await given(slack, mission)
    await shows(slack, KIM, f"@ben recognised you for :heart: Care\n{DEED}")
    await shows(slack, KIM, "|Open the post>")
    await caught_up(slack, mission, KIM)
    assert slack.published(BEN) == []  # he never opened it
    assert len(slack.published(ANA)) == 1  # it does not concern her


async def test_who_opened_it_more_than_an_hour_ago_is_left_alone(
    slack: FakeSlack, mission: Bot
) -> None:
    await opened(slack, KIM)
    await slack.jump(homes.LOOKING + timedelta(minutes=1))
    await opened(slack, BEN)
    await given(slack, mission)
    await shows(slack, BEN, "You recognised @kim")
    await caught_up(slack, mission, BEN)
    assert len(slack.published(KIM)) == 1


async def test_a_private_recognition_shows_up_for_its_two_people(
    slack: FakeSlack, mission: Bot
) -> None:
    for who in (BEN, KIM, ANA):
        await opened(slack, who)
    await given_privately(slack, mission)
    await shows(slack, BEN, "between you")
    await shows(slack, KIM, "between you")
    await caught_up(slack, mission, KIM)
    assert len(slack.published(ANA)) == 1


async def test_a_correction_shows_up_for_who_was_named_before_and_who_is_now(
    slack: FakeSlack, mission: Bot
) -> None:
    await given(slack, mission)
    for who in (ANA, BEN, KIM):
        await opened(slack, who)
    form = await chosen(slack, BEN, "edit")
    filled = {"recipients": [ANA], "message": BETTER}
    assert (await slack.submit(BEN, form["id"], filled)).closed
    await shows(slack, ANA, BETTER)
    await shows(slack, BEN, "You recognised @ana")
    await slack.until(lambda: DEED not in text_of(slack.home(KIM) or {}), SOON)


async def test_other_words_show_up_for_who_is_named_as_before(
    slack: FakeSlack, mission: Bot
) -> None:
    await given(slack, mission)
    for who in (BEN, KIM):
        await opened(slack, who)
    await caught_up(slack, mission, KIM)
    form = await chosen(slack, BEN, "edit")
    assert (await slack.submit(BEN, form["id"], {"message": BETTER})).closed
    await shows(slack, KIM, BETTER)


async def test_an_owners_withdrawal_shows_up_for_the_giver(slack: FakeSlack, mission: Bot) -> None:
    post = await given(slack, mission)
    await opened(slack, BEN)
    await caught_up(slack, mission, BEN)
    menu = next(each for each in post["blocks"][-1]["elements"] if each["type"] == "overflow")
    option = menu["options"][1]["value"]
    await slack.click(ANA, channel=KUDOS, ts=post["ts"], action_id=menu["action_id"], option=option)
    assert (await slack.submit(ANA, slack.views(ANA)[-1]["id"])).ok
    await slack.until(lambda: DEED not in text_of(slack.home(BEN) or {}), SOON)


async def test_applause_publishes_nothing(slack: FakeSlack, mission: Bot) -> None:
    post = await given(slack, mission)
    await opened(slack, KIM)
    await slack.click(ANA, channel=KUDOS, ts=post["ts"], action_id="applaud")
    await given(slack, mission, ANA, f"@kim {BETTER} #care")  # behind it in the ledger
    await shows(slack, KIM, BETTER)
    assert all("Applau" not in text_of(view) for view in slack.published(KIM))


async def test_a_new_wording_of_the_mission_shows_up_for_everybody(
    slack: FakeSlack, mission: Bot
) -> None:
    for who in (BEN, KIM):
        await opened(slack, who)
    form = await open_form(slack, ANA, "/mission setup")
    filled = {"statement": "We help every clinic to book", "why": "All of them"}
    assert (await slack.submit(ANA, form["id"], filled)).closed
    for who in (BEN, KIM):
        await shows(slack, who, "We help every clinic to book")


async def test_who_became_an_owner_sees_the_tools(slack: FakeSlack, mission: Bot) -> None:
    await opened(slack, BEN)
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], {"owners": [BEN]})).closed
    await shows(slack, BEN, "Change the mission")


async def test_somebody_who_left_is_not_published_to(slack: FakeSlack, mission: Bot) -> None:
    for who in (BEN, KIM):
        await opened(slack, who)
    slack.workspace.edit_person(KIM, deleted=True)
    await slack.events.settled()
    form = await open_form(slack, ANA, "/mission setup")
    filled = {"statement": "We help every clinic to book", "why": "All of them"}
    assert (await slack.submit(ANA, form["id"], filled)).closed
    await shows(slack, BEN, "We help every clinic to book")
    assert len(slack.published(KIM)) == 1  # and nothing was refused


async def test_who_leaves_before_their_turn_comes_is_not_published_to_either(
    slack: FakeSlack, mission: Bot
) -> None:
    await opened(slack, KIM)
    deps = Deps(mission.database, slack.now, AsyncWebClient(slack.bot_token, slack.api_url))
    refresher = Refresher(deps, TEAM)
    refresher._waiting = {KIM: None}
    slack.workspace.edit_person(KIM, deleted=True)
    await slack.events.settled()
    await refresher._publish_one()
    assert len(slack.published(KIM)) == 1


async def test_a_refusal_is_made_good_by_the_next_change(
    slack: FakeSlack, mission: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    await opened(slack, KIM)
    slack.fault("views.publish", "error", error="fatal_error")
    await given(slack, mission)
    await slack.until(lambda: f"did not take the Home of {KIM}" in caplog.text, SOON)
    await given(slack, mission, text=f"@kim {BETTER} #candour")
    await shows(slack, KIM, BETTER)
    assert DEED in text_of(slack.home(KIM) or {})


async def test_a_post_that_comes_late_is_linked_to_once_it_is_there(
    slack: FakeSlack, mission: Bot
) -> None:
    await opened(slack, BEN)
    slack.fault("chat.postMessage", "429", retry_after=60)
    assert (await slack.command(BEN, KUDOS, f"/recognize @kim {DEED} #care")).ok
    await shows(slack, BEN, "You recognised @kim")
    assert "|Open the post>" not in text_of(slack.home(BEN) or {})
    await soon(slack, lambda: "|Open the post>" in text_of(slack.home(BEN) or {}))


@pytest.mark.parametrize("lost", ["the post", "the direct message"])
async def test_what_may_not_have_arrived_waits_for_who_wrote_it(
    slack: FakeSlack, mission: Bot, lost: str
) -> None:
    await opened(slack, BEN)
    slack.fault("chat.postMessage", "slow", times=lost != "the post", seconds=0)
    slack.fault("chat.postMessage", "reset_before")
    slack.fault("conversations.history", "error", times=3, error="missing_scope")
    assert (await slack.command(BEN, KUDOS, f"/recognize @kim {DEED} #care")).ok
    await shows(slack, BEN, "You recognised @kim")
    await soon(slack, lambda: [m for m in slack.dm(BEN) if "could not find out" in text_of(m)])
    await shows(slack, BEN, "could not find out")
    again = await slack.click(BEN, view=slack.home(BEN), action_id="post_again")
    assert again.acked
    assert waits(slack, BEN) == UNREAD
    place = KUDOS if lost == "the post" else slack.workspace.dm_id(KIM)
    await soon(slack, lambda: DEED in "".join(map(text_of, slack.messages(place))))


async def test_post_again_on_a_home_that_is_out_of_date_says_so(
    slack: FakeSlack, mission: Bot
) -> None:
    slack.fault("chat.postMessage", "reset_before")
    slack.fault("conversations.history", "error", times=3, error="missing_scope")
    assert (await slack.command(BEN, KUDOS, f"/recognize @kim {DEED} #care")).ok
    asked = await soon(slack, lambda: [m for m in slack.dm(BEN) if "find out" in text_of(m)])
    await opened(slack, BEN)
    view = slack.home(BEN)
    await slack.jump(homes.LOOKING + timedelta(minutes=1))  # it is not published any more
    dm = slack.workspace.dm_id(BEN)
    await slack.click(BEN, channel=dm, ts=asked[0]["ts"], action_id="post_again")
    await slack.click(BEN, view=view, action_id="post_again")
    assert "This is settled already" in text_of(slack.views(BEN)[-1])


async def test_whoever_begins_to_follow_begins_at_the_end(slack: FakeSlack, mission: Bot) -> None:
    await opened(slack, KIM)
    await given(slack, mission)
    now = slack.now()
    news = await mission.read(lambda session: home.news(session, after=None, now=now))
    last = select(LedgerLine.id).order_by(col(LedgerLine.id).desc())
    assert news.last == await mission.read(lambda session: session.exec(last).first())
    assert news.people == ()
