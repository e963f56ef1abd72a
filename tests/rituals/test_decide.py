"""What somebody who wants something decided goes through, over the socket."""

from bot.playground.server import FakeSlack
from bot.proposal import CHECKLIST
from tests.rituals.deciding import LINE, all_of_them, begin, ledger, the_decision
from tests.rituals.telling import initial
from tests.support import (
    ANA,
    BEN,
    GENERAL,
    LOUNGE,
    Bot,
    open_form,
    soon,
    text_of,
    told,
)


async def test_one_line_is_a_decision_with_a_card(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack)
    assert text_of(card).splitlines() == [
        f"1 · {LINE}",
        "Open · @ben drives it, to be decided by Monday, 12 January 2026.",
        "Options",
        "Do it — not scored",
        "Don't — not scored",
        "Still missing",
        "Checklist: 0 of 6 settled.",
        *(f"{question} — Not answered" for question in CHECKLIST),
        "Checklist",
        "Score",
        "Decide",
        "Scores",
        "Export",
        "Withdraw",
    ]
    assert "Decision 1 is open, and you drive it. Its card is on its way to #lounge." in told(
        slack, BEN
    )


async def test_the_ledger_has_ids_only(slack: FakeSlack, deciding: Bot) -> None:
    await begin(slack)
    (line,), known = await deciding.read(ledger), await deciding.read(the_decision)
    assert (line.kind, line.actor, line.subject) == ("decision.begun", BEN, known.id)
    assert line.details == {"concerns": [BEN]}


async def test_it_can_be_asked_through_the_mission(slack: FakeSlack, deciding: Bot) -> None:
    await slack.command(BEN, GENERAL, f"/mission decide {LINE}")
    assert (await deciding.read(the_decision)).title == LINE


async def test_the_missions_card_opens_the_form(slack: FakeSlack, deciding: Bot) -> None:
    await slack.command(BEN, GENERAL, "/mission")
    card = slack.ephemerals(BEN)[-1]
    await slack.click(BEN, channel=GENERAL, ts=card["ts"], action_id="open_decide")
    assert slack.views(BEN)[-1]["callback_id"] == "decide"


async def test_the_same_line_delivered_twice_is_one_decision(
    slack: FakeSlack, deciding: Bot
) -> None:
    await begin(slack)
    await slack.redeliver()
    await deciding.has_sent_everything()
    assert len(await deciding.read(all_of_them)) == 1
    assert len(slack.messages(LOUNGE)) == 1


async def test_words_are_shown_as_typed_and_ping_nobody(slack: FakeSlack, deciding: Bot) -> None:
    await slack.command(BEN, GENERAL, "/decide Ask <!channel> & <@U0ANA> about *bold* moves?")
    card = (await soon(slack, lambda: slack.messages(LOUNGE)))[0]
    assert "Ask <!channel> & @ana about *bold* moves?" in text_of(card)
    pings = {ping["id"] for ping in slack.workspace.pings if ping["ts"] == card["ts"]}
    assert pings == {BEN}


async def test_two_characters_are_no_title(slack: FakeSlack, deciding: Bot) -> None:
    await slack.command(BEN, GENERAL, "/decide Hm")
    assert "A title takes 3 to 150 characters; this is 2." in told(slack, BEN)
    assert await deciding.read(all_of_them) == []


async def test_more_than_a_title_holds_opens_the_form_with_it(
    slack: FakeSlack, deciding: Bot
) -> None:
    form = await open_form(slack, BEN, f"/decide {'word ' * 50}")
    assert initial(form, "title") is None
    assert initial(form, "context") == ("word " * 50).strip()
    assert "A title takes 150 characters at most" in text_of(form)
    assert await deciding.read(all_of_them) == []


async def test_more_than_the_form_holds_is_given_back_to_copy(
    slack: FakeSlack, deciding: Bot
) -> None:
    line = f"/decide {'word ' * 500}and the end"
    form = await open_form(slack, BEN, line)
    assert "the end is cut off" in text_of(form)
    assert told(slack, BEN).endswith(line)


async def test_help_lists_the_ways(slack: FakeSlack, deciding: Bot) -> None:
    await slack.command(BEN, GENERAL, "/decide help")
    assert "/decide list" in told(slack, BEN)
    await slack.command(BEN, GENERAL, "/mission help")
    assert "/decide Ship the new booking page on Friday?" in told(slack, BEN)


async def test_without_a_mission_it_says_who_can_set_it_up(slack: FakeSlack, bot: Bot) -> None:
    for words in ("", LINE):
        await slack.command(BEN, GENERAL, f"/decide {words}")
        assert "the mission is not set up yet" in told(slack, BEN)
    assert f"/decide {LINE}" in told(slack, BEN)


async def test_without_a_channel_it_waits_and_everybody_concerned_is_told(
    slack: FakeSlack, mission: Bot
) -> None:
    await slack.command(BEN, GENERAL, f"/decide {LINE}")
    assert "not posted yet: no channel is chosen for it yet" in told(slack, BEN)
    await soon(slack, lambda: [m for m in slack.dm(BEN) if "not posted yet" in text_of(m)])
    await soon(slack, lambda: [m for m in slack.dm(ANA) if "Something waits" in text_of(m)])
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], {"decisions_channel": LOUNGE})).closed
    card = (await soon(slack, lambda: slack.messages(LOUNGE)))[0]
    assert LINE in text_of(card)


async def test_home_says_that_the_channel_is_missing(slack: FakeSlack, mission: Bot) -> None:
    home = text_of(await slack.open_home(ANA) or {})
    assert "No channel for decisions is chosen yet, so none is posted." in home
