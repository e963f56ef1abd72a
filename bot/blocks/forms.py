"""Forms: the inputs that they are made of, and what was filled into them."""

from collections.abc import Sequence
from typing import Any

from bot import pseudonym
from bot.blocks import kit
from bot.errors import UserError

OPTION_LENGTH = 75
# What an input's state says was chosen, by its kind.
_HELD = (
    *("value", "selected_date", "selected_user", "selected_users"),
    *("selected_conversation", "selected_channel"),
)
INPUT_LENGTH = 3000


def option(text: str, value: str) -> kit.Element:
    """One choice of a select."""
    return {"text": kit.plain(text, OPTION_LENGTH), "value": value}


def select(options: Sequence[kit.Element], *, chosen: str | None, example: str) -> kit.Element:
    """One choice of several, in a list; `chosen` is the value of the one chosen already."""
    element: kit.Element = {
        "type": "static_select",
        "options": list(options),
        "placeholder": kit.plain(example, 150),
    }
    return element | _initial(options, chosen)


def radio(options: Sequence[kit.Element], *, chosen: str | None) -> kit.Element:
    """One choice of a few, all in sight."""
    return {"type": "radio_buttons", "options": list(options)} | _initial(options, chosen)


def checkboxes(options: Sequence[kit.Element], *, chosen: Sequence[str]) -> kit.Element:
    """Several choices of a few, all in sight; `chosen` are the values of those chosen already."""
    initial = [each for each in options if each["value"] in chosen]
    element: kit.Element = {"type": "checkboxes", "options": list(options)}
    return element | ({"initial_options": initial} if initial else {})


def _initial(options: Sequence[kit.Element], chosen: str | None) -> kit.Element:
    initial = next((each for each in options if each["value"] == chosen), None)
    return {"initial_option": initial} if initial else {}


def people_input(chosen: Sequence[str], *, most: int) -> kit.Element:
    """Several people."""
    element: kit.Element = {
        "type": "multi_users_select",
        "max_selected_items": most,
        "placeholder": kit.plain("Choose people"),
    }
    here = [one for one in chosen[:most] if not pseudonym.is_one(one)]
    return element | ({"initial_users": here} if here else {})


def text_input(
    initial: str = "", *, multiline: bool = False, example: str = "", longest: int = INPUT_LENGTH
) -> kit.Element:
    """A field to type into; Slack itself takes no more than `longest` characters."""
    element: kit.Element = {
        "type": "plain_text_input",
        "action_id": "value",
        "multiline": multiline,
    }
    if longest < INPUT_LENGTH:
        element["max_length"] = longest
    if initial:
        element["initial_value"] = initial[:longest]
    if example:
        element["placeholder"] = kit.plain(example, 150)
    return element


def field(
    name: str,
    label: str,
    element: kit.Element,
    *,
    hint: str = "",
    optional: bool = False,
    acts: str = "",
    held_as: str = "value",
) -> kit.Block:
    """An input whose `block_id` is the name of the argument that it fills.

    One that `acts` is heard under that `action_id` as soon as it is changed. Where a form is shown
    anew, Slack keeps what stood in an input, unless it is `held_as` something else.
    """
    block = {
        "type": "input",
        "block_id": name,
        "label": kit.plain(label, 2000),
        "element": element | {"action_id": acts or held_as},
        "optional": optional,
    }
    if acts:
        block["dispatch_action"] = True
    return block | ({"hint": kit.plain(hint, 2000)} if hint else {})


def modal(
    callback_id: str,
    title: str,
    blocks: list[kit.Block],
    *,
    submit: str | None = None,
    about: str = "",
) -> kit.View:
    """A form, or where nothing is submitted a thing to read."""
    view: kit.View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": kit.plain(title, 24),
        "close": kit.plain("Cancel" if submit else "Close", 24),
        "blocks": blocks,
    }
    if submit:
        view["submit"] = kit.plain(submit, 24)
    return view | ({"private_metadata": about} if about else {})


def another_version() -> UserError:
    """What is said of a button or a form that says something else than ours do."""
    return UserError(
        "This was made by another version of Truenorth, so nothing was changed. "
        "Please close it and open it again."
    )


class Parts(dict[str, Any]):
    """What a form has, by name; raises UserError for what is in each of ours, but not in this."""

    def __missing__(self, name: str) -> Any:
        """Take it for another version's."""
        raise another_version()


class Filled(dict[str, "str | list[str] | None"]):
    """What was filled in, by the inputs' names; what is not there was left open.

    Raises UserError where something else was filled in than one of our forms asks for.
    """

    def text(self, name: str) -> str:
        """Return what was typed there, or the one thing that was chosen; nothing where it is."""
        held = self.get(name) or ""
        if not isinstance(held, str):
            raise another_version()
        return held

    def many(self, name: str) -> list[str]:
        """Return all that was chosen there."""
        held = self.get(name) or []
        if not isinstance(held, list):
            raise another_version()
        return held


def inputs(view: kit.View) -> Parts:
    """Return the form's inputs by their names, in their order."""
    return Parts({block["block_id"]: block for block in view["blocks"] if "element" in block})


def filled(view: kit.View) -> Filled:
    """Return what was filled in."""
    values = Filled()
    stands = (view.get("state") or {}).get("values") or {}  # Slack was seen to send a list as well
    for name, by_action in stands.items():
        for state in by_action.values():
            values[name] = _value_of(state)
    return values


def _value_of(state: dict[str, Any]) -> Any:
    if (selected := state.get("selected_option")) is not None:
        return selected["value"]
    if (several := state.get("selected_options")) is not None:
        return [each["value"] for each in several]
    return next((state[key] for key in _HELD if key in state), None)
