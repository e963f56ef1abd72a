"""Small checkers from which the shapes of Block Kit are built."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

Problems = list[str]
Check = Callable[[Any, str, Problems], None]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def say(problems: Problems, at: str, words: str) -> None:
    """Note a problem in Slack's words and with its place."""
    problems.append(f"[ERROR] {words} [json-pointer:{at}]")


def string(most: int, *, least: int = 1) -> Check:
    """A string of so many characters."""

    def check(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, str):
            say(problems, at, "must be a string")
        elif len(value) > most:
            say(problems, at, f"must be less than {most + 1} characters")
        elif len(value) < least:
            say(problems, at, f"must be more than {least - 1} characters")

    return check


def url(value: Any, at: str, problems: Problems) -> None:
    """An address of at most 3000 characters."""
    string(3000)(value, at, problems)
    if isinstance(value, str) and not value.startswith(("http://", "https://")):
        say(problems, at, "must be a valid URL")


def flag(value: Any, at: str, problems: Problems) -> None:
    """True or false."""
    if not isinstance(value, bool):
        say(problems, at, "must be a boolean")


def is_day(value: object) -> bool:
    """Whether this is a day as Slack writes it, like 2026-01-31."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        return bool(date.fromisoformat(value))
    except ValueError:
        return False


def day(value: Any, at: str, problems: Problems) -> None:
    """A day of the calendar."""
    if not is_day(value):
        say(problems, at, "must be a valid date in the format YYYY-MM-DD")


def integer(least: int, most: int) -> Check:
    """A whole number within bounds."""

    def check(value: Any, at: str, problems: Problems) -> None:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            say(problems, at, f"must be an integer from {least} to {most}")

    return check


def choice(*words: str) -> Check:
    """One of these words."""

    def check(value: Any, at: str, problems: Problems) -> None:
        if value not in words:
            say(problems, at, f"must be one of {', '.join(words)}")

    return check


def items(each: Check, *, most: int, least: int = 1) -> Check:
    """A list of so many items, each of one shape."""

    def check(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, list):
            say(problems, at, "must be an array")
            return
        if len(value) > most:
            say(problems, at, f"no more than {most} items allowed")
        if len(value) < least:
            say(problems, at, f"no fewer than {least} items allowed")
        for index, item in enumerate(value):
            each(item, f"{at}/{index}", problems)

    return check


def shape(
    required: dict[str, Check], optional: dict[str, Check] | None = None, *also: Check
) -> Check:
    """An object with these keys and no other; `also` looks at it as a whole if they are right."""
    known = {"type": _anything, **required, **(optional or {})}

    def check(value: Any, at: str, problems: Problems) -> None:
        if not isinstance(value, dict):
            say(problems, at, "must be an object")
            return
        before = len(problems)
        for key in required.keys() - value.keys():
            say(problems, at, f"missing required field: {key}")
        for key, item in value.items():
            known.get(key, _unknown)(item, f"{at}/{key}", problems)
        if len(problems) == before:
            for whole in also:
                whole(value, at, problems)

    return check


def tagged(table: dict[str, Check]) -> Check:
    """An object whose `type` says which shape it has."""

    def check(value: Any, at: str, problems: Problems) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in table:
            say(problems, f"{at}/type", f"unsupported type: {kind}")
            return
        table[kind](value, at, problems)

    return check


def text(most: int, *kinds: str) -> Check:
    """A text object; plain_text unless other kinds are named."""
    words = {"text": string(most)}
    known = {
        "plain_text": shape(words, {"emoji": flag}),
        "mrkdwn": shape(words, {"verbatim": flag}),
    }
    return tagged({kind: known[kind] for kind in kinds or ("plain_text",)})


def _anything(value: Any, at: str, problems: Problems) -> None:
    return


def _unknown(value: Any, at: str, problems: Problems) -> None:
    say(problems, at, "unknown field")
