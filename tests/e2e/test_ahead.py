"""What comes next: listed below the clock, a press away, and nothing on the way is passed over."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from playwright.async_api import expect
from sqlmodel import Session

import schedules
from bot import due, manifest, outbox, settings
from bot.agenda import Schedule
from bot.due import Due
from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace
from bot.recurrence import at_local
from bot.workdays import next_on_working_day
from tests.support import ANA, BEN, KIM, set_up, small_organisation, text_of

from .conftest import NARROW, Visit, the_bot

pytestmark = pytest.mark.asyncio(loop_scope="session")

ZONES = {ANA: "Europe/Lisbon", BEN: "America/New_York", KIM: "Asia/Seoul"}
LONG = timedelta(days=30)
SURVEY, CLOSE = "Weekly survey", "End of the survey"


def next_survey(session: Session, after: datetime) -> datetime:
    chosen = settings.of_team(session)
    return next_on_working_day(chosen.pulse, after, chosen.zone, chosen.country)


def open_survey(session: Session, one: Due, now: datetime) -> None:
    """Ask each at their own ten o'clock, and end it three days later."""
    day, number = one.at.date(), f"{one.at:%d}"
    for person, zone in ZONES.items():
        at = at_local(day, settings.of_team(session).pulse.at, ZoneInfo(zone))
        message = {"text": f"Survey of the {number}"}
        post = outbox.direct(f"survey:{number}:{person}", person, message)
        outbox.post(session, outbox.Post(post.cause, post.address, message, at), now=now)
    due.plan(session, "close", at=one.at + timedelta(days=3), subject=number)


def close_survey(session: Session, one: Due, now: datetime) -> None:
    message = {"text": f"End of the {one.subject}"}
    outbox.post(session, outbox.direct(f"end:{one.subject}", ANA, message), now=now)


@pytest_asyncio.fixture(loop_scope="session")
async def slack(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeSlack]:
    """A workspace with the bot in it, which holds a survey each Tuesday at ten."""
    survey = Schedule(open_survey, grace=LONG, next_at=next_survey, name=SURVEY)
    close = Schedule(close_survey, grace=LONG, name=CLOSE)
    ours = {**schedules.ALL, "survey": survey, "close": close}
    monkeypatch.setattr(schedules, "ALL", ours)
    fake = FakeSlack(small_organisation(Workspace()), manifest=manifest.load(), rate_limits=False)
    await fake.start()
    async with the_bot(fake, database_url):
        await set_up(fake)
        yield fake
    await fake.stop()


def texts(slack: FakeSlack, who: str) -> list[str]:
    found = [str(message["text"]) for message in slack.dm(who)]
    return [text for text in found if text.startswith(("Survey", "End"))]


def hours(slack: FakeSlack, who: str) -> list[str]:
    stamps = [float(m["ts"]) for m in slack.dm(who) if m["text"].startswith("Survey of")]
    return [f"{datetime.fromtimestamp(ts, UTC):%d %H:%M}" for ts in stamps]


async def test_the_clock_tells_what_is_next_and_jumps_there(visit: Visit, slack: FakeSlack) -> None:
    page = await visit(ANA)
    ahead = page.get_by_role("list", name="What comes next")
    await expect(ahead).to_contain_text(f"Next: {SURVEY}")
    await expect(ahead).to_contain_text("Tue 6 Jan, 10:00 · in 1 day")
    await ahead.get_by_role("button", name=f"Jump to {SURVEY}, Tue 6 Jan, 10:00").click()
    await expect(page.get_by_text("It is now Tue 6 Jan, 10:00.")).to_be_visible()
    assert texts(slack, ANA) == ["Survey of the 06"]
    await expect(ahead).to_contain_text("Next: MessagesTue 6 Jan, 15:00 · in 5 hours")
    await expect(ahead).to_contain_text(f"Then: {CLOSE}Fri 9 Jan, 10:00 · in 3 days")
    await expect(ahead).to_contain_text(f"Then: {SURVEY}Tue 13 Jan, 10:00 · in 7 days")


async def test_a_long_jump_does_everything_on_its_way_in_order_and_at_its_time(
    visit: Visit, slack: FakeSlack
) -> None:
    page = await visit(ANA)
    await slack.pass_time(timedelta(days=16))
    assert texts(slack, ANA) == [
        *("Survey of the 06", "End of the 06", "Survey of the 13", "End of the 13"),
        "Survey of the 20",
    ]
    assert hours(slack, ANA) == ["06 10:00", "13 10:00", "20 10:00"]
    assert hours(slack, BEN) == ["06 15:00", "13 15:00", "20 15:00"]
    # Kim's ten o'clock was nine hours before.
    assert hours(slack, KIM) == ["06 10:00", "13 10:00", "20 10:00"]
    await expect(page.get_by_role("list", name="What comes next")).to_contain_text(CLOSE)


async def test_it_follows_a_change_of_the_settings(visit: Visit, slack: FakeSlack) -> None:
    page = await visit(ANA)
    await slack.command(ANA, "C0GENERAL", "/mission settings")
    form = slack.views(ANA)[-1]
    assert "Weekly survey, next: Tue 6 Jan 10:00 Europe/Lisbon" in text_of(form)
    assert (await slack.submit(ANA, form["id"], {"pulse_day": "wednesday"})).closed
    ahead = page.get_by_role("list", name="What comes next")
    await expect(ahead).to_contain_text(f"Next: {SURVEY}Wed 7 Jan, 10:00")


async def test_with_the_keyboard_alone_on_a_narrow_screen(visit: Visit, slack: FakeSlack) -> None:
    page = await visit(ANA, size=NARROW)
    await page.get_by_role("button", name="Places and people").press("Enter")
    there = page.get_by_role("button", name=f"Jump to {SURVEY}")
    await there.focus()
    await expect(there).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("It is now Tue 6 Jan, 10:00.")).to_be_visible()
    # What is next now has its button where this one was, and the focus.
    await expect(page.get_by_role("button", name="Jump to Messages")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("It is now Tue 6 Jan, 15:00.")).to_be_visible()
    assert hours(slack, BEN) == ["06 15:00"]
