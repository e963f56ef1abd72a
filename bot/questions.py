"""The questions of the weekly pulse, and which of them a round asks.

Three of the nine drivers are asked each week, each by another of its three items the next time, so
every item is asked once in nine weeks. The fixed question about the mission is asked each week,
and once a quarter whether people recommend the place. An organisation's own questions come on top,
each once in nine weeks as well; the first nine have a week to themselves.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.quarters import Quarter
from bot.scales import Scale

PATH = Path(__file__).parent / "questions.toml"
CYCLE = 9  # weeks
TURNS = 3  # weeks until each driver was asked once, and items of each
OWN_STEP = 4  # weeks from one question of their own to the next, so that few are near each other


@dataclass(frozen=True)
class Question:
    """One question in the words that are asked; the driver is empty where it serves none."""

    slug: str
    text: str
    scale: Scale = Scale.AGREEMENT
    driver: str = ""


@dataclass(frozen=True)
class Driver:
    """Something that the pulse asks about, with its questions in the order of their turns."""

    slug: str
    name: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Bank:
    """All questions, the words of the scales from their lowest point on, and what they are not."""

    drivers: tuple[Driver, ...]
    mission: Question
    recommend: Question
    agreement: tuple[str, ...]
    recommend_ends: tuple[str, str]
    skip: str
    label: str


@dataclass(frozen=True)
class Own:
    """A question of the organisation's own; the number, from 1 on, is never given to another."""

    number: int
    question: Question


@cache
def bank() -> Bank:
    """Return the questions of the data file beside this one, wherever the bot was started."""
    document = tomllib.loads(PATH.read_text(encoding="utf-8"))
    low, high = document["recommend_ends"]
    return Bank(
        drivers=tuple(
            Driver(
                each["slug"],
                each["name"],
                tuple(Question(**item, driver=each["slug"]) for item in each["items"]),
            )
            for each in document["drivers"]
        ),
        mission=Question(**document["mission"]),
        recommend=Question(**document["recommend"], scale=Scale.RECOMMEND),
        agreement=tuple(document["agreement"]),
        recommend_ends=(low, high),
        skip=document["skip"],
        label=document["label"],
    )


def of_round(
    number: int, *, quarter: Quarter, before: Quarter | None, own: Sequence[Own] = ()
) -> list[Question]:
    """Return what a round asks everybody, in order.

    Rounds are numbered from 1 on, also where a week was left out. `quarter` is the one in which
    it opens and `before` that of the round before, none for the first: the first round of a
    quarter asks whether people recommend the place. `own` are the questions in use.
    """
    if number < 1:
        raise ValueError("rounds are numbered from 1 on")
    found = bank()
    return [
        *_rotating(found, number - 1),
        *(each.question for each in _in_order(own) if _week_of(each) == (number - 1) % CYCLE),
        found.mission,
        *([found.recommend] if quarter != before else []),
    ]


def _rotating(found: Bank, week: int) -> list[Question]:
    drivers = found.drivers[week % TURNS :: TURNS]
    # Neighbours are at different items, so that a week does not ask first items only.
    return [
        driver.questions[(week // TURNS + place) % TURNS] for place, driver in enumerate(drivers)
    ]


def _in_order(own: Sequence[Own]) -> list[Own]:
    return sorted(own, key=lambda each: each.number)


def _week_of(own: Own) -> int:
    """Return the week of the cycle that stays a question's own, whichever come and go."""
    return own.number * OWN_STEP % CYCLE
