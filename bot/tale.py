"""What somebody wants to tell in a story, and whether it can be told like that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.errors import UserError, length_of

TITLE = range(5, 151)  # characters
TEXT = range(10, 2001)
MOST_CREDITS = 10


class Kind(StrEnum):
    """What sort of story it is. A learning story is never counted, ranked or scored."""

    SUCCESS = "success"
    LEARNING = "learning"


FIELDS = {
    Kind.SUCCESS: ("happened", "impact"),
    Kind.LEARNING: ("expected", "happened", "learned", "change"),
}
WORDS = ("expected", "happened", "impact", "learned", "change")  # the fields of every kind


@dataclass(frozen=True)
class Tale:
    """Who tells what of which kind, which value it served, and who is credited.

    `texts` has the words by the names of their fields; `value` is the slug, and in a correction
    none keeps the value as it was worded.
    """

    author: str
    kind: Kind
    title: str
    texts: Mapping[str, str]
    value: str
    credits: Sequence[str] = ()

    def tidied(self) -> "Tale":
        """Return it with the fields of its kind only, and no space around the words."""
        texts = {name: self.texts.get(name, "").strip() for name in FIELDS[self.kind]}
        return replace(self, title=" ".join(self.title.split()), texts=texts)


@dataclass(frozen=True)
class Draft:
    """A story that is not told yet: what is known of it, and what is to be said above its form."""

    kind: Kind = Kind.SUCCESS
    title: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    value: str | None = None
    credits: Sequence[str] = ()
    notes: Sequence[str] = ()


def problems(
    tale: Tale, credited: Sequence[str], refusals: Sequence[str], *others: UserError | None
) -> list[UserError]:
    """Return everything that is wrong, each at its field.

    `refusals` are the sentences about who cannot be credited, `others` what is wrong besides.
    """
    unnamed = [UserError(refusal, field="credits") for refusal in refusals]
    checks = [
        _check_title(tale.title),
        *(_check_text(text, field=name) for name, text in tale.texts.items()),
        *others,
        *unnamed,
        None if unnamed else check_credits(credited),
    ]
    return [problem for problem in checks if problem]


def _check_title(title: str) -> UserError | None:
    length = length_of(title)
    if length in TITLE:
        return None
    message = f"A title takes {TITLE[0]} to {TITLE[-1]} characters; this is {length:,}."
    return UserError(message, field="title")


def _check_text(text: str, *, field: str) -> UserError | None:
    length = length_of(text)
    if length < TEXT[0]:
        message = f"Say a little more: {TEXT[0]} characters at least, this is {length}."
        return UserError(message, field=field)
    if length > TEXT[-1]:
        message = f"This is {length:,} characters; {TEXT[-1]:,} is the most. Please shorten it."
        return UserError(message, field=field)
    return None


def check_credits(people: Sequence[str]) -> UserError | None:
    """Return what is wrong with how many people are credited, if anything is."""
    if len(people) <= MOST_CREDITS:
        return None
    return UserError(
        f"You credited {len(people)} people; at most {MOST_CREDITS} fit into one story, "
        "so that each of them is seen.",
        field="credits",
    )
