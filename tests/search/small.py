"""A small index that is written, taken out of and made to forget, by turns."""

import random
import string
from functools import partial

from sqlmodel import Session

from bot import fulltext
from bot.db import Database
from bot.fulltext import Entry
from schedules.search import forget
from tests.stored import everything
from tests.support import BEN, T0, TEAM

SIZES = (30, 80, 200)
TAIL = 5  # letters at which a word is told from any other, since the index keeps the rest apart


async def play(database: Database, seed: int) -> list[str]:
    """Play the turns that this seed chooses; return what is on the disk that should not be."""
    chosen = random.Random(seed)  # noqa: S311
    there: dict[int, tuple[Entry, str]] = {}
    gone: list[str] = []
    for number in range(1, chosen.choice(SIZES)):
        secret = _word(chosen, 16) + "q"
        words = [_word(chosen, 7) for _ in range(chosen.choice([1, 1, 4, 30, 200]))]
        entry = Entry(number, "story", BEN, T0, "t", " ".join([*words, secret]))
        there[number] = entry, secret
        await database.write(TEAM, partial(_put, entry=entry))
        if chosen.random() < 0.3:
            entry, secret = there.pop(chosen.choice(list(there)))
            await database.write(TEAM, partial(fulltext.drop, entry=entry))
            gone.append(secret)
    await forget(database, TEAM)
    on_disk = everything(database)
    assert all(secret[TAIL:].encode() in on_disk for _, secret in there.values())
    return [secret for secret in gone if secret[TAIL:].encode() in on_disk]


def _word(chosen: random.Random, length: int) -> str:
    return "".join(chosen.choices(string.ascii_lowercase, k=length))


def _put(session: Session, *, entry: Entry) -> None:
    fulltext.put(session, entry)
