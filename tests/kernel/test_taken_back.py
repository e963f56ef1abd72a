"""What was taken back while nobody knew whether it had arrived."""

import pytest

from bot import doubt, lanes, outbox
from bot.outbox import Status
from tests.kernel.office import Office
from tests.support import ANA, BEN, KIM, KUDOS, Doc, text_of

LONGER_THAN_A_LEASE = 25.0  # seconds


async def test_what_did_not_arrive_is_not_posted_to_say_that_it_was_withdrawn(
    office: Office,
) -> None:
    office.slack.fault("chat.postMessage", "reset_before")
    await office.post("hello")
    await office.send()
    await office.take_back("hello", "withdrawn")
    await office.send_for(8)
    assert office.texts() == []
    assert await office.status("hello") is Status.TAKEN_BACK


async def test_what_a_dead_process_held_is_not_posted_either(office: Office) -> None:
    await office.post("hello")
    await office.write(lambda s: lanes.claim(s, holder="dead", now=office.hand.now()))
    await office.take_back("hello", "withdrawn")
    await office.send_for(LONGER_THAN_A_LEASE)
    assert office.texts() == []
    assert await office.status("hello") is Status.TAKEN_BACK


@pytest.mark.parametrize("answer", [Status.WAITING, Status.BLOCKED])
async def test_what_slack_did_not_take_is_not_tried_again(office: Office, answer: Status) -> None:
    await office.post("hello")
    claim = await office.write(lambda s: lanes.claim(s, holder="us", now=office.hand.now()))
    assert claim is not None
    await office.take_back("hello", "withdrawn")
    await office.write(lambda s: outbox.settle(s, claim.row, status=answer, trouble="is_archived"))
    await office.write(lambda s: outbox.release(s, lane=KUDOS))
    await office.send_for(LONGER_THAN_A_LEASE)
    assert office.texts() == []


async def test_what_arrived_while_it_was_taken_back_waits_for_its_archived_channel(
    office: Office,
) -> None:
    office.slack.fault("chat.postMessage", "reset_after")
    await office.post("hello")
    await office.send()
    await office.take_back("hello", "withdrawn")
    office.slack.fault("chat.update", "error", error="is_archived")
    await office.send_for(8)
    assert (office.texts(), await office.status("hello")) == (["hello"], Status.BLOCKED)
    await office.write(lambda s: outbox.release(s, lane=KUDOS))
    await office.send_for(8)
    assert office.texts() == ["withdrawn"]


async def test_what_nobody_can_look_for_is_not_asked_about_once_it_is_withdrawn(
    office: Office,
) -> None:
    office.slack.installation.scopes.remove("channels:history")
    office.slack.fault("chat.postMessage", "reset_after")
    await office.post("hello")
    await office.send()
    await office.take_back("hello", "withdrawn")
    await office.send_for(8)
    assert await office.status("hello") is Status.TAKEN_BACK
    assert office.told(BEN) == []


@pytest.mark.parametrize(
    ("fault", "times"), [("reset_before", 1), ("reset_after", 1), ("reset_after", 0)]
)
async def test_what_is_shown_again_is_there_once(office: Office, fault: str, times: int) -> None:
    """Whether it had arrived, had not, or was never tried."""
    if times:
        office.slack.fault("chat.postMessage", fault, times=times)
        await office.post("hello")
        await office.send()
    else:
        await office.post("hello")
    await office.take_back("hello", "withdrawn")
    await office.show("hello", "better")
    await office.send_for(8)
    assert office.texts() == ["better"]


async def test_a_message_that_may_be_there_is_looked_for_before_it_is_shown_again(
    office: Office,
) -> None:
    office.slack.installation.scopes.remove("channels:history")
    office.slack.fault("chat.postMessage", "reset_after")
    await office.post("hello")
    await office.send_for(6)
    assert await office.status("hello") is Status.UNKNOWN
    await office.take_back("hello", "withdrawn")
    await office.show("hello", "better")
    await office.send_for(8)
    assert office.texts() == ["hello"]
    assert await office.status("hello") is Status.UNKNOWN
    assert len(office.told(BEN)) == 2


async def test_each_question_sends_again_what_it_asks_about(office: Office) -> None:
    for scope in ("channels:history", "im:history"):
        office.slack.installation.scopes.remove(scope)
    office.slack.fault("chat.postMessage", "reset_before", times=3)
    await office.post("recognition:7")
    await office.send()
    thanks = [
        outbox.direct(f"recognition:7:to:{one}", one, {"text": "thanks"}, owner=BEN)
        for one in (KIM, ANA)
    ]
    await office.write(lambda session: outbox.post(session, *thanks, now=office.hand.now()))
    await office.send_for(20)
    of_the_post, of_the_others = office.slack.dm(BEN)
    assert "@kim and @ana" in text_of(of_the_others)

    async def press(question: Doc) -> int:
        value = question["blocks"][-1]["elements"][0]["value"]
        return await office.write(
            lambda s: doubt.post_again(s, value, by=BEN, now=office.hand.now())
        )

    assert await press(of_the_post) == 1
    await office.send_for(4)
    assert (office.texts(), office.told(KIM)) == (["recognition:7"], [])
    assert await press(of_the_others) == 2
    await office.send_for(4)
    assert (office.texts(), office.told(KIM)) == (["recognition:7"], ["thanks"])
