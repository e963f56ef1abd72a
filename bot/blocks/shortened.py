"""What somebody wrote, as much of it as fits where all of it is a link away."""

from bot.blocks import kit

SHOWN = 300  # characters


def shortened(text: str, length: int = SHOWN) -> str:
    """Return the text with as many whole words as fit, and an ellipsis where that is not all."""
    if len(text) <= length:
        return text
    fits = text[: length - 1]
    is_whole = fits[-1:].isspace() or text[length - 1].isspace()
    whole = fits.rstrip() if is_whole else fits.rsplit(maxsplit=1)[0]
    # Not every language sets spaces, and a link has none.
    return f"{whole if len(whole) > length / 2 else fits}…"


def block(rich_text: kit.Block) -> kit.Block:
    """Return the rich text with as much of its words as fits."""
    return _fitting(rich_text, SHOWN)[0]


def _fitting(element: kit.Element, left: int) -> tuple[kit.Element, int]:
    """The rich text with as much of its words as fits, and how many characters still do."""
    if "text" in element:
        return element | {"text": shortened(element["text"], left)}, left - len(element["text"])
    parts: list[kit.Element] = []
    for part in element.get("elements", []):
        if left > 1:
            fitting, left = _fitting(part, left)
            parts.append(fitting)
    return (element | {"elements": parts} if parts else element), left
