"""What is held about a person, to read: an entry as Markdown, where nobody's words are Markdown."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.blocks.entries import Entry
from bot.blocks.madr import quote, words
from bot.blocks.story import HEADINGS

_ADDRESS = re.compile(r"https?://[^\s<>\\]+")
# What people wrote at length, and of the rest what is in the heading or only for programs.
TEXTS = frozenset(["message", "context", "reason", "prediction", "statement", "why"])
_HEADING = ("at", "name", "title", "team", "round")
_LEFT_OUT = TEXTS.union(_HEADING, ["id", "texts"])
_ALWAYS = frozenset(["as_predicted", "used", "reviewed"])  # said even of a no or a 0
LABELS = HEADINGS | {
    "by": "From",
    "to": "To",
    "about": "About this message",
    "as_predicted": "Came out as predicted",
    "despite": "Decided although this was open",
    "brier_score": "Brier score, of which 0 is never wrong and always sure, and 0.25 a coin",
    "reviewed": "Predictions that were reviewed",
    "reports_here": "You report here",
    "member": "You are in it",
    "leads": "You lead it",
    "link": "In Slack",
    "confidence": "How sure, in %",
    "roles": "Your part",
    "verdict": "Your verdict",
    "answers": "Your answer",
    "scores": "Your score",
    "values": "Value",
}


def markdown(one: Entry, zone: ZoneInfo) -> str:
    """An entry: a heading, what is short as a list, and what people wrote set off."""
    writer = _Writer(zone)
    facts = "".join(f"* {line}\n" for line in writer.facts(one))
    texts = {**{name: one.get(name) for name in one if name in TEXTS}, **one.get("texts", {})}
    quoted = [f"{_label(name)}:\n\n{quote(text)}\n" for name, text in texts.items() if text]
    return "\n".join(part for part in (writer.heading(one), facts, *quoted) if part)


def _label(name: str) -> str:
    return LABELS.get(name) or name.replace("_", " ").capitalize()


@dataclass(frozen=True)
class _Writer:
    zone: ZoneInfo

    def heading(self, one: Entry) -> str:
        """When it was, and how it is called; nothing where neither is known."""
        called = [str(one[name]) for name in ("name", "title", "team", "round") if one.get(name)]
        day = [self.day(one["at"])] if "at" in one else []
        parts = [*day, *(words(name) for name in called)]
        return f"### {' · '.join(parts)}\n" if parts else ""

    def facts(self, one: Entry) -> Iterator[str]:
        """What is short, a line each."""
        for name, value in one.items():
            if name in _LEFT_OUT or not (value or (value is not None and name in _ALWAYS)):
                continue
            is_several = isinstance(value, list) and isinstance(value[0], dict)
            several = value if is_several and "id" not in value[0] else [value]
            for each in several:
                if shown := self.shown(name, each):
                    yield f"{_label(name)}: {shown}"

    def shown(self, name: str, value: Any) -> str:
        """A value in words."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, list):
            return ", ".join(self.shown(name, each) for each in value)
        if isinstance(value, dict):
            (made,) = [make for key, make in _SHAPES.items() if key in value][:1]
            return made(self, value)
        if name in ("link", "about") and _ADDRESS.fullmatch(str(value)):
            return f"[open it](<{value}>)"
        return self.day(value) if name.endswith(("_at", "_until")) else words(str(value))

    def day(self, at: str) -> str:
        """A moment on the person's own clock."""
        return f"{datetime.fromisoformat(at).astimezone(self.zone):%-d %B %Y, %H:%M}"

    def someone(self, one: Entry) -> str:
        """Somebody by name."""
        return words(one["name"])

    def value(self, one: Entry) -> str:
        """A value as it was worded."""
        titled = words(f"{one['emoji']} {one['name']} — {one['meaning']}")
        return f"{titled} (weight {one['weight']}, version {one['version']} of the mission)"

    def applause(self, one: Entry) -> str:
        """Who applauds, as the post shows it."""
        named, more = self.shown("by", one["by"]), one["more"]
        return (
            f"{named} and others" if more is True else f"{named} and {more} more" if more else named
        )

    def withdrawn(self, one: Entry) -> str:
        """When and by whom."""
        return f"{self.day(one['at'])}, by {self.someone(one['by'])}"

    def said(self, one: Entry) -> str:
        """A verdict; an approval has a reason only where it came after an objection."""
        after = " after an objection" if one["said"] == "approved" and one["reason"] else ""
        return self._noted(f"{one['said']}{after}, {self.day(one['at'])}", one["reason"])

    def answer(self, one: Entry) -> str:
        """An answer to the checklist."""
        answer = f"{words(one['question'])} {one['answer']}, {self.day(one['at'])}"
        return self._noted(answer, one["note"])

    def score(self, one: Entry) -> str:
        """A score."""
        return f"{words(one['option'])}, {words(one['value'])}: {one['points']} of 5"

    def _noted(self, said: str, note: str) -> str:
        return f"{said}: {words(note)}" if note else said


# By a name that only this shape has; the last two are in others as well.
_SHAPES: Mapping[str, Callable[[_Writer, Entry], str]] = {
    "meaning": _Writer.value,
    "more": _Writer.applause,
    "said": _Writer.said,
    "question": _Writer.answer,
    "points": _Writer.score,
    "by": _Writer.withdrawn,
    "name": _Writer.someone,
}
