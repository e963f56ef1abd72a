"""A newcomer fills in the form, from the mission's card, with the keyboard alone."""

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from bot.playground.server import FakeSlack
from tests.support import ANA, KIM, KUDOS, STATEMENT, soon

from .acting import message, type_in
from .conftest import NARROW, WIDE, Visit

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there, as somebody without a mouse does."""
    for _ in range(40):
        if await wanted.evaluate("node => node === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {wanted}")


async def open_from_the_card(page: Page) -> Locator:
    """Ask for the mission and press the button on its card."""
    await type_in(page, "/mission")
    card = message(page, "Only visible to you")
    await expect(card).to_contain_text(STATEMENT)
    await page.keyboard.press("Shift+Tab")
    await tab_to(page, card.get_by_role("button", name="Recognize somebody"))
    await page.keyboard.press("Enter")
    form = page.get_by_role("dialog", name="Recognize")
    await expect(form).to_be_visible()
    return form


async def test_an_error_that_would_stand_below_the_edge_is_seen(
    visit: Visit, slack: FakeSlack
) -> None:
    page = await visit(ANA, size={"width": 1280, "height": 560})
    await type_in(page, "/mission setup")
    form = page.get_by_role("dialog", name="The mission")
    await form.get_by_role("textbox", name="The mission").press_sequentially(" Still.")
    why = form.get_by_role("textbox", name="Why it changes")
    await why.fill(" ")
    await why.evaluate("field => field.scrollIntoView({ block: 'end' })")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    wrong = form.locator("[aria-invalid=true]")
    await expect(wrong).to_be_focused()
    error = form.get_by_text("Say why it changes")
    await expect(error).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
async def test_the_form_is_filled_in_mended_and_sent_with_the_keyboard_alone(
    visit: Visit, slack: FakeSlack, size: ViewportSize
) -> None:
    page = await visit(KIM, size=size)
    form = await open_from_the_card(page)
    await page.keyboard.type("carter")
    await press(page, "Enter", "Tab")
    what = form.get_by_role("textbox", name="What they did")
    await expect(what).to_be_focused()
    await page.keyboard.type("nine char")
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowDown")
    await tab_to(page, form.get_by_role("button", name="Recognize"))
    await page.keyboard.press("Enter")
    await expect(what).to_be_focused()
    await expect(form).to_contain_text("Say a little more about what they did")
    await expect(what).to_have_value("nine char")
    await expect(form.get_by_role("button", name="Remove Ben Carter")).to_be_visible()
    await press(page, "End")
    await page.keyboard.type("acters are too few")
    await tab_to(page, form.get_by_role("button", name="Recognize"))
    await page.keyboard.press("Enter")
    await expect(form).to_be_hidden()
    await soon(slack, lambda: len(slack.messages(KUDOS)) > 1)
    post = slack.messages(KUDOS)[-1]
    assert "nine characters are too few" in str(post["blocks"])
