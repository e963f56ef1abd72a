"""What somebody wants to say in a recognition, and whether it can be said like that."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from bot import naming
from bot.errors import UserError, length_of

MOST_RECIPIENTS = 10
SHORTEST = 10  # characters
LONGEST = 2000
FEW_WORDS = 6


@dataclass(frozen=True)
class Deed:
    """Who thanks whom, for what, and which value it served.

    `value` is the slug; in a correction none keeps the value as it was worded. `link` leads to
    the message in Slack that it is about.
    """

    giver: str
    recipients: Sequence[str]
    message: str
    value: str
    is_private: bool = False
    link: str | None = None


@dataclass(frozen=True)
class Draft:
    """A recognition that is not given yet: what is known of it, and what has to be mended.

    `about` is the message in Slack that it is about, as its author wrote it.
    """

    recipients: Sequence[str] = ()
    message: str = ""
    value: str | None = None
    notes: Sequence[str] = field(default=())
    link: str | None = None
    about: str = ""

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing, so that no form is needed."""
        return bool(self.recipients and self.message and self.value and not self.notes)


def draft(
    session: Session, *, giver: str, people: Sequence[str], message: str, value: str | None
) -> Draft:
    """Say what of a recognition is there and what has to be mended, without saving anything."""
    valid, notes = naming.check(session, people, not_oneself=giver)
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
    length = length_of(message)
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


def hint(message: str) -> str | None:
    """Return a question that may make a short message better, None where it says enough.

    It counts words only, so that it holds in every language that sets spaces.
    """
    if not message.strip() or len(message.split()) >= FEW_WORDS:
        return None
    return "Does it say what was done, and whom it helped? Then it will still mean something later."
