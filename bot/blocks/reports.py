"""How a report looks: sentences and a list, which read well aloud too. No names, no charts."""

import math
from collections.abc import Iterable, Iterator, Sequence

from bot.blocks import charter as charter_blocks
from bot.blocks import kit
from bot.commands import command
from bot.outbox import Message
from bot.reach import A_FEW, FEW, Reach
from bot.rituals.reports import Balance, Half, Pairs, Served, Spread
from bot.shares import Share

WIDE = 0.2  # an interval of a fifth or more comes of few people

COUNTED = "What was recognised in public and still stands counts, each recognition once."
METHOD = (
    "The ranges are 95 % Wilson intervals. They go by how many people gave, since what one person "
    "gives tends to be alike."
)


def balance(found: Balance) -> Message:
    """How recognition spread over the values and among people in a quarter."""
    title = f"How recognition spread in {found.quarter.typed}"
    blocks = [kit.header(title), kit.note(f"{_days(found)} {COUNTED}")]
    if found.spread is None:
        blocks.append(kit.says(_too_few(found)))
    else:
        blocks += _spread(found, found.spread)
    # A screen reader reads a message's text and not its blocks, so the text says all of it.
    return kit.message(kit.escaped("\n".join(_read_out(blocks))), *blocks)


def _days(found: Balance) -> str:
    first, last = found.quarter.first_day, found.quarter.last_day
    so_far = "" if found.is_over else " so far"
    return f"{first:%-d %B} to {last:%-d %B %Y}{so_far}, by the time of {found.zone}."


def _too_few(found: Balance) -> str:
    if not found.recognitions:
        start = "" if found.is_over else f" {command('recognize')} gives the first."
        return f"Nothing was recognised in public in this quarter.{start}"
    by_few = f" by {A_FEW} people" if found.few_gave else ""
    return f"{_recognitions(found)}{by_few}: too few to say how they spread."


def _recognitions(found: Balance) -> str:
    many = found.recognitions
    return "1 recognition" if many == 1 else f"{many:,} recognitions"


def _spread(found: Balance, spread: Spread) -> list[kit.Block]:
    where = "who are here now" if found.is_over else "here"
    people = [
        _reached(spread.recognised, where, "were recognised"),
        _reached(spread.gave, where, "recognised somebody"),
        _half(spread.half),
        _pairs(spread.pairs),
    ]
    return [
        kit.rich(
            kit.paragraph(kit.words(f"{_recognitions(found)}, by value", bold=True)),
            kit.bullets(_value(served) for served in spread.values),
            _how_to_read(spread.values),
        ),
        *_rewordings(spread.values),
        kit.rich(
            kit.paragraph(kit.words("By people", bold=True)), kit.bullets([each] for each in people)
        ),
        kit.note(METHOD),
    ]


def _how_to_read(values: Sequence[Served]) -> kit.Element:
    widest = max(values, key=lambda served: served.share.high - served.share.low)
    few = widest.share.high - widest.share.low >= WIDE
    low, high = _bounds(widest.share)
    return kit.paragraph(
        "With this few, the true share of " if few else "The true share of ",
        charter_blocks.value_words(widest.tenure.value),
        f" may lie anywhere between {low} and {high} %. Every range reads like that.",
    )


def _value(served: Served) -> list[kit.Part]:
    retired = " (retired)" if served.tenure.is_retired else ""
    words = charter_blocks.value_words(served.tenure.value)
    return [words, f"{retired}: {served.count:,}, {_with_range(served.share)}"]


def _rewordings(values: Sequence[Served]) -> list[kit.Block]:
    names = [each.tenure.value.name for each in values if each.tenure.was_reworded]
    if not names:
        return []
    return [
        kit.note(
            f"Reworded within this quarter: {', '.join(names)}. "
            "What was given for the earlier words counts too."
        )
    ]


def _reached(reach: Reach, where: str, did: str) -> str:
    everybody = f"the {reach.of:,} people {where}"
    if reach.count in (0, reach.of):
        return f"{'All' if reach.count else 'None'} of {everybody} {did}."
    if reach.count is not None:
        return f"{reach.count:,} of {everybody} {did}, {_percent(reach.count / reach.of)}."
    if reach.is_most:
        return f"All but {A_FEW} of {everybody} {did}."
    return f"{'Some' if reach.of <= FEW else A_FEW.capitalize()} of {everybody} {did}."


def _half(half: Half | None) -> str:
    if half is None:
        return "Too few were recognised to say how it spread among them."
    people = A_FEW if half.people is None else f"{half.people:,}"
    return f"Half of all recognition went to {people} people."


def _pairs(pairs: Pairs | None) -> str:
    if pairs is None:
        return "Too few pairs of people to say how many recognised each other."
    return (
        f"In {pairs.there:,} pairs of people one recognised the other; "
        f"in {pairs.mutual:,} of them both did, {_with_range(pairs.share)}."
    )


def _with_range(share: Share) -> str:
    low, high = _bounds(share)
    return f"{_percent(share.share)} ({low} to {high} %)"


def _percent(share: float) -> str:
    """Return whole per cents; what is not nothing, or not all, never reads as if it were."""
    rounded = round(100 * share)
    if rounded == 0 and share > 0:
        return "under 1 %"
    if rounded == 100 and share < 1:
        return "over 99 %"
    return f"{rounded} %"


def _bounds(share: Share) -> tuple[int, int]:
    # Rounded outwards: never narrower than it is.
    return math.floor(100 * share.low), math.ceil(100 * share.high)


def _read_out(blocks: Iterable[kit.Block]) -> Iterator[str]:
    """Return the blocks' text, a line for each paragraph and item."""
    for block in blocks:
        if block["type"] == "header":
            yield block["text"]["text"]
        elif block["type"] == "rich_text_section":
            words = "".join(each.get("text", "") for each in block["elements"])
            yield " ".join(words.split())  # an emoji leaves a hole
        elif block["type"] == "context":
            yield from (each["text"] for each in block["elements"])
        else:
            yield from _read_out(block["elements"])
