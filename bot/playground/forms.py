"""The inputs of a view: their names, their state, and what Slack checks before it submits."""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from bot.playground.shapes import is_day
from bot.playground.store import Doc

State = dict[str, dict[str, Doc]]

# For each element that holds a value: the key of its value in view.state, and its initial value.
_HOLDS = {
    "plain_text_input": ("value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "datepicker": ("selected_date", "initial_date"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_users_select": ("selected_users", "initial_users"),
}
_MANY = ("checkboxes", "multi_users_select")
ENTER, CHARACTER = "on_enter_pressed", "on_character_entered"
REQUIRED = "Please complete this required field."


def named(blocks: list[Doc]) -> list[Doc]:
    """The blocks with the block_id and action_id that Slack makes up, anew each time."""
    return [_named_block(block, secrets.token_hex(3)) for block in blocks]


def _named_block(block: Doc, name: str) -> Doc:
    result = {**block, "block_id": block.get("block_id") or name}
    if "elements" in block and block["type"] == "actions":
        made = [{"action_id": f"{name}-{i}", **item} for i, item in enumerate(block["elements"])]
        result["elements"] = made
    for key in ("element", "accessory"):
        if key in block and block[key].get("type") != "image":
            result[key] = {"action_id": f"{name}-0", **block[key]}
    return result


def elements(blocks: list[Doc]) -> Iterator[tuple[Doc, Doc]]:
    """Every interactive element with the block it stands in."""
    for block in blocks:
        if block["type"] == "actions":
            yield from ((block, element) for element in block["elements"])
        for key in ("element", "accessory"):
            if "action_id" in block.get(key, {}):
                yield block, block[key]


def holds(element: Doc) -> bool:
    """Whether a form remembers what was chosen here."""
    return element["type"] in _HOLDS


def acts(block: Doc, element: Doc) -> bool:
    """Whether the app hears of this at once: what is pressed always, an input where it asks so.

    Enter in a text of several lines begins a line, so that only its characters can act.
    """
    if block["type"] != "input":
        return True
    if not block.get("dispatch_action"):
        return False
    asked = element.get("dispatch_action_config", {}).get("trigger_actions_on", [ENTER])
    if element["type"] != "plain_text_input":
        return True
    return CHARACTER in asked or not element.get("multiline")


def kept(view: Doc, values: Mapping[str, Mapping[str, Doc]]) -> State:
    """What of these states stays in a view: the same names, the same type, and still offered."""
    found: State = {}
    for block, element in elements(view["blocks"]):
        held = values.get(block["block_id"], {}).get(element["action_id"])
        if held and held["type"] == element["type"] and _still_offered(element, held):
            found.setdefault(block["block_id"], {})[element["action_id"]] = held
    return found


def _still_offered(element: Doc, held: Doc) -> bool:
    chosen = [held.get("selected_option"), *held.get("selected_options", [])]
    return all(each in offered(element) for each in chosen if each is not None)


def state(view: Doc, values: Mapping[str, Mapping[str, Doc]]) -> State:
    """view.state.values: what was filled in, else what the element starts with."""
    result: State = {}
    for block, element in elements(view["blocks"]):
        if element["type"] in _HOLDS:
            known = values.get(block["block_id"], {}).get(element["action_id"])
            result.setdefault(block["block_id"], {})[element["action_id"]] = known or _initial(
                element
            )
    return result


def _initial(element: Doc) -> Doc:
    key, start = _HOLDS[element["type"]]
    empty: Any = [] if element["type"] in _MANY else None
    return {"type": element["type"], key: element.get(start, empty)}


def filled(element: Doc, value: Any) -> Doc:
    """The state of an element once a person gave it this plain value.

    Raises LookupError for an option that is not offered, and for what is no day.
    """
    key, _ = _HOLDS[element["type"]]
    return {"type": element["type"], key: _as_state(element, value)}


def _as_state(element: Doc, value: Any) -> Any:
    match element["type"]:
        case "checkboxes":
            return [option(element, each) for each in value or []]
        case "static_select" | "radio_buttons":
            return None if value in (None, "") else option(element, value)
        case "multi_users_select":
            return list(value or [])
        case "datepicker" if value and not is_day(value):
            raise LookupError(f"{element['action_id']} has no day {value!r}")
        case "plain_text_input":
            return None if value in (None, "") else str(value)
    return value or None


def offered(element: Doc) -> list[Doc]:
    """The options of an element, of all its groups."""
    grouped = [each for group in element.get("option_groups", []) for each in group["options"]]
    return list(element.get("options", [])) + grouped


def option(element: Doc, value: str) -> Doc:
    """The offered option with this value; raises LookupError."""
    for each in offered(element):
        if each["value"] == value:
            return dict(each)
    raise LookupError(f"{element['action_id']} does not offer {value!r}")


def fill(view: Doc, values: Mapping[str, Any]) -> State:
    """The states for plain values given by block_id; raises LookupError for an unknown block."""
    found: State = {}
    for block, element in elements(view["blocks"]):
        if block["block_id"] in values and element["type"] in _HOLDS:
            chosen = filled(element, values[block["block_id"]])
            found.setdefault(block["block_id"], {})[element["action_id"]] = chosen
    if missing := set(values) - set(found):
        raise LookupError(f"the form has no input {', '.join(sorted(missing))}")
    return found


def complaints(view: Doc, values: State) -> dict[str, str]:
    """What Slack itself says about a form before it sends anything, by block_id."""
    found = {}
    for block in view["blocks"]:
        if block["type"] == "input":
            element = block["element"]
            held = values[block["block_id"]][element["action_id"]][_HOLDS[element["type"]][0]]
            words = _complaint(element, held, optional=block.get("optional", False))
            if words:
                found[block["block_id"]] = words
    return found


def _complaint(element: Doc, held: Any, *, optional: bool) -> str | None:
    if not held:
        return None if optional else REQUIRED
    if element["type"] == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if len(held) < least:
            return f"Please enter at least {least} characters."
        if len(held) > most:
            return f"Please enter at most {most} characters."
    most = element.get("max_selected_items")
    if most is not None and element["type"] in _MANY and len(held) > most:
        return f"Please choose at most {most}."
    return None
