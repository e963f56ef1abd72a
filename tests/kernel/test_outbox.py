"""What the outbox promises: once for a cause, revised in place, blocked until mended, told once."""

import pytest
from sqlmodel import Session

from bot import doubt, outbox
from bot.due import Due
from bot.outbox import OutboxRow, Status
from schedules import housekeeping
from tests.kernel.hand import Hand
from tests.kernel.office import Office
from tests.support import ANA, ARCHIVE, BEN, KIM, KUDOS, LOUNGE, PRIVATE, T0, TEAM, text_of

MONTH = 31 * 24 * 3600
UNBLOCK = Due(team_id=TEAM, kind="unblock", at=T0)


@pytest.fixture
async def unknown(office: Office) -> OutboxRow:
    """A message whose fate nobody can find out, since nobody may look."""
    office.slack.installation.scopes.remove("channels:history")
    office.slack.fault("chat.postMessage", "reset_before")
    await office.post("hello")
    await office.send_for(6)
    return await office.row("hello")


async def test_the_same_cause_is_posted_once(office: Office) -> None:
    await office.post("hello")
    await office.send_for(2)
    await office.post("hello")
    await office.send_for(2)
    assert office.texts() == ["hello"]


async def test_a_change_that_is_not_saved_posts_nothing(office: Office) -> None:
    def work(session: Session) -> None:
        outbox.post(session, outbox.direct("a", KIM, {"text": "a"}), now=office.hand.now())
        raise KeyError

    with pytest.raises(KeyError):
        await office.write(work)
    await office.send_for(1)
    assert office.told(KIM) == []


async def test_a_revision_before_the_post_is_what_is_posted(office: Office) -> None:
    await office.post("hello")
    await office.revise("hello", "better")
    await office.send_for(3)
    assert office.texts() == ["better"]
    assert office.calls("chat.update") == 0


async def test_a_revision_afterwards_is_shown_in_place(office: Office) -> None:
    await office.post("hello", "next")
    await office.send_for(2)
    await office.revise("hello", "better")
    await office.send_for(2)
    assert office.texts() == ["better", "next"]


async def test_a_revision_to_the_same_words_calls_nobody(office: Office) -> None:
    await office.post("hello")
    await office.send()
    await office.revise("hello", "hello")
    await office.send_for(2)
    assert office.calls("chat.update") == 0


async def test_a_revision_while_it_is_sent_is_shown_with_one_more_update(office: Office) -> None:
    office.slack.fault("chat.postMessage", "slow", seconds=0.1)
    await office.post("hello")
    await office.sender.send_due()
    await office.revise("hello", "better")
    await office.sender.finish()
    assert office.texts() == ["hello"]
    await office.send_for(3)
    assert office.texts() == ["better"]
    assert office.calls("chat.update") == 1


async def test_many_revisions_need_few_updates(office: Office) -> None:
    await office.post("hello")
    await office.send_for(2)
    for number in range(24):
        await office.revise("hello", f"{number}")
        await office.send_for(0.25)
    await office.send_for(2)
    assert office.texts() == ["23"]
    assert office.calls("chat.update") <= 1 + 6 // 1.2


async def test_updates_of_two_messages_share_slacks_pace(office: Office, hand: Hand) -> None:
    await office.post("one")
    await office.post("two", lane=KIM)
    await office.send_for(2)
    await office.revise("one", "1")
    await office.revise("two", "2")
    await office.send()
    assert office.calls("chat.update") == 1
    hand.move(1.2)
    await office.send()
    assert office.calls("chat.update") == 2


@pytest.mark.parametrize("fault", ["500", "reset_before", "reset_after"])
async def test_an_update_whose_answer_is_lost_is_made_again(office: Office, fault: str) -> None:
    await office.post("hello")
    await office.send_for(2)
    office.slack.fault("chat.update", fault)
    await office.revise("hello", "better")
    await office.send_for(8)
    assert office.texts() == ["better"]
    assert await office.status("hello") is Status.SENT


async def test_a_message_removed_in_slack_stays_removed(office: Office) -> None:
    await office.post("hello")
    await office.send_for(2)
    office.slack.fault("chat.update", "error", error="message_not_found")
    await office.revise("hello", "better")
    await office.send_for(3)
    assert await office.status("hello") is Status.GONE
    await office.revise("hello", "best")
    await office.send_for(3)
    assert office.calls("chat.update") == 0


async def test_a_fate_that_nobody_knows_is_for_its_owner_to_say(
    office: Office, unknown: OutboxRow
) -> None:
    assert unknown.status == Status.UNKNOWN
    assert office.texts() == []
    (asked,) = office.slack.dm(BEN)
    (button,) = asked["blocks"][-1]["elements"]
    assert (button["text"]["text"], button["value"]) == ("Post again", unknown.cause)


async def test_post_again_posts(office: Office, unknown: OutboxRow) -> None:
    def again(session: Session) -> int:
        return doubt.post_again(session, unknown.cause, by=BEN, now=office.hand.now())

    assert await office.write(again) == 1
    assert await office.write(again) == 0
    await office.send_for(3)
    assert office.texts() == ["hello"]


async def test_post_again_by_somebody_else_does_nothing(office: Office, unknown: OutboxRow) -> None:
    def again(session: Session) -> int:
        return doubt.post_again(session, unknown.cause, by=ANA, now=office.hand.now())

    assert await office.write(again) == 0
    assert await office.status("hello") is Status.UNKNOWN


@pytest.mark.parametrize(
    ("channel", "error"),
    [(LOUNGE, "not_in_channel"), (ARCHIVE, "is_archived"), (PRIVATE, "channel_not_found")],
)
async def test_a_channel_that_cannot_be_posted_to_is_told_once(
    office: Office, channel: str, error: str
) -> None:
    await office.post("first", "second", lane=channel)
    await office.send_for(6)
    assert [each["error"] for each in office.slack.refusals] == [error, error]
    assert (await office.row("first")).trouble == error
    assert await office.status("second") is Status.BLOCKED
    waits, mends = office.told(BEN), office.told(ANA)
    assert len(waits) == 2
    assert all("not posted yet" in each for each in waits)
    assert len(mends) == 1
    assert "waits to be posted" in mends[0]


async def test_trying_again_in_vain_tells_nobody_again(office: Office, hand: Hand) -> None:
    await office.post("hello", lane=LOUNGE)
    await office.send_for(3)
    await office.write(lambda session: housekeeping.unblock(session, UNBLOCK, hand.now()))
    await office.send_for(3)
    assert len(office.slack.refusals) == 2
    assert len(office.told(BEN)) == len(office.told(ANA)) == 1


async def test_the_half_hourly_try_posts_what_can_be_posted_now(office: Office, hand: Hand) -> None:
    await office.post("first", "second", lane=LOUNGE)
    await office.send_for(3)
    office.slack.workspace.invite_bot(LOUNGE)
    await office.write(lambda session: housekeeping.unblock(session, UNBLOCK, hand.now()))
    await office.send_for(3)
    assert office.texts(LOUNGE) == ["first", "second"]


async def test_what_waits_for_another_channel_stays_blocked(office: Office) -> None:
    await office.post("hello", lane=LOUNGE)
    await office.send_for(2)
    assert await office.write(lambda session: outbox.release(session, lane=KUDOS)) == 0
    assert await office.status("hello") is Status.BLOCKED


async def test_a_channel_that_is_chosen_gets_what_waited_for_one(office: Office) -> None:
    await office.post("hello", lane=None)
    await office.send_for(2)
    assert (await office.row("hello")).trouble == "no_channel"

    def choose(session: Session) -> int:
        return outbox.release(session, route="recognition_channel", lane=KUDOS)

    assert await office.write(choose) == 1
    await office.send_for(2)
    assert office.texts() == ["hello"]


async def test_without_a_channel_there_is_nothing_to_try(office: Office, hand: Hand) -> None:
    await office.post("hello", lane=None)
    await office.write(lambda session: housekeeping.unblock(session, UNBLOCK, hand.now()))
    assert await office.status("hello") is Status.BLOCKED


async def test_the_wording_of_old_direct_messages_is_forgotten(office: Office, hand: Hand) -> None:
    direct = outbox.direct("direct", KIM, {"text": "direct"})
    await office.write(lambda session: outbox.post(session, direct, now=hand.now()))
    await office.post("posted")
    await office.send_for(2)
    hand.move(MONTH)
    assert await office.write(lambda session: outbox.forget(session, now=hand.now())) == 1
    assert (await office.row("direct")).message == {}
    assert (await office.row("posted")).message == {"text": "posted"}


async def test_direct_messages_of_one_record_are_asked_about_once(office: Office) -> None:
    office.slack.installation.scopes.remove("im:history")
    office.slack.fault("chat.postMessage", "reset_before", times=2)
    thanks = [
        outbox.direct(f"recognition:7:to:{one}", one, {"text": "thanks"}, owner=BEN)
        for one in (KIM, ANA)
    ]
    await office.write(lambda session: outbox.post(session, *thanks, now=office.hand.now()))
    await office.send_for(20)
    (asked,) = office.slack.dm(BEN)
    assert "@kim and @ana" in text_of(asked)
    (button,) = asked["blocks"][-1]["elements"]

    def again(session: Session) -> int:
        return doubt.post_again(session, button["value"], by=BEN, now=office.hand.now())

    assert await office.write(again) == 2
    await office.send_for(4)
    assert (office.told(KIM), office.told(ANA)) == (["thanks"], ["thanks"])


async def test_what_is_taken_back_before_it_is_sent_is_never_sent(office: Office) -> None:
    await office.post("hello", lane=None)
    await office.take_back("hello", "withdrawn")
    await office.write(lambda s: outbox.release(s, route="recognition_channel", lane=KUDOS))
    await office.send_for(3)
    assert office.texts() == []
    assert await office.status("hello") is Status.TAKEN_BACK


async def test_what_is_taken_back_afterwards_says_so_in_slack(office: Office) -> None:
    await office.post("hello")
    await office.send_for(2)
    await office.take_back("hello", "withdrawn")
    await office.send_for(3)
    assert office.texts() == ["withdrawn"]


async def test_what_is_shown_again_after_it_was_taken_back_is_sent(office: Office) -> None:
    await office.post("hello")
    await office.take_back("hello", "withdrawn")
    await office.show("hello")
    await office.send_for(3)
    assert office.texts() == ["hello"]


async def test_showing_what_is_in_slack_already_updates_it(office: Office) -> None:
    await office.post("hello")
    await office.send_for(2)
    await office.show("hello", "better")
    await office.send_for(3)
    assert office.texts() == ["better"]
    assert office.calls("chat.postMessage") == 1


async def test_taking_back_a_message_on_its_way_is_shown_after_it_arrived(office: Office) -> None:
    await office.post("hello")
    office.slack.fault("chat.postMessage", "reset_after")
    await office.send()
    await office.take_back("hello", "withdrawn")
    await office.send_for(8)
    assert office.texts() == ["withdrawn"]
