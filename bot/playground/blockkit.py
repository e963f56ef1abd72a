"""Refuses blocks and views that Slack would refuse, and kinds that the app does not use."""

from collections import Counter
from typing import Any

from bot.playground.elements import INPUTS, PRESSED
from bot.playground.richtext import RICH_TEXT
from bot.playground.shapes import (
    Check,
    Problems,
    flag,
    items,
    say,
    shape,
    string,
    tagged,
    text,
    url,
)

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100

_NAME: dict[str, Check] = {"block_id": string(255)}
_ANY_TEXT = ("plain_text", "mrkdwn")
_PICTURE = shape({"image_url": url, "alt_text": string(2000)})


def _text_or_fields(block: Any, at: str, problems: Problems) -> None:
    if "text" not in block and "fields" not in block:
        say(problems, at, "missing required field: text or fields")


def _distinct_actions(block: Any, at: str, problems: Problems) -> None:
    names = [each["action_id"] for each in block["elements"] if "action_id" in each]
    for name, count in Counter(names).items():
        if count > 1:
            say(problems, f"{at}/elements", f"action_id {name} already exists in this block")


BLOCKS: dict[str, Check] = {
    "section": shape(
        {},
        {
            **_NAME,
            "text": text(3000, *_ANY_TEXT),
            "fields": items(text(2000, *_ANY_TEXT), most=10),
            "accessory": PRESSED,
            "expand": flag,
        },
        _text_or_fields,
    ),
    "header": shape({"text": text(150)}, _NAME),
    "divider": shape({}, _NAME),
    "context": shape(
        {
            "elements": items(
                tagged(
                    {
                        "plain_text": text(3000),
                        "mrkdwn": text(3000, "mrkdwn"),
                        "image": _PICTURE,
                    }
                ),
                most=10,
            )
        },
        _NAME,
    ),
    "actions": shape({"elements": items(PRESSED, most=25)}, _NAME, _distinct_actions),
    "rich_text": RICH_TEXT,
    "image": shape({"image_url": url, "alt_text": string(2000)}, {**_NAME, "title": text(2000)}),
}
INPUT = shape(
    {"label": text(2000), "element": INPUTS},
    {**_NAME, "hint": text(2000), "optional": flag, "dispatch_action": flag},
)


def _distinct_blocks(blocks: Any, at: str, problems: Problems) -> None:
    names = [each["block_id"] for each in blocks if "block_id" in each]
    for name, count in Counter(names).items():
        if count > 1:
            say(problems, at, f"block_id {name} already exists")


def _one_focus(view: Any, at: str, problems: Problems) -> None:
    focused = [b for b in view["blocks"] if b.get("element", {}).get("focus_on_load")]
    if len(focused) > 1:
        say(problems, f"{at}/blocks", "only one element may have focus_on_load")


def _submit_for_inputs(view: Any, at: str, problems: Problems) -> None:
    if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        say(problems, at, "missing required field: submit, as there are inputs")


def _distinct_in_view(view: Any, at: str, problems: Problems) -> None:
    _distinct_blocks(view["blocks"], f"{at}/blocks", problems)


_VIEW_BLOCKS = items(tagged({**BLOCKS, "input": INPUT}), most=VIEW_BLOCKS)
_HIDDEN: dict[str, Check] = {
    "private_metadata": string(3000, least=0),
    "callback_id": string(255),
    "external_id": string(255, least=0),
}
VIEW = tagged(
    {
        "modal": shape(
            {"title": text(24), "blocks": _VIEW_BLOCKS},
            {
                **_HIDDEN,
                "submit": text(24),
                "close": text(24),
                "clear_on_close": flag,
                "notify_on_close": flag,
            },
            _distinct_in_view,
            _submit_for_inputs,
            _one_focus,
        ),
        "home": shape({"blocks": _VIEW_BLOCKS}, _HIDDEN, _distinct_in_view, _one_focus),
    }
)


def message_problems(blocks: object) -> Problems:
    """What is wrong with a message's blocks, in Slack's words; empty when nothing is."""
    problems: Problems = []
    items(tagged(BLOCKS), most=MESSAGE_BLOCKS)(blocks, "/blocks", problems)
    if not problems:
        _distinct_blocks(blocks, "/blocks", problems)
    return problems


def view_problems(view: object) -> Problems:
    """What is wrong with a view, in Slack's words; empty when nothing is."""
    problems: Problems = []
    VIEW(view, "/view", problems)
    return problems
