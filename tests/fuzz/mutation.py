"""Takes what Slack sends and makes something else of it, in any place and of any kind."""

import copy
import random
from collections.abc import Sequence
from typing import Any

from tests.support import Doc

LARGE = "9" * 5000  # digits, more than Python makes a number of
JUNK: list[Any] = [
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 2**80, 0.5, 1e308, [], {}, [[]], {"": {}}),
    *("", " ", "\n", "x", "-1", "0x1", "1e3", "1:2:3:4", ":", "null", "{}", "[]", LARGE),
    *("\x00", "\ud800", "\u202e", "\u0663", "😀" * 40, "w" * 4000, "a" * 100_000),
    *("<!channel>", "<@U0ANA>", "<#C0KUDOS|x>", "&lt;", "@ana #care", "T0OTHER", "U0NOBODY"),
    *("2026-13-45", "../../etc", "' OR 1=1 --", "%s%n", "=1+1", "__class__"),
    *(["x"], ["U0ANA"] * 300, [None], {"value": None}, {"id": 1}, {"type": "modal"}),
]
Path = tuple[str | int, ...]


def places(doc: Any, at: Path = ()) -> list[Path]:
    """Every place in it but the whole."""
    if not isinstance(doc, dict | list):
        return []
    found: list[Path] = []
    for key, value in doc.items() if isinstance(doc, dict) else enumerate(doc):
        found += [(*at, key), *places(value, (*at, key))]
    return found


def held(doc: Any, path: Path) -> Any:
    """What it holds there."""
    for key in path:
        doc = doc[key]
    return doc


class Mutator:
    """Makes one of what it was given into something else, as the dice fall."""

    def __init__(self, whole: Sequence[Doc], dice: random.Random) -> None:
        self._whole, self.dice = whole, dice

    def next(self, *, sparing: Sequence[str] = ()) -> Doc:
        """The next, changed in up to five places; what is `sparing` at its top stays as it is."""
        doc = copy.deepcopy(self.dice.choice(self._whole))
        for _ in range(self.dice.choice((0, 1, 1, 1, 2, 2, 3, 5))):
            there = [path for path in places(doc["payload"]) if path[0] not in sparing]
            if there:
                self._change(doc["payload"], self.dice.choice(there))
        return doc

    def _change(self, doc: Doc, path: Path) -> None:
        around, key = held(doc, path[:-1]), path[-1]
        change = self.dice.choice(
            (self._junk, self._junk, self._near, self._near, self._of_another)
        )
        if self.dice.random() < 0.2:
            del around[key]
        else:
            around[key] = change(around[key])

    def _junk(self, _: Any) -> Any:
        return copy.deepcopy(self.dice.choice(JUNK))

    def _near(self, value: Any) -> Any:
        """Something of the same kind."""
        if isinstance(value, str):
            cut = self.dice.randrange(len(value) + 1)
            more = self.dice.choice(("", "0", "1", ":", " ", "#", "@", "\n", value, "é", "-"))
            return value[:cut] + more + value[cut + self.dice.randrange(2) :]
        if isinstance(value, list):
            return value * self.dice.choice((2, 3, 50)) if len(value) < 50 else value[:1]
        if isinstance(value, dict):
            return {**value, self.dice.choice(("x", "value", "type", "id", "")): self._junk(None)}
        return -value if isinstance(value, int | float) else self._junk(value)

    def _of_another(self, _: Any) -> Any:
        """What another one holds in some place."""
        other = self.dice.choice(self._whole)["payload"]
        return copy.deepcopy(held(other, self.dice.choice(places(other))))
