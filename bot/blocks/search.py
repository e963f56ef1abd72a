"""What is typed to search, and how the answer looks."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.blocks import kit, typed
from bot.blocks.decision import STATES
from bot.blocks.record import number
from bot.decisions import Status
from bot.errors import quoted
from bot.fulltext import Entry
from bot.matching import fit
from bot.outbox import Message
from bot.relevance import BEGIN, END
from bot.rituals.search import Answer, Result
from bot.seeking import Sought

EARLIER = "search_earlier"
LATER = "search_later"
MOST_WORDS = 12
LONGEST = 400  # characters of what is typed that a button takes along
SPOKEN = 160
LARGEST = 12_000  # characters of an answer's JSON, of which Slack takes about 13,000
# How much is shown of a title or an excerpt, and how often what was found is bold in it.
ROOMS = ((300, 8), (200, 3), (80, 1))
KINDS = {
    "recognition": "Recognition",
    "story": "Story",
    "decision": "Decision",
    "mission": "Mission",
}
LINKS = {"story": "Read the story", "decision": "Open the card"}
HELP = (
    ("mission search clinic booking", "what has these words, in any form of them, the best first"),
    ('mission search "front desk"', "what has them just so, one after the other"),
    ("mission search in:stories clinic", "in stories, decisions, recognitions or the mission"),
    ("mission search from:@ana clinic", "what somebody wrote: a mention, a name, or me"),
    ("mission search value:care clinic", "what served a value"),
    ("mission search after:2026-01 clinic", "what is from then or later"),
)

_MARK = re.compile(f"{BEGIN}(.*?){END}")

_PIECE = re.compile(
    r'["“”„](?P<phrase>[^"“”„]*)["“”„]'
    r"|(?<!\S)(?P<filter>[^\W\d_]+):(?!//)"
    r'(?:["“”„](?P<quoted>[^"“”„]*)["“”„]|(?P<value><[@!#][^<>]*>|[^\s"“”„]+))'
    r"|(?P<mention><@[^<>]*>)"
    r'|(?P<word>[^\s"“”„]+)'
)


@dataclass(frozen=True)
class Typed:
    """What is sought, and the filters as they were typed, by their names."""

    sought: Sequence[Sought] = ()
    filters: Mapping[str, str] = field(default_factory=dict)
    is_cut: bool = False  # whether there were more words than are looked for


def read(text: str) -> Typed:
    """Take apart what somebody typed. A mention by itself says who wrote it."""
    sought: dict[str, Sought] = {}
    filters: dict[str, str] = {}
    for found in _PIECE.finditer(text):
        if found["filter"]:
            filters[found["filter"].casefold()] = found["quoted"] or found["value"] or ""
        elif found["mention"]:
            filters["from"] = found["mention"]
        else:
            words = typed.plain(found["phrase"] or found["word"] or "", names={})
            sought.setdefault(words.casefold(), Sought(words, is_quoted=bool(found["phrase"])))
    kept = list(sought.values())[:MOST_WORDS]
    return Typed(kept, filters, is_cut=len(sought) > len(kept))


def fitting(text: str) -> str:
    """Return as many whole words of what was typed as a button takes along."""
    text = " ".join(fit(text).split())
    if len(text) <= LONGEST:
        return text
    whole, _, _ = text[:LONGEST].rpartition(" ")
    return whole or text[:LONGEST]


def turned(value: str) -> tuple[int, str]:
    """Return the page that a button asks for, and what is searched."""
    page, _, text = value.partition("\n")
    return number(page), text


def ways() -> Message:
    """How one can search."""
    return kit.ways(
        'Search what was recognised, told and decided: words, "a phrase", and filters.', HELP
    )


def nothing(asked: Typed, text: str) -> Message:
    """Says that nothing was found."""
    where = " with these filters" if asked.filters else ""
    line = f"I found nothing for {quoted(typed.plain(text, names={}))}{where}."
    hint = "Fewer words, or other ones, may find more."
    return kit.message(kit.escaped(f"{line} {hint}"), kit.says(f"{line} {hint}"))


def answer(found: Answer, asked: Typed, text: str) -> Message:
    """A page of what was found, with buttons to the others; `text` is what was typed."""
    for room, bolds in ROOMS:
        blocks = _page(found, asked, text, room, bolds)
        if _size(blocks) <= LARGEST:
            break
    # A screen reader reads a message's text and not its blocks.
    spoken = [_count(found), *(_spoken(result) for result in found.results)]
    return kit.message(kit.escaped("\n".join(spoken)), *blocks)


def _size(blocks: list[kit.Block]) -> int:
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")))


def _page(found: Answer, asked: Typed, text: str, room: int, bolds: int) -> list[kit.Block]:
    blocks = [kit.says(*_head(found))]
    for result in found.results:
        blocks += _result(result, found.zone, room, bolds)
    blocks += [kit.note(note) for note in _notes(found, asked)]
    buttons = _buttons(found, text)
    return [*blocks, kit.actions(*buttons)] if buttons else blocks


def _head(found: Answer) -> list[kit.Part]:
    parts: list[kit.Part] = []
    if found.mended:
        words = ", ".join(dict.fromkeys(found.mended.values()))
        parts += ["Showing results for ", kit.words(words, bold=True), ". "]
    pages = f" Page {found.page + 1} of {found.last_page + 1}." if found.last_page else ""
    return [*parts, _count(found), pages]


def _count(found: Answer) -> str:
    if found.is_all:
        return f"{found.count:,} found."
    return f"More than {found.count:,} found; these are the nearest. Another word narrows it down."


def _notes(found: Answer, asked: Typed) -> list[str]:
    notes = []
    if asked.is_cut:
        notes.append(f"Only the first {MOST_WORDS} words were looked for.")
    if found.is_filling:
        notes.append("What can be found is being put together, so some may still be missing.")
    return notes


def _result(result: Result, zone: ZoneInfo, room: int, bolds: int) -> list[kit.Block]:
    entry, marked = result.entry, result.marked
    title = _bold(marked.title, room, bolds)
    whom = [*kit.words(" of "), *kit.few(result.named)] if result.named else []
    kind = [*kit.words(_named(entry)), *whom, *(kit.words(": ") if title else [])]
    excerpt = _bold(" ".join(marked.excerpt.split()), room, bolds)
    quote = [{"type": "rich_text_quote", "elements": excerpt}] if excerpt else []
    day = f"{entry.at.astimezone(zone):%-d %B %Y}"
    about = [
        kit.mention(entry.author),
        f"<!date^{int(entry.at.timestamp())}^{{date_short_pretty}}|{day}>",
        *([STATES[Status(entry.state)]] if entry.state else []),
        *(["between its people"] if entry.is_private else []),
        *([f"<{result.link}|{LINKS.get(entry.kind, 'Open the post')}>"] if result.link else []),
    ]
    return [kit.rich(kit.paragraph(kind, title), *quote), kit.note_of(" · ".join(about))]


def _named(entry: Entry) -> str:
    return " ".join(filter(None, (KINDS[entry.kind], entry.name)))


def _bold(marked: str, room: int, bolds: int) -> list[kit.Element]:
    """Return the text, as much of it as fits, with the first of what was found in bold."""
    elements: list[kit.Element] = []
    *parts, rest = _MARK.split(marked, maxsplit=bolds)
    for at, part in enumerate([*parts, _MARK.sub(r"\1", rest)]):
        shown = kit.cut(part, room) if room > 1 else ""
        elements += kit.words(shown, room=room, **({"bold": True} if at % 2 else {}))
        room -= len(part)
    return elements


def _spoken(result: Result) -> str:
    words = _MARK.sub(r"\1", result.marked.title or result.marked.excerpt)
    return f"{_named(result.entry)}: {kit.cut(words, SPOKEN)}"


def _buttons(found: Answer, text: str) -> list[kit.Element]:
    buttons = []
    if found.page > 0:
        buttons.append(kit.button("Earlier", EARLIER, value=f"{found.page - 1}\n{text}"))
    if found.page < found.last_page:
        buttons.append(kit.button("Later", LATER, value=f"{found.page + 1}\n{text}"))
    return buttons
