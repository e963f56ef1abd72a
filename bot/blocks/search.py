"""What is typed to search, and how the answer looks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.blocks import kit, typed
from bot.blocks.record import number
from bot.errors import quoted
from bot.outbox import Message
from bot.relevance import BEGIN, END
from bot.rituals.search import Answer, Result
from bot.seeking import Sought

EARLIER = "search_earlier"
LATER = "search_later"
MOST_WORDS = 12
LONGEST = 1500  # characters of what is typed that a button takes along
ROOM = 600  # characters of a title or an excerpt
SPOKEN = 160
KINDS = {"recognition": "Recognition", "story": "Story", "mission": "Mission"}
LINKS = {"story": "Read the story"}
HELP = (
    ("mission search clinic booking", "what has these words, in any form of them, the best first"),
    ('mission search "front desk"', "what has them just so, one after the other"),
    ("mission search in:stories clinic", "in stories, recognitions or the mission alone"),
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
        'Search what was recognised, told and worded: words, "a phrase", and filters.', HELP
    )


def nothing(asked: Typed, text: str) -> Message:
    """Says that nothing was found."""
    where = " with these filters" if asked.filters else ""
    line = f"I found nothing for {quoted(typed.plain(text, names={}))}{where}."
    hint = "Fewer words, or other ones, may find more."
    return kit.message(kit.escaped(f"{line} {hint}"), kit.says(f"{line} {hint}"))


def answer(found: Answer, asked: Typed, text: str) -> Message:
    """A page of what was found, with buttons to the others; `text` is what was typed."""
    blocks = [kit.says(*_head(found))]
    for result in found.results:
        blocks += _result(result, found.zone)
    blocks += [kit.note(note) for note in _notes(found, asked)]
    buttons = _buttons(found, text)
    blocks += [kit.actions(*buttons)] if buttons else []
    # A screen reader reads a message's text and not its blocks.
    spoken = [_count(found), *(_spoken(result) for result in found.results)]
    return kit.message(kit.escaped("\n".join(spoken)), *blocks)


def _head(found: Answer) -> list[kit.Part]:
    parts: list[kit.Part] = []
    if found.mended:
        words = ", ".join(found.mended.values())
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


def _result(result: Result, zone: ZoneInfo) -> list[kit.Block]:
    entry, marked = result.entry, result.marked
    title = _bold(marked.title) if marked.title else []
    kind = [*kit.words(KINDS[entry.kind]), *(kit.words(": ") if title else [])]
    excerpt = {"type": "rich_text_quote", "elements": _bold(" ".join(marked.excerpt.split()))}
    quote = [excerpt] if excerpt["elements"] else []
    day = f"{entry.at.astimezone(zone):%-d %B %Y}"
    about = [
        f"<@{entry.author}>",
        f"<!date^{int(entry.at.timestamp())}^{{date_short_pretty}}|{day}>",
        *(["between its people"] if entry.is_private else []),
        *([f"<{result.link}|{LINKS.get(entry.kind, 'Open the post')}>"] if result.link else []),
    ]
    return [kit.rich(kit.paragraph(kind, title), *quote), kit.note_of(" · ".join(about))]


def _bold(marked: str) -> list[kit.Element]:
    elements: list[kit.Element] = []
    for at, part in enumerate(_MARK.split(kit.cut(marked, ROOM))):
        elements += kit.words(part, bold=True) if at % 2 else kit.words(part)
    return elements


def _spoken(result: Result) -> str:
    words = _MARK.sub(r"\1", result.marked.title or result.marked.excerpt)
    return f"{KINDS[result.entry.kind]}: {kit.cut(words, SPOKEN)}"


def _buttons(found: Answer, text: str) -> list[kit.Element]:
    buttons = []
    if found.page > 0:
        buttons.append(kit.button("Earlier", EARLIER, value=f"{found.page - 1}\n{text}"))
    if found.page < found.last_page:
        buttons.append(kit.button("Later", LATER, value=f"{found.page + 1}\n{text}"))
    return buttons
