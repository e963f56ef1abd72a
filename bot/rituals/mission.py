"""The mission: who may word it, how its values are written, and what a team chooses."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from bot import charter, fulltext, ledger, outbox, roster, settings, teams, wording
from bot.agenda import Agenda, keep
from bot.charter import Charter, CharterValue, CharterVersion
from bot.disclosure import FEWEST
from bot.errors import UserError, quoted, raise_together
from bot.ids import new_id
from bot.settings import TeamSettings
from bot.when import saved_times, when_problems

STATEMENT = range(10, 301)  # characters
LONGEST_WHY = 2000
ALLOWANCES = range(101)  # recognitions that one person may give a day
MINIMA = range(FEWEST, 101)  # answers of which the pulse says something
NUMBERS = {"allowance": ALLOWANCES, "fewest_answers": MINIMA}


def set_up(
    session: Session,
    *,
    by: str,
    statement: str,
    values: str,
    why: str,
    now: datetime,
    based_on: int | None = None,
) -> Charter:
    """Save the mission as a new version and return it.

    Raises UserError, with every fault at its field, where `by` is no owner, and where another
    version came into force since the one that this is based on.
    """
    roster.must_be_owner(session, by)
    current = charter.in_force(session)
    _must_be_latest(based_on, current)
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
    if current and wording.same(current, saved):
        raise UserError("Nothing is different from the version in force.", field="statement")
    charter.put_in_force(session, saved)
    fulltext.put(session, charter.entry(saved))
    ledger.append(
        session, "charter.changed", at=now, actor=by, subject=version.id, number=version.number
    )
    return saved


def _must_be_latest(based_on: int | None, current: Charter | None) -> None:
    number = current.version.number if current else 0
    if based_on not in (None, number):
        raise UserError(
            f"Nothing was saved: somebody else changed the mission meanwhile, to version {number}. "
            "Keep a copy of your words, close this form and open it again.",
            field="statement",
        )


def _checked(
    statement: str, values: str, why: str, *, current: Charter | None
) -> tuple[list[wording.ValueLine], list[UserError]]:
    problems: list[UserError] = []
    lines: list[wording.ValueLine] = []
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
        lines = wording.parse_values(values, current=current)
    except UserError as error:
        problems.append(error)
    if current and not why.strip():
        problems.append(UserError("Say why it changes; everybody will read it.", field="why"))
    if len(why) > LONGEST_WHY:
        problems.append(UserError(f"{LONGEST_WHY:,} characters are the most.", field="why"))
    return lines, problems


def _values(lines: Sequence[wording.ValueLine], *, version: CharterVersion) -> list[CharterValue]:
    kept = [line.slug for line in lines if line.slug]
    values: list[CharterValue] = []
    for position, line in enumerate(lines):
        taken = kept + [value.slug for value in values]
        values.append(
            CharterValue(
                version_id=version.id,
                position=position,
                slug=line.slug or wording.slug_for(line.name, taken=taken),
                emoji=line.emoji,
                name=line.name,
                meaning=line.meaning,
                weight=line.weight,
            )
        )
    return values


def choose_settings(
    session: Session,
    *,
    by: str,
    owners: Sequence[str],
    channels: Mapping[str, str | None],
    allowance: str,
    fewest_answers: str | None,
    times: Mapping[str, str],
    agenda: Agenda,
    now: datetime,
) -> TeamSettings:
    """Save the settings; what waited for a channel is posted into the one chosen.

    `channels` are those of `settings.CHANNELS` by the settings' names, `times` those of
    `settings.TIMES`; without a number of answers it stays as it was. Everything of the agenda is
    next when they say, from this moment on.

    Raises UserError, with every fault at its field, and where `by` is no owner.
    """
    roster.must_be_owner(session, by)
    numbers = {"allowance": allowance}
    if fewest_answers is not None:
        numbers["fewest_answers"] = fewest_answers
    problems = [
        *_owners_problems(session, owners),
        *_number_problems(numbers),
        *when_problems(times),
    ]
    raise_together(problems)
    chosen = settings.change(
        session,
        owners=list(owners),
        **{name: int(written) for name, written in numbers.items()},
        **saved_times(times),
        **channels,
    )
    for name, channel in channels.items():
        if channel:
            outbox.release(session, route=name, lane=channel)
    keep(session, agenda, now=now)
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


def _number_problems(numbers: Mapping[str, str]) -> Iterator[UserError]:
    for name, written in numbers.items():
        wanted, allowed = written.strip(), NUMBERS[name]
        if wanted.isdecimal() and len(wanted) <= 9 and int(wanted) in allowed:
            continue
        which = f"number from {allowed[0]} to {allowed[-1]}"
        message = f"{quoted(wanted)} is no {which}." if wanted else f"Write a {which}."
        yield UserError(message, field=name)


def missing(session: Session) -> list[str]:
    """Return what an owner still has to set up, as the names of the forms' fields, and teams."""
    chosen = settings.of_team(session)
    return [
        name
        for name, there in (
            ("statement", charter.in_force(session) is not None),
            ("recognition_channel", chosen.recognition_channel is not None),
            ("stories_channel", chosen.stories_channel is not None),
            ("decisions_channel", chosen.decisions_channel is not None),
            ("updates_channel", chosen.updates_channel is not None),
            ("teams", bool(teams.in_order(session))),
        )
        if not there
    ]
