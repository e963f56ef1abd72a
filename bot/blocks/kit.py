"""Small pieces of Block Kit. People's words become Block Kit here and nowhere else."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from bot import pseudonym
from bot.commands import command

Block = dict[str, Any]
Element = dict[str, Any]
View = dict[str, Any]
Part = Element | list[Element] | str  # of a paragraph; a string is words

_SHORTCODE = re.compile(r":((?=[\d_'-]*[a-z+])[a-z0-9_+'-]+(?:::skin-tone-[2-6])?):")
_SHORTCODES = re.compile(rf"(?<![\w:])(?:{_SHORTCODE.pattern})+(?![\w:])")


def cut(text: str, length: int) -> str:
    """Shorten the text to the length, saying so with an ellipsis."""
    return text if len(text) <= length else text[: length - 1] + "…"


def plain(text: str, length: int = 3000) -> Element:
    """Text that Slack shows as it is, but for emoji."""
    return {"type": "plain_text", "text": cut(text, length), "emoji": True}


# Slack refuses a message whose blocks have more than about 13,000 characters of JSON.
ROOM = 8_000  # of them for one text
OF_AN_EMOJI = 30
OF_A_BREAK = 50  # in the text around emoji
FEW = 3  # people who are all mentioned


def words(text: str, *, room: int = ROOM, **style: bool) -> list[Element]:
    """People's words as rich text: shown as typed, and nobody is pinged by them.

    `:shortcodes:` become emoji, as in everything else that people write in Slack, as far as
    there is `room` for what Slack makes of them; the others stay as they were typed.
    """
    elements: list[Element] = []
    position, left = 0, room - len(text)
    for found in _SHORTCODES.finditer(text):
        names: list[str] = _SHORTCODE.findall(found[0])
        left -= OF_AN_EMOJI * len(names) + OF_A_BREAK
        if left < 0:
            break
        elements += _text(text[position : found.start()], style)
        elements += [{"type": "emoji", "name": name} for name in names]
        position = found.end()
    return elements + _text(text[position:], style)


def _text(text: str, style: dict[str, bool]) -> list[Element]:
    if not text:
        return []
    return [{"type": "text", "text": text, **({"style": style} if style else {})}]


def person(slack_id: str) -> Element:
    """A mention of somebody; whoever was erased has nothing that could be mentioned."""
    if pseudonym.is_one(slack_id):
        return {"type": "text", "text": pseudonym.SOMEBODY}
    return {"type": "user", "user_id": slack_id}


def mention(slack_id: str) -> str:
    """The same inside Slack's own markup."""
    return pseudonym.SOMEBODY if pseudonym.is_one(slack_id) else f"<@{slack_id}>"


def channel(slack_id: str) -> Element:
    """A mention of a channel."""
    return {"type": "channel", "channel_id": slack_id}


def link(url: str, text: str) -> Element:
    """Words that lead somewhere."""
    return {"type": "link", "url": url, "text": text}


def people(slack_ids: Sequence[str]) -> list[Element]:
    """Mention people as a sentence does: "a", "a and b", "a, b and c"."""
    elements: list[Element] = []
    for position, slack_id in enumerate(slack_ids):
        if position:
            elements += words(" and " if position == len(slack_ids) - 1 else ", ")
        elements.append(person(slack_id))
    return elements


def few(slack_ids: Sequence[str]) -> list[Element]:
    """Mention people; of more than three the first ones, and how many more there are."""
    more = len(slack_ids) - FEW
    if more <= 0:
        return people(slack_ids)
    listed = [each for one in slack_ids[:FEW] for each in (*words(", "), person(one))]
    return [*listed[1:], *words(f" and {more} more")]


def paragraph(*parts: Part) -> Element:
    """A paragraph of rich text."""
    return {"type": "rich_text_section", "elements": _flat(parts)}


def quote(text: str, *, room: int = ROOM) -> Element:
    """What somebody said, set off."""
    return {"type": "rich_text_quote", "elements": words(text, room=room)}


def as_typed(text: str) -> Element:
    """Words to copy: every character as it is, shortcodes too."""
    return {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}


def bullets(items: Iterable[Sequence[Part]]) -> Element:
    """A list of paragraphs."""
    elements = [paragraph(*item) for item in items]
    return {"type": "rich_text_list", "style": "bullet", "elements": elements}


def _flat(parts: Iterable[Part]) -> list[Element]:
    elements: list[Element] = []
    for part in parts:
        if isinstance(part, str):
            elements += words(part)
        elif isinstance(part, list):
            elements += part
        else:
            elements.append(part)
    return elements


def rich(*sections: Element) -> Block:
    """Rich text of paragraphs, quotes and lists."""
    return {"type": "rich_text", "elements": list(sections)}


def says(*parts: Part) -> Block:
    """One paragraph of rich text as a block."""
    return rich(paragraph(*parts))


def header(text: str) -> Block:
    """A title."""
    return {"type": "header", "text": plain(text, 150)}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def note(text: str) -> Block:
    """A quiet line of plain text below something."""
    return {"type": "context", "elements": [plain(text)]}


def note_of(mrkdwn: str) -> Block:
    """A quiet line of our own words, with mentions."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": mrkdwn}]}


def button(text: str, action_id: str, *, value: str = "", style: str | None = None) -> Element:
    """A button; its value says what it is about."""
    element = {"type": "button", "text": plain(text, 75), "action_id": action_id}
    if value:
        element["value"] = value
    return element | ({"style": style} if style else {})


def actions(*elements: Element, block_id: str | None = None) -> Block:
    """Buttons in a row."""
    block: Block = {"type": "actions", "elements": list(elements)}
    return block | ({"block_id": block_id} if block_id else {})


def beside(text: Element, element: Element) -> Block:
    """A text, and what can be pressed or chosen beside it."""
    return {"type": "section", "text": text, "accessory": element}


def message(text: str, *blocks: Block) -> dict[str, Any]:
    """A message: what a notification says, and what is shown."""
    return {"text": text, **({"blocks": list(blocks)} if blocks else {})}


def ways(title: str, lines: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """What can be typed, and what each does; `lines` are commands without their prefix."""
    items: list[list[Part]] = [
        [*words(command(typed), code=True), f" {what}"] for typed, what in lines
    ]
    return message(title, rich(bullets(items)))


def escaped(text: str) -> str:
    """People's words inside Slack's own markup, where only these three characters mean anything
    that could ping somebody."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def sentence(text: str, *, typed: str = "") -> dict[str, Any]:
    """A message that is one sentence, which may hold people's words.

    What somebody typed in vain stands below it, to copy and send again.
    """
    return message(escaped(text), rich(paragraph(text), *([as_typed(typed)] if typed else [])))
