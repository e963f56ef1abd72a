"""The form for a story, which changes with the kind and loses nothing, and its shortcuts."""

import pytest

from bot.playground.server import FakeSlack
from tests.rituals.telling import (
    LEARNING,
    SUCCESS,
    credits,
    fill_in,
    form_of,
    initial,
    inputs,
    the_story,
    told_so_far,
)
from tests.support import (
    ANA,
    BEN,
    DAN,
    EVE,
    GENERAL,
    KIM,
    LOUNGE,
    PRIVATE,
    ROBY,
    Bot,
    Doc,
    open_form,
    soon,
    text_of,
    told,
)


def held(view: Doc) -> Doc:
    """What stands in the view's texts now, by their names."""
    values = view["state"]["values"]
    typed = {name: next(iter(each.values())) for name, each in values.items()}
    return {name: each["value"] for name, each in typed.items() if each.get("value")}


async def choose(slack: FakeSlack, kind: str) -> Doc:
    """Choose the kind in Ben's form, and return the form as it is then."""
    view = slack.views(BEN)[-1]
    assert (await slack.choose(BEN, view["id"], "kind", kind)).ok
    return slack.views(BEN)[-1]


async def test_the_form_changes_with_the_kind_and_keeps_what_was_typed(
    slack: FakeSlack, stories: Bot
) -> None:
    form = await open_form(slack, BEN, "/story We halved @roby it")
    slack.fill(BEN, form["id"], SUCCESS | {"credits": [KIM]})
    form = await choose(slack, "learning")
    assert list(inputs(form)) == [
        "kind", "title", "expected", "happened", "learned", "change", "value", "credits",
    ]  # fmt: skip
    assert held(form) == {"title": SUCCESS["title"], "happened": SUCCESS["happened"]}
    assert "Not credited: roby is a bot." in text_of(form)
    rest = {name: LEARNING[name] for name in ("expected", "learned", "change")}
    assert (await slack.submit(BEN, form["id"], rest)).closed
    post = (await soon(slack, lambda: slack.messages(LOUNGE)))[-1]
    assert "@ben told a story of what we learned, for :heart: Care" in text_of(post)
    assert SUCCESS["happened"] in text_of(post)
    assert "With credit to @kim" in text_of(post)
    assert (await stories.read(the_story)).impact == ""


async def test_what_the_other_kinds_fields_held_comes_back_with_them(
    slack: FakeSlack, stories: Bot
) -> None:
    form = await open_form(slack, BEN, "/story learning")
    slack.fill(BEN, form["id"], LEARNING)
    form = await choose(slack, "success")
    assert list(inputs(form)) == ["kind", "title", "happened", "impact", "value", "credits"]
    slack.fill(BEN, form["id"], {"impact": SUCCESS["impact"], "happened": "Something else."})
    form = await choose(slack, "learning")
    texts = {name: words for name, words in LEARNING.items() if name != "value"}
    assert held(form) == texts | {"happened": "Something else."}
    form = await choose(slack, "success")
    assert held(form)["impact"] == SUCCESS["impact"]


async def test_what_is_too_long_to_be_kept_unseen_stays_in_sight(
    slack: FakeSlack, stories: Bot
) -> None:
    form = await open_form(slack, BEN, "/story learning")
    long = {name: name[0] * 2000 for name in ("expected", "learned", "change")}
    slack.fill(BEN, form["id"], LEARNING | long)
    form = await choose(slack, "success")
    assert list(inputs(form)) == [
        "kind", "title", "happened", "impact", "value", "credits", "learned", "change",
    ]  # fmt: skip
    assert "It stays here for you to copy." in text_of(form)
    slack.fill(BEN, form["id"], {"change": "c" * 1999})
    form = await choose(slack, "learning")
    assert held(form) == long | {"change": "c" * 1999} | {
        name: LEARNING[name] for name in ("title", "happened")
    }
    await choose(slack, "success")
    assert (await slack.submit(BEN, form["id"], {"impact": SUCCESS["impact"]})).closed
    post = (await soon(slack, lambda: slack.messages(LOUNGE)))[-1]
    assert "ccc" not in str(post)
    story = await stories.read(the_story)
    assert (story.kind, story.change) == ("success", "")


async def test_choosing_the_kind_that_is_shown_changes_nothing(
    slack: FakeSlack, stories: Bot
) -> None:
    form = await open_form(slack, BEN, "/story")
    assert (await choose(slack, "success"))["hash"] == form["hash"]


async def test_a_form_sent_before_it_could_change_changes_and_saves_nothing(
    slack: FakeSlack, stories: Bot
) -> None:
    form = await open_form(slack, BEN, "/story")
    outcome = await slack.submit(BEN, form["id"], SUCCESS | {"kind": "learning"})
    assert outcome.result == "updated"
    form = slack.views(BEN)[-1]
    assert "learned" in inputs(form)
    assert held(form) == {"title": SUCCESS["title"], "happened": SUCCESS["happened"]}
    assert await stories.read(told_so_far) == []
    rest = {name: LEARNING[name] for name in ("expected", "learned", "change")}
    assert (await slack.submit(BEN, form["id"], rest)).closed


async def test_a_form_that_changed_in_another_window_is_left_as_it_is(
    slack: FakeSlack, stories: Bot
) -> None:
    stories.may_be_refused("hash_conflict")
    form = await open_form(slack, BEN, "/story")
    slack.fault("views.update", "error", error="hash_conflict")
    assert (await slack.choose(BEN, form["id"], "kind", "learning")).acked
    outcome = await slack.submit(BEN, form["id"], SUCCESS)
    assert outcome.result == "updated"
    assert "learned" in inputs(slack.views(BEN)[-1])


async def test_the_fields_of_the_other_kind_are_not_asked_for(
    slack: FakeSlack, stories: Bot
) -> None:
    assert (await fill_in(slack, LEARNING)).closed
    story = await stories.read(the_story)
    assert story.texts == {name: LEARNING[name] for name in story.texts}
    assert list(story.texts) == ["expected", "happened", "learned", "change"]


async def pressed(slack: FakeSlack, message: Doc, channel: str = GENERAL) -> Doc:
    return await form_of(slack, BEN, message, "tell_as_story", channel)


async def test_the_global_shortcut_opens_the_empty_form(slack: FakeSlack, stories: Bot) -> None:
    assert (await slack.shortcut(BEN, "tell_story")).ok
    form = slack.views(BEN)[-1]
    assert [initial(form, name) for name in ("kind", "title", "happened")] == [
        "success", None, None,
    ]  # fmt: skip


async def test_a_message_fills_in_what_happened_and_credits_who_wrote_it(
    slack: FakeSlack, stories: Bot
) -> None:
    said = (
        f"<@{BEN}> mended <https://clinic.example|the clinic's page> &amp; <https://a.example>, "
        "<!here>"
    )
    message = slack.workspace.messages.post(GENERAL, {"user": KIM, "text": said})
    form = await pressed(slack, message)
    assert initial(form, "happened") == ("@ben mended the clinic's page & https://a.example, @here")
    assert initial(form, "title") is None
    assert initial(form, "credits") == [KIM]
    rest: Doc = {name: SUCCESS[name] for name in ("title", "impact", "value")}
    assert (await slack.submit(BEN, form["id"], rest)).closed
    post = (await soon(slack, lambda: slack.messages(LOUNGE)))[-1]
    assert "@ben mended the clinic's page & https://a.example, @here" in text_of(post)
    assert message["ts"].replace(".", "") not in str(post["blocks"])
    assert {ping["id"] for ping in slack.workspace.pings if ping["ts"] == post["ts"]} == {BEN, KIM}


async def test_a_message_longer_than_fits_is_cut_and_the_form_says_so(
    slack: FakeSlack, stories: Bot
) -> None:
    message = await slack.message(KIM, GENERAL, "word " * 500)
    form = await pressed(slack, message)
    assert "has 2,499 characters; 2,000 fit, so its end is cut off" in text_of(form)
    assert len(initial(form, "happened")) == 2000
    assert initial(form, "happened").endswith("…")
    learning = await choose(slack, "learning")
    assert held(learning)["happened"] == initial(form, "happened")


async def test_ones_own_message_credits_oneself(slack: FakeSlack, stories: Bot) -> None:
    message = await slack.message(BEN, GENERAL, "I mended the page of the clinic")
    form = await pressed(slack, message)
    rest: Doc = {name: SUCCESS[name] for name in ("title", "impact", "value")}
    assert (await slack.submit(BEN, form["id"], rest)).closed
    await stories.has_sent_everything()
    assert await stories.read(credits) == [BEN]
    assert slack.dm(BEN) == []


@pytest.mark.parametrize(
    ("author", "note"),
    [(DAN, "is no longer here"), (EVE, "belongs to another organisation")],
)
async def test_an_author_who_cannot_be_credited_is_said_and_the_words_are_there(
    slack: FakeSlack, stories: Bot, author: str, note: str
) -> None:
    slack.workspace.edit_person(author, deleted=False)
    slack.workspace.add_channel("C0PAST", "past", members=[BEN, author], bot=False)
    message = await slack.message(author, "C0PAST", "The lift is mended")
    slack.workspace.edit_person(author, deleted=author == DAN)
    await slack.events.settled()
    form = await pressed(slack, message, "C0PAST")
    assert "Not credited: " in text_of(form)
    assert note in text_of(form)
    assert initial(form, "credits") is None
    assert initial(form, "happened") == "The lift is mended"


async def test_a_bots_message_fills_in_its_words_alone(slack: FakeSlack, stories: Bot) -> None:
    said = {"user": ROBY, "bot_id": "B0ROBY", "text": "Deployed release 5"}
    form = await pressed(slack, slack.workspace.messages.post(GENERAL, said))
    assert "Not credited: roby is a bot." in text_of(form)
    assert initial(form, "happened") == "Deployed release 5"


async def test_a_message_deleted_meanwhile_still_opens_the_form(
    slack: FakeSlack, stories: Bot
) -> None:
    message = await slack.message(KIM, GENERAL, "The lift is mended")
    await slack.delete_message(KIM, GENERAL, message["ts"])
    assert initial(await pressed(slack, message), "happened") == "The lift is mended"


async def test_that_a_message_is_not_for_everybody_is_said(slack: FakeSlack, stories: Bot) -> None:
    message = await slack.message(ANA, PRIVATE, "The merger is off")
    form = await pressed(slack, message, PRIVATE)
    assert "Not everybody can read this message, and everybody will read the story" in text_of(form)


async def test_a_message_without_words_opens_the_form_and_says_so(
    slack: FakeSlack, stories: Bot
) -> None:
    message = await slack.message(KIM, GENERAL, "   ")
    form = await pressed(slack, message)
    assert "I found no words in this message" in text_of(form)


async def test_without_a_mission_the_shortcut_says_who_writes_it(
    slack: FakeSlack, bot: Bot
) -> None:
    message = await slack.message(KIM, GENERAL, "The lift is mended")
    await slack.message_shortcut(BEN, GENERAL, message["ts"], "tell_as_story")
    assert "the mission is not set up yet" in told(slack, BEN)
    await slack.shortcut(BEN, "tell_story")
    assert "the mission is not set up yet" in text_of(slack.views(BEN)[-1])
