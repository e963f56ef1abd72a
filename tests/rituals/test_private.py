"""A recognition between its people: told to them, posted nowhere, counted nowhere."""

from sqlmodel import Session, col, select

from bot.ledger import LedgerLine
from bot.playground.server import FakeSlack
from bot.rituals.recognition import Recognition
from bot.rows import ask
from tests.rituals.test_corrections import BETTER, DEED, editing, withdrawing
from tests.support import ANA, BEN, KIM, KUDOS, Bot, Doc, open_form, soon, text_of, told

PRIVATELY = {"recipients": [KIM, ANA], "message": DEED, "value": "care", "visibility": "private"}


def the_recognition(session: Session) -> Recognition:
    return session.exec(select(Recognition)).one()


async def give_privately(slack: FakeSlack, **changed: object) -> Doc:
    """Fill in the form, and return the giver's copy."""
    form = await open_form(slack, BEN, "/recognize")
    assert (await slack.submit(BEN, form["id"], PRIVATELY | changed)).closed
    return (await soon(slack, lambda: slack.dm(BEN)))[-1]


async def test_its_people_are_told_and_nobody_else(slack: FakeSlack, mission: Bot) -> None:
    posts = len(slack.messages(KUDOS))
    heard = len(slack.dm(ANA))
    copy = await give_privately(slack)
    assert text_of(copy).startswith("@ben recognised @kim and @ana for :heart: Care")
    await soon(slack, lambda: slack.dm(KIM) and slack.dm(ANA)[heard:])
    assert "@ben recognised you together with @ana" in text_of(slack.dm(KIM)[-1])
    assert "Only the people named here see this." in text_of(slack.dm(KIM)[-1])
    await mission.has_sent_everything()
    assert len(slack.messages(KUDOS)) == posts
    assert (await mission.read(the_recognition)).channel is None
    assert "applaud" not in str(copy)


async def test_the_ledger_tells_it_from_a_public_one(slack: FakeSlack, mission: Bot) -> None:
    copy = await give_privately(slack)
    dm = slack.workspace.dm_id(BEN)
    form = await editing(slack, BEN, copy, channel=dm)
    assert (await slack.submit(BEN, form["id"], {"message": BETTER})).closed
    await soon(slack, lambda: BETTER in text_of(slack.dm(BEN)[-1]))
    question = await withdrawing(slack, BEN, slack.dm(BEN)[-1], channel=dm)
    assert (await slack.submit(BEN, question["id"])).result == "updated"
    lines = select(LedgerLine.kind).order_by(col(LedgerLine.id))
    kinds = await mission.read(lambda session: ask(session, lines))
    steps = [kind for kind in kinds if kind.startswith("recognition.")]
    assert steps == [
        f"recognition.{step}_privately" for step in ("given", "corrected", "withdrawn")
    ]


async def test_it_uses_the_allowance_like_any_other(slack: FakeSlack, mission: Bot) -> None:
    await give_privately(slack)
    form = await open_form(slack, BEN, "/recognize")
    await slack.submit(BEN, form["id"], PRIVATELY | {"visibility": "channel"})
    await slack.command(BEN, KUDOS, f"/recognize @kim {DEED} #care")
    assert "7 of 10 left today" in told(slack, BEN)


async def test_it_is_corrected_from_the_givers_copy(slack: FakeSlack, mission: Bot) -> None:
    copy = await give_privately(slack, recipients=[KIM])
    await soon(slack, lambda: slack.dm(KIM))
    dm = slack.workspace.dm_id(BEN)
    form = await editing(slack, BEN, copy, channel=dm)
    assert (await slack.submit(BEN, form["id"], {"message": BETTER})).closed
    await soon(slack, lambda: BETTER in text_of(slack.dm(BEN)[-1]))
    await soon(slack, lambda: BETTER in text_of(slack.dm(KIM)[-1]))
    assert "Only the people named here see this." in text_of(slack.dm(KIM)[-1])
    assert (await mission.read(the_recognition)).is_private


async def test_it_is_withdrawn_from_the_givers_copy(slack: FakeSlack, mission: Bot) -> None:
    copy = await give_privately(slack, recipients=[KIM])
    await soon(slack, lambda: slack.dm(KIM))
    question = await withdrawing(slack, BEN, copy, channel=slack.workspace.dm_id(BEN))
    assert (await slack.submit(BEN, question["id"])).result == "updated"
    await soon(slack, lambda: "@ben withdrew this" in text_of(slack.dm(BEN)[-1]))
    await soon(slack, lambda: "@ben withdrew this" in text_of(slack.dm(KIM)[-1]))


async def test_a_forged_applause_for_it_is_refused(slack: FakeSlack, mission: Bot) -> None:
    copy = await give_privately(slack, recipients=[KIM])
    given = await mission.read(the_recognition)
    button = {"type": "button", "action_id": "applaud", "value": f"{given.id}:0", "block_id": "b"}
    forged = copy | {
        "blocks": [
            {
                "type": "actions",
                "block_id": "b",
                "elements": [button | {"text": {"type": "plain_text", "text": "Applaud"}}],
            }
        ]
    }
    await slack.click(BEN, channel=slack.workspace.dm_id(BEN), message=forged, action_id="applaud")
    assert "between its people" in told(slack, BEN)
