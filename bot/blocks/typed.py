"""What a person typed after a command, taken apart: Slack's escapes become people and words."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.charter import Charter

_MENTION = re.compile(
    r"<@(?P<person>[UW][A-Z0-9]+)(?:\|(?P<name>[^<>]*))?>"
    r"|<!subteam\^(?P<group>[A-Z0-9]+)(?:\|@?(?P<handle>[^<>]*))?>"
    r"|<!(?P<broadcast>[a-z]+)(?:\|[^<>]*)?>"
    r"|<#(?P<channel>[CGD][A-Z0-9]+)(?:\|(?P<channel_name>[^<>]*))?>"
    r"|<(?P<link>[a-z]+:[^<>|]*)(?:\|(?P<label>[^<>]*))?>"
    r"|(?<![\w@.+-])@(?P<bare>[A-Za-z0-9][\w-]*(?:\.[\w-]+)*)"
)
_TAG = re.compile(r"(?<![\w#&/])#([^\W\d][\w-]*)")
_HOLE = "\x00"  # where a mention stood
_JOINED_HOLES = re.compile(rf"{_HOLE}(?:\s*(?:,|;|&|\band\b)?\s*{_HOLE})*")
_OPENING_HOLE = re.compile(rf"^\s*{_HOLE}(?:\s*(?:[,;]|:(?![\w+-]+:)))?\s*")
_HOLE_BEFORE_STOP = re.compile(rf"[ \t]*{_HOLE}(?=[,.;:!?])")
_HOLE_IN_SPACE = re.compile(rf"[ \t]*{_HOLE}[ \t]*")


@dataclass(frozen=True)
class Typed:
    """People named, `#tags` in their order, and the words, with the tags still in them.

    `groups` are the ids of the user groups mentioned, `handles` are words like @nurses, which may
    be groups as well.
    """

    people: tuple[str, ...]
    tags: tuple[str, ...]
    words: str
    groups: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()

    def without_tag(self, tag: str) -> str:
        """Return the words without the first mark of this tag."""
        mark = re.compile(rf"[ \t]*(?<![\w#&/])#{re.escape(tag)}(?![\w-])", re.IGNORECASE)
        return mark.sub("", self.words, count=1).strip()


def unescape(text: str) -> str:
    """Undo the three entities that Slack puts into a command's text."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def read(text: str, *, known: Mapping[str, Sequence[str]] | None = None) -> Typed:
    """Take a command's text apart. Whatever is no mention stays as it was typed.

    `known` has the people of user groups, by the groups' ids and by their handles; those groups
    count as their people, all others stay among the words.
    """
    people: list[str] = []
    words = ""
    position = 0
    text = text.replace(_HOLE, "")
    known = known or {}
    for found in _MENTION.finditer(text):
        words += unescape(text[position : found.start()])
        position = found.end()
        named = _people_in(found, known)
        words += _as_typed(found) if named is None else _HOLE
        people += named or []
    words = _close_holes(words + unescape(text[position:]))
    tags = tuple(tag.casefold() for tag in _TAG.findall(words))
    return Typed(tuple(dict.fromkeys(people)), tags, words, *_groups(text))


def _people_in(found: re.Match[str], known: Mapping[str, Sequence[str]]) -> Sequence[str] | None:
    if found["person"]:
        return [found["person"]]
    return known.get(found["group"] or (found["bare"] or "").casefold())


def _groups(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = list(_MENTION.finditer(text))
    groups = dict.fromkeys(one["group"] for one in found if one["group"])
    handles = dict.fromkeys(one["bare"].casefold() for one in found if one["bare"])
    return tuple(groups), tuple(handles)


def _as_typed(found: re.Match[str]) -> str:
    if found["broadcast"]:
        return f"@{found['broadcast']}"
    if found["channel"]:
        return f"#{found['channel_name'] or found['channel']}"
    if found["link"]:
        return unescape(found["label"] or found["link"])
    return unescape(f"@{found['handle'] or found['bare'] or 'group'}")


def mentioned(text: str) -> list[str]:
    """Return the ids of the people whom a message mentions."""
    return [found["person"] for found in _MENTION.finditer(text) if found["person"]]


def plain(text: str, *, names: Mapping[str, str]) -> str:
    """Return a message's text as it reads in Slack, with people by their names."""
    words = ""
    position = 0
    for found in _MENTION.finditer(text):
        words += unescape(text[position : found.start()])
        position = found.end()
        person = found["person"]
        words += f"@{names.get(person, found['name'] or person)}" if person else _as_typed(found)
    return words + unescape(text[position:])


def back(command: str, text: str) -> str:
    """Return a command as it was typed, so that it can be sent again."""
    return f"{command} {plain(text, names={})}"


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


def find_value(said: Typed, charter: Charter) -> tuple[str | None, str, list[str]]:
    """Return the value that was meant, the words without its mark, and what to say about it."""
    for tag in said.tags:
        if charter.value(tag) is not None:
            return tag, said.without_tag(tag), []
    for tag in said.tags:
        if meant := nearest(tag, charter.slugs):
            note = f"There is no value #{tag}. The nearest is #{meant}; please check."
            return meant, said.without_tag(tag), [note]
    if said.tags:
        known = ", ".join(f"#{slug}" for slug in charter.slugs)
        return None, said.words, [f"There is no value #{said.tags[0]}. The values are {known}."]
    return None, said.words, []
