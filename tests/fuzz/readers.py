"""Each thing that reads what people type and Slack sends, and what holds whatever it is."""

import json
from collections.abc import Callable
from datetime import date

from bot import envelope, proposal, quarters, settings, spelling, when, wording
from bot.blocks import kit, madr, pointed, record, search, story, typed
from bot.envelope import NotSlacksError
from bot.errors import UserError
from bot.proposal import Proposal
from bot.quarters import Quarter

TODAY = date(2026, 1, 5)
LONGEST_TEXT = 3000  # characters of one element, by Slack


def envelopes(text: str) -> None:
    """Bytes are an envelope whose listeners find what they need, or nothing."""
    read = None
    try:
        read = envelope.read(text.encode())
        envelope.check(read)
    except NotSlacksError:
        told = envelope.told_of_unread(read)
        assert told is None or "nothing was saved" in str(told)


def commands(text: str) -> None:
    """What is typed behind a command."""
    said = typed.read(text, known={"nurses": ["U0ANA"], "S0NURSES": ["U0BEN"]})
    assert "\x00" not in said.words
    for tag in said.tags:
        assert len(said.without_tag(tag)) < len(said.words)
    typed.plain(text, names={"U0ANA": "ana"})
    typed.unescape(text)


def searches(text: str) -> None:
    """What is sought."""
    sought = search.read(text)
    assert len(search.fitting(text)) <= search.LONGEST
    sized(search.nothing(sought, text))


def numbers(text: str) -> None:
    """What a button or a form carries."""
    for read in (record.number, record.chosen, record.about, search.turned):
        try:
            read(text)
        except UserError:
            continue
    pointed.link_in(text)
    story._seen({"private_metadata": text}) if text.startswith("{") else None


def times(text: str) -> None:
    """When something is to come round."""
    parts = (text.split("\n") + [""] * len(settings.TIMES))[: len(settings.TIMES)]
    written = dict(zip(settings.TIMES, parts, strict=True))
    if not when.when_problems(written):
        when.saved_times(written)
    quarters.meant(text, current=Quarter(2026, 1))


def words(text: str) -> None:
    """What somebody wrote, as others are shown it."""
    for part in (kit.quote(text), kit.as_typed(text), kit.plain(text)):
        sized(part)
    lines = madr.quote(text).splitlines()
    assert all(line.startswith(">") for line in lines if line)
    madr.words(text)


def values(text: str) -> None:
    """The values of a mission, one a line."""
    try:
        wording.parse_values(text, current=None)
    except UserError:
        return


def proposals(text: str) -> None:
    """What is to be decided."""
    lines = proposal.tidy_lines(text.split("\n"))
    made = Proposal(title=text, author="U0ANA", options=lines, checklist=lines)
    proposal.problems(made, today=TODAY)
    proposal.read_alike(text)
    spelling.near(text[:40], text[:20], lines[:20])


def sized(shown: object) -> None:
    """Fail where Slack would not take an element for its size."""
    if isinstance(shown, dict):
        assert len(str(shown.get("text") or "")) <= LONGEST_TEXT or not isinstance(
            shown.get("text"), str
        )
    for each in shown.values() if isinstance(shown, dict) else ():
        sized(each)
    json.dumps(shown)


EVERY: list[Callable[[str], None]] = [
    *(envelopes, commands, searches, numbers, times, words, values, proposals),
]
