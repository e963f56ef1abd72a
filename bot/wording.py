"""How owners write the values, a line each, and what is different between two wordings."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.charter import Charter, CharterValue
from bot.errors import UserError, quoted

VALUES = range(2, 8)  # lines
WEIGHTS = range(1, 11)
LONGEST_NAME = 40
LONGEST_MEANING = 200

MOST_TOLD = 3  # problems at once; a sentence for each of a hundred lines helps nobody

_EMOJI = r":[a-z0-9_+'-]{1,48}(?:::skin-tone-[2-6])?:|[^\w\s#:()—–-]+"
_LINE = re.compile(
    rf"^(?:\#(?P<slug>[\w-]+)\s+)?"
    rf"(?:(?P<emoji>{_EMOJI})\s*)?"
    r"(?P<name>[^\s:—–-].*?)"
    r"(?:\s+[—–-]+\s*|\s*—\s*)"
    r"(?P<meaning>\S.*?)"
    r"(?:\s*\((?P<weight>\d+)\))?$"
)
EXAMPLE_LINE = ":heart: Care — we notice who needs help (2)"


@dataclass(frozen=True)
class ValueLine:
    """One value as an owner wrote it. Without a slug it is new."""

    slug: str | None
    emoji: str
    name: str
    meaning: str
    weight: int


def parse_line(line: str) -> ValueLine:
    """Read one line, raise UserError with an example where it is none."""
    found = _LINE.match(line.strip())
    if found is None:
        raise UserError(f"I cannot read {quoted(line)}. Write it like this: {EXAMPLE_LINE}")
    weight = int(found["weight"] or 1)
    name, meaning = found["name"].strip(), found["meaning"].strip()
    if weight not in WEIGHTS:
        raise UserError(f"The weight of {name} is {weight}; it goes from 1 to {WEIGHTS[-1]}.")
    if len(name) > LONGEST_NAME:
        raise UserError(f"{quoted(name)} is longer than {LONGEST_NAME} characters.")
    if len(meaning) > LONGEST_MEANING:
        raise UserError(f"What {name} means is longer than {LONGEST_MEANING} characters.")
    slug = found["slug"]
    return ValueLine(slug.casefold() if slug else None, found["emoji"] or "", name, meaning, weight)


def parse_values(text: str, *, current: Charter | None) -> list[ValueLine]:
    """Read the lines of the form, raise UserError with everything that is wrong in them."""
    lines = [line for line in text.splitlines() if line.strip()]
    values: list[ValueLine] = []
    problems: list[str] = []
    for line in lines:
        try:
            values.append(parse_line(line))
        except UserError as error:
            problems.append(error.message)
    if not problems:
        problems = _problems_together(values, current=current)
    if problems:
        raise UserError(" ".join(problems[:MOST_TOLD]), field="values")
    return values


def _problems_together(values: Sequence[ValueLine], *, current: Charter | None) -> list[str]:
    problems = []
    if len(values) not in VALUES:
        problems.append(
            f"Write {VALUES[0]} to {VALUES[-1]} values, one a line; these are {len(values)}."
        )
    names = [value.name.casefold() for value in values]
    twice = {value.name for value in values if names.count(value.name.casefold()) > 1}
    problems += [f"{name} is there twice." for name in sorted(twice)]
    slugs = [value.slug for value in values if value.slug]
    known = current.slugs if current else []
    for slug in sorted(set(slugs)):
        if slug not in known:
            problems.append(f"There is no value #{slug}; a line for a new one begins without it.")
        elif slugs.count(slug) > 1:
            problems.append(f"#{slug} is there twice.")
    return problems


def slug_for(name: str, *, taken: Sequence[str]) -> str:
    """Make the short name by which people will name a value, different from all taken ones."""
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    base = re.sub(r"\W+", "-", (ascii_name if ascii_name.strip() else name).casefold()).strip("-_")
    base = base if base and not base[0].isdigit() else f"value-{base}".strip("-")
    slug, number = base[:50], 2
    while slug in taken:
        slug, number = f"{base[:50]}-{number}", number + 1
    return slug


def _words_of(value: CharterValue) -> tuple[object, ...]:
    return value.slug, value.emoji, value.name, value.meaning, value.weight


def same(one: Charter, other: Charter) -> bool:
    """Say whether two versions say the same."""
    return one.version.statement == other.version.statement and [
        _words_of(value) for value in one.values
    ] == [_words_of(value) for value in other.values]


@dataclass(frozen=True)
class Change:
    """What is different between two versions."""

    statement: bool
    added: Sequence[CharterValue]
    reworded: Sequence[tuple[CharterValue, CharterValue]]
    retired: Sequence[CharterValue]


def difference(before: Charter, after: Charter) -> Change:
    """Return what changed from one version to the other, value by value, by their slugs."""
    pairs = [(before.value(value.slug), value) for value in after.values]
    return Change(
        statement=before.version.statement != after.version.statement,
        added=[new for old, new in pairs if old is None],
        reworded=[(old, new) for old, new in pairs if old and _words_of(old) != _words_of(new)],
        retired=[old for old in before.values if after.value(old.slug) is None],
    )
