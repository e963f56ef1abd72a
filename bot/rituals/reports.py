"""How recognition spreads over the values and among people, within one quarter.

What counts: public recognitions that were given in the quarter and stand, as they read now, also
where their post still waits for a channel. Each counts once, however many people it names. Private
and withdrawn ones and stories are in no figure.

What somebody could find out who takes these figures apart: everything counted is public, with its
giver, its people and its value, and no figure names anybody. Where one to four people did
something, or did not, or received half of everything, no number is said: 47 of 48 would point at
one. What remains: the figures are of the moment, so asking before and after a post, a correction,
a withdrawal or somebody's leaving tells what it changed, among it the value of what was withdrawn;
and where the posts are in a private channel, when one was given and for which value, but not by or
to whom. A value served once and a single pair are said exactly: who took part knows that it is
them. The intervals tell how unevenly people gave, not who gave how much.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, and_, bindparam, case, cast, func, select
from sqlmodel import Session, col

from bot import charter, quarters, settings
from bot.charter import CharterValue, CharterVersion
from bot.commands import command
from bot.errors import UserError, quoted
from bot.ledger import LedgerLine
from bot.quarters import Quarter, quarter_of
from bot.reach import FEW, IS_HERE, Reach, here, reach
from bot.rituals.recognition import Recipient, Recognition
from bot.roster import Person
from bot.shares import Share, effective_number, wilson
from bot.tenure import Tenure, tenures

FEWEST_GIVEN = 10
FEWEST_NAMED = 20  # recognitions times the people named in them
FEWEST_RECIPIENTS = 10
FEWEST_PAIRS = 20


@dataclass(frozen=True)
class Served:
    """How often a value was served."""

    tenure: Tenure
    count: int
    share: Share


@dataclass(frozen=True)
class Half:
    """The smallest number of people who received half of everything, none where it is a few."""

    people: int | None


@dataclass(frozen=True)
class Pairs:
    """Two people of whom one recognised the other, and those who both did."""

    there: int
    mutual: int
    share: Share


@dataclass(frozen=True)
class Spread:
    """Over what recognition spread; `half` and `pairs` are none where there are too few."""

    values: Sequence[Served]
    recognised: Reach
    gave: Reach
    half: Half | None
    pairs: Pairs | None


@dataclass(frozen=True)
class Balance:
    """What was given in one quarter; `spread` is none where it is too little to tell."""

    quarter: Quarter
    zone: str
    is_over: bool
    recognitions: int
    few_gave: bool
    spread: Spread | None = None


def quarter_asked(session: Session, words: str, *, now: datetime) -> Quarter:
    """Return the quarter that somebody asks for, in the workspace's zone.

    Raises UserError with an example where it cannot be read, has not begun, or is from before
    the mission.
    """
    zone = settings.of_team(session).zone
    current = quarter_of(now, zone)
    first = quarter_of(session.execute(_FIRST_MISSION).scalar_one(), zone)
    asked = quarters.meant(words, current=current)
    if asked is None:
        like = command(f"mission values {max(first, current.before).typed}")
        raise UserError(f"I cannot read {quoted(words)} as a quarter. Write it like this: {like}")
    if asked > current:
        example = command("mission values")
        raise UserError(f"{asked.typed} has not begun yet. {example} shows {current.typed}.")
    if asked < first:
        example = command(f"mission values {first.typed}")
        raise UserError(f"There was no mission yet in {asked.typed}. {example} is the first.")
    return asked


def balance(session: Session, quarter: Quarter, *, now: datetime) -> Balance:
    """Return how recognition spread in the quarter.

    Raises UserError while it is not known who is here.
    """
    zone = settings.of_team(session).zone
    within = {"begins": quarter.begins(zone), "ends": quarter.after.begins(zone)}
    giving = session.execute(_GIVING, within).one()
    given = giving.given or 0
    few_gave = giving.givers < FEW
    return Balance(
        quarter,
        zone=zone.key,
        is_over=now >= within["ends"],
        recognitions=given,
        few_gave=few_gave,
        spread=None if few_gave or given < FEWEST_GIVEN else _spread(session, within, giving),
    )


def _spread(session: Session, within: Mapping[str, datetime], giving: Any) -> Spread:
    worth = effective_number(total=giving.given, squares=giving.squares, count=giving.given)
    receiving = session.execute(_RECEIVING, within).one()
    everybody = here(session)
    return Spread(
        values=_served(session, within, total=giving.given, worth=worth),
        recognised=reach(receiving.here, of=everybody),
        gave=reach(giving.here, of=everybody),
        half=_half(receiving),
        pairs=_pairs(session, within, worth=worth),
    )


def _half(receiving: Any) -> Half | None:
    if receiving.named < FEWEST_NAMED or receiving.recipients < FEWEST_RECIPIENTS:
        return None
    return Half(receiving.half if receiving.half >= FEW else None)


def _pairs(session: Session, within: Mapping[str, datetime], *, worth: float) -> Pairs | None:
    pairs = session.execute(_PAIRS, within).one()
    if pairs.there < FEWEST_PAIRS:
        return None
    # The pairs of one giver depend on each other as their recognitions do.
    share = wilson(pairs.mutual / pairs.there, n=min(worth, pairs.there))
    return Pairs(pairs.there, pairs.mutual, share)


def _served(
    session: Session, within: Mapping[str, datetime], *, total: int, worth: float
) -> list[Served]:
    """Return what nothing served as well, but no value that came only later."""
    counts = {slug: count for slug, count in session.execute(_BY_VALUE, within)}
    return [
        Served(each, count, wilson(count / total, n=worth))
        for each in tenures(charter.all_so_far(session), **within)
        if (count := counts.get(each.value.slug, 0)) or each.held
    ]


def _given(*columns: Any) -> Select[Any]:
    """Ask for what counts; the ledger's index finds the quarter without looking at others."""
    return (
        select(*columns)
        .select_from(LedgerLine)
        .join(Recognition, col(Recognition.id) == LedgerLine.subject)
        .where(
            col(LedgerLine.kind) == "recognition.given",
            col(LedgerLine.at) >= bindparam("begins"),
            col(LedgerLine.at) < bindparam("ends"),
            col(Recognition.is_private).is_(False),
            col(Recognition.withdrawn_at).is_(None),
        )
    )


_FIRST_MISSION = select(func.min(col(CharterVersion.created_at)))

_BY_VALUE = (
    _given(col(CharterValue.slug), func.count())
    .join(CharterValue, col(CharterValue.id) == Recognition.value_id)
    .group_by(col(CharterValue.slug))
)
_giver = (
    _given(col(Recognition.author).label("person"), func.count().label("given"))
    .group_by(col(Recognition.author))
    .cte("giver")
)
_GIVING = (
    select(
        func.count().label("givers"),
        cast(func.sum(_giver.c.given), BigInteger).label("given"),
        cast(func.sum(_giver.c.given * _giver.c.given), BigInteger).label("squares"),
        func.count(col(Person.id)).label("here"),
    )
    .select_from(_giver)
    .outerjoin(Person, and_(col(Person.slack_id) == _giver.c.person, IS_HERE))
)
_named = (
    _given(col(Recognition.author).label("giver"), col(Recipient.person).label("person"))
    .join(Recipient, col(Recipient.recognition_id) == Recognition.id)
    .cte("named")
)
_way = _named.c
_receiver = (
    select(_way.person, func.count().label("received")).group_by(_way.person).cte("receiver")
)
_got = _receiver.c
_up_to = func.sum(_got.received).over(order_by=(_got.received.desc(), _got.person), rows=(None, 0))
_most_first = select(
    _got.person,
    _got.received,
    _up_to.label("up_to"),
    func.sum(_got.received).over().label("total"),
).cte("most_first")
_before = _most_first.c.up_to - _most_first.c.received
_RECEIVING = (
    select(
        func.count().label("recipients"),
        func.max(_most_first.c.total).label("named"),
        func.count().filter(_before * 2 < _most_first.c.total).label("half"),
        func.count(col(Person.id)).label("here"),
    )
    .select_from(_most_first)
    .outerjoin(Person, and_(col(Person.slack_id) == _most_first.c.person, IS_HERE))
)

_ordered = _way.giver < _way.person
_pair = (
    select((func.min(_way.giver) != func.max(_way.giver)).label("mutual"))
    .group_by(
        case((_ordered, _way.giver), else_=_way.person),
        case((_ordered, _way.person), else_=_way.giver),
    )
    .cte("pair")
)
_mutual = func.count().filter(_pair.c.mutual).label("mutual")
_PAIRS = select(func.count().label("there"), _mutual).select_from(_pair)
