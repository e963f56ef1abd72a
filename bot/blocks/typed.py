"""What a person typed after a command, taken apart: Slack's escapes become people and words."""

import re
from dataclasses import dataclass
from difflib import get_close_matches

_ESCAPED = re.compile(
    r"<@(?P<person>[UW][A-Z0-9]+)(?:\|(?P<name>[^<>]*))?>"
    r"|<!subteam\^[A-Z0-9]+(?:\|(?P<group>[^<>]*))?>"
    r"|<!(?P<broadcast>[a-z]+)(?:\|[^<>]*)?>"
    r"|<#(?P<channel>[CGD][A-Z0-9]+)(?:\|(?P<channel_name>[^<>]*))?>"
    r"|<(?P<link>[a-z]+:[^<>|]*)(?:\|(?P<label>[^<>]*))?>"
)
_TAG = re.compile(r"(?<![\w#&])#([^\W\d][\w-]*)")
_HOLE = "\x00"  # where a mention stood
_JOINED_HOLES = re.compile(rf"{_HOLE}(?:\s*(?:,|;|&|\band\b)?\s*{_HOLE})*")
_OPENING_HOLE = re.compile(rf"^\s*{_HOLE}(?:\s*(?:[,;]|:(?![\w+-]+:)))?\s*")
_HOLE_BEFORE_STOP = re.compile(rf"[ \t]*{_HOLE}(?=[,.;:!?])")
_HOLE_IN_SPACE = re.compile(rf"[ \t]*{_HOLE}[ \t]*")


@dataclass(frozen=True)
class Typed:
    """People named, `#tags` in their order, and the words, with the tags still in them."""

    people: tuple[str, ...]
    tags: tuple[str, ...]
    words: str

    def without_tag(self, tag: str) -> str:
        """Return the words without the first mark of this tag."""
        mark = re.compile(rf"[ \t]*(?<![\w#&])#{re.escape(tag)}(?![\w-])", re.IGNORECASE)
        return mark.sub("", self.words, count=1).strip()


def unescape(text: str) -> str:
    """Undo the three entities that Slack puts into a command's text."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def read(text: str) -> Typed:
    """Take a command's text apart. Whatever is no mention stays as it was typed."""
    people: list[str] = []
    words = ""
    position = 0
    text = text.replace(_HOLE, "")
    for found in _ESCAPED.finditer(text):
        words += unescape(text[position : found.start()])
        position = found.end()
        if found["person"]:
            people.append(found["person"])
            words += _HOLE
        else:
            words += _as_typed(found)
    words = _close_holes(words + unescape(text[position:]))
    tags = tuple(tag.casefold() for tag in _TAG.findall(words))
    return Typed(tuple(dict.fromkeys(people)), tags, words)


def _as_typed(found: re.Match[str]) -> str:
    if found["broadcast"]:
        return f"@{found['broadcast']}"
    if found["channel"]:
        return f"#{found['channel_name'] or found['channel']}"
    if found["link"]:
        return unescape(found["label"] or found["link"])
    return unescape(found["group"] or "@group")


def back(command: str, text: str) -> str:
    """Return a command as it was typed, so that it can be sent again."""
    words = ""
    position = 0
    for found in _ESCAPED.finditer(text):
        name = found["name"] or found["person"]
        words += unescape(text[position : found.start()])
        words += f"@{name}" if found["person"] else _as_typed(found)
        position = found.end()
    return f"{command} {words}{unescape(text[position:])}"


def _close_holes(words: str) -> str:
    words = _JOINED_HOLES.sub(_HOLE, words)
    words = _OPENING_HOLE.sub("", words)
    words = _HOLE_BEFORE_STOP.sub("", words)
    words = _HOLE_IN_SPACE.sub(" ", words)
    return words.strip()


def nearest(word: str, known: list[str]) -> str | None:
    """Return the known word that somebody who typed this probably meant."""
    close = get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    return close[0] if close else None
