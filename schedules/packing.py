"""Everything about one person as two files, read a page at a time so that nobody waits for it."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from sqlmodel import Session

from bot import about, roster
from bot.about import About
from bot.blocks import packet
from bot.blocks.entries import Reader
from bot.blocks.packet import Pieces
from bot.deps import Deps
from bot.mine import Cursor, Page
from bot.rituals import me
from bot.uploads import File

TITLE = "Everything about you"


async def pack(deps: Deps, team: str, person: str) -> Sequence[File]:
    """Return the files, none where the person left; each page is read and written out by itself."""
    now = deps.now()
    if not await deps.database.read(team, partial(_is_here, person=person)):
        return []
    rest = await deps.database.read(team, partial(about.of_person, person=person, now=now))
    reader = Reader(person, deps.address)
    sections = {
        name: await _section(deps, team, read, reader, rest) for name, read in me.SECTIONS.items()
    }
    return await asyncio.to_thread(_files, rest, sections, now)


def _is_here(session: Session, *, person: str) -> bool:
    return roster.why_not_ours(session, person) is None


async def _section(
    deps: Deps, team: str, read: me.Reader, reader: Reader, rest: About
) -> Sequence[Pieces]:
    found: list[Pieces] = []
    before: Cursor | None = me.LATEST
    while before is not None:
        page = await deps.database.read(team, partial(_read, read, reader.person, before))
        found.append(await asyncio.to_thread(packet.pieces, page, reader, rest.zone))
        before = page.after
    return found


def _read(read: me.Reader, person: str, before: Cursor, session: Session) -> Page:
    return read(session, person, before, me.PAGE)


def _files(rest: About, sections: dict[str, Sequence[Pieces]], now: datetime) -> Sequence[File]:
    made = packet.files(rest, sections, now=now)
    return [
        File(made.markdown, f"{packet.STEM}.md", TITLE),
        File(made.json, f"{packet.STEM}.json", f"{TITLE}, for programs"),
    ]
