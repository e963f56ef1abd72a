"""Calendar quarters: how people name them, and from when to when they go."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

_YEAR_FIRST = re.compile(r"(?:([0-9]{4})[\s/-]*)?q([1-4])", re.IGNORECASE)
_YEAR_LAST = re.compile(r"q([1-4])[\s/-]*([0-9]{4})", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Quarter:
    """One quarter of one year; later ones are greater."""

    year: int
    number: int  # 1 to 4

    @property
    def typed(self) -> str:
        """How people can type it: 2026-Q3."""
        return f"{self.year:04}-Q{self.number}"

    @property
    def before(self) -> "Quarter":
        """The quarter before this one."""
        return (
            Quarter(self.year - 1, 4) if self.number == 1 else Quarter(self.year, self.number - 1)
        )

    @property
    def after(self) -> "Quarter":
        """The quarter after this one."""
        return (
            Quarter(self.year + 1, 1) if self.number == 4 else Quarter(self.year, self.number + 1)
        )

    @property
    def first_day(self) -> date:
        """The day with which it begins."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last_day(self) -> date:
        """The day with which it ends."""
        return self.after.first_day - timedelta(days=1)

    def begins(self, zone: ZoneInfo) -> datetime:
        """Return the instant at which it begins in this zone, where the one before ends."""
        return datetime.combine(self.first_day, datetime.min.time(), tzinfo=zone)


def quarter_of(moment: datetime, zone: ZoneInfo) -> Quarter:
    """Return the quarter in which an instant falls in this zone."""
    day = moment.astimezone(zone)
    return Quarter(day.year, (day.month + 2) // 3)


def meant(words: str, *, current: Quarter) -> Quarter | None:
    """Return the quarter that somebody typed, None where it cannot be read.

    Nothing means the current one, `last` the one before, and a quarter without a year the latest
    that has begun. The year may stand before or behind.
    """
    said = words.strip()
    if not said:
        return current
    if said.casefold() == "last":
        return current.before
    if found := _YEAR_LAST.fullmatch(said):
        return Quarter(int(found[2]), int(found[1]))
    if found := _YEAR_FIRST.fullmatch(said):
        return (
            Quarter(int(found[1]), int(found[2])) if found[1] else _latest(int(found[2]), current)
        )
    return None


def _latest(number: int, current: Quarter) -> Quarter:
    return Quarter(current.year if number <= current.number else current.year - 1, number)
