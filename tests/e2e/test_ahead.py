"""What comes next: listed below the clock, a press away, and nothing on the way is passed over."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

import schedules
from bot.playground.server import FakeSlack
from tests.beginnings import Beginning
from tests.support import ANA, BEN, open_form, text_of
from tests.surveys import CLOSE, SURVEY, SURVEYS, asked, said

from .conftest import NARROW, Visit, the_bot

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def slack(
    beginning: Beginning, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[FakeSlack]:
    """A workspace with the bot in it, which holds a survey each Tuesday at ten."""
    monkeypatch.setattr(schedules, "ALL", {**schedules.ALL, **SURVEYS})
    fake = beginning.slack()
    await fake.start()
    async with the_bot(fake, database_url):
        yield fake
    await fake.stop()


async def test_the_clock_tells_what_is_next_and_jumps_there(visit: Visit, slack: FakeSlack) -> None:
    page = await visit(ANA)
    ahead = page.get_by_role("list", name="What comes next")
    await expect(ahead).to_contain_text(SURVEY)
    await expect(ahead).to_contain_text("Tue 6 Jan, 10:00 · in 1 day")
    await ahead.get_by_role("button", name=f"Jump to {SURVEY}, Tue 6 Jan, 10:00").click()
    await expect(page.get_by_text("It is now Tue 6 Jan, 10:00.")).to_be_visible()
    assert said(slack, ANA) == ["Survey of the 06"]
    await expect(ahead.get_by_role("listitem")).to_have_text(
        [
            "Message for 1 personJumpTue 6 Jan, 15:00 · in 5 hours",
            f"{CLOSE}JumpFri 9 Jan, 10:00 · in 3 days",
            f"{SURVEY}JumpTue 13 Jan, 10:00 · in 7 days",
        ]
    )


async def test_it_follows_a_change_of_the_settings(visit: Visit, slack: FakeSlack) -> None:
    page = await visit(ANA)
    form = await open_form(slack, ANA, "/mission settings")
    assert "Weekly survey, next: Tue 6 Jan 10:00 Europe/Lisbon" in text_of(form)
    assert (await slack.submit(ANA, form["id"], {"pulse_day": "wednesday"})).closed
    ahead = page.get_by_role("list", name="What comes next")
    await expect(ahead).to_contain_text(f"{SURVEY}JumpWed 7 Jan, 10:00")


async def test_with_the_keyboard_alone_on_a_narrow_screen(visit: Visit, slack: FakeSlack) -> None:
    page = await visit(ANA, size=NARROW)
    await page.get_by_role("button", name="Places and people").press("Enter")
    there = page.get_by_role("button", name=f"Jump to {SURVEY}")
    await there.focus()
    await expect(there).to_be_in_viewport()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("It is now Tue 6 Jan, 10:00.")).to_be_visible()
    # What is next now has its button where this one was, and the focus.
    await expect(
        page.get_by_role("button", name="Jump to Message for 1 person, Tue 6 Jan, 15:00")
    ).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("It is now Tue 6 Jan, 15:00.")).to_be_visible()
    assert asked(slack, BEN) == ["06 15:00"]
