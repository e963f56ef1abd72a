"""The shape of rich text."""

from bot.playground.shapes import (
    Check,
    choice,
    flag,
    integer,
    items,
    shape,
    string,
    tagged,
    url,
)

_STYLE = shape({}, {"bold": flag, "italic": flag, "strike": flag, "code": flag})
_PLAIN_STYLE = shape({}, {"bold": flag, "italic": flag, "strike": flag})
_ID = string(255)
_STYLED: dict[str, Check] = {"style": _PLAIN_STYLE}
# Slack names no limit for one piece of text; this is the one of the whole message.
_TEXT = string(40_000)

_LINK = shape({"url": url}, {"text": _TEXT, "unsafe": flag, "style": _STYLE})
_WORDS = shape({"text": _TEXT}, {"style": _STYLE})
_INLINE = tagged(
    {
        "text": _WORDS,
        "link": _LINK,
        "user": shape({"user_id": _ID}, _STYLED),
        "channel": shape({"channel_id": _ID}, _STYLED),
        "usergroup": shape({"usergroup_id": _ID}, _STYLED),
        "emoji": shape({"name": _ID}, {"unicode": string(255)}),
        "broadcast": shape({"range": choice("here", "channel", "everyone")}),
        "date": shape(
            {"timestamp": integer(0, 2**40), "format": string(255)},
            {"url": url, "fallback": string(255)},
        ),
    }
)
_MANY = 1000
_SECTION = shape({"elements": items(_INLINE, most=_MANY)})
_LIST = shape(
    {"style": choice("bullet", "ordered"), "elements": items(_SECTION, most=_MANY)},
    {"indent": integer(0, 8), "offset": integer(0, _MANY), "border": integer(0, 1)},
)
_QUOTE = shape({"elements": items(_INLINE, most=_MANY)}, {"border": integer(0, 1)})
_PREFORMATTED = shape(
    {"elements": items(tagged({"text": _WORDS, "link": _LINK}), most=_MANY)},
    {"border": integer(0, 1)},
)
_PART = tagged(
    {
        "rich_text_section": _SECTION,
        "rich_text_list": _LIST,
        "rich_text_quote": _QUOTE,
        "rich_text_preformatted": _PREFORMATTED,
    }
)
RICH_TEXT = shape({"elements": items(_PART, most=_MANY)}, {"block_id": _ID})
