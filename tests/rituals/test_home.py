"""What a person's Home shows them, and what it shows to nobody else."""

import pytest

from bot.blocks.shortened import SHOWN, shortened
from bot.playground.server import FakeSlack
from tests.support import (
    ANA,
    BEN,
    KIM,
    KUDOS,
    Bot,
    Doc,
    give,
    open_form,
    soon,
    text_of,
)

DEED = "stayed late so that the clinic could book again"
BETTER = "stayed late twice so that the clinic could book again"


async def opened(slack: FakeSlack, who: str) -> str:
    """Open Home and return what stands there."""
    view = await slack.open_home(who)
    assert view is not None, slack.picture()
    return text_of(view)


async def given(
    slack: FakeSlack, bot: Bot, who: str = BEN, text: str = f"@kim {DEED} #care"
) -> Doc:
    """Recognise somebody, and return the post once Slack has everything about it."""
    post = await give(slack, who, text)
    await bot.has_sent_everything()
    return post


async def given_privately(slack: FakeSlack, bot: Bot, message: str = DEED) -> None:
    form = await open_form(slack, BEN, "/recognize")
    filled = {"recipients": [KIM], "message": message, "value": "care", "visibility": "private"}
    assert (await slack.submit(BEN, form["id"], filled)).closed
    await soon(slack, lambda: slack.dm(KIM))
    await bot.has_sent_everything()


async def chosen(slack: FakeSlack, who: str, what: str) -> Doc:
    """Choose Edit or Withdraw in the menu beside the latest recognition on Home."""
    view = slack.home(who)
    assert view is not None
    menu = next(b["accessory"] for b in view["blocks"] if overflow(b))
    option = next(each["value"] for each in menu["options"] if each["value"].startswith(what))
    outcome = await slack.click(who, view=view, action_id=menu["action_id"], option=option)
    assert outcome.ok, outcome.error
    return slack.views(who)[-1]


def overflow(block: Doc) -> bool:
    return bool(block.get("accessory", {}).get("type") == "overflow")


def link_to(channel: str, message: Doc) -> str:
    return f"https://playground.slack.com/archives/{channel}/p{message['ts'].replace('.', '')}"


async def test_what_i_got_stands_there_with_its_value_its_day_and_its_post(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await given(slack, mission, text=f"@kim @ana {DEED} #care")
    lines = (await opened(slack, KIM)).splitlines()
    at = lines.index("Thanks you got")
    assert lines[at + 1] == "@ben recognised you together with @ana for :heart: Care"
    assert lines[at + 2] == DEED
    link = link_to(KUDOS, post)
    day = f"<!date^{int(slack.now().timestamp())}^{{date_short_pretty}}|5 January 2026>"
    assert lines[at + 3].endswith(f" · <{link}|Open the post>")
    assert lines[at + 3].partition("^")[0] == day.partition("^")[0]
    assert lines[at + 3].partition("|")[2].startswith("5 January 2026>")
    assert "Thanks you gave" not in lines


async def test_what_i_gave_stands_there_with_a_menu_to_correct_it(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await given(slack, mission)
    text = await opened(slack, BEN)
    assert f"You recognised @kim for :heart: Care\n{DEED}" in text
    assert link_to(KUDOS, post) in text
    form = await chosen(slack, BEN, "edit")
    assert (await slack.submit(BEN, form["id"], {"message": BETTER})).closed
    assert BETTER in await opened(slack, BEN)
    assert BETTER in await opened(slack, KIM)
    assert DEED not in await opened(slack, KIM)


async def test_who_is_not_named_any_more_sees_it_no_more(slack: FakeSlack, mission: Bot) -> None:
    await given(slack, mission)
    await opened(slack, BEN)
    form = await chosen(slack, BEN, "edit")
    assert (await slack.submit(BEN, form["id"], {"recipients": [ANA]})).closed
    assert "@ben recognised you" in await opened(slack, ANA)
    assert DEED not in await opened(slack, KIM)


async def test_what_was_withdrawn_is_nowhere(slack: FakeSlack, mission: Bot) -> None:
    await given(slack, mission)
    await opened(slack, BEN)
    question = await chosen(slack, BEN, "withdraw")
    assert (await slack.submit(BEN, question["id"])).acked
    for who in (ANA, BEN, KIM):
        assert "recognised" not in await opened(slack, who)


async def test_a_value_keeps_the_words_it_had_then(slack: FakeSlack, mission: Bot) -> None:
    await given(slack, mission)
    form = await open_form(slack, ANA, "/mission setup")
    values = "#care :star: Warmth — we notice and act\n#candour :mag: Candour — we say what is"
    assert (await slack.submit(ANA, form["id"], {"values": values, "why": "Clearer"})).closed
    text = await opened(slack, KIM)
    assert "recognised you for :heart: Care" in text
    assert ":star: Warmth — we notice and act · #care" in text


async def test_a_private_recognition_is_seen_by_its_two_people_alone(
    slack: FakeSlack, mission: Bot
) -> None:
    await given_privately(slack, mission)
    for who, words in ((KIM, "@ben recognised you for"), (BEN, "You recognised @kim for")):
        text = await opened(slack, who)
        assert words in text
        (about,) = [line for line in text.splitlines() if line.endswith(" · between you")]
        assert link_to(slack.workspace.dm_id(who), slack.dm(who)[-1]) in about
    assert "recognised" not in await opened(slack, ANA)  # who is an owner


async def test_a_private_recognition_is_corrected_from_home(slack: FakeSlack, mission: Bot) -> None:
    await given_privately(slack, mission)
    await opened(slack, BEN)
    form = await chosen(slack, BEN, "edit")
    assert (await slack.submit(BEN, form["id"], {"message": BETTER})).closed
    assert BETTER in await opened(slack, KIM)


async def test_a_long_text_is_shortened_to_whole_words_and_leads_to_all_of_it(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await given(slack, mission, text=f"@kim {'Kim helped. ' * 100}#care")
    text = await opened(slack, KIM)
    (shown,) = [line for line in text.splitlines() if line.startswith("Kim helped.")]
    assert len(shown) <= SHOWN
    assert shown.endswith("Kim helped.…")
    assert f"<{link_to(KUDOS, post)}|Read all of it>" in text


@pytest.mark.parametrize(
    ("text", "length", "short"),
    [
        ("as it is", 8, "as it is"),
        ("one two three", 8, "one two…"),
        ("one two three", 9, "one two…"),
        ("a" * 20, 10, "a" * 9 + "…"),
        ("a " + "b" * 20, 10, "a bbbbbbb…"),
    ],
)
def test_a_text_is_shortened_where_a_word_ends(text: str, length: int, short: str) -> None:
    assert shortened(text, length) == short


async def test_who_got_and_gave_nothing_reads_what_to_do(slack: FakeSlack, mission: Bot) -> None:
    text = await opened(slack, KIM)
    assert "Who made your week easier? Tell them with /recognize." in text
    assert "Thanks you g" not in text


async def test_a_post_that_was_removed_in_slack_is_not_linked_to(
    slack: FakeSlack, mission: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    post = await given(slack, mission)
    slack.fault("chat.update", "error", error="message_not_found")
    await slack.click(ANA, channel=KUDOS, ts=post["ts"], action_id="applaud")
    await soon(slack, lambda: "message_not_found" in caplog.text)
    await mission.has_sent_everything()
    assert link_to(KUDOS, post) not in await opened(slack, BEN)
    assert link_to(slack.workspace.dm_id(KIM), slack.dm(KIM)[-1]) in await opened(slack, KIM)


async def test_somebody_who_left_is_still_named(slack: FakeSlack, mission: Bot) -> None:
    await given(slack, mission, text=f"@kim @ana {DEED} #care")
    slack.workspace.edit_person(KIM, deleted=True)
    await slack.events.settled()
    assert "You recognised @kim and @ana" in await opened(slack, BEN)
    assert "@ben recognised you together with @kim" in await opened(slack, ANA)
