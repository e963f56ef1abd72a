"""The shapes of interactive elements and of what they are made of."""

from typing import Any

from bot.playground.shapes import (
    Check,
    Problems,
    choice,
    day,
    flag,
    integer,
    items,
    say,
    shape,
    string,
    tagged,
    text,
    url,
)

ID = string(255)
ACTION: dict[str, Check] = {"action_id": ID}
CONFIRM = shape(
    {"title": text(100), "text": text(300, "plain_text", "mrkdwn")},
    {"confirm": text(30), "deny": text(30), "style": choice("primary", "danger")},
)
PLAIN_OPTION = shape({"text": text(75), "value": string(150)}, {"description": text(75)})
RICH_OPTION = shape(
    {"text": text(75, "plain_text", "mrkdwn"), "value": string(150)},
    {"description": text(75, "plain_text", "mrkdwn")},
)
MENU_OPTION = shape({"text": text(75), "value": string(150)}, {"description": text(75), "url": url})
_SELECT: dict[str, Check] = {
    **ACTION,
    "placeholder": text(150),
    "confirm": CONFIRM,
    "focus_on_load": flag,
}


def _offered(value: dict[str, Any]) -> list[Any]:
    grouped = [each for group in value.get("option_groups", []) for each in group["options"]]
    return list(value.get("options", [])) + grouped


def _one_source(value: dict[str, Any], at: str, problems: Problems) -> None:
    if ("options" in value) == ("option_groups" in value):
        say(problems, at, "must have either options or option_groups")


def _distinct(value: dict[str, Any], at: str, problems: Problems) -> None:
    values = [each["value"] for each in _offered(value)]
    if len(set(values)) < len(values):
        say(problems, f"{at}/options", "values of options must be unique")


def _initial_offered(value: dict[str, Any], at: str, problems: Problems) -> None:
    if "initial_option" in value and value["initial_option"] not in _offered(value):
        say(problems, f"{at}/initial_option", "must exactly match one of the provided options")
    for index, each in enumerate(value.get("initial_options", [])):
        if each not in _offered(value):
            place = f"{at}/initial_options/{index}"
            say(problems, place, "must exactly match one of the provided options")


def _not_more_than_allowed(value: dict[str, Any], at: str, problems: Problems) -> None:
    if len(value.get("initial_users", [])) > value.get("max_selected_items", 100):
        say(problems, f"{at}/initial_users", "more than max_selected_items")


def _lengths(value: dict[str, Any], at: str, problems: Problems) -> None:
    if value.get("min_length", 0) > value.get("max_length", 3000):
        say(problems, f"{at}/min_length", "must not be more than max_length")
    if len(value.get("initial_value", "")) > value.get("max_length", 3000):
        say(problems, f"{at}/initial_value", "must not be longer than max_length")


_GROUP = shape({"label": text(75), "options": items(PLAIN_OPTION, most=100)})
BUTTON = shape(
    {"text": text(75)},
    {
        **ACTION,
        "url": url,
        "value": string(2000),
        "style": choice("primary", "danger"),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
)
OVERFLOW = shape({"options": items(MENU_OPTION, most=5)}, {**ACTION, "confirm": CONFIRM}, _distinct)
STATIC_SELECT = shape(
    {},
    {
        **_SELECT,
        "options": items(PLAIN_OPTION, most=100),
        "option_groups": items(_GROUP, most=100),
        "initial_option": PLAIN_OPTION,
    },
    _one_source,
    _distinct,
    _initial_offered,
)
RADIO_BUTTONS = shape(
    {"options": items(RICH_OPTION, most=10)},
    {**ACTION, "initial_option": RICH_OPTION, "confirm": CONFIRM, "focus_on_load": flag},
    _distinct,
    _initial_offered,
)
CHECKBOXES = shape(
    {"options": items(RICH_OPTION, most=10)},
    {
        **ACTION,
        "initial_options": items(RICH_OPTION, most=10),
        "confirm": CONFIRM,
        "focus_on_load": flag,
    },
    _distinct,
    _initial_offered,
)
PLAIN_TEXT_INPUT = shape(
    {},
    {
        **ACTION,
        "initial_value": string(3000, least=0),
        "multiline": flag,
        "min_length": integer(0, 3000),
        "max_length": integer(1, 3000),
        "placeholder": text(150),
        "focus_on_load": flag,
        "dispatch_action_config": shape(
            {},
            {
                "trigger_actions_on": items(
                    choice("on_enter_pressed", "on_character_entered"), most=2
                )
            },
        ),
    },
    _lengths,
)
DATEPICKER = shape({}, {**_SELECT, "initial_date": day})
USERS_SELECT = shape({}, {**_SELECT, "initial_user": ID})
MULTI_USERS_SELECT = shape(
    {},
    {
        **_SELECT,
        "initial_users": items(ID, most=100, least=0),
        "max_selected_items": integer(1, 100),
    },
    _not_more_than_allowed,
)
_FILTER = shape(
    {},
    {
        "include": items(choice("im", "mpim", "private", "public"), most=4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)
CONVERSATIONS_SELECT = shape(
    {},
    {
        **_SELECT,
        "initial_conversation": ID,
        "filter": _FILTER,
    },
)
CHANNELS_SELECT = shape({}, {**_SELECT, "initial_channel": ID})

PRESSED = tagged({"button": BUTTON, "overflow": OVERFLOW, "static_select": STATIC_SELECT})
INPUTS = tagged(
    {
        "plain_text_input": PLAIN_TEXT_INPUT,
        "static_select": STATIC_SELECT,
        "multi_users_select": MULTI_USERS_SELECT,
        "users_select": USERS_SELECT,
        "datepicker": DATEPICKER,
        "conversations_select": CONVERSATIONS_SELECT,
        "channels_select": CHANNELS_SELECT,
        "radio_buttons": RADIO_BUTTONS,
        "checkboxes": CHECKBOXES,
    }
)
