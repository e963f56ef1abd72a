"""What the filters of a search mean: kinds, people, values and days, as people name them."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from difflib import get_close_matches

from sqlmodel import Session

from bot import charter, roster
from bot.errors import UserError, quoted
from bot.fulltext import Filters

NAMES = {"in": "kind", "from": "author", "value": "value", "after": "after"}
MOST_NAMED = 12
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>")
_DAY = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", re.ASCII)


def filters(
    session: Session, typed: Mapping[str, str], *, kinds: Mapping[str, str], asker: str
) -> Filters:
    """Return what the filters mean; `kinds` leads from how each is called to its name.

    Raises UserError that says what there is, where something is not.
    """
    meaning: Mapping[str, Callable[[str], object]] = {
        "in": lambda text: _kind(text, kinds),
        "from": lambda text: _person(session, text, asker=asker),
        "value": lambda text: _value(session, text),
        "after": lambda text: _moment(session, text, asker=asker),
    }
    unknown = next((name for name in typed if name not in meaning), None)
    if unknown is not None:
        there = ", ".join(f"{name}:" for name in meaning)
        raise UserError(
            f"I know no filter {quoted(unknown + ':')}.{_meant(unknown, meaning, ':')} "
            f"There are {there}. In quotes it is sought as it stands."
        )
    found = {NAMES[name]: meaning[name](text) for name, text in typed.items()}
    return Filters(**found)  # type: ignore[arg-type]


def _meant(word: str, known: Iterable[str], end: str = "") -> str:
    close = get_close_matches(word.casefold(), list(known), n=1, cutoff=0.5)
    return f" Did you mean {close[0]}{end}?" if close else ""


def _kind(text: str, kinds: Mapping[str, str]) -> str:
    for typed, name in kinds.items():
        if text.casefold() in (typed, name):
            return name
    there = ", ".join(kinds)
    raise UserError(f"I cannot search in {quoted(text)}.{_meant(text, kinds)} There are {there}.")


def _person(session: Session, text: str, *, asker: str) -> str:
    if text.casefold() in ("me", "@me"):
        return asker
    if mention := _MENTION.fullmatch(text):
        return mention[1]
    name = _plainly(text.removeprefix("@"))
    known = roster.all_names(session)
    exact = [who for who, called in known.items() if _plainly(called) == name]
    found = exact or [who for who, called in known.items() if name in _plainly(called).split()]
    if len(found) == 1:
        return found[0]
    if found:
        several = ", ".join(sorted(known[who] for who in found)[:MOST_NAMED])
        raise UserError(f"Several people are called {quoted(text)}: {several}. Please mention one.")
    first = next(iter(name.split()), "")
    words = {word for called in known.values() for word in _plainly(called).split()}
    raise UserError(f"I know nobody called {quoted(text)}.{_meant(first, words)}")


def _plainly(name: str) -> str:
    """Return a name as it may be typed: in small letters, and accents aside."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _value(session: Session, text: str) -> str:
    slug = text.removeprefix("#").casefold()
    known = charter.all_slugs(session)
    if slug in known:
        return slug
    there = ", ".join(f"#{one}" for one in known[:MOST_NAMED])
    raise UserError(f"There is no value {quoted(text)}.{_meant(slug, known)} There are {there}.")


def _moment(session: Session, text: str, *, asker: str) -> datetime:
    found = _DAY.fullmatch(text)
    try:
        year, month, day = (int(part or 1) for part in found.groups()) if found else (0, 0, 0)
        # With a zone the very first days of the calendar may lie before it.
        return datetime.combine(
            date(max(year, 2), month, day), time(), roster.zone_of(session, asker)
        )
    except ValueError:
        raise UserError(
            f"I cannot read {quoted(text)} as a day. Write it like after:2026-01-31, or "
            "after:2026-01 for a month."
        ) from None
