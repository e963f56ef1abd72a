"""Everything about oneself: asked for by oneself, sent to oneself, and to nobody else."""

import asyncio
from datetime import timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, select

from bot import charter, decisions, deliberation, involvement, roster
from bot.attachments import Attachment
from bot.blocks.me import SELF_ONLY
from bot.decisions import Decision
from bot.deps import Deps
from bot.playground.server import FakeSlack
from bot.proposal import Proposal, Visibility
from bot.rituals import decision, outcome
from schedules.exporting import Exporter
from schedules.packing import pack
from tests.rituals.asking import CLOSES, DISAGREE, OPENS, answer
from tests.rituals.deciding import begin, decide, press
from tests.rituals.packets import COMMAND, ask, items, summary, with_files
from tests.rituals.spreading import CROWD
from tests.rituals.telling import LEARNING, SUCCESS, tell
from tests.rituals.test_corrections import BETTER, DEED, choose
from tests.rituals.test_private import give_privately
from tests.support import (
    ANA,
    BEN,
    DAN,
    EVE,
    GENERAL,
    GIL,
    KIM,
    KUDOS,
    LOUNGE,
    PIA,
    ROBY,
    STATEMENT,
    T0,
    TEAM,
    Bot,
    give,
    open_form,
    soon,
    text_of,
    told,
)

REWORDED = "#care :heart: Kindness — we help before we are asked (3)\n#candour Candour — we say it"


async def reword_the_mission(slack: FakeSlack) -> None:
    form = await open_form(slack, ANA, "/mission setup")
    filled = {"statement": STATEMENT, "values": REWORDED, "why": "It is what we do."}
    assert (await slack.submit(ANA, form["id"], filled)).closed


async def test_what_was_recognised_keeps_the_value_as_it_was_worded_then(
    slack: FakeSlack, mission: Bot
) -> None:
    await give(slack, BEN, f"@kim {DEED} #care")
    await reword_the_mission(slack)
    await give(slack, BEN, f"@kim {BETTER} #care")
    markdown, packet = await ask(slack, KIM)
    later, earlier = items(packet, "received")
    assert (earlier["value"]["name"], earlier["value"]["version"]) == ("Care", 1)
    assert (later["value"]["name"], later["value"]["version"]) == ("Kindness", 2)
    assert "Care — we notice who needs help (weight 2, version 1 of the mission)" in markdown
    assert earlier["message"] == DEED
    assert earlier["link"] in markdown
    for words in (DEED, "Kindness — we help before we are asked"):
        assert words in markdown
    assert "Recognitions you got: 2" in summary(slack, KIM)
    assert DEED not in summary(slack, KIM)


@pytest.fixture
def only_when_woken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has nothing look by itself whether there is a file to share."""
    monkeypatch.setattr(Exporter, "looks_again", 3600.0)


async def test_the_files_follow_as_soon_as_the_message_is_there(
    only_when_woken: None, slack: FakeSlack, mission: Bot
) -> None:
    await ask(slack, KIM)


async def test_the_words_of_what_was_withdrawn_are_gone_from_it(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await choose(slack, BEN, post, "withdraw")
    assert (await slack.submit(BEN, slack.views(BEN)[-1]["id"])).ok
    for who, section in ((KIM, "received"), (BEN, "given")):
        markdown, packet = await ask(slack, who)
        (one,) = items(packet, section)
        assert one["message"] is None
        assert one["withdrawn"]["by"] == {"id": BEN, "name": "ben"}
        assert DEED not in markdown
        assert "Withdrawn: 5 January 2026" in markdown
        assert "withdrawn" in summary(slack, who)


async def test_a_private_recognition_is_marked_and_in_nobody_elses(
    slack: FakeSlack, mission: Bot
) -> None:
    await give_privately(slack, recipients=[KIM])
    await mission.has_sent_everything()
    for who, section in ((KIM, "received"), (BEN, "given")):
        markdown, packet = await ask(slack, who)
        (one,) = items(packet, section)
        assert one["private"]
        assert slack.workspace.dm_id(who) in one["link"]
        assert "Private: yes" in markdown
        assert "private" in summary(slack, who)
    markdown, packet = await ask(slack, ANA)
    assert DEED not in markdown + str(packet)
    assert items(packet, "received") == items(packet, "given") == []


async def test_two_packets_name_the_third_person_only_where_everybody_sees_them(
    slack: FakeSlack, deciding: Bot
) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await slack.click(ANA, channel=KUDOS, ts=post["ts"], action_id="applaud")
    await give_privately(slack, recipients=[ANA])
    await begin(slack, {"approvers": [KIM]})
    await slack.command(ANA, GENERAL, "/mission")
    (_, of_kim), (_, of_ben) = [await ask(slack, who) for who in (KIM, BEN)]
    third = {"id": ANA, "name": "ana"}
    (got,) = items(of_kim, "received")
    assert got["applause"] == {"by": [third], "more": 0}
    assert str(of_kim).count(ANA) == 1
    private, public = items(of_ben, "given")
    assert (private["private"], private["to"]) == (True, [third])
    assert public["applause"] == {"by": [third], "more": 0}
    assert str(of_ben).count(ANA) == 2


async def test_more_than_five_who_applaud_are_a_number_and_of_a_learning_story_none(
    slack: FakeSlack, crowd: Bot
) -> None:
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], {"stories_channel": LOUNGE})).closed
    post = await give(slack, BEN, f"@kim {DEED} #care")
    story = await tell(slack, LEARNING)
    for who in CROWD[:7]:
        await slack.click(who, channel=KUDOS, ts=post["ts"], action_id="applaud")
        await slack.click(who, channel=LOUNGE, ts=story["ts"], action_id="thank")
    markdown, packet = await ask(slack, BEN)
    (given,), (learned,) = items(packet, "given"), items(packet, "told")
    assert (len(given["applause"]["by"]), given["applause"]["more"]) == (5, 2)
    assert (len(learned["applause"]["by"]), learned["applause"]["more"]) == (5, True)
    assert " and 2 more" in markdown
    assert " and others" in markdown
    _, packet = await ask(slack, CROWD[0])
    assert [one["kind"] for one in items(packet, "applauded")] == ["story", "recognition"]


async def test_stories_are_there_with_who_told_and_whom_they_credit(
    slack: FakeSlack, stories: Bot
) -> None:
    await tell(slack, SUCCESS | {"credits": [KIM]})
    markdown, packet = await ask(slack, KIM)
    (one,) = items(packet, "credited")
    assert one["texts"] == {name: SUCCESS[name] for name in ("happened", "impact")}
    assert (one["by"]["id"], one["title"]) == (BEN, SUCCESS["title"])
    assert f"What happened:\n\n> {SUCCESS['happened']}" in markdown
    _, packet = await ask(slack, BEN)
    assert items(packet, "told") == [one]


async def test_a_decision_is_there_with_ones_own_part_and_how_it_came_out(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(
        slack, {"approvers": [KIM], "checklist": "Is it so?", "prediction": "Fewer wait."}
    )
    for who, action, filled in (
        (KIM, "decide_object", {"reason": "Not on a Friday, please."}),
        (KIM, "decide_checklist", {"gate_0": "yes", "note_0": "I asked them"}),
        (ANA, "decide_score", {"score_0_care": "4"}),
    ):
        form = await press(slack, who, card, action)
        assert form is not None
        assert (await slack.submit(who, form["id"], filled)).closed
    assert (await decide(slack, card, "It is what we said we would do."))["closed"]
    (_, kims), (_, anas), (_, bens) = [await ask(slack, who) for who in (KIM, ANA, BEN)]
    (one,), (scored,), (driven,) = (items(each, "decisions") for each in (kims, anas, bens))
    assert (one["roles"], driven["roles"], scored["roles"]) == (
        ["approver"],
        ["author", "driver"],
        [],
    )
    assert (one["verdict"]["said"], one["verdict"]["reason"]) == (
        "objected",
        "Not on a Friday, please.",
    )
    assert [(each["answer"], each["note"]) for each in one["answers"]] == [("yes", "I asked them")]
    assert scored["scores"] == [{"option": "Do it", "value": "Care", "points": 4}]
    assert (driven["choice"], driven["despite"]) == ("Do it", ["quorum", "objection"])
    for other in (scored, driven):
        assert (other["verdict"], other["answers"]) == (None, [])
    assert one["scores"] == driven["scores"] == []
    assert "Decisions you have to do with: 1" in summary(slack, ANA)


@pytest.mark.parametrize(("came_out", "said"), [(True, "yes"), (False, "no")])
async def test_how_a_decision_came_out_is_there_beside_what_was_predicted(
    slack: FakeSlack, deciding: Bot, came_out: bool, said: str
) -> None:
    card = await begin(slack, {"checklist": "", "prediction": "Fewer wait.", "confidence": "70"})
    assert (await decide(slack, card))["closed"]

    def look_back(session: Session) -> None:
        known = session.exec(select(Decision.id)).one()
        outcome.review(session, known, by=BEN, as_predicted=came_out, now=T0)

    await deciding.write(look_back)
    markdown, packet = await ask(slack, BEN)
    (one,) = items(packet, "decisions")
    assert (one["status"], one["as_predicted"]) == ("reviewed", came_out)
    assert (one["prediction"], one["confidence"]) == ("Fewer wait.", 70)
    assert one["reviewed_at"] == f"{T0:%Y-%m-%dT%H:%M:%SZ}"
    assert f"Came out as predicted: {said}\n" in markdown


async def test_an_objection_is_there_after_its_approver_approved(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, {"approvers": [KIM], "checklist": ""})
    form = await press(slack, KIM, card, "decide_object")
    assert form is not None
    assert (await slack.submit(KIM, form["id"], {"reason": "Not on a Friday, please."})).closed
    await press(slack, KIM, card, "decide_approve")
    markdown, packet = await ask(slack, KIM)
    (one,) = items(packet, "decisions")
    assert one["verdict"]["said"] == "approved"
    (line,) = [each for each in markdown.splitlines() if "after an objection" in each]
    assert line.startswith("* Your verdict: approved after an objection, 5 January 2026")
    assert line.endswith(": Not on a Friday, please.")


async def test_nobody_can_ask_for_somebody_elses(slack: FakeSlack, mission: Bot) -> None:
    for words in ("@ben", "ben", "@ana"):
        await slack.command(ANA, GENERAL, f"{COMMAND} {words}")
        assert told(slack, ANA) == SELF_ONLY
    await mission.has_sent_everything()
    assert not any(with_files(slack, who) for who in (ANA, BEN))


@pytest.mark.parametrize("who", [EVE, DAN, ROBY, PIA])
async def test_who_is_not_one_of_us_gets_nothing(slack: FakeSlack, mission: Bot, who: str) -> None:
    deps = Deps(mission.database, slack.now, AsyncWebClient())
    assert await pack(deps, TEAM, who) == []


async def test_a_guest_gets_theirs(slack: FakeSlack, mission: Bot) -> None:
    await give(slack, BEN, f"@gil {DEED} #care")
    _, packet = await ask(slack, GIL)
    assert [one["message"] for one in items(packet, "received")] == [DEED]
    assert packet["sections"]["you"]["items"][0]["guest"]


async def test_who_left_before_the_files_came_gets_none(slack: FakeSlack, mission: Bot) -> None:
    slack.fault("chat.postMessage", "429", retry_after=30)
    await slack.command(KIM, GENERAL, COMMAND)
    gone = {**slack.workspace.person(KIM), "deleted": True}
    await mission.write(lambda session: roster.remember(session, [gone]))
    await soon(slack, lambda: announced(slack, KIM))
    async with asyncio.timeout(30):
        while not await mission.read(lambda session: session.exec(select(Attachment)).first()):
            pass  # each look lets the bot go on
    await mission.has_sent_everything()
    assert not with_files(slack, KIM)
    assert len(slack.dm(KIM)) == 1


async def test_it_comes_once_however_often_the_command_is_delivered(
    slack: FakeSlack, mission: Bot
) -> None:
    await ask(slack, BEN)
    assert "on its way to you" in told(slack, BEN)
    await slack.redeliver()
    await mission.has_sent_everything()
    assert announced(slack, BEN) == 1


@pytest.mark.parametrize(("fault", "arrived"), [("reset_after", 1), ("reset_before", 0)])
async def test_files_of_unknown_fate_are_not_repeated_and_that_is_said(
    slack: FakeSlack, mission: Bot, fault: str, arrived: int
) -> None:
    slack.fault("files.completeUploadExternal", fault)
    await slack.command(BEN, GENERAL, COMMAND)
    await soon(slack, lambda: "Slack did not say whether the files about you" in said(slack))
    assert f"ask again with {COMMAND}." in said(slack)
    await slack.pass_time(timedelta(minutes=5))
    assert len(with_files(slack, BEN)) == arrived
    await ask(slack, BEN)
    assert len(with_files(slack, BEN)) == arrived + 1


async def test_that_they_were_refused_is_said(slack: FakeSlack, mission: Bot) -> None:
    mission.may_be_refused("missing_scope")
    slack.installation.scopes.remove("files:write")
    await slack.command(BEN, GENERAL, COMMAND)
    await soon(slack, lambda: "I could not share the files about you" in said(slack))
    assert "tell whoever runs Truenorth" in said(slack)


def announced(slack: FakeSlack, who: str) -> int:
    """How many messages announce files to this person."""
    return sum("Two files follow" in text_of(each) for each in slack.dm(who))


def said(slack: FakeSlack) -> str:
    """All that Ben was told by direct message."""
    return "\n".join(text_of(each) for each in slack.dm(BEN))


async def test_home_has_a_button_for_it(slack: FakeSlack, mission: Bot) -> None:
    view = await slack.open_home(BEN)
    assert "Everything about me" in text_of(view or {})
    await slack.click(BEN, view=view, action_id="open_me")
    await soon(slack, lambda: with_files(slack, BEN))


async def test_of_the_pulse_it_says_what_is_open_and_never_who_answered(
    slack: FakeSlack, asking: Bot
) -> None:
    who, quiet = CROWD[0], CROWD[1]
    before, first = await ask(slack, who)
    await answer(slack, who, DISAGREE)
    after, then = await ask(slack, who)
    (asked,) = items(first, "pulse")
    assert asked["round"] == "Pulse 1"
    assert asked["open_until"] == f"{CLOSES:%Y-%m-%dT%H:%M:%SZ}"
    assert then["sections"] == first["sections"]
    assert after.split("\n## ", 1)[1] == before.split("\n## ", 1)[1]
    assert "Pulse 1 is open for you until" in summary(slack, who)
    _, other = await ask(slack, quiet)
    assert other["sections"]["pulse"] == first["sections"]["pulse"]
    await slack.pass_time(CLOSES - OPENS)
    _, closed = await ask(slack, who)
    assert [one["open_until"] for one in items(closed, "pulse")] == [None]


async def test_a_private_decision_that_is_theirs_no_more_is_not_in_it(
    slack: FakeSlack, mission: Bot
) -> None:
    def work(session: Session) -> tuple[Decision, list[int]]:
        private = Proposal(ANA, "Move?", approvers=[KIM], visibility=Visibility.PRIVATE)
        begun = decision.begin(session, private, now=T0).decision
        value = value_of(session, begun)
        deliberation.score(session, begun.id, by=KIM, points={(0, value): 3})
        there = involvement.part_of(session, KIM).ids
        gone = {**slack.workspace.person(KIM), "deleted": True}
        roster.remember(session, [gone])
        deliberation.replace_approver(session, begun.id, by=ANA, gone=KIM, instead=None, now=T0)
        roster.remember(session, [slack.workspace.person(KIM)])
        assert not decisions.can_see(session, begun, by=KIM)
        return begun, there

    begun, there = await mission.write(work)
    assert there == [begun.id]
    _, packet = await ask(slack, KIM)
    assert items(packet, "decisions") == []


def value_of(session: Session, begun: Decision) -> int:
    return charter.values_of(session, begun.version_id)[0].id
