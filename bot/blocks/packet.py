"""The two files with everything about a person: one to read, in Markdown, and one in JSON.

What people wrote stands in the Markdown as they typed it and is never taken for Markdown itself.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.about import About
from bot.blocks.aboutme import OF_THE_REST
from bot.blocks.entries import Entry, Reader, entry, moment
from bot.blocks.entrywords import markdown
from bot.blocks.madr import words
from bot.blocks.me import BESIDES, TITLES, seen
from bot.mine import Page

FORMAT, VERSION = "truenorth.me", 1
STEM = "everything-about-me"


@dataclass(frozen=True)
class Pieces:
    """Some items of a section as they stand in both files, or those files."""

    markdown: bytes
    json: bytes


def pieces(page: Page, reader: Reader, zone: ZoneInfo) -> Pieces:
    """A page of items."""
    knowing = replace(reader, names=page.names)
    return _pieces([entry(item, knowing) for item in page.items], zone)


def _pieces(entries: Sequence[Entry], zone: ZoneInfo) -> Pieces:
    as_json = ",\n".join(json.dumps(one, ensure_ascii=False) for one in entries)
    return Pieces("\n".join(markdown(one, zone) for one in entries).encode(), as_json.encode())


def files(about: About, sections: Mapping[str, Sequence[Pieces]], *, now: datetime) -> Pieces:
    """Both files, of the rest and of the sections that were read a page at a time."""
    rest = {name: [_pieces(made(about), about.zone)] for name, made in OF_THE_REST.items()}
    together = {**rest, **sections}
    all_of_it = {name: together[name] for name in TITLES}
    return Pieces(_document(about, all_of_it, now), _object(about, all_of_it, now))


def _object(about: About, sections: Mapping[str, Sequence[Pieces]], now: datetime) -> bytes:
    person = {"id": about.person.slack_id, "name": about.person.name}
    head = {"format": FORMAT, "version": VERSION, "made_at": moment(now), "person": person}
    opening = json.dumps(head | {"besides": BESIDES}, ensure_ascii=False)[:-1]
    parts = [f'{opening}, "sections": {{'.encode()]
    for number, (name, of) in enumerate(sections.items()):
        seen_by = json.dumps(seen(name), ensure_ascii=False)
        begins = f'{"," if number else ""}\n"{name}": {{"seen_by": {seen_by}, "items": [\n'
        parts += [begins.encode(), b",\n".join(one.json for one in of if one.json), b"]}"]
    return b"".join([*parts, b"}}\n"])


def _document(about: About, sections: Mapping[str, Sequence[Pieces]], now: datetime) -> bytes:
    when = f"{now.astimezone(about.zone):%-d %B %Y, %H:%M} ({about.zone.key})"
    lead = (
        f"# Everything about {words(about.person.name)}\n\n"
        f"What Truenorth holds about you, as of {when}. It is yours to share; nobody else can "
        "ask for it. Values stand as they were worded then; what was withdrawn has no words.\n"
    )
    parts = [lead.encode()]
    for name, of in sections.items():
        begins = f"\n## {TITLES[name]}\n\n*Who else sees it: {seen(name)}*\n\n"
        items = b"\n".join(one.markdown for one in of if one.markdown)
        parts += [begins.encode(), items or b"Nothing.\n"]
    return b"".join([*parts, f"\n## What else is held\n\n{BESIDES}\n".encode()])
