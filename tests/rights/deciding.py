"""Decisions in which somebody has a part: like the first of their kind, which was really begun."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select, update

from bot import decisions, standing
from bot.counters import next_number
from bot.decisions import Decision, DecisionRole
from bot.ids import new_id
from bot.proposal import Proposal, Visibility
from bot.rights import ITS_PEOPLE, Part
from bot.rituals import decision, outcome
from bot.rows import insert_rows
from bot.standing import Standing
from tests.rights.people import KINDS
from tests.rights.things import TEXT, Sort, Thing, theirs
from tests.support import BEN


@dataclass(frozen=True)
class Decided:
    """How a decision stands, and the name of another one that may take its place, if any."""

    stands: Standing
    successor: str


def decisions_of_ben(
    *,
    private: bool,
    decided: bool = False,
    driver: str = "",
    approver: str = "",
    replaceable: bool = False,
) -> Sort:
    """Decisions of Ben's, or with a driver and an approver in his place."""

    def make(session: Session, who: str, parts: Collection[Part], now: datetime) -> Thing:
        known = _another(session, private=private, decided=decided, now=now)
        people = [
            *((who, part) for part in parts),
            (driver, Part.DRIVER),
            (approver, Part.APPROVER),
        ]
        for person, part in people:
            _put(session, known, person, part)
        session.flush()
        stands = standing.of(session, decisions.must_be_there(session, known))
        other = _successor(session, stands, now) if replaceable else ""
        heir = driver and _is_heir(who, parts, private=private)
        mine = theirs(who, [*parts, *([Part.HEIR] if heir else [])])
        return Thing(str(known), Decided(stands, other), theirs=mine)

    its_parts = [one for one in ITS_PEOPLE if not (driver and one is Part.DRIVER)]
    return Sort([*its_parts, None], make)


def _another(session: Session, *, private: bool, decided: bool, now: datetime) -> int:
    """Return the id of another decision."""
    title = f"{private} {decided}?"
    first = session.exec(select(Decision).where(Decision.title == title)).first()
    if first is None:
        first = _begun(session, title, private=private, decided=decided, now=now)
    row = first.model_dump() | {"id": new_id(), "title": "Is it one?"}
    if private:
        row["code"] = decisions.new_code()
    else:
        row["number"] = next_number(session, Decision.KIND)
    insert_rows(session, Decision, [row])
    roles = [{"decision_id": row["id"], "person": BEN, "role": one} for one in ("author", "driver")]
    insert_rows(session, DecisionRole, roles)
    return int(row["id"])


def _begun(
    session: Session, title: str, *, private: bool, decided: bool, now: datetime
) -> Decision:
    proposal = Proposal(
        BEN,
        title,
        checklist=["Is it good?"],
        prediction="It will hold.",
        confidence=70,
        review_in=1,
        visibility=Visibility.PRIVATE if private else Visibility.CHANNEL,
    )
    known = decision.begin(session, proposal, now=now).decision
    if not decided:
        return known
    made: Any = {"by": BEN, "choice": 0, "reason": TEXT, "based_on": known.version}
    return outcome.decide(session, known.id, **made, now=now).decision


def _put(session: Session, known: int, who: str, part: Part) -> None:
    if part in (Part.AUTHOR, Part.DRIVER) and who:
        session.exec(update(Decision).where(col(Decision.id) == known).values({part.value: who}))
        row = select(DecisionRole).where(DecisionRole.decision_id == known)
        session.exec(row.where(DecisionRole.role == part)).one().person = who
    elif who:
        session.add(DecisionRole(decision_id=known, person=who, role=part.value))


def _is_heir(who: str, parts: Collection[Part], *, private: bool) -> bool:
    """Whether somebody could take over what nobody drives, by the words of the README."""
    if not KINDS[who] or Part.GUEST in KINDS[who]:
        return False
    if Part.APPROVER in parts:
        return True
    return bool(parts) if private else Part.OWNER in KINDS[who]


def _successor(session: Session, stands: Standing, now: datetime) -> str:
    """Return the name of one that could take this one's place: all its people can see it."""
    private = stands.decision.is_private
    known = _another(session, private=private, decided=True, now=now)
    for who in stands.people:
        _put(session, known, who, Part.CONTRIBUTOR)
    session.flush()
    return decisions.must_be_there(session, known).name
