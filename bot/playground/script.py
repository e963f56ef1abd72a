"""What the story says: who did what, and when, in the five weeks before now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from bot.playground import organisation
from bot.playground.organisation import place, someone
from bot.playground.store import Doc

STORY = Path(__file__).parent / "story.yml"
WORKING_DAYS = 25
TUESDAY, SATURDAY = 1, 5
# Of a pulse, from its Tuesday on, in the owner's zone: nobody is asked yet, everybody is,
# and it closes.
BEFORE, ASKED, CLOSED = (-1, time(0)), (0, time(17, 30)), (3, time(16))


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
    return sorted([*written, *_pulses(now, days)], key=lambda moment: moment.at)


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


def _pulses(now: datetime, days: Sequence[date]) -> list[Moment]:
    """Of each week's pulse since the first day: most answer, and it closes."""
    following = (
        days[0] + timedelta(days=each) for each in range(1, (now.date() - days[0]).days + 1)
    )
    tuesdays = [day for day in following if day.weekday() == TUESDAY]
    over = [day for day in tuesdays if _of_pulse(day, CLOSED) < now]
    found = []
    for week, tuesday in enumerate(tuesdays, start=1):
        told = {
            "week": week,
            "since": _of_pulse(tuesday, BEFORE),
            "is_open": tuesday not in over,
            "is_last": over[-1:] == [tuesday],
        }
        for part, when in (("answer", ASKED), ("hear_results", CLOSED)):
            at = _of_pulse(tuesday, when)
            found.append(Moment(at, _owner().id, place(organisation.UPDATES).id, {part: told}))
    return [moment for moment in found if moment.at < now]


def _of_pulse(tuesday: date, when: tuple[int, time]) -> datetime:
    days_later, clock = when
    return datetime.combine(tuesday + timedelta(days_later), clock, ZoneInfo(_owner().zone))


def _owner() -> organisation.Someone:
    return someone(organisation.OWNER)
