"""Home where there is much to show: within Slack's limits, and for as few statements as before."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from bot import charter, docket, handover
from bot.db import Database
from bot.docket import Wait
from bot.ids import new_id
from bot.outbox import OutboxRow, Status, direct
from bot.playground.server import FakeSlack
from bot.proposal import Proposal, Visibility
from bot.rituals import decision, home
from bot.rituals.recognition import Recipient, Recognition
from bot.rituals.story import Story
from bot.roster import remember
from bot.rows import insert_rows
from bot.tale import Kind
from tests.rituals.test_home import opened
from tests.support import ANA, BEN, GIL, KIM, KUDOS, T0, Bot, Doc, T

MANY = 500
LONG = "stayed late so that the clinic could book again " * 41
BIG = (
    "acknowledgement",
    "decision",
    "decision_role",
    "ledger",
    "outbox",
    "recipient",
    "recognition",
    "story",
)

Statements = list[tuple[str, Any]]


def give_many(session: Session, many: int = MANY) -> None:
    """Have Kim and Ben recognise each other in turn, at length, and tell a story each time."""
    current = charter.must_be_in_force(session)
    about = {"value_id": current.values[0].id, "channel": KUDOS}
    for number in range(many):
        giver, to = (KIM, BEN) if number % 2 else (BEN, KIM)
        made = about | {"id": new_id(), "author": giver, "created_at": T(number)}
        insert_rows(session, Recognition, [made | {"message": f"{number}: {LONG}"}])
        who = {"recognition_id": made["id"], "person": to, "position": 0, "created_at": T(number)}
        insert_rows(session, Recipient, [who])
        told = made | {"kind": Kind.LEARNING.value, "title": f"Story {number}"}
        insert_rows(session, Story, [told | {"happened": LONG}])


def leave_many_without_a_driver(session: Session, many: int, approvers: Sequence[str]) -> None:
    """Have somebody leave who drives what Ben asked for and these approve, half of it private."""
    gone = {"id": "U0GONE", "name": "gone"}
    remember(session, [gone])
    for number in range(many):
        who = Visibility.PRIVATE if number % 2 else Visibility.CHANNEL
        asked = Proposal(BEN, "And now?", driver="U0GONE", approvers=approvers, visibility=who)
        decision.begin(session, asked, now=T0)
    remember(session, [gone | {"deleted": True}])
    for stands in docket.answered_for(session, "U0GONE"):
        handover.follow(session, stands, now=T0)


def leave_many_in_doubt(session: Session) -> None:
    """Have nobody know whether messages of Kim's arrived."""
    blocks = [{"type": "rich_text", "elements": [quote(LONG)]}]
    posts = [
        direct(f"old:{number}:to:{BEN}", BEN, {"text": "?", "blocks": blocks}, owner=KIM)
        for number in range(20)
    ]
    rows = [post.values(now=T(0)) | {"status": Status.UNKNOWN.value} for post in posts]
    insert_rows(session, OutboxRow, rows)


def quote(text: str) -> dict[str, Any]:
    return {"type": "rich_text_quote", "elements": [{"type": "text", "text": text}]}


@contextmanager
def asked(database: Database) -> Iterator[Statements]:
    """The statements that are read with meanwhile."""
    found: Statements = []

    def note(_connection: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            found.append((statement, given))

    event.listen(database.readers, "before_cursor_execute", note)
    yield found
    event.remove(database.readers, "before_cursor_execute", note)


async def statements(bot: Bot, who: str = KIM) -> Statements:
    await bot.read(lambda session: home.content(session, person=who, now=T0))
    with asked(bot.database) as found:
        await bot.read(lambda session: home.content(session, person=who, now=T0))
    return found


async def test_the_latest_few_of_many_fit_into_what_slack_takes(
    slack: FakeSlack, mission: Bot
) -> None:
    await mission.write(give_many)
    await mission.write(leave_many_in_doubt)
    text = await opened(slack, KIM)  # or Slack would have refused it
    assert "11 more wait for you: 1 in /mission, 10 in my direct messages to you" in text
    assert LONG not in text
    for shown, word in (("498: stayed", True), ("490: stayed", True), ("488: stayed", False)):
        assert (shown in text) == word
    assert "Story 499" in text
    assert "Earlier stories of yours" in text


async def test_it_takes_as_many_statements_for_500_recognitions_as_for_two(
    slack: FakeSlack, mission: Bot
) -> None:
    await mission.write(partial(give_many, many=2))
    few = await statements(mission)
    await mission.write(give_many)
    assert len(await statements(mission)) == len(few)


@pytest.mark.parametrize(
    ("approvers", "theirs", "others"),
    [([KIM], {KIM: 52}, [ANA, BEN, GIL]), ([], {ANA: 26, BEN: 26}, [KIM, GIL])],
)
async def test_what_others_can_take_over_costs_no_statement(
    slack: FakeSlack, mission: Bot, approvers: list[str], theirs: Doc, others: list[str]
) -> None:
    leave = partial(leave_many_without_a_driver, approvers=approvers)
    await mission.write(partial(leave, many=2))
    few = {who: len(await statements(mission, who)) for who in others}
    await mission.write(partial(leave, many=50))
    assert {who: len(await statements(mission, who)) for who in others} == few
    for who in (ANA, BEN, GIL, KIM):
        found = await mission.read(partial(awaited, who=who))
        assert found == [Wait.DRIVER] * theirs.get(who, 0)


def awaited(session: Session, who: str) -> list[Wait]:
    return [one.what for one in docket.waiting(session, who, now=T0)]


async def plan(bot: Bot, statement: str, given: Any) -> list[str]:
    """How SQLite would go about the statement."""

    def query(session: Session) -> list[str]:
        connection = session.connection()
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)
        return [str(row[3]) for row in rows]

    return await bot.read(query)


@pytest.mark.sqlite
async def test_every_statement_finds_its_rows_through_an_index_of_its_own(
    slack: FakeSlack, mission: Bot
) -> None:
    await mission.write(give_many)
    await mission.write(partial(leave_many_without_a_driver, many=2, approvers=[KIM]))
    for statement, given in await statements(mission):
        for step in await plan(mission, statement, given):
            assert not goes_through_everything(step), f"{step}\n{statement}"


def goes_through_everything(step: str) -> bool:
    """Whether this step reads all rows that a team has of something that it has many of."""
    table = next((name for name in BIG if f" {name} " in f"{step} "), None)
    whole = step.startswith("SCAN") or step.endswith(
        ("(team_id=?)", "_status (team_id=? AND status=?)")
    )
    return table is not None and whole and "ix_story_at" not in step  # the latest, then no more
