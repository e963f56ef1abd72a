"""Who may be named in what people give and tell."""

from collections.abc import Sequence

from sqlmodel import Session

from bot import roster


def check(
    session: Session, people: Sequence[str], *, not_oneself: str | None = None
) -> tuple[list[str], list[str]]:
    """Return who of them can be named, each once, and a sentence for each who cannot.

    `not_oneself` is the one who names them, where nobody may name themselves.
    """
    wanted = list(dict.fromkeys(people))
    known = roster.people(session, wanted)
    valid: list[str] = []
    refusals: list[str] = []
    for slack_id in wanted:
        if slack_id == not_oneself:
            refusals.append("You cannot recognise yourself; somebody else will.")
        elif refusal := _why_not(session, known.get(slack_id), slack_id):
            refusals.append(refusal)
        else:
            valid.append(slack_id)
    return valid, refusals


def check_again(
    session: Session,
    people: Sequence[str],
    *,
    before: Sequence[str],
    not_oneself: str | None = None,
) -> tuple[list[str], list[str]]:
    """Return who is named after a correction, and a sentence for each who cannot be named anew.

    Who was named `before` may stay, and those of them who left Slack always stay. The same people
    stay in their order.
    """
    wanted = list(dict.fromkeys(people))
    added = [person for person in wanted if person not in before]
    _, refusals = check(session, added, not_oneself=not_oneself)
    nameable, _ = check(session, before)
    gone = [person for person in before if person not in {*nameable, *wanted}]
    named = [*wanted, *gone]
    return list(before) if set(named) == set(before) else named, refusals


def _why_not(session: Session, person: roster.Person | None, slack_id: str) -> str | None:
    if person is not None:
        return person.why_not_nameable()
    if not roster.is_complete(session):
        return roster.STILL_LEARNING
    return f"I do not know anybody here with the id {slack_id}."
