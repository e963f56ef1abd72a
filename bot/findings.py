"""What the doctor finds: a level and a sentence, one line each."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How much a finding matters."""

    OK = "ok"
    NOTE = "note"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at, in words for whoever runs Truenorth."""

    level: Level
    text: str

    def __str__(self) -> str:
        """The line that is printed."""
        return f"{self.level:<6} {self.text}"


def ok(text: str) -> Finding:
    """This is as it should be."""
    return Finding(Level.OK, text)


def note(text: str) -> Finding:
    """This is good to know, and nothing fails for it."""
    return Finding(Level.NOTE, text)


def wrong(text: str) -> Finding:
    """This keeps something from working."""
    return Finding(Level.WRONG, text)


def exit_code(findings: Iterable[Finding]) -> int:
    """Return 1 where anything is wrong, else 0."""
    return int(any(finding.level is Level.WRONG for finding in findings))
