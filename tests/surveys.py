"""A ritual of the tests' own: a survey that comes round each week, and its end three days later."""

from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from bot import due, outbox, roster, settings
from bot.agenda import Schedule
from bot.due import Due
from bot.outbox import Address, Post
from bot.playground.server import FakeSlack
from bot.recurrence import at_local
from bot.workdays import next_on_working_day
from tests.support import ANA, BEN, KIM

LONG = timedelta(days=30)
SURVEY, CLOSE = "Weekly survey", "End of the survey"


def next_survey(session: Session, after: datetime) -> datetime:
    chosen = settings.of_team(session)
    return next_on_working_day(chosen.pulse, after, chosen.zone, chosen.country)


def ask(session: Session, one: Due, now: datetime) -> None:
    """Ask each at their own hour, and end it three days later."""
    chosen, number = settings.of_team(session), f"{one.at:%d}"
    day = one.at.astimezone(chosen.zone).date()
    for person in (ANA, BEN, KIM):
        at = at_local(day, chosen.pulse.at, roster.zone_of(session, person))
        message = {"text": f"Survey of the {number}"}
        post = Post(f"survey:{number}:{person}", Address(person), message, send_after=at)
        outbox.post(session, post, now=now)
    due.plan(session, "close", at=one.at + timedelta(days=3), subject=number)


def close(session: Session, one: Due, now: datetime) -> None:
    """Tell Ana that it is over."""
    message = {"text": f"End of the {one.subject}"}
    outbox.post(session, outbox.direct(f"end:{one.subject}", ANA, message), now=now)


SURVEYS = {
    "survey": Schedule(ask, grace=LONG, next_at=next_survey, name=SURVEY),
    "close": Schedule(close, grace=LONG, name=CLOSE),
}


def said(slack: FakeSlack, who: str) -> list[str]:
    """What the surveys said to a person, in its order."""
    found = [str(message["text"]) for message in slack.dm(who)]
    return [text for text in found if text.startswith(("Survey", "End"))]


def asked(slack: FakeSlack, who: str) -> list[str]:
    """When a person was asked: day and time in UTC."""
    stamps = [float(each["ts"]) for each in slack.dm(who) if each["text"].startswith("Survey of")]
    return [f"{datetime.fromtimestamp(ts, UTC):%d %H:%M}" for ts in stamps]
