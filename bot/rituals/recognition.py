"""Recognition: one person thanks others for what serves the mission."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import bindparam, delete
from sqlmodel import Session, col, select

from bot import allowance, applause, charter, fulltext, ledger, naming, record, settings
from bot.allowance import Left
from bot.charter import CharterValue
from bot.deed import Deed, check_count, check_message
from bot.errors import UserError, raise_together
from bot.ids import new_id
from bot.recognitions import Recipient as Recipient
from bot.recognitions import Recognition as Recognition
from bot.recognitions import entry
from bot.rights import Part, Right
from bot.rows import ask, insert_rows


@dataclass(frozen=True)
class Given:
    """A recognition with everything that its post shows."""

    recognition: Recognition
    recipients: Sequence[str]
    value: CharterValue
    applauded_by: Sequence[str] = ()
    left: Left | None = None  # of the giver's allowance, right after giving


@dataclass(frozen=True)
class Corrected:
    """A recognition after a correction, and who was named before and is not any more."""

    given: Given
    removed: Sequence[str] = ()


@dataclass(frozen=True)
class Withdrawn:
    """A recognition that was taken back, and the words it had: they are kept nowhere else."""

    given: Given
    words: str


def give(session: Session, deed: Deed, *, now: datetime) -> Given:
    """Save a recognition and return it, within the giver's allowance.

    Raises UserError, with every fault at its field, where it may not be given.
    """
    current = charter.must_be_in_force(session)
    deed = replace(deed, message=deed.message.strip())
    valid, refusals = naming.check(session, deed.recipients, not_oneself=deed.giver)
    value = current.value(deed.value)
    checks = [
        *(UserError(refusal, field="recipients") for refusal in refusals),
        None if refusals else check_count(valid),
        check_message(deed.message),
        None if value else UserError("Choose one of the values.", field="value"),
    ]
    raise_together([check for check in checks if check is not None])
    left = allowance.use_one(session, giver=deed.giver, now=now)
    recognition = _save(session, deed, value=cast(CharterValue, value), now=now)
    _save_recipients(session, recognition, valid)
    fulltext.put(session, entry(recognition, value=cast(CharterValue, value).slug))
    ledger.append(
        session,
        recognition.ledger_kind("given"),
        at=now,
        actor=deed.giver,
        subject=recognition.id,
        recipients=valid,
        value=recognition.value_id,
    )
    return Given(recognition, valid, cast(CharterValue, value), left=left)


def _save(session: Session, deed: Deed, *, value: CharterValue, now: datetime) -> Recognition:
    channel = None if deed.is_private else settings.of_team(session).recognition_channel
    values: dict[str, Any] = {
        "id": new_id(),
        "author": deed.giver,
        "message": deed.message,
        "value_id": value.id,
        "channel": channel,
        "is_private": deed.is_private,
        "link": deed.link,
        "created_at": now,
    }
    insert_rows(session, Recognition, [values])
    (saved,) = ask(session, _THE_ONE, record=values["id"])
    return saved


def _save_recipients(session: Session, given: Recognition, people: Sequence[str]) -> None:
    about = {"recognition_id": given.id, "created_at": given.created_at}
    rows = [
        {"person": person, "position": position, **about} for position, person in enumerate(people)
    ]
    insert_rows(session, Recipient, rows)


_THE_ONE = select(Recognition).where(Recognition.id == bindparam("record"))
_ITS_RECIPIENTS = (
    select(Recipient.person)
    .where(Recipient.recognition_id == bindparam("record"))
    .order_by(col(Recipient.position))
)
_FORGET_RECIPIENTS = (
    delete(Recipient)
    .where(col(Recipient.recognition_id) == bindparam("record"))
    .execution_options(synchronize_session=False)
)


def by_id(session: Session, recognition_id: int) -> Given | None:
    """Return the recognition with what its post shows, or None where there is none."""
    recognition = session.scalars(_THE_ONE, {"record": recognition_id}).first()
    if recognition is None:
        return None
    recipients = ask(session, _ITS_RECIPIENTS, record=recognition_id)
    value = charter.value_by_id(session, recognition.value_id)
    return Given(recognition, recipients, value, applause.people(session, recognition_id))


def must_be_there(session: Session, recognition_id: int, *, by: str) -> Given:
    """Return the recognition, or raise UserError; a private one is its giver's alone to change.

    To who is none of its people a private one is not there.
    """
    given = by_id(session, recognition_id)
    if given is not None and not given.recognition.is_private:
        return given
    parts = _parts(session, given, by=by) if given else set()
    if given is None or not Right.SEE_RECOGNITION.allows(parts):
        raise UserError("This recognition is no longer here, so nothing was changed.")
    if not Right.CHANGE_RECOGNITION.allows(parts):
        raise UserError("This recognition is between its people, so nothing was changed.")
    return given


def _parts(session: Session, given: Given, *, by: str) -> set[Part]:
    of_it = record.parts(session, given.recognition, by=by)
    return of_it | ({Part.RECIPIENT} if by in given.recipients else set())


def toggle_applause(session: Session, *, recognition_id: int, person: str, now: datetime) -> Given:
    """Applaud, or take the applause back where the person applauded already."""
    given = must_be_there(session, recognition_id, by=person)
    if given.recognition.is_private:
        raise UserError("This recognition is between its people, so nothing was changed.")
    applause.toggle(session, given.recognition, person=person, now=now)
    return replace(given, applauded_by=applause.people(session, recognition_id))


def to_correct(session: Session, *, recognition_id: int, by: str) -> Given:
    """Return the recognition, or raise UserError where it is not theirs to correct."""
    given = must_be_there(session, recognition_id, by=by)
    record.must_be_authors(session, given.recognition, by=by)
    return given


def correct(
    session: Session, deed: Deed, *, recognition_id: int, based_on: int, now: datetime
) -> Corrected:
    """Save the giver's other words, people or value; what was left alone keeps its wording.

    Who was named already may stay, even where they could not be named any more; those who left
    Slack always stay. Raises UserError with every fault at its field, and where another
    correction came first.
    """
    given = to_correct(session, recognition_id=recognition_id, by=deed.giver)
    people, refusals = naming.check_again(
        session, deed.recipients, before=given.recipients, not_oneself=deed.giver
    )
    value, no_value = charter.chosen_again(session, deed.value, before=given.value)
    checks = [
        *(UserError(refusal, field="recipients") for refusal in refusals),
        None if refusals else check_count(people),
        check_message(deed.message.strip()),
        no_value,
    ]
    raise_together([check for check in checks if check is not None])
    after = replace(given, recipients=people, value=value)
    changes = _differences(given, after, message=deed.message.strip())
    if not changes:
        return Corrected(given)
    record.corrected(session, given.recognition, based_on=based_on, now=now, **changes)
    before = entry(given.recognition, value=given.value.slug)
    given.recognition.message = deed.message.strip()
    given.recognition.value_id = value.id
    fulltext.change(session, before, entry(given.recognition, value=value.slug))
    if "recipients" in changes:
        session.execute(_FORGET_RECIPIENTS, {"record": recognition_id})
        _save_recipients(session, given.recognition, people)
    return Corrected(after, [person for person in given.recipients if person not in people])


def _differences(before: Given, after: Given, *, message: str) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    if list(before.recipients) != list(after.recipients):
        changes["recipients"] = [list(before.recipients), list(after.recipients)]
    if before.value.id != after.value.id:
        changes["value"] = [before.value.id, after.value.id]
    if before.recognition.message != message:
        changes["message"] = True
    return changes


def to_withdraw(session: Session, *, recognition_id: int, by: str) -> Given:
    """Return the recognition, or raise UserError where it is not theirs to withdraw."""
    given = must_be_there(session, recognition_id, by=by)
    record.must_be_withdrawable(session, given.recognition, by=by)
    return given


def withdraw(session: Session, *, recognition_id: int, by: str, now: datetime) -> Withdrawn:
    """Take a recognition back, as its giver or an owner, and forget its words."""
    given = must_be_there(session, recognition_id, by=by)
    record.withdraw(session, given.recognition, by=by, now=now)
    fulltext.drop(session, entry(given.recognition, value=given.value.slug))
    words, given.recognition.message = given.recognition.message, ""
    given.recognition.link = None
    return Withdrawn(given, words)
