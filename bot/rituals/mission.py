"""The mission: who may word it, how its values are written, and what a team chooses."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from zoneinfo import available_timezones

from sqlmodel import Session

from bot import charter, ledger, outbox, roster, settings
from bot.charter import Charter, CharterValue, CharterVersion
from bot.errors import UserError, raise_together
from bot.ids import new_id
from bot.settings import TeamSettings

STATEMENT = range(10, 301)  # characters
VALUES = range(2, 8)  # lines
WEIGHTS = range(1, 11)
LONGEST_NAME = 40
LONGEST_MEANING = 200
LONGEST_WHY = 2000

_EMOJI = r":[a-z0-9_+'-]+:|[^\w\s#:()—–-]+"
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


def must_be_owner(session: Session, person: str) -> None:
    """Raise UserError, saying who is an owner, where the person is none."""
    if roster.is_owner(session, person):
        return
    names = ", ".join(owner.name for owner in roster.owners(session))
    who = f"Its owners are {names}" if names else "Its owners are this workspace's admins"
    raise UserError(f"Only an owner of the mission can do that. {who}.")


def parse_line(line: str) -> ValueLine:
    """Read one line, raise UserError with an example where it is none."""
    found = _LINE.match(line.strip())
    if found is None:
        raise UserError(f"I cannot read “{line.strip()}”. Write it like this: {EXAMPLE_LINE}")
    weight = int(found["weight"] or 1)
    name, meaning = found["name"].strip(), found["meaning"].strip()
    if weight not in WEIGHTS:
        raise UserError(f"The weight of {name} is {weight}; it goes from 1 to {WEIGHTS[-1]}.")
    if len(name) > LONGEST_NAME:
        raise UserError(f"“{name}” is longer than {LONGEST_NAME} characters.")
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
        raise UserError(" ".join(problems), field="values")
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


def set_up(
    session: Session, *, by: str, statement: str, values: str, why: str, now: datetime
) -> Charter:
    """Save the mission as a new version and return it.

    Raises UserError, with every fault at its field, and where `by` is no owner.
    """
    must_be_owner(session, by)
    current = charter.in_force(session)
    lines, problems = _checked(statement, values, why, current=current)
    raise_together(problems)
    version = CharterVersion(
        id=new_id(),
        number=current.version.number + 1 if current else 1,
        statement=statement.strip(),
        why=why.strip() or None,
        author=by,
        created_at=now,
    )
    saved = Charter(version, _values(lines, version=version))
    if current and _same(current, saved):
        raise UserError("Nothing is different from the version in force.", field="statement")
    charter.put_in_force(session, saved)
    ledger.append(
        session, "charter.changed", at=now, actor=by, subject=version.id, number=version.number
    )
    return saved


def _checked(
    statement: str, values: str, why: str, *, current: Charter | None
) -> tuple[list[ValueLine], list[UserError]]:
    problems: list[UserError] = []
    lines: list[ValueLine] = []
    length = len(statement.strip())
    if length not in STATEMENT:
        problems.append(
            UserError(
                f"The mission takes {STATEMENT[0]} to {STATEMENT[-1]} characters; "
                f"this is {length}.",
                field="statement",
            )
        )
    try:
        lines = parse_values(values, current=current)
    except UserError as error:
        problems.append(error)
    if current and not why.strip():
        problems.append(UserError("Say why it changes; everybody will read it.", field="why"))
    if len(why) > LONGEST_WHY:
        problems.append(UserError(f"{LONGEST_WHY:,} characters are the most.", field="why"))
    return lines, problems


def _values(lines: Sequence[ValueLine], *, version: CharterVersion) -> list[CharterValue]:
    kept = [line.slug for line in lines if line.slug]
    values: list[CharterValue] = []
    for position, line in enumerate(lines):
        taken = kept + [value.slug for value in values]
        values.append(
            CharterValue(
                version_id=version.id,
                position=position,
                slug=line.slug or slug_for(line.name, taken=taken),
                emoji=line.emoji,
                name=line.name,
                meaning=line.meaning,
                weight=line.weight,
            )
        )
    return values


def _wording(value: CharterValue) -> tuple[object, ...]:
    return value.slug, value.emoji, value.name, value.meaning, value.weight


def _same(one: Charter, other: Charter) -> bool:
    return one.version.statement == other.version.statement and [
        _wording(value) for value in one.values
    ] == [_wording(value) for value in other.values]


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
        reworded=[(old, new) for old, new in pairs if old and _wording(old) != _wording(new)],
        retired=[old for old in before.values if after.value(old.slug) is None],
    )


def choose_settings(
    session: Session,
    *,
    by: str,
    owners: Sequence[str],
    recognition_channel: str | None,
    timezone: str,
    now: datetime,
) -> TeamSettings:
    """Save the settings; what waited for a channel is posted into the one chosen.

    Raises UserError, with every fault at its field, and where `by` is no owner.
    """
    must_be_owner(session, by)
    problems = [*_owners_problems(session, owners), *_zone_problems(timezone)]
    raise_together(problems)
    chosen = settings.change(
        session,
        owners=list(owners),
        recognition_channel=recognition_channel,
        timezone=timezone.strip(),
    )
    if recognition_channel:
        outbox.release(session, route="recognition_channel", lane=recognition_channel)
    ledger.append(session, "settings.changed", at=now, actor=by)
    return chosen


def _owners_problems(session: Session, owners: Sequence[str]) -> list[UserError]:
    known = roster.people(session, owners)
    refusals = [_why_no_owner(known.get(owner), owner) for owner in owners]
    return [UserError(refusal, field="owners") for refusal in refusals if refusal]


def _why_no_owner(person: roster.Person | None, slack_id: str) -> str | None:
    if person is None:
        return f"I do not know anybody here with the id {slack_id}."
    return person.why_not_nameable() or (f"{person.name} is a guest." if person.is_guest else None)


def _zone_problems(timezone: str) -> list[UserError]:
    zones = available_timezones()
    wanted = timezone.strip()
    if wanted in zones:
        return []
    close = get_close_matches(wanted, zones, n=1, cutoff=0.5)
    hint = f" Did you mean {close[0]}?" if close else ""
    message = f"I do not know the time zone “{wanted}”.{hint} Write it like Europe/Berlin."
    return [UserError(message, field="timezone")]


def missing(session: Session) -> list[str]:
    """Return what an owner still has to set up, as the names of the forms' fields."""
    chosen = settings.of_team(session)
    return [
        name
        for name, there in (
            ("statement", charter.in_force(session) is not None),
            ("recognition_channel", chosen.recognition_channel is not None),
        )
        if not there
    ]
