"""Recognising from a message's menu, and from anywhere."""

import pytest

from bot.playground.server import FakeSlack
from tests.rituals.telling import form_of
from tests.rituals.test_corrections import DEED, the_recognition
from tests.rituals.test_groups import message_of, recipients_of
from tests.support import (
    ANA,
    BEN,
    DAN,
    EVE,
    GENERAL,
    KIM,
    KUDOS,
    LOUNGE,
    PRIVATE,
    Bot,
    Doc,
    give,
    soon,
    text_of,
    told,
)

SAID = "<@U0BEN> the lift is mended & the <https://clinic.example|clinic> is open <!here>"


async def pressed(slack: FakeSlack, who: str, message: Doc, channel: str = GENERAL) -> Doc:
    return await form_of(slack, who, message, "recognize_this", channel)


async def test_a_message_fills_in_its_author_and_the_post_links_to_it(
    slack: FakeSlack, mission: Bot
) -> None:
    message = await slack.message(KIM, GENERAL, "@ben the lift is mended & open")
    form = await pressed(slack, BEN, message)
    assert recipients_of(form) == [KIM]
    assert message_of(form) == ""
    assert "@ben the lift is mended & open" in text_of(form)
    assert (await slack.submit(BEN, form["id"], {"message": DEED, "value": "care"})).closed
    post = (await soon(slack, lambda: slack.messages(KUDOS)[1:]))[0]
    assert "for :heart: Care, for this message" in text_of(post)
    link = f"https://playground.slack.com/archives/{GENERAL}/p{message['ts'].replace('.', '')}"
    assert link in str(post["blocks"])
    assert (await mission.read(the_recognition)).link == link


async def test_a_reply_in_a_thread_is_linked_in_its_thread(slack: FakeSlack, mission: Bot) -> None:
    first = await slack.message(BEN, GENERAL, "who can help?")
    reply = await slack.message(KIM, GENERAL, "me", thread_ts=first["ts"])
    form = await pressed(slack, BEN, reply)
    assert f"?thread_ts={first['ts']}&cid={GENERAL}" in form["private_metadata"]


async def test_the_global_shortcut_opens_the_empty_form(slack: FakeSlack, mission: Bot) -> None:
    await slack.shortcut(BEN, "recognize_somebody")
    form = slack.views(BEN)[-1]
    assert recipients_of(form) == []
    assert form.get("private_metadata", "") == ""


@pytest.mark.parametrize(
    ("author", "note"),
    [
        (BEN, "You cannot recognise yourself"),
        (DAN, "is no longer here"),
        (EVE, "belongs to another organisation"),
    ],
)
async def test_an_author_who_cannot_be_recognised_is_said_and_the_form_is_there(
    slack: FakeSlack, mission: Bot, author: str, note: str
) -> None:
    if author == DAN:
        slack.workspace.edit_person(DAN, deleted=False)
    channel = "C0PAST"
    slack.workspace.add_channel(channel, "past", members=[BEN, author], bot=False)
    message = await slack.message(author, channel, "done")
    if author == DAN:
        slack.workspace.edit_person(DAN, deleted=True)
        await slack.events.settled()
    form = await pressed(slack, BEN, message, channel)
    assert note.casefold() in text_of(form).casefold()
    assert recipients_of(form) == []


async def test_a_bots_message_asks_whom_to_recognise(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    form = await pressed(slack, KIM, post, KUDOS)
    assert "bot" in text_of(form)
    assert recipients_of(form) == []


async def test_an_authors_workspace_that_nobody_told_of_is_another_organisation(
    slack: FakeSlack, mission: Bot
) -> None:
    slack.workspace.add_person(
        id="U0FAR", name="far", team_id="T0FAR", is_stranger=True, partner="Far"
    )
    slack.workspace.add_channel("C0FAR", "far", members=[BEN, "U0FAR"], bot=False)
    message = await slack.message("U0FAR", "C0FAR", "we shipped it")
    form = await pressed(slack, BEN, message, "C0FAR")
    assert "belongs to another organisation" in text_of(form)


async def test_a_message_deleted_meanwhile_still_opens_the_form(
    slack: FakeSlack, mission: Bot
) -> None:
    message = await slack.message(KIM, GENERAL, "done")
    await slack.delete_message(KIM, GENERAL, message["ts"])
    form = await pressed(slack, BEN, message)
    assert recipients_of(form) == [KIM]


async def test_a_channel_without_the_bot_works(slack: FakeSlack, mission: Bot) -> None:
    message = await slack.message(KIM, LOUNGE, "done")
    form = await pressed(slack, BEN, message, LOUNGE)
    assert LOUNGE in form["private_metadata"]


async def test_what_not_everybody_can_read_is_not_linked(slack: FakeSlack, mission: Bot) -> None:
    message = await slack.message(ANA, PRIVATE, "between us: the merger is off")
    form = await pressed(slack, BEN, message, PRIVATE)
    assert "the post will not link to it" in text_of(form)
    assert (await slack.submit(BEN, form["id"], {"message": DEED, "value": "care"})).closed
    post = (await soon(slack, lambda: slack.messages(KUDOS)[1:]))[0]
    assert "merger" not in str(post)
    assert PRIVATE not in str(post["blocks"])


async def test_without_a_mission_the_shortcut_says_who_writes_it(
    slack: FakeSlack, bot: Bot
) -> None:
    message = await slack.message(KIM, GENERAL, "done")
    await slack.message_shortcut(BEN, GENERAL, message["ts"], "recognize_this")
    assert "the mission is not set up yet" in told(slack, BEN)


async def test_a_form_that_does_not_open_is_said(slack: FakeSlack, mission: Bot) -> None:
    message = await slack.message(KIM, GENERAL, "done")
    slack.fault("views.open", "error", error="expired_trigger_id")
    await slack.message_shortcut(BEN, GENERAL, message["ts"], "recognize_this")
    assert "Slack did not open the form" in told(slack, BEN)


async def test_few_words_get_a_hint_once_the_value_is_chosen(
    slack: FakeSlack, mission: Bot
) -> None:
    await slack.shortcut(BEN, "recognize_somebody")
    form = slack.views(BEN)[-1]
    slack.fill(BEN, form["id"], {"recipients": [KIM], "message": "great job today"})
    await slack.choose(BEN, form["id"], "value", "care")
    hinted = slack.views(BEN)[-1]
    assert "whom it helped? Then it will still mean something later." in text_of(hinted)
    slack.fill(BEN, form["id"], {"message": DEED})
    await slack.choose(BEN, form["id"], "value", "candour")
    assert "Then it will still mean something" not in text_of(slack.views(BEN)[-1])
    assert (await slack.submit(BEN, form["id"])).closed
    post = (await soon(slack, lambda: slack.messages(KUDOS)[1:]))[0]
    assert f"for :mag: Candour\n{DEED}" in text_of(post)
