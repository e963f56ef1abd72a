"""Whoever can take a decision over finds that on their Home, and drives it from there."""

from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot.deps import Deps
from bot.ledger import LedgerLine
from bot.playground.server import FakeSlack
from bot.roster import remember
from schedules import roster
from tests.rituals.deciding import LINE, ledger, shows, the_decision, withdraw
from tests.rituals.deciding import begin as begin_decision
from tests.rituals.test_decide_handover import DRIVEN, asked, changes, dm, leaves, questions
from tests.rituals.test_decide_handover_review import decided
from tests.rituals.test_decide_private import SECRET, begin_privately
from tests.rituals.test_home import opened
from tests.rituals.test_home_followed import caught_up
from tests.rituals.waiting import UNREAD, on_home, waits
from tests.support import ANA, BEN, GENERAL, KIM, Bot, Doc, soon, text_of, told

UNTIL = "until 8 January 2026"
WANTED = f"1 · {LINE} — @ben cannot drive it any more; somebody else has to"
ON_TOP = f"{WANTED}. Your verdict is asked for too, {UNTIL}"
BUTTONS = ["Drive it", "Approve", "Object", "Score"]
VERDICT = f"1 · {LINE} — Your verdict is asked for, {UNTIL}"


async def begin(slack: FakeSlack, *people: str, **filled: object) -> Doc:
    """Have Ben drive a decision, and these people look at their Homes."""
    card = await begin_decision(slack, DRIVEN | filled)
    for who in people:
        await opened(slack, who)
    return card


async def follows(slack: FakeSlack, who: str, *lines: str) -> None:
    """Wait until just this waits on somebody's Home, who does not open it again."""
    unread = [] if who == ANA else UNREAD
    await soon(slack, lambda: waits(slack, who) == [*unread, *lines])


async def listed(slack: FakeSlack, who: str) -> list[str]:
    await slack.command(who, GENERAL, "/decide list waiting")
    return told(slack, who).splitlines()[1:]


async def test_when_the_driver_leaves_it_waits_for_its_approvers_until_one_drives_it(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, ANA, KIM)
    for who in (ANA, KIM):
        await follows(slack, who, VERDICT, "Approve", "Object", "Score")
    await leaves(slack, BEN)
    for who in (ANA, KIM):
        await follows(slack, who, ON_TOP, *BUTTONS)
        assert await listed(slack, who) == [f"1 · {LINE} — open, @ben drives it {UNTIL}"]
    assert (await on_home(slack, KIM, "decide_drive")).ok
    mine = [VERDICT, "Approve", "Object", "Score", "Decide"]
    assert waits(slack, KIM) == [*UNREAD, *mine]  # at once
    await shows(slack, card, "@kim drives it, to be decided by Thursday, 8 January 2026.")
    await follows(slack, ANA, VERDICT, "Approve", "Object", "Score")
    assert questions(slack, ANA) == questions(slack, KIM) == []
    assert (await deciding.read(the_decision)).driverless_at is None
    assert [one.kind for one in await deciding.read(lines)] == ["decision.driver_wanted_privately"]


async def test_who_has_approved_is_asked_to_drive_it_alone(slack: FakeSlack, deciding: Bot) -> None:
    await begin(slack, ANA, KIM)
    assert (await on_home(slack, KIM, "decide_approve")).ok
    await leaves(slack, BEN)
    await follows(slack, KIM, f"{WANTED}, {UNTIL}", "Drive it", "Score")


async def test_a_press_that_comes_second_says_who_drives_it_and_shows_home_anew(
    slack: FakeSlack, deciding: Bot
) -> None:
    await begin(slack, ANA, KIM)
    await leaves(slack, BEN)
    for who in (ANA, KIM):
        await follows(slack, who, ON_TOP, *BUTTONS)
    view = slack.home(ANA)
    assert (await on_home(slack, KIM, "decide_drive")).ok
    await slack.click(ANA, view=view, action_id="decide_drive")
    assert "Nothing was changed: kim drives it now." in text_of(slack.views(ANA)[-1])
    assert waits(slack, ANA) == [VERDICT, "Approve", "Object", "Score"]


async def test_with_no_approver_here_it_waits_for_the_owners_until_one_is_back(
    slack: FakeSlack, deciding: Bot
) -> None:
    await begin(slack, ANA, KIM, approvers=[KIM], checklist="Is support there?")
    await leaves(slack, BEN)
    await follows(slack, KIM, ON_TOP, *BUTTONS[:3], "Checklist", "Score")
    await caught_up(slack, deciding, ANA)
    assert waits(slack, ANA) == []
    await changes(slack, KIM, is_restricted=True)
    # She answers no checklist that is not hers.
    await follows(slack, ANA, f"{WANTED}, {UNTIL}", "Drive it", "Score")
    await follows(slack, KIM)  # a guest approves nothing
    await changes(slack, KIM, is_restricted=False)
    await follows(slack, ANA)
    await follows(slack, KIM, ON_TOP, *BUTTONS[:3], "Checklist", "Score")


async def test_whoever_comes_back_drives_it_on_and_it_waits_for_nobody_else(
    slack: FakeSlack, deciding: Bot
) -> None:
    await begin(slack, ANA, BEN, approvers=[])
    await follows(slack, BEN, f"1 · {LINE} — You can decide, {UNTIL}", "Score", "Decide")
    await changes(slack, BEN, is_restricted=True)
    await follows(slack, ANA, f"{WANTED}, {UNTIL}", "Drive it", "Score")
    await follows(slack, BEN)
    await changes(slack, BEN, is_restricted=False)
    await follows(slack, ANA)
    await follows(slack, BEN, f"1 · {LINE} — You can decide, {UNTIL}", "Score", "Decide")


async def test_withdrawing_it_ends_the_wait(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack, ANA, approvers=[])
    await leaves(slack, BEN)
    await follows(slack, ANA, f"{WANTED}, {UNTIL}", "Drive it", "Score")
    await withdraw(slack, ANA, card)
    await follows(slack, ANA)
    assert (await deciding.read(the_decision)).driverless_at is None


async def test_it_waits_since_it_was_asked_who_drives_it(slack: FakeSlack, deciding: Bot) -> None:
    await begin(slack, approvers=[])
    await slack.jump(timedelta(minutes=5))
    await begin_decision(slack, DRIVEN | {"driver": KIM, "approvers": [ANA]})
    await slack.jump(timedelta(minutes=5))
    await opened(slack, ANA)
    await leaves(slack, BEN)
    verdict = f"2 · {LINE} — Your verdict is asked for, {UNTIL}"
    theirs = [verdict, "Approve", "Object", "Score"]
    await follows(slack, ANA, *theirs, f"{WANTED}, {UNTIL}", "Drive it", "Score")
    # The verdict has waited longer than the question who drives it, of the same decision.
    await leaves(slack, KIM)
    both = f"2 · {LINE} — @kim cannot drive it any more; somebody else has to"
    both = f"{both}. Your verdict is asked for too, {UNTIL}"
    await follows(slack, ANA, both, *BUTTONS, f"{WANTED}, {UNTIL}", "Drive it", "Score")


async def test_a_decided_one_waits_for_who_is_asked_how_it_came_out_instead(
    slack: FakeSlack, deciding: Bot
) -> None:
    _, known = await decided(slack, deciding)
    await opened(slack, ANA)
    await leaves(slack, BEN)
    await follows(slack, ANA, WANTED, "Drive it")
    assert await listed(slack, ANA) == [f"1 · {LINE} — decided, @ben drove it"]
    assert known.review_at is not None
    await slack.pass_time(known.review_at + timedelta(minutes=5) - slack.now())
    await opened(slack, ANA)
    assert waits(slack, ANA) == [WANTED, "Drive it"]
    assert (await on_home(slack, ANA, "decide_drive")).ok
    review = f"1 · {LINE} — Did it come out as predicted?"
    answers = ["As predicted", "Not as predicted", "Too early to say"]
    assert waits(slack, ANA) == [review, *answers]


async def test_a_private_one_waits_for_its_people_and_no_owner_knows(
    slack: FakeSlack, deciding: Bot
) -> None:
    known = await begin_privately(slack, deciding, approvers=[], contributors=[KIM], driver=BEN)
    for who in (ANA, KIM):
        await opened(slack, who)
    await caught_up(slack, deciding, ANA)
    before = len(slack.published(ANA))
    await leaves(slack, BEN)
    until = f"{known.due:%-d %B %Y}"
    wanted = f"{known.name} · {SECRET} — @ben cannot drive it any more; somebody else has to"
    buttons = ["Drive it", "Checklist", "Score"]
    await follows(slack, KIM, f"{wanted}, until {until}", *buttons)
    (line,) = [one for one in await deciding.read(ledger) if "driver_wanted" in one.kind]
    assert ANA not in line.details["concerns"]
    assert await listed(slack, ANA) == []
    assert len(slack.published(ANA)) == before
    await opened(slack, ANA)
    assert waits(slack, ANA) == []
    assert (await on_home(slack, KIM, "decide_drive")).ok
    assert "Its checklist is not settled" in waits(slack, KIM)[len(UNREAD)]


def lines(session: Session) -> list[LedgerLine]:
    return [one for one in ledger(session) if ".driver_" in one.kind]


async def test_what_happened_while_nobody_listened_is_made_good_at_the_next_start_once(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, ANA, KIM)
    deps = Deps(deciding.database, slack.now, AsyncWebClient())
    user = {"id": BEN, "name": "ben"}
    await deciding.write(lambda session: remember(session, [user | {"deleted": True}]))
    for _ in range(2):
        await deciding.write(lambda session: roster._complete(session, deps))
    question = await asked(slack, KIM)
    await follows(slack, KIM, ON_TOP, *BUTTONS)
    assert len(await deciding.read(lines)) == 1
    await deciding.write(lambda session: remember(session, [user]))
    for _ in range(2):
        await deciding.write(lambda session: roster._complete(session, deps))
    await shows(slack, question, "@ben drives it now.", dm(slack, KIM))
    assert "Drive it" not in await shows(slack, card, "Decide\n")
    for who in (ANA, KIM):
        await follows(slack, who, VERDICT, "Approve", "Object", "Score")
    assert len(await deciding.read(lines)) == 2
