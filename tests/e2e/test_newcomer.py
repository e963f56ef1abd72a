"""A newcomer's first minutes: a real browser, the real bot, and the fake Slack between them."""

from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from bot.playground.server import FakeSlack
from bot.roster import ONLY_OURS
from tests.support import BEN, EVE, GENERAL, KIM, KUDOS, STATEMENT, give, soon, told

from .acting import act_as, composer, go_to, message, open_drawer, type_in
from .conftest import NARROW, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


DEED = "stayed late to help"


async def recognise(page: Page) -> None:
    """Thank Ben in one line, with a name chosen from the list."""
    await composer(page).focus()
    await page.keyboard.type("/recognize @be")
    await expect(page.get_by_role("option", name="Ben Carter")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(composer(page)).to_have_value("/recognize @ben ")
    await type_in(page, f"{DEED} #care")
    await expect(message(page, "Only visible to you")).to_contain_text("You recognised @Ben Carter")
    await expect(composer(page)).to_have_value("")


async def test_one_line_thanks_somebody_where_everybody_sees_it(
    visit: Visit, slack: FakeSlack
) -> None:
    page = await visit(KIM)
    await recognise(page)
    await soon(slack, lambda: len(slack.messages(KUDOS)) > 1)
    await go_to(page, "kudos")
    post = message(page, DEED)
    await expect(post).to_contain_text("@Kim Lee recognised @Ben Carter for")
    await expect(post).to_contain_text("Care")
    await act_as(page, "Ben Carter")
    await soon(slack, lambda: slack.dm(BEN))
    await go_to(page, "Truenorth")
    await page.get_by_role("tab", name="Messages").click()
    await expect(message(page, DEED)).to_contain_text("@Kim Lee recognised you for")


async def test_who_read_what_is_older_sees_the_answer_to_what_they_send(
    visit: Visit, slack: FakeSlack
) -> None:
    for number in range(30):
        await slack.message(BEN, GENERAL, f"message {number}")
    page = await visit(KIM)
    await expect(message(page, "message 29")).to_be_in_viewport()
    await page.get_by_role("region", name="Messages").press("Home")
    await expect(message(page, "message 0")).to_be_in_viewport()
    await recognise(page)
    await expect(message(page, "Only visible to you")).to_be_in_viewport()


async def test_applause_counts_one_person_once_and_is_taken_back(
    visit: Visit, slack: FakeSlack
) -> None:
    await give(slack, KIM, f"@ben {DEED} #care")
    page = await visit(KIM, KUDOS)
    await act_as(page, "Ana Souza")
    post = message(page, DEED)
    await post.get_by_role("button", name="Applaud").click()
    await expect(post.get_by_role("button", name="Applaud · 1")).to_be_visible()
    await expect(post).to_contain_text("Applause from @Ana Souza")
    await act_as(page, "Kim Lee")
    await post.get_by_role("button", name="Applaud · 1").press("Enter")
    await expect(post.get_by_role("button", name="Applaud · 2")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(post.get_by_role("button", name="Applaud · 1")).to_be_focused()
    await expect(post).not_to_contain_text("@Ana Souza, @Kim Lee")


async def test_somebody_of_a_partner_company_is_thanked_but_not_counted(
    visit: Visit, slack: FakeSlack
) -> None:
    await give(slack, KIM, f"@ben {DEED} #care")
    page = await visit(EVE, KUDOS)
    post = message(page, DEED)
    await post.get_by_role("button", name="Applaud").click()
    refusal = message(page, "Only visible to you")
    await expect(refusal).to_contain_text(ONLY_OURS)
    await expect(post.get_by_role("button", name="Applaud", exact=True)).to_be_visible()
    await refusal.get_by_role("button", name="Dismiss").click()
    await expect(refusal).to_have_count(0)


async def test_home_shows_the_mission_and_what_an_owner_may_change(
    visit: Visit, slack: FakeSlack
) -> None:
    page = await visit(BEN)
    await go_to(page, "Truenorth")
    await page.get_by_role("tab", name="Home").click()
    home = page.get_by_role("tabpanel")
    await expect(home).to_contain_text(STATEMENT)
    everybodys, about_me = ["Recognize somebody", "Tell a story", "Decide"], "Everything about me"
    await expect(home.get_by_role("button")).to_have_text(["I have read it", *everybodys, about_me])
    await act_as(page, "Ana Souza")
    missing = [*["Choose it in the settings"] * 3, "Name a team"]
    await expect(home.get_by_role("button")).to_have_text(
        [*missing, *everybodys, "Change the mission", "Settings", "Teams", about_me]
    )


async def test_the_allowance_of_a_day_is_there_again_once_the_clock_was_moved_by_a_day(
    visit: Visit, slack: FakeSlack
) -> None:
    page = await visit(KIM)
    await recognise(page)
    await expect(message(page, "9 of 10 left today")).to_have_count(1)
    before = slack.now()
    await page.get_by_role("button", name="+1 day").click()
    await slack.until(lambda: slack.now() - before >= timedelta(days=1))
    await recognise_again(page, slack)
    assert "9 of 10 left today" in told(slack, KIM)


async def recognise_again(page: Page, slack: FakeSlack) -> None:
    before = len(slack.ephemerals(KIM))
    await type_in(page, f"/recognize @ben {DEED} again #care")
    await slack.until(lambda: len(slack.ephemerals(KIM)) > before)


async def test_a_phone_is_wide_enough_to_thank_and_to_applaud(
    visit: Visit, slack: FakeSlack
) -> None:
    page = await visit(KIM, size=NARROW)
    await recognise(page)
    await soon(slack, lambda: len(slack.messages(KUDOS)) > 1)
    await open_drawer(page)
    await go_to(page, "kudos")
    await message(page, DEED).get_by_role("button", name="Applaud").click()
    await expect(page.get_by_role("button", name="Applaud · 1")).to_be_visible()
    await expect(page.get_by_role("button", name="Places and people")).to_be_visible()
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(overflow) == 0
