"""When the week is summed up: on Fridays, while most people are still here to read it.

That needs no setting of its own, and does not come on the day of the reminder unless somebody
chooses Friday for that.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from sqlmodel import Session

from bot import charter, due, nudges, outbox, settings
from bot.agenda import Agenda, Coming, told
from bot.blocks import digest as blocks
from bot.due import Due
from bot.outbox import Address, Post
from bot.recurrence import Weekly
from bot.rituals import digest
from bot.rituals.welcome import KIND as WELCOME
from bot.workdays import next_on_working_day

KIND = "digest"
WHEN = Weekly(("friday",), time(15))
AHEAD = timedelta(days=8)  # until the next digest, also where that is a day late
MOST_COMING = 10
# Neither the digest itself, nor what is somebody's own and may be about something private.
UNTOLD = (KIND, nudges.REMINDING, nudges.REVIEWING, WELCOME)


def next_at(session: Session, after: datetime) -> datetime | None:
    """Return when the next digest is; None while there is no mission, or nowhere to post it."""
    chosen = settings.of_team(session)
    if chosen.updates_channel is None or charter.in_force(session) is None:
        return None
    return next_on_working_day(WHEN, after, chosen.zone, chosen.country)


def sum_up(session: Session, one: Due, now: datetime, *, agenda: Callable[[], Agenda]) -> None:
    """Post what happened since the last digest, where anything did."""
    chosen = settings.of_team(session)
    if chosen.updates_channel is None:  # not any more
        return
    day = one.at.astimezone(chosen.zone).date()
    ahead = coming(session, agenda(), now=now)
    content = digest.draw_up(session, day=day, ends=one.at, coming=ahead)
    if content is not None:
        address = Address(chosen.updates_channel, route="updates_channel")
        post = Post(content.digest.cause, address, blocks.message(content), urgent=False)
        outbox.post(session, post, now=now)


def coming(session: Session, agenda: Agenda, *, now: datetime) -> list[Coming]:
    """Return when each thing that has a name and is everybody's is next."""
    named = {kind: one for kind, one in agenda.items() if one.name and kind not in UNTOLD}
    dates = due.coming(session, named, now=now, most=MOST_COMING)
    first: dict[str, Coming] = {}
    for date in dates:
        if date.at < now + AHEAD:
            first.setdefault(date.kind, told(session, named[date.kind], date))
    return sorted(first.values(), key=lambda one: one.at)
