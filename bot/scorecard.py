"""Scorecards: items held against the values of one charter version, from 0 to 5, by people.

What is scored, a decision's options say, is named by its cause; the items by their positions.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import mean, stdev

from sqlalchemy import JSON, Column, Index, UniqueConstraint, bindparam, delete
from sqlmodel import Field, Session, col, select

from bot.errors import UserError
from bot.rows import ask, write_over
from bot.tenancy import TeamRow

POINTS = range(6)

Cell = tuple[int, int]  # an item's position and a value's id
Points = Mapping[Cell, int]  # what one person gave; what they left open is not there


class Scoring(TeamRow, table=True):
    """What one person gave on one card: everything at once, so each person counts once."""

    __tablename__ = "scoring"
    __table_args__ = (
        UniqueConstraint("team_id", "card", "person"),
        Index("ix_scoring_person", "team_id", "person", "card"),
    )

    card: str = Field(max_length=64)
    person: str = Field(max_length=32)
    points: dict[str, int] = Field(sa_column=Column(JSON, nullable=False))


@dataclass(frozen=True)
class Figure:
    """The mean of what people gave, 0 to 5, how many they are, and how far they disagree.

    `spread` is the sample's standard deviation over people, None of one person alone; `mean` is
    None where nobody gave anything.
    """

    people: int = 0
    mean: float | None = None
    spread: float | None = None


@dataclass(frozen=True)
class Scorecard:
    """How each item stands, the items in their order, and how each of its cells does."""

    items: Sequence[Figure]
    cells: Mapping[Cell, Figure]
    people: int


def count(given: Iterable[Points], *, items: int, weights: Mapping[int, int]) -> Scorecard:
    """Return how the items stand, of which `weights` says how much each value's id counts.

    One person's figure of an item is the weighted mean of what they gave it, over the values that
    they scored: what is missing is no zero. The item's is the mean of those, each person once. A
    value of no weight is shown and counts for nothing.
    """
    sheets = [points for points in given if points]
    by_item = [
        _figure(_weighted(points, item, weights) for points in sheets) for item in range(items)
    ]
    cells = {
        (item, value): _figure(_at(points, (item, value)) for points in sheets)
        for item in range(items)
        for value in weights
    }
    return Scorecard(by_item, cells, len(sheets))


def _weighted(points: Points, item: int, weights: Mapping[int, int]) -> Fraction | None:
    scored = {value: points[item, value] for value in weights if (item, value) in points}
    weight = sum(weights[value] for value in scored)
    if not weight:
        return None
    return Fraction(sum(weights[value] * given for value, given in scored.items()), weight)


def _at(points: Points, cell: Cell) -> Fraction | None:
    return Fraction(points[cell]) if cell in points else None


def _figure(given: Iterable[Fraction | None]) -> Figure:
    """Exact until the end, so that the order of people changes nothing."""
    known = [one for one in given if one is not None]
    if not known:
        return Figure()
    spread = float(stdev(known)) if len(known) > 1 else None
    return Figure(len(known), float(mean(known)), spread)


_GIVEN = select(Scoring.person, Scoring.points).where(Scoring.card == bindparam("of_card"))


def give(
    session: Session, card: str, points: Points, *, person: str, items: int, values: Sequence[int]
) -> None:
    """Keep what the person gives in the place of what they gave before; nothing takes it back.

    Raises UserError where a score is none of 0 to 5, or of an item or value that is not there.
    """
    known = {(item, value) for item in range(items) for value in values}
    if not points.keys() <= known or not all(given in POINTS for given in points.values()):
        raise UserError("A score is a number from 0 to 5. Nothing was saved.")
    if points:
        row = {"card": card, "person": person, "points": _stored(points)}
        write_over(session, Scoring, [row], key=("card", "person"))
    else:
        theirs = col(Scoring.card) == card, col(Scoring.person) == person
        session.execute(delete(Scoring).where(*theirs))


def given(session: Session, card: str) -> dict[str, Points]:
    """Return what each person gave on this card."""
    return {who: _restored(points) for who, points in ask(session, _GIVEN, of_card=card)}


_BY_PERSON = select(Scoring.card, Scoring.points).where(Scoring.person == bindparam("who"))


def given_by(session: Session, person: str) -> dict[str, Points]:
    """Return what the person gave on every card that they scored."""
    return {card: _restored(points) for card, points in ask(session, _BY_PERSON, who=person)}


def _stored(points: Points) -> dict[str, int]:
    return {f"{item}:{value}": given for (item, value), given in points.items()}


def _restored(stored: Mapping[str, int]) -> Points:
    cells = ((key.split(":"), given) for key, given in stored.items())
    return {(int(item), int(value)): given for (item, value), given in cells}
