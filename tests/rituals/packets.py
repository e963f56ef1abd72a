"""What the tests of /mission me share: asking for it, and reading what came."""

import json
from typing import Any

from bot.playground.server import FakeSlack
from tests.support import GENERAL, Doc, soon, text_of

COMMAND = "/mission me"


async def ask(slack: FakeSlack, who: str) -> tuple[str, Doc]:
    """Ask for everything about this person, as them; returns the Markdown and the JSON."""
    before = len(with_files(slack, who))
    outcome = await slack.command(who, GENERAL, COMMAND)
    assert outcome.ok, outcome.error
    await soon(slack, lambda: with_files(slack, who)[before:])
    return read(slack, who)


def read(slack: FakeSlack, who: str) -> tuple[str, Doc]:
    """The Markdown and the JSON that came last."""
    message = with_files(slack, who)[-1]
    names = [file["name"] for file in message["files"]]
    assert names == ["everything-about-me.md", "everything-about-me.json"]
    markdown, as_json = (content(slack, file) for file in message["files"])
    return markdown, json.loads(as_json)


def with_files(slack: FakeSlack, who: str) -> list[Doc]:
    """The person's direct messages that have files."""
    return [each for each in slack.dm(who) if each.get("files")]


def content(slack: FakeSlack, file: Doc) -> str:
    """What is in a file that was shared."""
    return slack.workspace.files.shared(file["id"])[1].decode()


def summary(slack: FakeSlack, who: str) -> str:
    """The last message that announces the files."""
    found = [text_of(each) for each in slack.dm(who) if "Everything about you" in text_of(each)]
    return found[-1]


def items(packet: Doc, section: str) -> list[Any]:
    """The items of a section."""
    return list(packet["sections"][section]["items"])
