"""Who may do what: each way in, tried by every kind of person with every part in it that there is.

What is expected comes from the table of rights alone, and what is heard from the app itself: what
is added without a try, or tried without a right, fails.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

import pytest
from sqlmodel import Session, col, delete

from bot import membership, roster, settings
from bot.playground.server import FakeSlack
from bot.rights import Part, Right
from bot.rituals import pulse
from bot.rounds import Invitation
from bot.teams import ReportingTeam
from handlers import all_routes, docket
from handlers import pulse as pulse_words
from tests.rights.decisions import DECISIONS, PRIVATE_DECISIONS
from tests.rights.people import KINDS, OURS
from tests.rights.records import RECORDS
from tests.rights.sending import Sender
from tests.rights.things import JON, LIA, Thing
from tests.rights.tries import REFUSED, Comes, Try
from tests.rights.words import FORMS, PULSE, WORDS
from tests.support import ANA, T0, TEAM, Bot

pytestmark = pytest.mark.sqlite  # how rights are asked is the same; what is stored is looked into
EVERY_TRY = [*WORDS, *FORMS, *PULSE, *RECORDS, *DECISIONS, *PRIVATE_DECISIONS]
ON_THEIR_WAY = {"outbox", "lane", "inbound", "home", "search_chore"}


class Stored:
    """All that the bot's database holds, seen from outside; read again only once it changed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE '%index%'"
        self._names = [name for (name,) in connection.execute(names)]
        self._version, self._tables = -1, dict[str, list[Any]]()

    def now(self, *, without: Collection[str]) -> dict[str, list[Any]]:
        """Every row by its table."""
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            rows = ((name, f'SELECT * FROM "{name}"') for name in self._names)
            self._tables = {name: self._connection.execute(sql).fetchall() for name, sql in rows}
            self._version = version
        return {name: rows for name, rows in self._tables.items() if name not in without}


@pytest.fixture
async def everybody(slack: FakeSlack, mission: Bot) -> Bot:
    """The bot with two teams, and two rounds: in one everybody is asked, in one nobody."""
    mission.may_be_refused("user_not_found", "channel_not_found", "not_found")
    slack.workspace.add_person(id=LIA, name="lia")
    await slack.events.settled()

    def prepare(session: Session) -> None:
        roster.remember(session, [{"id": LIA, "name": "lia"}])
        roster.remember(session, [{"id": JON, "name": "jon", "deleted": True}])
        settings.change(session, allowance=10_000)
        for number, source in enumerate(("C0BLUE", "C0RED"), start=1):
            called: Any = {"name": source, "source": source, "label": source, "position": number}
            team = ReportingTeam(**called, created_at=T0, is_unread=False)
            session.add(team)
            session.flush()
            membership.heard(session, team, at=T0, came=[LIA])
        asked: Any = {"by": ANA, "question": "The move went well.", "now": slack.now()}
        pulse.ask_everybody(session, **asked)
        alone = pulse.ask_everybody(session, **asked).round
        session.exec(delete(Invitation).where(col(Invitation.round_id) == alone.id))

    await mission.write(prepare)
    await mission.has_sent_everything()
    return mission


Cell = tuple[Try, str, list[Part], Thing]


def combinations(one: Try) -> Iterator[tuple[str, list[Part]]]:
    """Everybody with each part; who is none of ours has all of them at once, and none."""
    parts = [part for part in one.of.parts if part is not None]
    for who in KINDS:
        if who in OURS:
            yield from ((who, [part] if part else []) for part in one.of.parts)
        else:
            yield from ((who, several) for several in ([], parts)[: 1 + bool(parts)])


async def cells(bot: Bot, tries: Sequence[Try]) -> list[Cell]:
    """Every cell, with a thing of its own."""
    made: list[Cell] = []
    for one in tries:

        def make(session: Session, one: Try = one) -> list[Cell]:
            now = bot.slack.now()
            return [
                (one, who, parts, one.of.make(session, who, parts, now))
                for who, parts in combinations(one)
            ]

        made += await bot.database.write(TEAM, make, patience=60)
    return made


async def faults(bot: Bot, tries: Sequence[Try]) -> dict[str, str]:
    """What each cell shows that is not as the table says."""
    found, file = dict[str, str](), str(bot.settings.database_path)
    with closing(sqlite3.connect(file)) as connection:
        stored = Stored(connection)
        all_of_them = await cells(bot, tries)
        for allowed in (False, True):  # the refused ones first, while nothing is on its way
            for one, who, parts, thing in all_of_them:
                if (one.lacks(thing) is None) is allowed and (
                    fault := await _fault(bot.slack, stored, one, who, thing)
                ):
                    found[f"{one.heard} by {who} as {[*map(str, parts)]}"] = fault
    return found


async def _fault(slack: FakeSlack, stored: Stored, one: Try, who: str, thing: Thing) -> str:
    lacks, sender = one.lacks(thing), Sender(slack, who)
    without = {"inbound"} if lacks else ON_THEIR_WAY
    before, sent = stored.now(without=without), len(stored.now(without=())["outbox"])
    calls = len(slack.calls)
    said = await one.send(sender, thing)
    asked = {call["method"] for call in slack.calls[calls:]}
    after = stored.now(without=without)
    if lacks is not None:
        if not any(sentence in said for sentence in REFUSED[lacks]):
            return f"lacks {lacks.name}, but was told {said!r}"
        if asked - {"views.open", "views.push"}:
            return f"lacks {lacks.name}, but Slack was asked for {asked}"
        return "" if after == before else f"changed {_different(before, after)}"
    if any(sentence in said for several in REFUSED.values() for sentence in several):
        return f"may, but was told {said!r}"
    seen = {
        Comes.STORED: after != before,
        Comes.POSTED: len(stored.now(without=())["outbox"]) > sent,
        Comes.OPENED: bool(sender.opened),
        Comes.TOLD: bool(said),
    }
    return "" if seen[one.comes] else f"may, but nothing came of it: {said!r}"


def _different(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> list[str]:
    return [name for name in before if before[name] != after[name]]


@pytest.mark.parametrize(
    "tries", [WORDS, FORMS, PULSE, RECORDS], ids=["words", "forms", "pulse", "records"]
)
async def test_each_may_do_what_the_table_says_and_nothing_else(
    everybody: Bot, tries: list[Try]
) -> None:
    assert await faults(everybody, tries) == {}


def heard() -> set[str]:
    """Everything that the app hears from people, by name."""
    routes = all_routes()
    words: dict[str, Iterable[str]] = {
        "mission": routes.words,
        "decide": docket.WORDS,
        "pulse": pulse_words.WORDS,
    }
    typed = {f"/{name} {word}".strip() for name, several in words.items() for word in several}
    kinds = {"action": routes.actions, "view": routes.views, "shortcut": routes.shortcuts}
    named = {f"{kind} {name}" for kind, several in kinds.items() for name in several}
    return typed | named | {f"/{name}" for name in routes.commands}


def test_everything_that_is_heard_from_people_is_tried() -> None:
    assert {one.heard for one in EVERY_TRY} == heard()


def test_every_right_to_do_something_is_tried() -> None:
    tried = {right for one in EVERY_TRY for right in one.needs}
    assert set(Right) - tried == {Right.SEE_RESULTS, Right.SEE_OWN, Right.SEE_ANSWERS}
    assert tried == set(REFUSED)


def test_what_slack_tells_by_itself_is_nobodys_to_do() -> None:
    """Events carry no wish of a person's; whoever is named in one is looked up like everybody."""
    assert set(all_routes().events) == EVENTS


EVENTS = {
    "app_home_opened",
    *("team_join", "user_change"),
    *("member_joined_channel", "member_left_channel", "subteam_members_changed"),
    *("subteam_updated", "channel_archive", "channel_unarchive", "channel_left"),
    *("group_archive", "group_unarchive", "group_left"),
}
