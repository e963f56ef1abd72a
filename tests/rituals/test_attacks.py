"""What happens between the steps that people take, and what Slack sends that nobody meant."""

import json

import pytest
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session, select

from bot.outbox import OutboxRow
from bot.playground.server import FakeSlack
from bot.rituals.recognition import Recognition
from bot.rituals.story import Story
from bot.rows import insert_rows
from bot.tale import WORDS
from tests.rituals.telling import LEARNING, SUCCESS, fill_in, tell
from tests.rituals.test_corrections import DEED, editing, the_recognition, withdrawing
from tests.rituals.test_home import chosen
from tests.rituals.test_private import give_privately
from tests.support import (
    ANA,
    BEN,
    KIM,
    KUDOS,
    PACE,
    T0,
    Bot,
    Doc,
    give,
    open_form,
    soon,
    text_of,
    told,
)

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
    (warning,) = asked(slack, BEN, "may still show its words")
    where = "#kudos" if scope == "channels:history" else "@kim"
    assert where in text_of(warning)


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


NOTHING = "\u200b\u2060\u200d\ufeff\u00ad" * 3  # characters without any width


async def test_characters_that_nobody_sees_say_nothing(slack: FakeSlack, stories: Bot) -> None:
    form = await open_form(slack, BEN, "/recognize")
    filled = {"recipients": [KIM], "message": NOTHING, "value": "care"}
    outcome = await slack.submit(BEN, form["id"], filled)
    assert "10 characters at least, this is 0" in outcome.errors["message"]
    outcome = await fill_in(slack, SUCCESS | {"title": NOTHING, "impact": NOTHING}, who=ANA)
    assert set(outcome.errors) == {"title", "impact"}


async def test_words_from_right_to_left_and_emoji_alone_are_words(
    slack: FakeSlack, mission: Bot
) -> None:
    for words in ("\u200fنشكرك على كل شيء\u200f", "👩‍🔬👩‍🔬👩‍🔬👩‍🔬"):
        post = await give(slack, BEN, f"@kim {words} #care")
        assert words in text_of(post)
        await slack.jump(PACE)


async def test_who_left_makes_no_correction_of_what_was_left_alone(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await give(slack, BEN, f"@kim @ana {DEED} #care")
    await mission.has_sent_everything()
    slack.workspace.edit_person(KIM, deleted=True)
    await slack.events.settled()
    form = await editing(slack, BEN, post)
    assert (await slack.submit(BEN, form["id"], {})).closed
    assert (await mission.read(the_recognition)).revision == 0


async def test_what_a_database_complains_about_is_without_peoples_words(mission: Bot) -> None:
    def twice(session: Session) -> None:
        story = {"kind": "success", "author": BEN, "value_id": 1, "channel": None}
        values = {"id": 7, "title": DEED, "created_at": T0, **story}
        for _ in range(2):
            insert_rows(session, Story, [values | dict.fromkeys(WORDS, DEED)])

    with pytest.raises(DatabaseError) as error:
        await mission.write(twice)
    assert DEED not in str(error.value)


async def test_a_form_leads_to_nowhere_but_a_message(slack: FakeSlack, mission: Bot) -> None:
    """Else Slack would refuse the post, or the post would lead out of Slack."""
    for link in ('{"link": 7}', "https://evil.example/archives/C1/p1", "javascript:alert(1)"):
        form = await open_form(slack, BEN, f"/recognize @kim {DEED}")
        slack.workspace.views.update(form["id"], form | {"private_metadata": link})
        assert (await slack.submit(BEN, form["id"], {"value": "care"})).closed
        await mission.has_sent_everything()
        post = (await soon(slack, lambda: slack.messages(KUDOS)[1:]))[-1]
        assert "this message" not in text_of(post)
        await slack.jump(PACE)


async def test_nobody_is_told_to_have_told_who_left(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await mission.has_sent_everything()
    slack.workspace.edit_person(BEN, deleted=True)
    await slack.events.settled()
    question = await withdrawing(slack, ANA, post)
    assert "is told" not in text_of(question)
    assert "@ben left" in text_of(question)
    assert (await slack.submit(ANA, question["id"])).closed
    await mission.has_sent_everything()
    assert slack.dm(BEN) == []
