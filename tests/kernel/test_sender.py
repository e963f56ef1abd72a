"""What the sender does with Slack's answers: everything arrives once, in order, at its pace."""

import asyncio
from datetime import timedelta

import pytest

from bot import outbox
from bot.errors import NotSaved
from bot.outbox import Address, Post, Status
from tests.kernel.hand import Hand
from tests.kernel.office import Office
from tests.support import ANA, BEN, DAN, KIM, KUDOS

SENDER_GONE = 30  # seconds after which nobody waits for a dead sender


async def test_a_message_is_posted_with_nothing_but_its_number_as_metadata(office: Office) -> None:
    await office.post("hello")
    await office.send()
    (message,) = office.slack.messages(KUDOS)
    row = await office.row("hello")
    assert message["metadata"]["event_payload"] == {"id": str(row.id)}
    assert (row.status, row.ts) == (Status.SENT, message["ts"])


async def test_messages_of_a_channel_keep_their_order(office: Office) -> None:
    await office.post("first", "second", "third")
    await office.send_for(4)
    assert office.texts() == ["first", "second", "third"]


async def test_a_channel_gets_one_message_a_second(office: Office, hand: Hand) -> None:
    await office.post("first", "second")
    await office.send()
    hand.move(0.9)
    await office.send()
    assert office.texts() == ["first"]
    hand.move(0.1)
    await office.send()
    assert office.texts() == ["first", "second"]


async def test_the_workspace_gets_four_messages_a_second(office: Office) -> None:
    for person in (ANA, BEN, KIM):
        await office.post(f"to {person}", lane=person)
    await office.post("first")
    await office.send_for(0.5)
    assert office.calls("chat.postMessage") == 3
    await office.send_for(0.25)
    assert office.calls("chat.postMessage") == 4


async def test_ten_seconds_of_work_stay_within_slacks_limits(office: Office) -> None:
    office.slack.webapi._limits.enabled = True
    await office.post(*(f"{number}" for number in range(8)))
    await office.post(*(f"{number} to Kim" for number in range(8)), lane=KIM)
    await office.send_for(10)
    assert office.texts() == [f"{number}" for number in range(8)]
    assert len(office.told(KIM)) == 8
    assert office.slack.refusals == []
    assert office.calls("chat.postMessage") == 16


async def test_a_message_waits_for_its_time(office: Office, hand: Hand) -> None:
    await office.post("later", send_after=hand.now() + timedelta(minutes=5))
    await office.post("now")
    await office.send_for(299)
    assert office.texts() == ["now"]
    await office.send_for(2)
    assert office.texts() == ["now", "later"]


async def test_what_a_person_waits_for_goes_before_a_fan_out(office: Office) -> None:
    await office.post("many", urgent=False)
    await office.post("one")
    await office.send_for(2)
    assert office.texts() == ["one", "many"]


async def test_too_many_requests_rest_as_long_as_slack_says(office: Office, hand: Hand) -> None:
    office.slack.fault("chat.postMessage", "429", retry_after=7)
    await office.post("hello")
    await office.post("to kim", lane=KIM)
    await office.send_for(6.75)
    assert office.calls("chat.postMessage") == 0
    await office.send_for(0.5)
    assert office.texts() == ["hello"]
    assert office.told(KIM) == ["to kim"]


@pytest.mark.parametrize("fault", ["500", "reset_before", "reset_after", "hang_after"])
@pytest.mark.parametrize("lane", [KUDOS, KIM])
async def test_an_answer_that_is_lost_leaves_exactly_one_message(
    office: Office, fault: str, lane: str
) -> None:
    office.slack.fault("chat.postMessage", fault)
    await office.post("hello", "next", lane=lane)
    await office.send_for(12)
    channel = lane if lane == KUDOS else office.slack.workspace.dm_id(lane)
    assert office.texts(channel) == ["hello", "next"]
    assert await office.status("hello") is Status.SENT


@pytest.mark.parametrize("fault", ["500", "reset_before", "reset_after", "hang_after"])
async def test_a_reply_in_doubt_is_looked_for_in_its_thread(office: Office, fault: str) -> None:
    await office.post("first")
    await office.send_for(3)
    first = office.slack.messages(KUDOS)[0]["ts"]
    office.slack.fault("chat.postMessage", fault)
    address = Address(KUDOS, thread_ts=first)
    reply = Post("reply", address, {"text": "reply"})
    await office.write(lambda session: outbox.post(session, reply, now=office.deps.now()))
    await office.send_for(12)
    assert office.texts() == ["first", "reply"]
    assert [message.get("thread_ts") for message in office.slack.messages(KUDOS)] == [None, first]
    assert await office.status("reply") is Status.SENT


async def test_nothing_is_posted_after_a_message_in_doubt(office: Office, hand: Hand) -> None:
    office.slack.fault("chat.postMessage", "500")
    office.slack.fault("conversations.history", "429", retry_after=30)
    await office.post("first", "second")
    await office.send_for(20)
    assert office.texts() == []
    await office.send_for(20)
    assert office.texts() == ["first", "second"]


async def test_slack_that_cannot_be_reached_is_tried_again(office: Office) -> None:
    await office.post("hello")
    await office.slack.stop()
    await office.send()
    assert await office.status("hello") is Status.WAITING
    port = int(office.slack.url.rpartition(":")[2])
    await office.slack.start(port)
    await office.send_for(3)
    assert office.texts() == ["hello"]


async def test_two_senders_never_post_twice(office: Office) -> None:
    senders = [office.sender, office.new_sender()]
    await office.post(*(f"{number}" for number in range(5)))
    await office.post(*(f"{number}" for number in range(5, 8)), lane=KIM)
    for _ in range(30):
        await asyncio.gather(*(office.send(sender) for sender in senders))
        office.hand.move(0.25)
    assert office.texts() == ["0", "1", "2", "3", "4"]
    assert office.told(KIM) == ["5", "6", "7"]


async def test_a_message_whose_sender_died_before_the_call_is_posted(office: Office) -> None:
    await office.post("hello")
    dead = office.new_sender()
    claims, _ = await office.write(dead._claim_due)
    assert len(claims) == 1
    await office.send_for(10)
    assert office.texts() == []
    await office.send_for(SENDER_GONE)
    assert office.texts() == ["hello"]


async def test_a_message_whose_sender_died_after_the_call_is_found(office: Office) -> None:
    await office.post("hello")
    dead = office.new_sender()
    (claim,), _ = await office.write(dead._claim_due)
    await dead._post(claim)
    await office.send_for(SENDER_GONE)
    assert office.texts() == ["hello"]
    assert await office.status("hello") is Status.SENT


async def test_a_leap_of_the_clock_does_not_send_what_is_being_sent(office: Office) -> None:
    office.slack.fault("chat.postMessage", "slow", seconds=0.2)
    await office.post("hello")
    await office.sender.send_due()
    office.hand.move(SENDER_GONE)
    await office.sender.send_due()
    await office.send_for(2)
    assert office.texts() == ["hello"]
    assert office.calls("conversations.history") == 0


async def test_the_token_revoked_pauses_everything_and_loses_nothing(office: Office) -> None:
    office.slack.fault("chat.postMessage", "error", error="token_revoked")
    await office.post("hello", "next")
    await office.send_for(30)
    assert office.calls("chat.postMessage") == 0
    await office.send_for(35)
    assert office.texts() == ["hello", "next"]


async def test_a_person_who_cannot_be_written_to_keeps_nobody_waiting(office: Office) -> None:
    await office.post("to dan", lane=DAN)
    await office.post("to kim", lane=KIM)
    await office.send_for(1)
    assert await office.status("to dan") is Status.REFUSED
    assert office.told(KIM) == ["to kim"]
    assert [each["error"] for each in office.slack.refusals] == ["user_disabled"]


async def test_a_message_that_slack_will_never_take_is_told_to_its_owner(office: Office) -> None:
    office.slack.fault("chat.postMessage", "error", error="invalid_blocks")
    await office.post("hello", "next")
    await office.send_for(3)
    assert await office.status("hello") is Status.REFUSED
    assert office.texts() == ["next"]
    (told,) = office.told(BEN)
    assert told.startswith("It is saved, but Slack refused to post it (invalid_blocks).")


async def test_a_page_of_a_proxy_is_no_answer_of_slack(office: Office) -> None:
    office.slack.fault("chat.postMessage", "500", status=407)
    await office.post("hello")
    await office.send_for(8)
    assert office.texts() == ["hello"]


async def test_a_stopped_sender_sends_what_it_has_claimed(office: Office) -> None:
    running = asyncio.create_task(office.sender.run())
    await office.post("hello")
    office.sender.wake()
    await office.slack.until(lambda: office.sender._under_way or office.texts())
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert office.texts() == ["hello"]
    assert await office.status("hello") is Status.SENT


async def test_a_sender_outlives_a_database_that_does_not_answer(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, failures = office.sender._write, [NotSaved("busy")]

    async def sometimes(work: object) -> object:
        if failures:
            raise failures.pop()
        return await real(work)  # type: ignore[arg-type]

    monkeypatch.setattr(office.sender, "_write", sometimes)
    await office.post("hello")
    running = asyncio.create_task(office.sender.run())
    await office.slack.until(lambda: not failures)
    office.hand.move(60)
    office.sender.wake()
    await office.slack.until(office.texts)
    running.cancel()
    await asyncio.wait([running])
    assert office.texts() == ["hello"]


async def test_the_half_hourly_try_posts_what_was_blocked(office: Office) -> None:
    office.slack.fault("chat.postMessage", "error", error="restricted_action")
    await office.post("hello", lane=KUDOS)
    await office.send()
    assert await office.status("hello") is Status.BLOCKED
    await office.write(outbox.release)
    await office.send_for(2)
    assert office.texts() == ["hello"]
