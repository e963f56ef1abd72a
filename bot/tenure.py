"""Which values held in a period of time, and how they are called."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.charter import Charter, CharterValue


@dataclass(frozen=True)
class Tenure:
    """A value and the period: in the words in force, or if it is retired in its last ones."""

    value: CharterValue
    held: bool  # at some time of the period
    was_reworded: bool  # in it: its name, or what it means
    is_retired: bool  # by now


def tenures(charters: Sequence[Charter], *, begins: datetime, ends: datetime) -> list[Tenure]:
    """Return every value there ever was, in the charter's order, the retired ones behind.

    `charters` are all of them, the latest first.
    """
    wordings = _wordings(_in_between(charters, begins=begins, ends=ends))
    latest: dict[str, CharterValue] = {}
    for value in (value for charter in charters for value in charter.values):
        latest.setdefault(value.slug, value)
    return [
        Tenure(
            value,
            held=slug in wordings,
            was_reworded=len(wordings.get(slug, ())) > 1,
            is_retired=charters[0].value(slug) is None,
        )
        for slug, value in latest.items()
    ]


def _in_between(
    charters: Sequence[Charter], *, begins: datetime, ends: datetime
) -> Sequence[Charter]:
    begun = [charter for charter in charters if charter.version.created_at < ends]
    new = [charter for charter in begun if charter.version.created_at >= begins]
    return begun[: len(new) + 1]  # one more: what held when the period began


def _wordings(charters: Sequence[Charter]) -> dict[str, set[tuple[str, str]]]:
    wordings: dict[str, set[tuple[str, str]]] = {}
    for value in (value for charter in charters for value in charter.values):
        wordings.setdefault(value.slug, set()).add((value.name, value.meaning))
    return wordings
