"""Everything about somebody of whom there is much: within Slack's limits, and through indexes."""

import json
from functools import partial
from typing import Any

import pytest
from sqlmodel import Session

from bot import about
from bot.blocks import kit
from bot.blocks import me as blocks
from bot.charter import CharterValue
from bot.decisions import Decision
from bot.involvement import Involved
from bot.mine import Clapped, Decided, Given, Item, Kept, Told
from bot.places import Place
from bot.playground import content
from bot.playground.server import FakeSlack
from bot.rituals import me
from bot.tale import WORDS
from tests.rituals.packets import COMMAND, items, read, summary, with_files
from tests.rituals.test_home_large import asked, give_many, goes_through_everything, plan
from tests.support import BEN, GENERAL, KIM, T0, Bot, T

LONG_SECONDS = 60
MANY = 2500  # each way, and as many stories, at two thousand characters each
ALL = tuple(me.SECTIONS)


async def test_of_thousands_the_message_has_the_latest_few_and_the_files_have_all(
    slack: FakeSlack, mission: Bot
) -> None:
    await mission.write(partial(give_many, many=2 * MANY))
    await slack.command(KIM, GENERAL, COMMAND)
    await slack.until(lambda: with_files(slack, KIM), LONG_SECONDS)
    markdown, packet = read(slack, KIM)
    for section in ("received", "given", "told"):
        assert len(items(packet, section)) == MANY
        numbers = [one["at"] for one in items(packet, section)]
        assert numbers == sorted(numbers, reverse=True)
    assert markdown.count("\n### ") == 3 * MANY + 1  # and one for who they are
    assert f"Recognitions you got: {MANY:,}" in summary(slack, KIM)


def look(session: Session) -> None:
    about.of_person(session, KIM, now=T0)
    me.counts(session, KIM)
    for page in me.SECTIONS.values():
        page(session, KIM, (T(100), 2**62), me.PAGE)


@pytest.mark.sqlite
async def test_every_statement_finds_its_rows_through_an_index_of_its_own(
    slack: FakeSlack, mission: Bot
) -> None:
    await mission.write(partial(give_many, many=500))
    await mission.read(look)
    with asked(mission.database) as found:
        await mission.read(look)
    assert len(found) > len(ALL)
    for statement, given in found:
        for step in await plan(mission, statement, given):
            assert not goes_through_everything(step), f"{step}\n{statement}"


def longest_value() -> CharterValue:
    """A value whose every word is as long as it may be."""
    slug, emoji, name = "x" * 50, ":" + "e" * 48 + ":", "n" * 40
    return CharterValue(version_id=1, position=0, slug=slug, emoji=emoji, name=name, meaning="m")


def longest_decision() -> Decision:
    """A private decision with a title as long as it may be."""
    return Decision(
        id=1,
        code="7KQ2M4",
        version_id=1,
        author=BEN,
        driver=BEN,
        title="t" * 150,
        options=["a"],
        checklist=[],
        quorum="all",
        due=T0.date(),
        status="reviewed",
        created_at=T0,
    )


def longest(session: Session) -> kit.View:
    """The message of somebody of whom everything is there, each as long as it may be."""
    value, decision = longest_value(), longest_decision()
    place = Place("D" + "0" * 20, "1767603607.605111")
    made: dict[str, Any] = {"id": 1, "author": BEN, "value_id": 1, "revision": 0}
    made |= {"created_at": T0, "withdrawn_at": T0, "withdrawn_by": BEN}
    thanks = Given(message="m", is_private=True, link=None, **made)
    story = Told(kind="learning", title="t", **made | dict.fromkeys(WORDS, ""))
    people = ["U" + "0" * 20] * 10
    of: dict[str, Item] = {
        "received": Kept((T0, 1), thanks, value, 1, people, [], place),
        "given": Kept((T0, 1), thanks._replace(author=KIM), value, 1, people, [], place),
        "applauded": Clapped((T0, 1), 1, "recognition", BEN, True, place),
        "told": Kept((T0, 1), story._replace(author=KIM), value, 1, people, [], place),
        "credited": Kept((T0, 1), story, value, 1, people, [], place),
        "decisions": Decided((T0, 1), Involved(decision, [], [], None, {}, {}), place),
    }
    rest = about.of_person(session, KIM, now=T0)
    counts = dict.fromkeys(me.SECTIONS, 1_000_000)
    latest = {name: [item] * me.SHOWN for name, item in of.items()}
    address = "https://" + "a" * 60 + ".slack.com/"
    return blocks.message(rest, counts, latest, address=address, now=T0)


async def test_the_longest_message_is_one_that_slack_takes(slack: FakeSlack, mission: Bot) -> None:
    message = await mission.read(longest)
    assert content.checked(message)["text"] == message["text"]
    assert len(json.dumps(message["blocks"])) < content.BLOCKS_JSON_LIMIT
