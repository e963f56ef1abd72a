"""What happens between the steps that people take, and what Slack sends that nobody meant."""

import json

import pytest
from sqlmodel import Session, select

from bot.outbox import OutboxRow
from bot.playground.server import FakeSlack
from bot.rituals.recognition import Recognition
from tests.rituals.telling import LEARNING, SUCCESS, fill_in, tell
from tests.rituals.test_corrections import DEED, editing, the_recognition, withdrawing
from tests.rituals.test_home import chosen
from tests.rituals.test_private import give_privately
from tests.support import ANA, BEN, KIM, KUDOS, PACE, Bot, Doc, give, open_form, soon, text_of, told

MENU = "recognition_more"


def all_words(session: Session) -> str:
    """Every wording that the outbox holds."""
    return str(session.exec(select(OutboxRow.message)).all())


def asked(slack: FakeSlack, who: str, words: str) -> list[Doc]:
    return [message for message in slack.dm(who) if words in text_of(message)]


async def test_no_notice_holds_the_words_of_a_withdrawn_story_that_waits(
    slack: FakeSlack, mission: Bot
) -> None:
    assert (await fill_in(slack, SUCCESS | {"credits": [KIM]})).closed
    await soon(slack, lambda: asked(slack, BEN, "not posted yet"))
    await slack.open_home(BEN)
    question = await chosen(slack, BEN, "withdraw")
    assert (await slack.submit(BEN, question["id"])).result == "updated"
    await soon(slack, lambda: not asked(slack, BEN, "will post it"))
    await mission.has_sent_everything()
    assert "@ben withdrew this story" in text_of(slack.dm(BEN)[-1])
    assert SUCCESS["happened"] not in await mission.read(all_words)


@pytest.mark.parametrize("scope", ["channels:history", "im:history"])
async def test_no_question_holds_the_words_of_a_withdrawn_recognition(
    slack: FakeSlack, mission: Bot, scope: str
) -> None:
    mission.may_be_refused("missing_scope")
    slack.installation.scopes.remove(scope)
    if scope == "im:history":  # then the post is to arrive
        slack.fault("chat.postMessage", "slow", seconds=0)
    slack.fault("chat.postMessage", "reset_after")
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await soon(slack, lambda: asked(slack, BEN, "could not find out"))
    question = await withdrawing(slack, BEN, post)
    assert (await slack.submit(BEN, question["id"])).result == "updated"
    await soon(slack, lambda: not asked(slack, BEN, "could not find out"))
    await mission.has_sent_everything()
    assert DEED not in await mission.read(all_words)


def forged(post: Doc, action_id: str, value: str) -> Doc:
    """The post with another value at this button, or in this menu."""
    copy: Doc = json.loads(json.dumps(post))
    for block in copy["blocks"]:
        for element in block.get("elements", []):
            if element.get("action_id") == action_id and "options" in element:
                element["options"][0]["value"] = value
            elif element.get("action_id") == action_id:
                element["value"] = value
    return copy


NO_NUMBERS = ["", "care", "-1:0", "١٢:0", "1e3:0", "99999999999999999999:0", "7", "7:x", "7:0:"]


@pytest.mark.parametrize("value", NO_NUMBERS)
async def test_a_button_that_is_about_no_record_is_answered(
    slack: FakeSlack, mission: Bot, caplog: pytest.LogCaptureFixture, value: str
) -> None:
    post = forged(await give(slack, BEN, f"@kim {DEED} #care"), "applaud", value or " ")
    outcome = await slack.click(KIM, channel=KUDOS, message=post, action_id="applaud")
    assert outcome.ok
    assert "by another version of Truenorth, so nothing was changed" in told(slack, KIM)
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("value", ["edit:", "edit:x", "withdraw:99999999999999999999", "edit"])
async def test_a_menu_that_is_about_no_record_is_answered(
    slack: FakeSlack, mission: Bot, value: str
) -> None:
    post = forged(await give(slack, BEN, f"@kim {DEED} #care"), MENU, value)
    where: Doc = {"channel": KUDOS, "message": post, "action_id": MENU}
    assert (await slack.click(BEN, **where, option=value)).ok
    assert "by another version of Truenorth, so nothing was changed" in told(slack, BEN)


@pytest.mark.parametrize("what", ["edit", "withdraw"])
@pytest.mark.parametrize("unseen", ["", "7", "x:0", "7:0:0", '{"id": 7}'])
async def test_a_form_of_another_version_is_answered_and_changes_nothing(
    slack: FakeSlack, mission: Bot, what: str, unseen: str
) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    form = await (editing if what == "edit" else withdrawing)(slack, BEN, post)
    slack.workspace.views.update(form["id"], form | {"private_metadata": unseen})
    outcome = await slack.submit(BEN, form["id"])
    said = str(outcome.errors) + text_of(slack.views(BEN)[-1])
    assert "nothing was changed" in said or "no longer here" in said
    assert (await mission.read(the_recognition)).message == DEED


async def test_a_form_that_nobody_knows_any_more_gives_the_words_back(
    slack: FakeSlack, mission: Bot
) -> None:
    form = await open_form(slack, BEN, "/recognize")
    slack.workspace.views.update(form["id"], form | {"callback_id": "recognize_2019"})
    filled = {"recipients": [KIM], "message": DEED, "value": "care"}
    outcome = await slack.submit(BEN, form["id"], filled)
    assert "another version of Truenorth, so nothing was saved" in outcome.errors["recipients"]


@pytest.mark.parametrize("what", ["edit", "withdraw"])
async def test_nobody_but_its_giver_reaches_a_private_recognition(
    slack: FakeSlack, mission: Bot, what: str
) -> None:
    """Not even an owner, who cannot read it either."""
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await give_privately(slack)
    private = (await mission.read(lambda s: s.exec(select(Recognition)).all()))[-1]
    assert private.is_private
    value = f"{what}:{private.id}"
    where: Doc = {"message": forged(post, MENU, value), "action_id": MENU}
    await slack.click(ANA, channel=KUDOS, **where, option=value)
    assert slack.views(ANA) == []
    assert "ben" not in told(slack, ANA)
    assert "between its people" in told(slack, ANA)


CODES = [":+1:" * 500, ":tada: x " * 222, ":a:" * 666]


@pytest.mark.parametrize("message", CODES)
async def test_a_recognition_of_nothing_but_emoji_is_posted(
    slack: FakeSlack, mission: Bot, message: str
) -> None:
    form = await open_form(slack, BEN, "/recognize")
    filled = {"recipients": [KIM], "message": message, "value": "care"}
    assert (await slack.submit(BEN, form["id"], filled)).closed
    post = (await soon(slack, lambda: slack.messages(KUDOS)[1:]))[0]
    assert text_of(post).count(message[:3]) == message.count(message[:3])
    await soon(slack, lambda: slack.dm(KIM))


@pytest.mark.parametrize("code", CODES)
async def test_a_story_of_nothing_but_emoji_is_posted(
    slack: FakeSlack, stories: Bot, code: str
) -> None:
    for filled in (SUCCESS, LEARNING):
        texts = {name: code for name in filled if name not in ("title", "value")}
        await tell(slack, filled | texts | {"title": ":a:" * 50, "credits": [ANA, KIM]})
        await slack.jump(PACE)
