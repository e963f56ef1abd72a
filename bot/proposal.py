"""What somebody wants decided, and whether it can be asked like that."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from bot.errors import UserError, length_of, quoted

TITLE = range(3, 151)  # characters
LONGEST_CONTEXT = 2000
OPTIONS = range(2, 6)  # lines
OPTION = range(1, 76)  # characters, which is what Slack shows of a choice
MOST_GATES = 10
LONGEST_GATE = 150
MOST_APPROVERS = 5
MOST_CONTRIBUTORS = 20
LONGEST_PREDICTION = 500
CONFIDENCES = range(50, 96, 5)  # percent
REVIEW_WEEKS = range(1, 53)
YEARS_AHEAD = 10  # until when to decide, at most

DO_IT = ("Do it", "Don't")
# A yes settles each; owners word their own.
CHECKLIST = (
    "Does it serve the mission?",
    "Do we know whom it helps, and whom it costs?",
    "Have we named the value that it strains, and accepted that?",
    "Do we know what we stop doing for it?",
    "Do we know how we will see whether it worked?",
    "Has everybody been heard who must be?",
)


class Quorum(StrEnum):
    """How many of the approvers have to approve."""

    ALL = "all"
    MAJORITY = "majority"


class Visibility(StrEnum):
    """Who can see a decision: everybody, or its people only."""

    CHANNEL = "channel"
    PRIVATE = "private"


@dataclass(frozen=True)
class Proposal:
    """What is to be decided, by whom, until when; without a driver whoever asks drives.

    `confidence` is in percent, `review_in` in weeks after it was decided; `link` leads to the
    message in Slack that it is about.
    """

    author: str
    title: str
    context: str = ""
    options: Sequence[str] = DO_IT
    checklist: Sequence[str] = ()
    driver: str = ""
    approvers: Sequence[str] = ()
    contributors: Sequence[str] = ()
    quorum: Quorum = Quorum.ALL
    due: date | None = None
    prediction: str = ""
    confidence: int | None = None
    review_in: int | None = None
    visibility: Visibility = Visibility.CHANNEL
    link: str | None = None

    @property
    def is_private(self) -> bool:
        """Whether its people alone can see it."""
        return self.visibility is Visibility.PRIVATE

    def tidied(self) -> "Proposal":
        """Return it with a driver, no space around the words, and nobody twice in one role."""
        driver = self.driver or self.author
        approvers = list(dict.fromkeys(self.approvers))
        contributors = [
            one for one in dict.fromkeys(self.contributors) if one not in {driver, *approvers}
        ]
        return replace(
            self,
            title=" ".join(self.title.split()),
            context=self.context.strip(),
            options=tidy_lines(self.options),
            checklist=tidy_lines(self.checklist),
            driver=driver,
            approvers=approvers,
            contributors=contributors,
            prediction=self.prediction.strip(),
        )


@dataclass(frozen=True)
class Draft:
    """A decision that is not begun yet: what is known of it, and what is to be said above its form.

    `link` leads to the message in Slack that it is about.
    """

    title: str = ""
    context: str = ""
    checklist: Sequence[str] = ()
    notes: Sequence[str] = field(default=())
    link: str | None = None


def tidy_lines(lines: Sequence[str]) -> list[str]:
    """Return what is written on the lines, without space around words and what shows nothing."""
    return [tidy for line in lines if length_of(tidy := " ".join(line.split()))]


def read_alike(text: str) -> str:
    """Return what two texts have in common that nobody who reads them can tell apart."""
    shown = (each for each in unicodedata.normalize("NFKC", text) if _shows(each))
    return unicodedata.normalize("NFKC", "".join(shown).casefold())


def _shows(letter: str) -> bool:
    is_selector = unicodedata.name(letter, "").startswith("VARIATION SELECTOR")
    return unicodedata.category(letter) != "Cf" and not is_selector


def problems(proposal: Proposal, *, today: date) -> list[UserError]:
    """Return everything that is wrong with a tidied proposal's words, each at its field.

    `today` is the day where whoever asks lives.
    """
    checks = [
        _check_title(proposal.title),
        _check_length(proposal.context, LONGEST_CONTEXT, field="context"),
        check_options(proposal.options),
        check_checklist(proposal.checklist),
        check_due(proposal.due, today=today),
        _check_length(proposal.prediction, LONGEST_PREDICTION, field="prediction"),
        _check_confidence(proposal.confidence),
        _check_review(proposal.review_in),
    ]
    return [problem for problem in checks if problem]


def _check_title(title: str) -> UserError | None:
    length = length_of(title)
    if length in TITLE:
        return None
    message = f"A title takes {TITLE[0]} to {TITLE[-1]} characters; this is {length:,}."
    return UserError(message, field="title")


def _check_length(text: str, longest: int, *, field: str) -> UserError | None:
    if len(text) <= longest:
        return None
    message = f"This is {len(text):,} characters; {longest:,} is the most. Please shorten it."
    return UserError(message, field=field)


def check_options(options: Sequence[str]) -> UserError | None:
    """Return what is wrong with the options, if anything is."""
    if len(options) not in OPTIONS:
        count = "1 option" if len(options) == 1 else f"{len(options)} options"
        message = f"Write {OPTIONS[0]} to {OPTIONS[-1]} options, one a line; this is {count}."
        return UserError(message, field="options")
    for option in options:
        if length_of(option) not in OPTION:
            message = f"{quoted(option)} has {len(option)} characters; {OPTION[-1]} is the most."
            return UserError(message, field="options")
    seen: set[str] = set()
    for option in options:
        if read_alike(option) in seen:
            return UserError(f"{quoted(option)} stands there twice.", field="options")
        seen.add(read_alike(option))
    return None


def check_checklist(gates: Sequence[str]) -> UserError | None:
    """Return what is wrong with the questions of a checklist, if anything is."""
    if len(gates) > MOST_GATES:
        message = f"These are {len(gates)} questions; {MOST_GATES} fit. Which matter most?"
        return UserError(message, field="checklist")
    for gate in gates:
        if len(gate) > LONGEST_GATE:
            message = f"{quoted(gate)} has {len(gate)} characters; {LONGEST_GATE} is the most."
            return UserError(message, field="checklist")
    return None


def check_due(due: date | None, *, today: date) -> UserError | None:
    """Return what is wrong with the day until which to decide, if anything is."""
    if due is None or today <= due <= today + timedelta(days=365 * YEARS_AHEAD):
        return None
    message = f"{due:%-d %B %Y} is past. Choose today or a later day."
    if due > today:
        message = f"{due:%-d %B %Y} is too far away. Choose a day of the next {YEARS_AHEAD} years."
    return UserError(message, field="due")


def _check_confidence(confidence: int | None) -> UserError | None:
    if confidence is None or confidence in CONFIDENCES:
        return None
    return UserError("Choose 50 to 95 %, in steps of 5.", field="confidence")


def _check_review(weeks: int | None) -> UserError | None:
    if weeks is None or weeks in REVIEW_WEEKS:
        return None
    return UserError("Choose 1 to 52 weeks.", field="review_in")
