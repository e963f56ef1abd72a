"""Decisions are found by what they are about and what became of them, by who may see them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlmodel import Session

from bot import chores, decisions, deliberation, fulltext, gist, roster, upkeep
from bot.blocks import search as blocks
from bot.db import Database
from bot.playground.content import checked
from bot.playground.server import FakeSlack
from schedules.search import fill, forget
from tests.rituals.deciding import LINE, REASON, begin, decide, press, shows
from tests.rituals.test_decide_private import SECRET, begin_privately
from tests.search.acts import LATER, Act, all_found, do, find, set_up, upgrade_again
from tests.search.test_reindex import wrong
from tests.search.test_search import in_bold, search
from tests.stored import sound
from tests.support import ANA, BEN, GIL, KIM, LOUNGE, PEOPLE, TEAM, Bot, Doc

OPEN: Doc = {
    "checklist": "",
    "context": "Two clinics asked for it.",
    "options": "Ship it\nWait for the translation",
    "prediction": "Fewer calls.",
}


@pytest.mark.parametrize(
    "words", ["booking page friday", "clinics asking", "translations", '"fewer calls"']
)
async def test_a_decision_is_found_with_its_card(
    slack: FakeSlack, deciding: Bot, words: str
) -> None:
    card = await begin(slack, OPEN)
    await deciding.has_sent_everything()
    answer = await search(slack, KIM, f"in:decisions {words}")
    assert answer.startswith("1 found.")
    assert f"Decision 1: {LINE}" in answer
    about = str(slack.ephemerals(KIM)[-1])
    assert f"/archives/{LOUNGE}/p{card['ts'].replace('.', '')}|Open the card>" in about
    assert " · open · " in about
    assert "<@U0BEN>" in about


async def test_what_was_chosen_and_why_is_found_once_it_is_decided(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, OPEN)
    assert "I found nothing" in await search(slack, KIM, "in:decisions taking back")
    assert (await decide(slack, card, REASON))["closed"]
    answer = await search(slack, KIM, "in:decisions taking back")
    assert answer.startswith("1 found.")
    assert "Fewer calls. Ship it: Two clinics wait for it, and we can take it back." in answer
    shown = slack.ephemerals(KIM)[-1]
    assert in_bold(shown) == ["take", "back"]
    assert " · decided · " in str(shown)
    assert "1 found." in await search(slack, KIM, "in:decisions friday")
    assert await deciding.read(lambda session: chores.last(session, chores.FORGET)) is None


async def test_one_that_was_withdrawn_stands_in_the_list_and_is_found_as_what_it_is(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, OPEN)
    form = await press(slack, BEN, card, "decide_menu", option=await option(deciding, "withdraw"))
    assert form is not None
    assert (await slack.submit(BEN, form["id"])).closed
    await shows(slack, card, "withdrew it.")
    assert "1 found." in await search(slack, KIM, "in:decisions friday")
    assert " · withdrawn · " in str(slack.ephemerals(KIM)[-1])


async def option(bot: Bot, what: str) -> str:
    (known,) = await bot.read(lambda session: all_found(session, BEN, "in:decisions"))
    return f"{what}:{known}"


async def test_a_private_one_is_found_by_its_people_alone_with_their_own_card(
    slack: FakeSlack, deciding: Bot
) -> None:
    known = await begin_privately(slack, deciding)
    for who in (BEN, KIM, GIL):
        answer = await search(slack, who, "closing office")
        assert answer.startswith("1 found.")
        assert f"Decision {known.name}: {SECRET}" in answer
        shown = str(slack.ephemerals(who)[-1])
        assert f"/archives/{slack.workspace.dm_id(who)}/p" in shown
        assert "between its people" in shown
    for words in ("closing office", "clsoing ofice", "in:decisions", f"@ben {SECRET}", known.name):
        assert "I found nothing" in await search(slack, ANA, words)


@pytest.fixture
def archive(database_url: str) -> Iterator[Database]:
    database = Database.open(database_url)
    yield database
    database.close()


async def test_who_sees_a_private_one_is_decided_when_somebody_searches(archive: Database) -> None:
    """An approver who left is replaced, and comes back as one who is none of its people."""
    secret = Act(BEN, "the zebra was late", to=(KIM,), is_private=True, is_decision=True)

    def play(session: Session) -> None:
        set_up(session)
        known = do(session, secret)
        roster.remember(session, [_kim() | {"deleted": True}])
        assert found(session, ANA) == []
        replaced = {"by": BEN, "gone": KIM, "instead": ANA}
        deliberation.replace_approver(session, known, **replaced, now=LATER)
        roster.remember(session, [_kim()])
        for who in (ANA, BEN, KIM):
            decision = decisions.must_be_there(session, known)
            assert bool(found(session, who)) is decisions.can_see(session, decision, by=who)
        assert [bool(found(session, who)) for who in (ANA, BEN, KIM)] == [True, True, False]

    await archive.write(TEAM, play, patience=60)


def _kim() -> Doc:
    return next(person for person in PEOPLE if person["id"] == KIM) | {"team_id": TEAM}


def found(session: Session, who: str) -> list[int]:
    return [one.entry.id for one in find(session, who, "zebra").results]


@pytest.mark.parametrize("is_filling", [False, True])
async def test_those_from_before_they_could_be_found_are_put_in(
    archive: Database, is_filling: bool
) -> None:
    """A database that knows the search already, or is being filled for the first time."""

    def play(session: Session) -> None:
        set_up(session)
        asked = Act(BEN, "the clinic was late", is_decision=True)
        known = [do(session, asked), do(session, replace(asked, reason="everybody agreed"))]
        do(session, Act(BEN, "the clinic has a garden", to=(KIM,)))
        for entry in gist.entries(session, known):  # as it was before
            fulltext.drop(session, entry)
        if is_filling:
            upkeep.empty(session)

    await archive.write(TEAM, play, patience=60)
    await forget(archive, TEAM)
    assert len(wrong(archive)) == 1
    upgrade_again(archive, "0012")
    await fill(archive, TEAM)
    assert wrong(archive) == []
    assert sound(archive)
    assert len(await archive.read(TEAM, lambda s: all_found(s, KIM, "in:decisions clinic"))) == 2


async def test_a_page_of_decisions_with_all_that_they_can_say_is_taken_by_slack(
    archive: Database,
) -> None:
    def play(session: Session) -> None:
        set_up(session)
        for number in range(11):
            words = f"clinic {number} " + "clinic & 予約 " * 150
            do(session, Act(BEN, words, is_decision=True, is_private=True, reason=words[:900]))
        answer = find(session, BEN, "in:decisions clinic")
        assert answer.count == 11
        checked(blocks.answer(answer, blocks.read("clinic"), "clinic"))

    await archive.write(TEAM, play, patience=60)
