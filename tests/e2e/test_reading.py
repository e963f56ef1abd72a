"""Saying that one has read the mission, in a real browser with the keyboard alone."""

import pytest
from playwright.async_api import ViewportSize, expect

from bot.playground.server import FakeSlack
from tests.support import BEN, KUDOS

from .acting import message
from .conftest import NARROW, WIDE, Visit
from .test_newcomer_form import press, tab_to

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_the_button_counts_once_and_says_so(
    visit: Visit, slack: FakeSlack, size: ViewportSize
) -> None:
    page = await visit(BEN, KUDOS, size=size)
    post = message(page, "set up our mission")
    button = post.get_by_role("button", name="I have read it")
    await expect(post).not_to_contain_text("have read v1")
    await page.locator("body").evaluate("node => node.ownerDocument.activeElement.blur()")
    await tab_to(page, button)
    await press(page, "Enter")
    await expect(message(page, "Thank you for reading version 1.")).to_be_visible()
    await expect(post).to_contain_text("Some of 4 have read v1")
    await tab_to(page, button)
    await press(page, "Enter")
    await expect(message(page, "You said before that you have read version 1.")).to_be_visible()
    await expect(post).to_contain_text("Some of 4 have read v1")
