"""A newcomer searches, in a real browser with the keyboard alone."""

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from bot.playground.server import FakeSlack
from tests.support import ANA, BEN, KIM, give

from .acting import composer, message, type_in
from .conftest import NARROW, WIDE, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
MANY = 12


async def much_is_said(slack: FakeSlack) -> None:
    """A dozen recognitions, one of which is about a garden."""
    for number in range(MANY):
        about = "planted a garden" if number == 3 else f"mended printer {number}"
        await give(slack, (ANA, BEN)[number % 2], f"@kim {about} for the clinic #care")


async def back_to(page: Page, wanted: Locator) -> None:
    """Go back from the field for messages, as somebody without a mouse does."""
    await composer(page).focus()
    for _ in range(40):
        if await wanted.evaluate("node => node === document.activeElement"):
            return
        await page.keyboard.press("Shift+Tab")
    raise AssertionError(f"Shift+Tab does not lead to {wanted}")


def answer(page: Page) -> Locator:
    """What the search says, to whoever asked."""
    return message(page, "Only visible to you").last


@SIZES
async def test_what_is_found_is_looked_at_and_its_link_leads_there(
    visit: Visit, slack: FakeSlack, size: ViewportSize
) -> None:
    await much_is_said(slack)
    page = await visit(KIM, size=size)
    await type_in(page, "/mission search planting gardens")
    await expect(answer(page)).to_contain_text("1 found.")
    await expect(answer(page)).to_contain_text("planted a garden for the clinic")
    await expect(answer(page).get_by_role("blockquote").get_by_role("strong")).to_have_text(
        ["planted", "garden"]
    )
    await expect(answer(page)).to_be_in_viewport()
    await back_to(page, answer(page).get_by_role("link", name="Open the post"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="kudos", level=1)).to_be_visible()
    post = message(page, "planted a garden")
    await expect(post).to_be_focused()
    await expect(post).to_be_in_viewport()


@SIZES
async def test_pages_are_turned_and_turned_back(
    visit: Visit, slack: FakeSlack, size: ViewportSize
) -> None:
    await much_is_said(slack)
    page = await visit(KIM, size=size)
    await type_in(page, "/mission search in:recognitions clinic")
    await expect(answer(page)).to_contain_text(f"{MANY} found. Page 1 of 2.")
    await expect(answer(page).get_by_role("link")).to_have_count(10)
    await back_to(page, answer(page).get_by_role("button", name="Later"))
    await page.keyboard.press("Enter")
    await expect(answer(page)).to_contain_text("Page 2 of 2.")
    await expect(answer(page).get_by_role("link")).to_have_count(MANY - 10)
    await expect(message(page, "Only visible to you")).to_have_count(1)
    await back_to(page, answer(page).get_by_role("button", name="Earlier"))
    await page.keyboard.press("Enter")
    await expect(answer(page)).to_contain_text("Page 1 of 2.")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(overflow) == 0


@SIZES
async def test_where_nothing_is_found_it_says_so_and_what_may_help(
    visit: Visit, slack: FakeSlack, size: ViewportSize
) -> None:
    page = await visit(KIM, size=size)
    await type_in(page, "/mission search zeppelin")
    await expect(answer(page)).to_contain_text("I found nothing for “zeppelin”.")
    await expect(answer(page)).to_contain_text("Fewer words, or other ones, may find more.")
    await type_in(page, "/mission search")
    await expect(answer(page)).to_contain_text("in any form of them, the best first")
    await expect(composer(page)).to_have_value("")
