"""When a decision waits: reminders around its day, and the question how it came out."""

from datetime import datetime, timedelta

from sqlmodel import Session

from bot import cards, decisions, handover, ledger, nudges, outbox, places, standing
from bot.blocks import nudges as blocks
from bot.decisions import Status
from bot.due import Due
from bot.nudges import Stage
from bot.outbox import Address, Post
from bot.standing import Standing

OF_USE = timedelta(hours=12)  # a reminder before the day, or on it, after its time


def remind(session: Session, due: Due, now: datetime) -> None:
    """Remind who owes, reply below the card, or tell the leads, as long as it is open."""
    decision_id, stage = nudges.about(due.subject)
    decision = decisions.by_id(session, decision_id)
    if decision is None or not decision.is_open:
        return
    stands = standing.of(session, decision)
    if stage is Stage.LATE and not decision.is_private:
        reply(session, stands, now)
        return
    told = nudges.of_stage(session, stands, stage)
    if stage in (Stage.BEFORE, Stage.DAY):
        told = [one for one in told if now - one.at <= OF_USE]
    links = {one.person: cards.link(session, decision, one.person) for one in told}
    outbox.post(session, *blocks.posts(stands, told, links), now=now)


def reply(session: Session, stands: Standing, now: datetime) -> None:
    """Say in the card's thread that it is late, where the card stands in Slack."""
    decision = stands.decision
    card = places.find(session, {decision.cause}).first(decision.cause)
    if card is not None:
        address = Address(card.channel, thread_ts=card.ts)
        cause, at = nudges.late_cause(decision), nudges.late_at(session, decision)
        outbox.post(session, Post(cause, address, blocks.late(stands), at), now=now)


def ask_review(session: Session, due: Due, now: datetime) -> None:
    """Ask the driver how it came out; where they left, who drives it instead."""
    decision = decisions.by_id(session, int(due.subject))
    if decision is None or decision.status != Status.DECIDED:
        return
    stands = standing.of(session, decision)
    candidates = handover.candidates(session, stands)
    outbox.show(session, *blocks.asking(stands, candidates, now=now), now=now)
    # It stands on their Home from now on, and on nobody else's.
    whose = [decision.driver]
    ledger.append(session, "decision.asked_privately", at=now, subject=decision.id, concerns=whose)
