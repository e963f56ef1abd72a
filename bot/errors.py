"""What went wrong, as sentences for people."""

from collections.abc import Sequence


class UserError(Exception):
    """A sentence for the person who asked: what happened, what was saved, what to do now.

    `field` is the name of the argument at fault, which is also the `block_id` of its input.
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def by_field(self) -> dict[str, str]:
        """Return the sentence of each field at fault, for a form to show beside it."""
        return {self.field: self.message} if self.field else {}


class UserErrors(UserError):
    """Several faults of one form, told together instead of one after the other."""

    def __init__(self, problems: Sequence[UserError]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)

    def by_field(self) -> dict[str, str]:
        """Return each field's sentences, joined where one field has several."""
        fields: dict[str, str] = {}
        for problem in self.problems:
            for field, message in problem.by_field().items():
                fields[field] = f"{fields[field]} {message}" if field in fields else message
        return fields


def raise_together(problems: Sequence[UserError]) -> None:
    """Raise all the problems as one, or nothing where there are none."""
    if problems:
        raise problems[0] if len(problems) == 1 else UserErrors(problems)


def length_of(text: str) -> int:
    """Return how many characters a text has: none where there is nothing in it to be seen."""
    shows = any(each.isprintable() and not each.isspace() for each in text)
    return len(text) if shows else 0


QUOTED = 60  # characters


def quoted(text: str) -> str:
    """Return what somebody wrote as part of a sentence, shortened to what it takes to find it."""
    words = text.strip()
    return f"“{words if len(words) <= QUOTED else f'{words[: QUOTED - 1]}…'}”"


class NotSaved(UserError):
    """The transaction certainly did not commit."""


class Unconfirmed(UserError):
    """Whether the transaction committed cannot be known."""

    def __init__(self) -> None:
        super().__init__(
            "I could not confirm that this was saved. Please look whether it is there "
            "before you try again."
        )


class DatabaseTrouble(NotSaved):
    """The database cannot be used: says why, and what whoever runs Truenorth can do."""
