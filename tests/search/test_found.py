"""What is found of much, in which order, since when, and where it leads."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from bot import fulltext
from bot.fulltext import MOST, Entry, Filters, Finder
from bot.playground.server import FakeSlack
from bot.relevance import Texts
from bot.rituals import mission, recognition
from bot.seeking import Found, Seeker, Sought
from tests.rituals.test_corrections import DEED
from tests.search.acts import LATER, Act, do, find, set_up
from tests.search.test_search import search
from tests.support import ANA, BEN, KIM, KUDOS, STATEMENT, T0, Bot, give, in_a_copy, soon

LONG = "and so it went on " * 20


def entry(number: int, words: str, title: str = "") -> Entry:
    return Entry(number, "story", BEN, T0, title, words)


def seek(session: Session, entries: Sequence[Entry], *words: str) -> Found:
    """What is found of these with these words."""
    known = {one.id: (one.title, one.words) for one in entries}

    def texts(ids: Sequence[int]) -> Texts:
        return {one: known[one] for one in ids}

    fulltext.put(session, *entries)
    seeker = Seeker(session, Finder({}), Filters(), KIM, texts)
    return seeker.seek([Sought(one) for one in words])


def test_of_more_than_are_looked_at_the_latest_are_found_and_those_with_the_title(
    migrated: Path,
) -> None:
    of_old = [entry(1, "nothing of it", "A clinic"), entry(2, "a clinic of old")]
    entries = [*of_old, *(entry(number, "a clinic") for number in range(3, MOST + 10))]

    def look(session: Session) -> None:
        found = seek(session, entries, "clinic")
        assert (len(found.ids), found.is_all) == (MOST, False)
        assert found.ids[0] == 1
        assert 2 not in found.ids

    in_a_copy(migrated, look)


def test_what_has_all_of_the_words_comes_first_however_well_others_have_most_of_them(
    migrated: Path,
) -> None:
    entries = [
        entry(1, f"printer {LONG} clinic {LONG} garden"),
        entry(2, "printer " * 5 + "clinic " * 5),
        *(entry(number, "the clinic was late again") for number in range(3, 20)),
    ]

    def look(session: Session) -> None:
        assert seek(session, entries, "garden", "clinic", "printer").ids[:2] == [1, 2]

    in_a_copy(migrated, look)


def test_a_page_that_is_no_more_is_the_last_one_there_is(migrated: Path) -> None:
    def look(session: Session) -> None:
        set_up(session)
        known = [do(session, Act(BEN, f"the garden {n}", to=(KIM,))) for n in range(10)]
        known.append(do(session, Act(ANA, "the garden once more", to=(KIM,))))
        assert find(session, KIM, "garden", page=1).page == 1
        recognition.withdraw(session, recognition_id=known[-1], by=ANA, now=LATER)
        left = find(session, KIM, "garden", page=1)
        assert (left.page, left.count, len(left.results)) == (0, 10, 10)

    in_a_copy(migrated, look)


@pytest.mark.parametrize(
    ("who", "is_found"),
    # It is said on the evening of the fifth in Lisbon, when the sixth has come in Seoul.
    [(KIM, True), (ANA, False)],
)
def test_a_day_begins_where_the_asker_is(migrated: Path, who: str, is_found: bool) -> None:
    def look(session: Session) -> None:
        set_up(session)
        said = Act(BEN, "the garden at night", to=(KIM,))
        do(session, said, at=T0 + timedelta(hours=7))
        assert bool(find(session, who, "garden after:2026-01-06").count) is is_found

    in_a_copy(migrated, look)


def test_what_served_a_value_that_is_retired_is_found_by_it(migrated: Path) -> None:
    def look(session: Session) -> None:
        set_up(session)
        do(session, Act(BEN, "the garden was open", to=(KIM,)))
        values, why = "#candour Candour — so\nCraft — we finish it", "It was time."
        mission.set_up(session, by=ANA, statement=STATEMENT, values=values, why=why, now=LATER)
        assert find(session, KIM, "garden value:care").count == 1

    in_a_copy(migrated, look)


async def test_a_post_that_was_removed_in_slack_is_not_linked_to(
    slack: FakeSlack, mission: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    await mission.has_sent_everything()
    link = f"/archives/{KUDOS}/p{post['ts'].replace('.', '')}"
    assert "1 found." in await search(slack, ANA, "late")
    assert link in str(slack.ephemerals(ANA)[-1])
    slack.fault("chat.update", "error", error="message_not_found")
    await slack.click(ANA, channel=KUDOS, ts=post["ts"], action_id="applaud")
    await soon(slack, lambda: "message_not_found" in caplog.text)
    await mission.has_sent_everything()
    assert "1 found." in await search(slack, ANA, "late")
    assert link not in str(slack.ephemerals(ANA)[-1])
