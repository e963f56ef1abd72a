"""What the story says: who did what, and when, in the five weeks before now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from bot.playground.organisation import place, someone
from bot.playground.store import Doc

STORY = Path(__file__).parent / "story.yml"
WORKING_DAYS = 25
SATURDAY = 5


@dataclass(frozen=True)
class Moment:
    """One thing that somebody did, and when."""

    at: datetime
    who: str
    where: str
    does: Doc

    @property
    def applause(self) -> list[str]:
        """Who applauded or thanked, by their ids."""
        return ids(self.does.get("applause", ""))


def ids(handles: str) -> list[str]:
    """The ids of people who are named by their handles."""
    return [someone(handle.lstrip("@")).id for handle in handles.split()]


def working_days(today: date) -> list[date]:
    """The working days before today, oldest first."""
    days: list[date] = []
    day = today
    while len(days) < WORKING_DAYS:
        day -= timedelta(days=1)
        if day.weekday() < SATURDAY:
            days.append(day)
    return days[::-1]


def moments(now: datetime) -> list[Moment]:
    """The script, laid into the five weeks before now."""
    days = working_days(now.date())
    written = [_moment(doc, days) for doc in story()["moments"]]
    return sorted(written, key=lambda moment: moment.at)


@cache
def story() -> Doc:
    """What story.yml says."""
    found: Doc = yaml.safe_load(STORY.read_text(encoding="utf-8"))
    return found


def _moment(doc: Doc, days: Sequence[date]) -> Moment:
    person = someone(doc["who"])
    day, hour = doc["when"].split()
    clock = time.fromisoformat(hour)
    at = datetime.combine(days[int(day) - 1], clock, ZoneInfo(person.zone))
    return Moment(at, person.id, place(doc["where"]).id, doc)


def begins(now: datetime) -> datetime:
    """When the script begins, where now is its end."""
    return moments(now)[0].at - timedelta(minutes=5)
