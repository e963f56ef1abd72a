"""Each person's Home as Slack shows it: published when it says something else than before."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy import UniqueConstraint, bindparam, not_, update
from sqlmodel import Field, Session, col, select

from bot.answers import Answer, Kind, answer_of
from bot.deps import Deps
from bot.errors import NotSaved, Unconfirmed
from bot.roster import Person
from bot.rows import ask, write_over
from bot.tenancy import TeamRow, Utc

log = logging.getLogger(__name__)

View = dict[str, Any]
LOOKING = timedelta(hours=1)  # how long somebody who opened Home may still have it before them


class Home(TeamRow, table=True):
    """When a person last opened their Home, and the fingerprint of what Slack took last."""

    __tablename__ = "home"
    __table_args__ = (UniqueConstraint("team_id", "person"),)

    person: str = Field(max_length=32)
    opened_at: datetime = Field(sa_type=Utc)
    shown: str | None = Field(default=None, max_length=64)


@dataclass(frozen=True)
class Page:
    """A Home as it is now. It is settled where nothing that it shows is on its way to Slack."""

    view: View
    settled: bool = True


@dataclass(frozen=True)
class Outcome:
    """What came of publishing: whether Slack was asked, and how many seconds it wants to rest.

    It is shown where Slack shows what it should, never where it would not take that another time
    either, and settled where nothing in it is on its way.
    """

    asked: bool
    settled: bool
    shown: bool = True
    never: bool = False
    rest: float = 0.0


def opened(session: Session, person: str, *, now: datetime) -> None:
    """Remember that the person has their Home before them now."""
    write_over(session, Home, [{"person": person, "opened_at": now}], key=("person",))


_SINCE = (
    select(Home.person)
    .join(Person, col(Person.slack_id) == col(Home.person))
    .where(col(Home.opened_at) > bindparam("since", type_=Utc), not_(col(Person.has_left)))
    .order_by(col(Home.opened_at).desc())
)
_SINCE_AMONG = _SINCE.where(col(Home.person).in_(bindparam("people", expanding=True)))


def looking(
    session: Session, *, now: datetime, among: Collection[str] | None = None
) -> Sequence[str]:
    """Return who may have their Home before them, of these people or of all, the latest first."""
    since = {"since": now - LOOKING}
    if among is None:
        return session.scalars(_SINCE, since).all()
    return session.scalars(_SINCE_AMONG, since | {"people": list(among)}).all() if among else []


_SHOWN = select(Home.shown).where(Home.person == bindparam("who"))
_SHOW = (
    update(Home)
    .where(col(Home.person) == bindparam("who"))
    .values(shown=bindparam("mark"))
    .execution_options(synchronize_session=False)
)


def fingerprint(view: View) -> str:
    """Return what is the same for the same content, and for no other."""
    canonical = json.dumps(view, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


class _Turn(asyncio.Lock):
    """One person's turn to have their Home published, and how often that was done meanwhile."""

    published = 0


# Kept as long as somebody waits for it. Two processes do not know of each other's turns: they may
# publish the same content twice, which nobody sees, or the older content last, which stands until
# the next change or opening, where it differs from the fingerprint that is stored.
_turns: WeakValueDictionary[tuple[str, str], _Turn] = WeakValueDictionary()


async def publish(
    deps: Deps,
    *,
    team: str,
    person: str,
    page: Callable[[Session], Page],
    anew: bool = False,
) -> Outcome:
    """Have Slack show the person's Home, unless it shows just that already.

    Published `anew` where Slack has none, whatever was stored of it. That Slack does not take it
    is logged: the next change or opening tries again.
    """
    turn = _turns.setdefault((team, person), _Turn())
    before = turn.published
    async with turn:
        made, shown = await deps.database.read(team, lambda s: (page(s), _shown(s, person)))
        mark = fingerprint(made.view)
        if mark == shown and not (anew and turn.published == before):
            return Outcome(asked=False, settled=made.settled)
        answer = await answer_of(deps.slack.views_publish(user_id=person, view=made.view))
        turn.published += answer.kind is Kind.TAKEN
        await _note(deps, team, person, mark, answer)
    return Outcome(
        asked=True,
        settled=made.settled,
        shown=answer.kind is Kind.TAKEN,
        never=answer.kind in (Kind.NEVER, Kind.PERSON),
        rest=answer.after,
    )


def _shown(session: Session, person: str) -> str | None:
    return next(iter(ask(session, _SHOWN, who=person)), None)


async def _note(deps: Deps, team: str, person: str, mark: str, answer: Answer) -> None:
    known: str | None = mark
    if answer.kind is not Kind.TAKEN:
        log.warning("Slack did not take the Home of %s: %s", person, answer.error)
        known = None  # where its answer was lost, nobody knows what it shows
    if answer.kind not in (Kind.TAKEN, Kind.NOBODY_KNOWS):
        return
    try:
        await deps.database.write(
            team, lambda session: session.execute(_SHOW, {"who": person, "mark": known})
        )
    except (NotSaved, Unconfirmed) as error:  # then it is published once more than needed
        log.warning("what the Home of %s shows is not noted: %s", person, error.message)
