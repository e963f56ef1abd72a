import copy
from typing import Any

import pytest

from bot.playground.blockkit import message_problems, view_problems

from .app import button, option, pressable, view

PLAIN = {"type": "plain_text", "text": "Hi"}
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "Hi"}}


def plain(length: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": "x" * length}


def actions(*elements: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def select(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "options": [option("a"), option("b")], **more}


def field(element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "label": PLAIN, "element": element, **more}


def modal(*blocks: Any, **more: Any) -> dict[str, Any]:
    base = {"type": "modal", "title": PLAIN, "submit": PLAIN}
    return {**base, "blocks": list(blocks) or [SECTION], **more}


def rich(*elements: Any) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def line(*elements: Any) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


WORDS = {"type": "text", "text": "hi", "style": {"bold": True, "code": True}}
PICTURE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A"}
CONFIRM = {"title": PLAIN, "text": mrkdwn(300), "confirm": PLAIN, "deny": PLAIN}

GOOD_BLOCKS: list[dict[str, Any]] = [
    {"type": "section", "text": mrkdwn(3000)},
    {"type": "section", "fields": [mrkdwn(2000)] * 10},
    {"type": "section", "text": PLAIN, "accessory": button()},
    {"type": "section", "text": PLAIN, "accessory": select(initial_option=option("b"))},
    {"type": "header", "text": plain(150)},
    {"type": "divider"},
    {"type": "context", "elements": [PLAIN, mrkdwn(5), PICTURE]},
    actions(*(button(f"press{number}") for number in range(25))),
    actions({**button(), "style": "primary", "url": "https://example.com", "confirm": CONFIRM}),
    rich(line(WORDS, {"type": "user", "user_id": "U1"}, {"type": "emoji", "name": "star"})),
    rich({"type": "rich_text_list", "style": "bullet", "elements": [line(WORDS)], "indent": 1}),
    rich({"type": "rich_text_quote", "elements": [WORDS]}),
    rich({"type": "rich_text_preformatted", "elements": [WORDS]}),
    rich(
        line({"type": "link", "url": "https://example.com"}, {"type": "broadcast", "range": "here"})
    ),
    rich(line({"type": "date", "timestamp": 1, "format": "{date}", "fallback": "then"})),
    {**PICTURE, "title": PLAIN},
]

BAD_BLOCKS: dict[str, dict[str, Any]] = {
    "unknown block": {"type": "marquee"},
    "a block that is no object": "section",  # type: ignore[dict-item]
    "a type that is no word": {"type": ["section"]},
    "unknown field": {**SECTION, "colour": "red"},
    "empty section": {"type": "section"},
    "empty text": {"type": "section", "text": plain(0)},
    "text of a number": {"type": "section", "text": {"type": "mrkdwn", "text": 5}},
    "long section": {"type": "section", "text": mrkdwn(3001)},
    "long field": {"type": "section", "fields": [mrkdwn(2001)]},
    "eleven fields": {"type": "section", "fields": [mrkdwn(1)] * 11},
    "long header": {"type": "header", "text": plain(151)},
    "mrkdwn header": {"type": "header", "text": mrkdwn(1)},
    "long block_id": {"type": "divider", "block_id": "x" * 256},
    "eleven in context": {"type": "context", "elements": [PLAIN] * 11},
    "button in context": {"type": "context", "elements": [button()]},
    "no actions": actions(),
    "26 actions": actions(*(button(f"press{number}") for number in range(26))),
    "same action_id": actions(button("same"), button("same")),
    "input inside actions": actions({"type": "plain_text_input", "action_id": "a"}),
    "long button": actions({**button(), "text": plain(76)}),
    "mrkdwn button": actions({**button(), "text": mrkdwn(5)}),
    "long button value": actions({**button(), "value": "x" * 2001}),
    "odd style": actions({**button(), "style": "loud"}),
    "long confirm": actions({**button(), "confirm": {**CONFIRM, "text": mrkdwn(301)}}),
    "long action_id": actions(button("x" * 256)),
    "no address": actions({**button(), "url": "example"}),
    "no options": actions({"type": "static_select", "action_id": "a"}),
    "empty options": actions({"type": "static_select", "options": []}),
    "101 options": actions(select(options=[option(str(number)) for number in range(101)])),
    "long option": actions(select(options=[{"text": plain(76), "value": "a"}])),
    "long option value": actions(select(options=[{"text": PLAIN, "value": "x" * 151}])),
    "two options alike": actions(select(options=[option("a"), option("a")])),
    "initial option not offered": actions(select(initial_option=option("c"))),
    "long placeholder": actions(select(placeholder=plain(151))),
    "six in overflow": actions(
        {"type": "overflow", "options": [option(str(number)) for number in range(6)]}
    ),
    "input in a message": field({"type": "plain_text_input"}),
    "unknown rich text": rich({"type": "rich_text_song", "elements": []}),
    "empty rich text": rich(line({"type": "text", "text": ""})),
    "odd rich style": rich(line({"type": "text", "text": "x", "style": {"loud": True}})),
    "mrkdwn in rich text": rich(line(mrkdwn(3))),
    "picture without words": {"type": "image", "image_url": "https://example.com/a.png"},
}

GOOD_VIEWS: list[dict[str, Any]] = [
    view(),
    modal(title=plain(24), close=plain(24), private_metadata="x" * 3000, external_id="one"),
    modal(*[{"type": "divider"}] * 100),
    modal(field({"type": "radio_buttons", "options": [option("a")]})),
    modal(field({"type": "checkboxes", "options": [option(str(n)) for n in range(10)]})),
    modal(field({"type": "conversations_select", "filter": {"include": ["public"]}})),
    modal(field({"type": "channels_select", "initial_channel": "C1"})),
    modal(field({"type": "users_select"}, optional=True, hint=PLAIN, dispatch_action=True)),
    modal(field({"type": "datepicker", "initial_date": "2026-02-28", "placeholder": PLAIN})),
    {"type": "home", "blocks": [SECTION, *pressable()]},
]

BAD_VIEWS: dict[str, Any] = {
    "no view": None,
    "a workflow step": {"type": "workflow_step", "blocks": [SECTION]},
    "long title": modal(title=plain(25)),
    "mrkdwn title": modal(title=mrkdwn(5)),
    "long submit": modal(submit=plain(25)),
    "long close": modal(close=plain(25)),
    "long metadata": modal(private_metadata="x" * 3001),
    "long callback_id": modal(callback_id="x" * 256),
    "101 blocks": modal(*[{"type": "divider"}] * 101),
    "input without submit": {
        "type": "modal",
        "title": PLAIN,
        "blocks": [field({"type": "users_select"})],
    },
    "same block_id": modal({**SECTION, "block_id": "a"}, {**SECTION, "block_id": "a"}),
    "button as input": modal(field(button())),
    "eleven checkboxes": modal(
        field({"type": "checkboxes", "options": [option(str(n)) for n in range(11)]})
    ),
    "initial options not offered": modal(
        field({"type": "checkboxes", "options": [option("a")], "initial_options": [option("b")]})
    ),
    "more initial users than allowed": modal(
        field(
            {
                "type": "multi_users_select",
                "initial_users": ["U1", "U2"],
                "max_selected_items": 1,
            }
        )
    ),
    "long initial value": modal(field({"type": "plain_text_input", "initial_value": "x" * 3001})),
    "initial value above max_length": modal(
        field({"type": "plain_text_input", "initial_value": "abc", "max_length": 2})
    ),
    "min above max": modal(field({"type": "plain_text_input", "min_length": 5, "max_length": 2})),
    "max_length above 3000": modal(field({"type": "plain_text_input", "max_length": 3001})),
    "a day that is none": modal(field({"type": "datepicker", "initial_date": "2026-02-30"})),
    "a day written otherwise": modal(field({"type": "datepicker", "initial_date": "20260228"})),
    "a day as a number": modal(field({"type": "datepicker", "initial_date": 20260228})),
    "a day with options": modal(field({"type": "datepicker", "options": [option("a")]})),
    "two with focus": modal(
        field({"type": "users_select", "focus_on_load": True}),
        field({"type": "users_select", "focus_on_load": True}),
    ),
    "a home with a title": {"type": "home", "title": PLAIN, "blocks": [SECTION]},
}


@pytest.mark.parametrize("block", GOOD_BLOCKS, ids=lambda block: str(block["type"]))
def test_a_block_that_slack_takes_is_taken(block: dict[str, Any]) -> None:
    assert message_problems([block]) == []


@pytest.mark.parametrize("name", BAD_BLOCKS)
def test_a_block_that_slack_refuses_is_refused(name: str) -> None:
    assert message_problems([BAD_BLOCKS[name]])


@pytest.mark.parametrize("shown", GOOD_VIEWS, ids=lambda shown: str(shown["type"]))
def test_a_view_that_slack_takes_is_taken(shown: dict[str, Any]) -> None:
    assert view_problems(shown) == []


@pytest.mark.parametrize("name", BAD_VIEWS)
def test_a_view_that_slack_refuses_is_refused(name: str) -> None:
    assert view_problems(BAD_VIEWS[name])


def test_a_message_holds_fifty_blocks_and_no_more() -> None:
    assert message_problems([{"type": "divider"}] * 50) == []
    assert message_problems([{"type": "divider"}] * 51)


def test_two_blocks_of_a_message_cannot_share_their_id() -> None:
    assert message_problems([{**SECTION, "block_id": "a"}, {**SECTION, "block_id": "a"}])


def test_blocks_must_be_a_list() -> None:
    assert message_problems({"type": "divider"})


def test_a_refusal_names_the_place() -> None:
    blocks = copy.deepcopy([SECTION, actions({**button(), "text": plain(76)})])
    assert message_problems(blocks) == [
        "[ERROR] must be less than 76 characters [json-pointer:/blocks/1/elements/0/text/text]"
    ]
