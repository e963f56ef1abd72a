"""When people are reminded of the mission."""

from datetime import datetime

from sqlmodel import Session

from bot import charter, outbox, settings
from bot.blocks import reminder as blocks
from bot.due import Due
from bot.outbox import Address, Post
from bot.rituals import reminder
from bot.workdays import next_on_working_day


def next_at(session: Session, after: datetime) -> datetime | None:
    """Return when the next reminder is; None while there is no mission, or nowhere to post it."""
    chosen = settings.of_team(session)
    if chosen.updates_channel is None or charter.in_force(session) is None:
        return None
    return next_on_working_day(chosen.reminder, after, chosen.zone, chosen.country)


def remind(session: Session, due: Due, now: datetime) -> None:
    """Post what has its turn."""
    chosen = settings.of_team(session)
    if chosen.updates_channel is None:  # not any more
        return
    day = due.at.astimezone(chosen.zone).date()
    shown = reminder.next_one(session, day=day, now=now)
    if shown is not None:
        address = Address(chosen.updates_channel, route="updates_channel")
        post = Post(shown.reminder.cause, address, blocks.message(shown), urgent=False)
        outbox.post(session, post, now=now)
