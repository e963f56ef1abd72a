"""What somebody who recognises somebody goes through, over the socket."""

import asyncio
from typing import Any

import pytest
from sqlmodel import Session, select

from bot import settings
from bot.applause import Applause
from bot.playground.server import FakeSlack
from bot.rituals.recognition import Recipient, Recognition
from bot.roster import ONLY_OURS
from tests.support import (
    ANA,
    BEN,
    DAN,
    EVE,
    GENERAL,
    GIL,
    KIM,
    KUDOS,
    PACE,
    PIA,
    ROBY,
    Bot,
    give,
    open_form,
    soon,
    text_of,
    told,
)

DEED = "stayed late so that the clinic could book again"
FILLED = {"recipients": [KIM], "message": DEED, "value": "care"}


def recognitions(session: Session) -> list[Recognition]:
    return list(session.exec(select(Recognition)).all())


def applause(session: Session) -> list[str]:
    return list(session.exec(select(Applause.person)).all())


def blocks_of(view: dict[str, Any]) -> dict[str, Any]:
    return {block["block_id"]: block for block in view["blocks"]}


def applaud_button(post: dict[str, Any]) -> dict[str, Any]:
    actions = next(block for block in post["blocks"] if block["type"] == "actions")
    return dict(actions["elements"][0])


async def clap(slack: FakeSlack, who: str, post: dict[str, Any]) -> Any:
    return await slack.click(who, channel=KUDOS, ts=post["ts"], action_id="applaud")


def button_text(slack: FakeSlack) -> str:
    return str(applaud_button(slack.messages(KUDOS)[-1])["text"]["text"])


async def test_a_one_liner_is_posted_and_its_people_are_told(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await give(slack, BEN, f"@kim @ana {DEED} #care")
    assert text_of(post).startswith(f"@ben recognised @kim and @ana for :heart: Care\n{DEED}")
    await soon(slack, lambda: slack.dm(KIM))
    assert text_of(slack.dm(KIM)[-1]) == (
        f"@ben recognised you together with @ana for :heart: Care\n{DEED}\n"
        f"For everybody to see in <#{KUDOS}>"
    )
    assert "9 of 10 left today" in told(slack, BEN)
    assert slack.views(BEN) == []


async def test_the_form_gives_what_the_one_liner_gives(slack: FakeSlack, mission: Bot) -> None:
    form = await open_form(slack, BEN, "/recognize")
    assert (await slack.submit(BEN, form["id"], FILLED)).closed
    post = (await soon(slack, lambda: slack.messages(KUDOS)[1:]))[0]
    assert text_of(post).startswith("@ben recognised @kim for :heart: Care")


@pytest.mark.parametrize(
    ("typed", "recipients", "message", "value"),
    [
        (f"{DEED} #care", None, DEED, "care"),
        (f"@kim {DEED}", [KIM], DEED, None),
        ("@kim @ana #candour", [KIM, ANA], None, "candour"),
    ],
)
async def test_what_is_missing_opens_the_form_with_the_rest_filled_in(
    slack: FakeSlack,
    mission: Bot,
    typed: str,
    recipients: list[str] | None,
    message: str | None,
    value: str | None,
) -> None:
    form = blocks_of(await open_form(slack, BEN, f"/recognize {typed}"))
    assert form["recipients"]["element"].get("initial_users") == recipients
    assert form["message"]["element"].get("initial_value") == message
    assert form["value"]["element"].get("initial_option", {}).get("value") == value
    assert await mission.read(recognitions) == []


async def test_a_misspelt_value_opens_the_form_with_the_nearest_chosen(
    slack: FakeSlack, mission: Bot
) -> None:
    view = await open_form(slack, BEN, f"/recognize @kim {DEED} #candor")
    assert "There is no value #candor. The nearest is #candour" in text_of(view)
    form = blocks_of(view)
    assert form["value"]["element"]["initial_option"]["value"] == "candour"
    assert form["message"]["element"]["initial_value"] == DEED


async def test_a_value_like_no_other_stays_in_the_words_and_is_asked_for(
    slack: FakeSlack, mission: Bot
) -> None:
    view = await open_form(slack, BEN, f"/recognize @kim {DEED} #xyzzy")
    assert "There is no value #xyzzy. The values are #care, #candour." in text_of(view)
    assert blocks_of(view)["message"]["element"]["initial_value"] == f"{DEED} #xyzzy"
    assert "initial_option" not in blocks_of(view)["value"]["element"]


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (BEN, "You cannot recognise yourself"),
        (ROBY, "roby is a bot."),
        ("USLACKBOT", "is a bot."),
        (DAN, "is no longer here"),
        (PIA, "has not joined yet"),
        (EVE, "belongs to another organisation"),
    ],
)
async def test_who_may_not_be_recognised_is_named_at_the_field_and_nothing_is_saved(
    slack: FakeSlack, mission: Bot, who: str, reason: str
) -> None:
    form = await open_form(slack, BEN, "/recognize")
    outcome = await slack.submit(BEN, form["id"], FILLED | {"recipients": [KIM, who]}, force=True)
    assert reason.casefold() in outcome.errors["recipients"].casefold()
    assert list(outcome.errors) == ["recipients"]
    assert await mission.read(recognitions) == []


async def test_a_one_liner_keeps_those_who_may_be_recognised(
    slack: FakeSlack, mission: Bot
) -> None:
    view = await open_form(slack, BEN, f"/recognize @kim @roby @dan {DEED} #care")
    assert blocks_of(view)["recipients"]["element"]["initial_users"] == [KIM]
    notes = text_of(view)
    assert "is a bot." in notes
    assert "is no longer here" in notes


async def test_a_guest_may_be_recognised_and_may_recognise(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, GIL, f"@kim {DEED} #care")
    assert "@gil recognised @kim" in text_of(post)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("x" * 9, "10 characters at least, this is 9"),
        ("   nine ch   ", "this is 7"),
        ("x" * 2001, "This is 2,001 characters; 2,000 is the most"),
    ],
)
async def test_too_short_or_too_long_is_said_at_the_field(
    slack: FakeSlack, mission: Bot, message: str, reason: str
) -> None:
    form = await open_form(slack, BEN, "/recognize")
    outcome = await slack.submit(BEN, form["id"], FILLED | {"message": message}, force=True)
    assert reason in outcome.errors["message"]
    assert await mission.read(recognitions) == []


@pytest.mark.parametrize("length", [10, 2000])
async def test_the_shortest_and_the_longest_are_taken(
    slack: FakeSlack, mission: Bot, length: int
) -> None:
    post = await give(slack, BEN, f"@kim {'x' * length} #care")
    assert "x" * length in text_of(post)


async def test_a_one_liner_that_no_form_can_hold_comes_back_whole(
    slack: FakeSlack, mission: Bot
) -> None:
    words = "long " * 700
    await slack.command(BEN, GENERAL, f"/recognize @kim {words}")
    assert words.strip() in told(slack, BEN)
    assert slack.views(BEN) == []


async def test_eleven_people_are_too_many(slack: FakeSlack, mission: Bot) -> None:
    crowd = [f"U0CROWD{number}" for number in range(11)]
    form = await open_form(slack, BEN, "/recognize")
    for person in crowd:
        slack.workspace.join(person, name=person.lower(), real_name=person)
    await slack.events.settled()
    outcome = await slack.submit(BEN, form["id"], FILLED | {"recipients": crowd}, force=True)
    assert "You named 11 people; at most 10" in outcome.errors["recipients"]


async def test_several_faults_are_told_together(slack: FakeSlack, mission: Bot) -> None:
    form = await open_form(slack, BEN, "/recognize")
    wrong = {"recipients": [BEN, ROBY], "message": "short", "value": "care"}
    outcome = await slack.submit(BEN, form["id"], wrong, force=True)
    assert set(outcome.errors) == {"recipients", "message"}
    assert "yourself" in outcome.errors["recipients"]
    assert "is a bot" in outcome.errors["recipients"]


async def test_somebody_named_twice_counts_once(slack: FakeSlack, mission: Bot) -> None:
    await give(slack, BEN, f"@kim @kim {DEED} #care")

    def recipients(session: Session) -> list[str]:
        return list(session.exec(select(Recipient.person)).all())

    assert await mission.read(recipients) == [KIM]


@pytest.mark.parametrize(
    "words",
    [
        "<!channel> look at what was done",
        "<!here> and <!everyone> look at this",
        f"<@{ANA}> is not who is meant here",
        "*bold* _it_ ~no~ `code` ```pre```",
        "&lt;b&gt; &amp;amp; 1 < 2 > 0",
        "\u202eright to left\u202c \u200fmarks stay",
        "🎉" * 40,
        "line one\nline two\n\n> quoted",
        "<https://example.org|a link> and https://example.org",
    ],
)
async def test_words_are_shown_as_typed_and_ping_nobody(
    slack: FakeSlack, mission: Bot, words: str
) -> None:
    form = await open_form(slack, BEN, "/recognize")
    assert (await slack.submit(BEN, form["id"], FILLED | {"message": words})).closed
    post = (await soon(slack, lambda: slack.messages(KUDOS)[1:]))[0]
    quote = post["blocks"][0]["elements"][1]
    assert "".join(element["text"] for element in quote["elements"]) == words
    await soon(slack, lambda: slack.dm(KIM))
    assert {ping["id"] for ping in pings_of(slack, post)} == {BEN, KIM}


def pings_of(slack: FakeSlack, post: dict[str, Any]) -> list[Any]:
    return [ping for ping in slack.workspace.pings if ping["ts"] == post["ts"]]


async def test_a_broadcast_typed_in_a_command_pings_nobody(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, BEN, "@kim told @channel and @here what to do #care")
    assert {ping["id"] for ping in pings_of(slack, post)} == {BEN, KIM}
    assert "told @channel and @here what to do" in text_of(post)


async def test_the_same_submission_twice_has_one_effect(slack: FakeSlack, mission: Bot) -> None:
    form = await open_form(slack, BEN, "/recognize")
    await slack.submit(BEN, form["id"], FILLED)
    assert (await slack.redeliver()).acked
    await soon(slack, lambda: slack.messages(KUDOS)[1:])
    assert len(await mission.read(recognitions)) == 1


async def test_a_redelivered_command_has_one_effect(slack: FakeSlack, mission: Bot) -> None:
    await give(slack, BEN, f"@kim {DEED} #care")
    assert "saved already" in str((await slack.redeliver()).payload)
    assert len(await mission.read(recognitions)) == 1


async def test_applause_counts_each_person_once_and_can_be_taken_back(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    assert button_text(slack) == "Applaud"
    await clap(slack, ANA, post)
    await soon(slack, lambda: button_text(slack) == "Applaud · 1")
    await clap(slack, KIM, post)
    await soon(slack, lambda: button_text(slack) == "Applaud · 2")
    assert f"Applause from <@{ANA}>, <@{KIM}>" in text_of(slack.messages(KUDOS)[-1])
    await clap(slack, ANA, post)
    await soon(slack, lambda: button_text(slack) == "Applaud · 1")
    assert await mission.read(applause) == [KIM]


async def test_two_clicks_at_once_are_one(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await asyncio.gather(clap(slack, ANA, post), clap(slack, ANA, post))
    await soon(slack, lambda: button_text(slack) == "Applaud · 1")
    assert await mission.read(applause) == [ANA]


async def test_a_redelivered_click_is_one(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await clap(slack, ANA, post)
    await slack.redeliver()
    assert await mission.read(applause) == [ANA]


async def test_somebody_of_a_partner_is_told_politely_and_alone(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await clap(slack, EVE, post)
    await soon(slack, lambda: slack.ephemerals(EVE))
    assert ONLY_OURS in told(slack, EVE)
    assert await mission.read(applause) == []


async def test_the_allowance_used_up_says_when_it_renews_in_the_givers_zone(
    slack: FakeSlack, mission: Bot
) -> None:
    await mission.write(lambda session: settings.change(session, allowance=1))
    await give(slack, KIM, f"@ben {DEED} #care")
    await slack.command(KIM, GENERAL, f"/recognize @ana {DEED} #candour")
    # T0 is 18:00 in Seoul.
    assert "They renew on Tue 6 Jan at 00:00 (Asia/Seoul)." in told(slack, KIM)
    assert f"/recognize @ana {DEED} #candour" in told(slack, KIM)
    assert len(await mission.read(recognitions)) == 1


async def test_the_allowance_is_there_again_on_the_givers_next_day(
    slack: FakeSlack, mission: Bot
) -> None:
    await mission.write(lambda session: settings.change(session, allowance=1))
    await give(slack, KIM, f"@ben {DEED} #care")
    await slack.jump(PACE * 3600 * 3)  # six hours: midnight in Seoul
    await give(slack, KIM, f"@ben {DEED} once more #care")
    assert len(await mission.read(recognitions)) == 2


async def test_the_form_stays_open_where_the_allowance_is_used_up(
    slack: FakeSlack, mission: Bot
) -> None:
    await mission.write(lambda session: settings.change(session, allowance=0))
    form = await open_form(slack, BEN, "/recognize")
    outcome = await slack.submit(BEN, form["id"], FILLED)
    assert "They renew on" in outcome.errors["recipients"]


async def test_without_a_mission_it_says_who_can_set_it_up(slack: FakeSlack, bot: Bot) -> None:
    await slack.command(BEN, GENERAL, f"/recognize @kim {DEED} #care")
    assert "the mission is not set up yet" in told(slack, BEN)
    assert "/mission setup" in told(slack, BEN)
    assert "ana" in told(slack, BEN).casefold()


async def test_a_form_that_slack_does_not_open_gives_the_words_back(
    slack: FakeSlack, mission: Bot
) -> None:
    slack.fault("views.open", "error", error="expired_trigger_id")
    await slack.command(BEN, GENERAL, f"/recognize {DEED} and more")
    assert "nothing was saved" in told(slack, BEN)
    assert f"/recognize {DEED} and more" in told(slack, BEN)


async def test_a_recognition_keeps_the_wording_of_its_day(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    form = await open_form(slack, ANA, "/mission setup")
    values = "#care :handshake: Kindness — we are kind\n#candour :mag: Candour — we say what is"
    assert (await slack.submit(ANA, form["id"], {"values": values, "why": "clearer"})).closed
    await clap(slack, ANA, post)
    await soon(slack, lambda: "edited" in slack.messages(KUDOS)[1])
    assert ":heart: Care" in text_of(slack.messages(KUDOS)[1])
    new = await give(slack, BEN, f"@kim {DEED} again #care")
    assert ":handshake: Kindness" in text_of(new)
