"""What a giver, an owner and everybody else can do to a recognition that was given."""

from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot import settings
from bot.deed import Deed
from bot.ledger import LedgerLine
from bot.playground.server import FakeSlack
from bot.rituals import recognition
from bot.rituals.recognition import Recipient, Recognition
from tests.support import (
    ANA,
    BEN,
    DAN,
    KIM,
    KUDOS,
    PACE,
    ROBY,
    T0,
    Bot,
    Doc,
    give,
    open_form,
    soon,
    text_of,
    told,
)

DEED = "stayed late so that the clinic could book again"
BETTER = "stayed late twice so that the clinic could book again"


def ledger(session: Session) -> list[LedgerLine]:
    about = select(LedgerLine).where(col(LedgerLine.kind).startswith("recognition."))
    return list(session.exec(about.order_by(col(LedgerLine.id))))


def the_recognition(session: Session) -> Recognition:
    return session.exec(select(Recognition)).one()


def recipients(session: Session) -> list[str]:
    return list(session.exec(select(Recipient.person).order_by(col(Recipient.position))))


async def choose(slack: FakeSlack, who: str, post: Doc, what: str, *, channel: str = KUDOS) -> Any:
    """Choose Edit or Withdraw in the menu beside a recognition."""
    menu = menu_of(post)
    option = f"{what}:{menu['options'][0]['value'].partition(':')[2]}"
    return await slack.click(
        who, channel=channel, message=post, action_id=menu["action_id"], option=option
    )


def menu_of(post: Doc) -> Doc:
    actions = next(block for block in post["blocks"] if block["type"] == "actions")
    return dict(next(each for each in actions["elements"] if each["type"] == "overflow"))


async def editing(slack: FakeSlack, who: str, post: Doc, *, channel: str = KUDOS) -> Doc:
    await choose(slack, who, post, "edit", channel=channel)
    assert slack.views(who), slack.picture()
    return slack.views(who)[-1]


async def test_the_giver_corrects_the_words_and_everybody_sees_them(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await soon(slack, lambda: slack.dm(KIM))
    form = await editing(slack, BEN, post)
    assert (await slack.submit(BEN, form["id"], {"message": BETTER})).closed
    await soon(slack, lambda: BETTER in text_of(slack.messages(KUDOS)[-1]))
    await soon(slack, lambda: BETTER in text_of(slack.dm(KIM)[-1]))
    assert len(slack.dm(KIM)) == 1
    lines = await mission.read(ledger)
    assert [line.kind for line in lines] == ["recognition.given", "recognition.corrected"]
    assert lines[1].details == {"message": True}
    assert BETTER not in str(lines[1].details)


async def test_who_is_newly_named_is_told_and_who_is_not_any_more_reads_so(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await soon(slack, lambda: slack.dm(KIM))
    form = await editing(slack, BEN, post)
    already = len(slack.dm(ANA))
    assert (await slack.submit(BEN, form["id"], {"recipients": [ANA]})).closed
    await soon(slack, lambda: slack.dm(ANA)[already:])
    assert "@ben recognised you" in text_of(slack.dm(ANA)[-1])
    await soon(slack, lambda: "names somebody else now" in text_of(slack.dm(KIM)[-1]))
    assert "@ben recognised @ana" in text_of(slack.messages(KUDOS)[-1])
    assert await mission.read(recipients) == [ANA]
    assert (await mission.read(ledger))[1].details == {"recipients": [[KIM], [ANA]]}


async def test_somebody_left_out_and_named_again_has_one_message_still(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await soon(slack, lambda: slack.dm(KIM))
    for people in ([ANA], [ANA, KIM]):
        form = await editing(slack, BEN, post)
        assert (await slack.submit(BEN, form["id"], {"recipients": people})).closed
        await soon(slack, lambda: "edited" in slack.messages(KUDOS)[-1])
    await soon(slack, lambda: "@ben recognised you together" in text_of(slack.dm(KIM)[-1]))
    assert len(slack.dm(KIM)) == 1
    assert await mission.read(recipients) == [ANA, KIM]


async def test_the_form_shows_the_recognition_as_it_is(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #candour")
    form = {block["block_id"]: block for block in (await editing(slack, BEN, post))["blocks"]}
    assert form["recipients"]["element"]["initial_users"] == [KIM]
    assert form["message"]["element"]["initial_value"] == DEED
    assert form["value"]["element"]["initial_option"]["value"] == "candour"
    assert "visibility" not in form


async def test_saving_it_as_it_was_is_no_correction(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    form = await editing(slack, BEN, post)
    assert (await slack.submit(BEN, form["id"], {})).closed
    await mission.has_sent_everything()
    assert [line.kind for line in await mission.read(ledger)] == ["recognition.given"]
    assert "edited" not in slack.messages(KUDOS)[-1]


@pytest.mark.parametrize("who", [ANA, KIM])
async def test_only_the_giver_can_correct(slack: FakeSlack, mission: Bot, who: str) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await choose(slack, who, post, "edit")
    assert "Only ben can change this recognition" in told(slack, who)
    assert slack.views(who) == []


@pytest.mark.parametrize(
    ("filled", "field", "reason"),
    [
        ({"recipients": [BEN]}, "recipients", "You cannot recognise yourself"),
        ({"recipients": [KIM, ROBY]}, "recipients", "is a bot."),
        ({"recipients": [DAN]}, "recipients", "is no longer here"),
        ({"message": "too short"}, "message", "10 characters at least, this is 9"),
        ({"message": "x" * 2001}, "message", "2,000 is the most"),
    ],
)
async def test_what_cannot_be_given_cannot_be_corrected_to(
    slack: FakeSlack, mission: Bot, filled: Doc, field: str, reason: str
) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    form = await editing(slack, BEN, post)
    outcome = await slack.submit(BEN, form["id"], filled, force=True)
    assert reason.casefold() in outcome.errors[field].casefold()
    assert (await mission.read(the_recognition)).revision == 0


async def reword(slack: FakeSlack, values: str) -> None:
    form = await open_form(slack, ANA, "/mission setup")
    assert (await slack.submit(ANA, form["id"], {"values": values, "why": "clearer"})).closed


KINDNESS = "#care :handshake: Kindness — we are kind\n#candour :mag: Candour — we say what is"
NO_CARE = "#candour :mag: Candour — we say what is\nPace — we book in a minute"


async def test_a_correction_keeps_the_value_as_it_was_worded(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await reword(slack, KINDNESS)
    form = await editing(slack, BEN, post)
    assert ":handshake: Kindness" in text_of(form)
    assert (await slack.submit(BEN, form["id"], {"message": BETTER})).closed
    shown = await soon(slack, lambda: [m for m in slack.messages(KUDOS) if BETTER in text_of(m)])
    assert ":heart: Care" in text_of(shown[0])


async def test_a_retired_value_stays_where_it_is_left_alone(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await reword(slack, NO_CARE)
    form = await editing(slack, BEN, post)
    assert "keep Care as it was worded" in text_of(form)
    assert ":heart: Care" not in text_of(form)
    assert (await slack.submit(BEN, form["id"], {"message": BETTER})).closed
    shown = await soon(slack, lambda: [m for m in slack.messages(KUDOS) if BETTER in text_of(m)])
    assert ":heart: Care" in text_of(shown[0])


async def test_a_value_retired_while_the_form_was_open_is_refused_with_a_sentence(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #candour")
    form = await editing(slack, BEN, post)
    await reword(slack, NO_CARE)
    outcome = await slack.submit(BEN, form["id"], {"value": "care"})
    assert outcome.errors == {
        "value": "#care was retired meanwhile. Choose one of the values in force."
    }


async def test_a_form_left_open_does_not_undo_a_later_correction(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    form = await editing(slack, BEN, post)
    given = await mission.read(the_recognition)
    elsewhere = Deed(BEN, [KIM], BETTER, "care")  # in another window

    def correct(session: Session) -> None:
        recognition.correct(session, elsewhere, recognition_id=given.id, based_on=0, now=T0)

    await mission.write(correct)
    outcome = await slack.submit(BEN, form["id"], {"message": DEED + " again"})
    assert "was changed meanwhile" in outcome.errors["recipients"]
    assert (await mission.read(the_recognition)).message == BETTER


async def test_somebody_who_left_stays_named_and_hears_no_more(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await give(slack, BEN, f"@kim @ana {DEED} #care")
    await soon(slack, lambda: slack.dm(KIM))
    await mission.has_sent_everything()
    slack.workspace.edit_person(KIM, deleted=True)
    await slack.events.settled()
    heard = text_of(slack.dm(KIM)[-1])
    form = await editing(slack, BEN, post)
    assert "@kim left, and stays named" in text_of(form)
    assert (await slack.submit(BEN, form["id"], {"message": BETTER})).closed
    await soon(slack, lambda: BETTER in text_of(slack.messages(KUDOS)[-1]))
    await mission.has_sent_everything()
    assert set(await mission.read(recipients)) == {KIM, ANA}
    assert text_of(slack.dm(KIM)[-1]) == heard


async def withdrawing(slack: FakeSlack, who: str, post: Doc, *, channel: str = KUDOS) -> Doc:
    await choose(slack, who, post, "withdraw", channel=channel)
    assert slack.views(who), slack.picture()
    return slack.views(who)[-1]


async def test_the_giver_withdraws_and_gets_the_words_back(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await soon(slack, lambda: slack.dm(KIM))
    question = await withdrawing(slack, BEN, post)
    assert "This cannot be undone" in text_of(question)
    assert (await slack.submit(BEN, question["id"])).result == "updated"
    assert DEED in text_of(slack.views(BEN)[-1])
    await soon(slack, lambda: "@ben withdrew this" in text_of(slack.messages(KUDOS)[-1]))
    await soon(slack, lambda: "@ben withdrew this" in text_of(slack.dm(KIM)[-1]))
    assert DEED not in str(slack.messages(KUDOS)[-1])
    assert DEED not in str(slack.dm(KIM))
    withdrawn = await mission.read(the_recognition)
    assert (withdrawn.message, withdrawn.withdrawn_by) == ("", BEN)
    assert (await mission.read(ledger))[-1].kind == "recognition.withdrawn"


async def test_an_owner_withdraws_and_the_giver_gets_the_words(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    question = await withdrawing(slack, ANA, post)
    assert "@ben is told" in text_of(question)
    assert (await slack.submit(ANA, question["id"])).closed
    heard = await soon(slack, lambda: slack.dm(BEN))
    assert "@ana, an owner of the mission, withdrew your recognition" in text_of(heard[-1])
    assert DEED in text_of(heard[-1])
    await soon(slack, lambda: "of @ben" in text_of(slack.messages(KUDOS)[-1]))


async def test_nobody_else_can_withdraw(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, BEN, f"@ana {DEED} #care")
    await choose(slack, KIM, post, "withdraw")
    assert "ben or an owner of the mission can withdraw" in told(slack, KIM)
    assert slack.views(KIM) == []


async def test_what_was_withdrawn_cannot_be_withdrawn_corrected_or_applauded(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    form = await editing(slack, BEN, post)
    await mission.write(lambda session: settings.change(session, owners=[KIM]))
    question = await withdrawing(slack, ANA, post)
    late = await withdrawing(slack, KIM, post)
    assert (await slack.submit(ANA, question["id"])).closed
    assert (await slack.submit(KIM, late["id"])).result == "updated"
    assert "was withdrawn already" in text_of(slack.views(KIM)[-1])
    outcome = await slack.submit(BEN, form["id"], {"message": BETTER})
    assert "was withdrawn, so nothing was changed" in outcome.errors["recipients"]
    for what in ("edit", "withdraw"):
        await choose(slack, BEN, post, what)
        assert "was withdrawn" in told(slack, BEN)
    await slack.click(KIM, channel=KUDOS, message=post, action_id="applaud")
    assert "was withdrawn, so nothing was changed" in told(slack, KIM)


async def test_a_withdrawal_delivered_twice_is_one(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    question = await withdrawing(slack, BEN, post)
    await slack.submit(BEN, question["id"])
    assert (await slack.redeliver()).acked
    await soon(slack, lambda: "withdrew" in text_of(slack.messages(KUDOS)[-1]))
    kinds = [line.kind for line in await mission.read(ledger)]
    assert kinds == ["recognition.given", "recognition.withdrawn"]


async def test_a_day_s_allowance_does_not_come_back(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    question = await withdrawing(slack, BEN, post)
    await slack.submit(BEN, question["id"])
    await slack.jump(PACE)
    await give(slack, BEN, f"@kim {BETTER} #care")
    assert "8 of 10 left today" in told(slack, BEN)
