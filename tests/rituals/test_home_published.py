"""When Home is published: on opening and after a change, and never twice for the same content."""

import asyncio
from datetime import timedelta

import pytest
from sqlmodel import col, select

from bot import homes
from bot.homes import Home
from bot.ledger import LedgerLine
from bot.playground.server import FakeSlack
from bot.rituals import home
from tests.rituals.test_home import BETTER, DEED, chosen, given, given_privately, opened
from tests.support import ANA, BEN, KIM, KUDOS, Bot, Doc, open_form, soon, text_of

SOON = 15.0  # seconds; a look that nobody asked for comes after five


async def shows(slack: FakeSlack, who: str, words: str) -> None:
    """Wait until what Slack has of this person's Home says so, without opening it."""
    await slack.until(lambda: words in text_of(slack.home(who) or {}), SOON)


async def reopened_without_a_view(slack: FakeSlack, who: str) -> None:
    """Open Home as Slack tells of it where it has none, as after installing the app again."""
    event = {"type": "app_home_opened", "user": who, "tab": "home", "event_ts": "1.2"}
    tried = slack.events.send(event | {"channel": slack.workspace.dm_id(who)})
    assert tried is not None
    await tried.wait()


async def test_opening_it_again_publishes_nothing_while_nothing_changed(
    slack: FakeSlack, mission: Bot
) -> None:
    await opened(slack, KIM)
    await opened(slack, KIM)
    assert len(slack.published(KIM)) == 1


async def test_what_changed_is_published_on_the_next_opening(
    slack: FakeSlack, mission: Bot
) -> None:
    await opened(slack, KIM)
    await slack.jump(timedelta(hours=2))
    await given(slack, mission)
    assert DEED in await opened(slack, KIM)
    assert len(slack.published(KIM)) == 2


async def test_it_is_published_anew_where_slack_has_none_any_more(
    slack: FakeSlack, mission: Bot
) -> None:
    await opened(slack, KIM)
    await reopened_without_a_view(slack, KIM)
    first, second = slack.published(KIM)
    assert first == second


async def test_two_openings_at_once_publish_once(slack: FakeSlack, mission: Bot) -> None:
    slack.fault("views.publish", "slow", seconds=0.2)
    await asyncio.gather(slack.open_home(KIM), slack.open_home(KIM))
    assert len(slack.published(KIM)) == 1


async def test_the_messages_tab_is_nothing_to_publish_for(slack: FakeSlack, mission: Bot) -> None:
    event = {"type": "app_home_opened", "user": KIM, "tab": "messages", "event_ts": "1.2"}
    tried = slack.events.send(event | {"channel": slack.workspace.dm_id(KIM)})
    assert tried is not None
    await tried.wait()
    assert slack.published(KIM) == []


@pytest.mark.parametrize(
    ("kind", "details", "taken"),
    [
        ("429", {"retry_after": 30}, 0),
        ("error", {"error": "internal_error"}, 0),
        ("reset_after", {}, 1),
    ],
)
async def test_what_slack_did_not_certainly_take_is_published_on_the_next_opening(
    slack: FakeSlack, mission: Bot, kind: str, details: Doc, taken: int
) -> None:
    slack.fault("views.publish", kind, **details)
    await slack.open_home(KIM)
    assert len(slack.published(KIM)) == taken
    await opened(slack, KIM)
    assert len(slack.published(KIM)) == taken + 1


async def test_a_lost_answer_leaves_unknown_what_slack_shows(
    slack: FakeSlack, mission: Bot
) -> None:
    await opened(slack, KIM)
    slack.fault("views.publish", "reset_after")
    await reopened_without_a_view(slack, KIM)
    shown = select(Home.shown).where(Home.person == KIM)
    assert await mission.read(lambda session: session.exec(shown).one()) is None


async def test_those_it_concerns_see_a_recognition_without_opening_home_again(
    slack: FakeSlack, mission: Bot
) -> None:
    for who in (ANA, KIM):
        await opened(slack, who)
    await given(slack, mission)
    await shows(slack, KIM, f"@ben recognised you for :heart: Care\n{DEED}")
    await shows(slack, KIM, "|Open the post>")
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
    assert len(slack.published(KIM)) == 1


async def test_a_private_recognition_shows_up_for_its_two_people(
    slack: FakeSlack, mission: Bot
) -> None:
    for who in (ANA, BEN, KIM):
        await opened(slack, who)
    await given_privately(slack, mission)
    await shows(slack, BEN, "between you")
    await shows(slack, KIM, "between you")
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


async def test_an_owners_withdrawal_shows_up_for_the_giver(slack: FakeSlack, mission: Bot) -> None:
    post = await given(slack, mission)
    await opened(slack, BEN)
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
    await slack.jump(timedelta(minutes=2))
    await shows(slack, BEN, "|Open the post>")


async def test_what_may_not_have_arrived_waits_for_who_wrote_it(
    slack: FakeSlack, mission: Bot
) -> None:
    mission.may_be_refused("missing_scope")
    await opened(slack, BEN)
    slack.fault("chat.postMessage", "reset_before")
    slack.fault("conversations.history", "error", times=3, error="missing_scope")
    assert (await slack.command(BEN, KUDOS, f"/recognize @kim {DEED} #care")).ok
    await soon(slack, lambda: [m for m in slack.dm(BEN) if "could not find out" in text_of(m)])
    await shows(slack, BEN, "Waiting for you")
    view = slack.home(BEN)
    assert view is not None
    again = await slack.click(BEN, view=view, action_id="post_again")
    assert again.acked
    await slack.until(lambda: "Waiting for you" not in text_of(slack.home(BEN) or {}), SOON)
    await soon(slack, lambda: DEED in text_of(slack.messages(KUDOS)[-1]))


async def test_whoever_begins_to_follow_begins_at_the_end(slack: FakeSlack, mission: Bot) -> None:
    await opened(slack, KIM)
    await given(slack, mission)
    now = slack.now()
    news = await mission.read(lambda session: home.news(session, after=None, now=now))
    last = select(LedgerLine.id).order_by(col(LedgerLine.id).desc())
    assert news.last == await mission.read(lambda session: session.exec(last).first())
    assert news.people == ()
