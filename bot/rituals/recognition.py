"""Recognition: one person thanks others for what serves the mission."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint, bindparam, update
from sqlmodel import Field, Session, col, select

from bot import allowance, applause, charter, ledger, roster, settings
from bot.allowance import Left
from bot.charter import CharterValue
from bot.db import insert_rows
from bot.errors import UserError, raise_together
from bot.ids import new_id
from bot.tenancy import TeamRow, Utc

MOST_RECIPIENTS = 10
SHORTEST = 10  # characters
LONGEST = 2000


class Recognition(TeamRow, table=True):
    """One recognition. `value_id` refers to the value as it was worded when this was given."""

    __tablename__ = "recognition"
    __table_args__ = (Index("ix_recognition_giver", "team_id", "giver", "created_at"),)

    giver: str = Field(max_length=32)
    message: str
    value_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("charter_value.id"), nullable=False)
    )
    channel: str | None = Field(default=None, max_length=32)
    applause_changes: int = 0
    created_at: datetime = Field(sa_type=Utc)


class Recipient(TeamRow, table=True):
    """Somebody who was recognised."""

    __tablename__ = "recipient"
    __table_args__ = (
        UniqueConstraint("team_id", "recognition_id", "person"),
        Index("ix_recipient_person", "team_id", "person", "created_at"),
    )

    recognition_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("recognition.id"), nullable=False)
    )
    person: str = Field(max_length=32)
    position: int
    created_at: datetime = Field(sa_type=Utc)


@dataclass(frozen=True)
class Deed:
    """What a recognition says: who thanks whom, for what, and which value it served."""

    giver: str
    recipients: Sequence[str]
    message: str
    value: str


@dataclass(frozen=True)
class Given:
    """A recognition with everything that its post shows."""

    recognition: Recognition
    recipients: Sequence[str]
    value: CharterValue
    applauded_by: Sequence[str] = ()
    left: Left | None = None  # of the giver's allowance, right after giving


@dataclass(frozen=True)
class Draft:
    """A recognition that is not given yet: what is known of it, and what has to be mended."""

    recipients: Sequence[str] = ()
    message: str = ""
    value: str | None = None
    notes: Sequence[str] = ()

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing, so that no form is needed."""
        return bool(self.recipients and self.message and self.value and not self.notes)


def check_recipients(
    session: Session, recipients: Sequence[str], *, giver: str
) -> tuple[list[str], list[str]]:
    """Return who of them can be recognised, each once, and a sentence for each who cannot."""
    wanted = list(dict.fromkeys(recipients))
    known = roster.people(session, [*wanted, giver])
    valid: list[str] = []
    refusals: list[str] = []
    for slack_id in wanted:
        refusal = _why_not(session, known.get(slack_id), slack_id, giver=giver)
        if refusal is None:
            valid.append(slack_id)
        else:
            refusals.append(refusal)
    return valid, refusals


def _why_not(
    session: Session, person: roster.Person | None, slack_id: str, *, giver: str
) -> str | None:
    if slack_id == giver:
        return "You cannot recognise yourself; somebody else will."
    if person is not None:
        return person.why_not_nameable()
    if not roster.is_complete(session):
        return roster.STILL_LEARNING
    return f"I do not know anybody here with the id {slack_id}."


def draft(
    session: Session, *, giver: str, people: Sequence[str], message: str, value: str | None
) -> Draft:
    """Say what of a recognition is there and what has to be mended, without saving anything."""
    valid, notes = check_recipients(session, people, giver=giver)
    checks = [
        check_count(valid) if len(valid) > MOST_RECIPIENTS else None,
        check_message(message) if message else None,
    ]
    notes += [check.message for check in checks if check]
    return Draft(valid, message, value, notes)


def check_count(recipients: Sequence[str]) -> UserError | None:
    """Return what is wrong with how many people are named, if anything is."""
    if not recipients:
        return UserError("Name at least one person.", field="recipients")
    if len(recipients) > MOST_RECIPIENTS:
        return UserError(
            f"You named {len(recipients)} people; at most {MOST_RECIPIENTS} fit into one "
            "recognition, so that each of them is seen.",
            field="recipients",
        )
    return None


def check_message(message: str) -> UserError | None:
    """Return what is wrong with the message, if anything is."""
    length = len(message)
    if length < SHORTEST:
        return UserError(
            f"Say a little more about what they did: {SHORTEST} characters at least, "
            f"this is {length}.",
            field="message",
        )
    if length > LONGEST:
        return UserError(
            f"This is {length:,} characters; {LONGEST:,} is the most. Please shorten it a little.",
            field="message",
        )
    return None


def give(session: Session, deed: Deed, *, now: datetime) -> Given:
    """Save a recognition and return it, within the giver's allowance.

    Raises UserError, with every fault at its field, where it may not be given.
    """
    current = charter.must_be_in_force(session)
    deed = replace(deed, message=deed.message.strip())
    valid, refusals = check_recipients(session, deed.recipients, giver=deed.giver)
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
    return Given(recognition, valid, cast(CharterValue, value), left=left)


def _save(session: Session, deed: Deed, *, value: CharterValue, now: datetime) -> Recognition:
    values: dict[str, Any] = {
        "id": new_id(),
        "giver": deed.giver,
        "message": deed.message,
        "value_id": value.id,
        "channel": settings.of_team(session).recognition_channel,
        "applause_changes": 0,
        "created_at": now,
    }
    insert_rows(session, Recognition, [values])
    return Recognition(**values)


def _save_recipients(session: Session, given: Recognition, people: Sequence[str]) -> None:
    about = {"recognition_id": given.id, "created_at": given.created_at}
    rows = [
        {"person": person, "position": position, **about} for position, person in enumerate(people)
    ]
    insert_rows(session, Recipient, rows)
    ledger.append(
        session,
        "recognition.given",
        at=given.created_at,
        actor=given.giver,
        subject=given.id,
        recipients=list(people),
        value=given.value_id,
    )


_THE_ONE = select(Recognition).where(Recognition.id == bindparam("record"))
_ITS_ID = select(Recognition.id).where(Recognition.id == bindparam("record"))
_RECIPIENTS = (
    select(Recipient.person)
    .where(Recipient.recognition_id == bindparam("record"))
    .order_by(col(Recipient.position))
)
_ONE_MORE_CHANGE = (
    update(Recognition)
    .where(col(Recognition.id) == bindparam("record"))
    .values(applause_changes=col(Recognition.applause_changes) + 1)
    .execution_options(synchronize_session=False)
)


def by_id(session: Session, recognition_id: int) -> Given | None:
    """Return the recognition with what its post shows, or None where there is none."""
    recognition = session.scalars(_THE_ONE, {"record": recognition_id}).first()
    if recognition is None:
        return None
    recipients = session.scalars(_RECIPIENTS, {"record": recognition_id}).all()
    value = charter.value_by_id(session, recognition.value_id)
    return Given(recognition, recipients, value, applause.people(session, recognition_id))


def toggle_applause(session: Session, *, recognition_id: int, person: str, now: datetime) -> Given:
    """Applaud, or take the applause back where the person applauded already."""
    if session.scalars(_ITS_ID, {"record": recognition_id}).first() is None:
        raise UserError("This recognition is no longer here, so there is nothing to applaud.")
    applause.toggle(session, record_id=recognition_id, person=person, now=now)
    session.execute(_ONE_MORE_CHANGE, {"record": recognition_id})
    return cast(Given, by_id(session, recognition_id))
