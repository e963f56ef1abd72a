"""Having something decided, in a real browser with the keyboard alone."""

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from bot.playground.server import FakeSlack
from tests.support import ANA, BEN, KUDOS, open_form, soon, text_of

from .acting import message, type_in
from .conftest import NARROW, WIDE, Visit
from .test_newcomer_form import press, tab_to
from .test_telling import fill_in

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
LINE = "Ship the new booking page on Friday?"
REASON = "Two clinics wait for it, and we can take it back."


async def decisions_go_to_kudos(slack: FakeSlack) -> None:
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], {"decisions_channel": KUDOS})).closed


async def press_on_card(page: Page, name: str) -> None:
    """Go back from the field for messages to a button of the newest card, and press it."""
    button = message(page, LINE).last.get_by_role("button", name=name, exact=True)
    await expect(button).to_be_visible()
    await page.get_by_role("textbox", name="Message").focus()
    for _ in range(40):
        if await button.evaluate("node => node === document.activeElement"):
            await page.keyboard.press("Enter")
            return
        await page.keyboard.press("Shift+Tab")
    raise AssertionError(f"Shift+Tab does not lead to {name}")


async def answer_all(page: Page, form: Locator) -> None:
    """Say yes to each question: Tab leads to its first answer, Space chooses it."""
    yes = form.get_by_role("radio", name="Yes")
    await expect(yes.first).to_be_visible()
    for number in range(await yes.count()):
        await tab_to(page, yes.nth(number))
        await press(page, "Space")


async def send(page: Page, form: Locator, name: str) -> None:
    await tab_to(page, form.get_by_role("button", name=name, exact=True))
    await press(page, "Enter")
    await expect(form).to_be_hidden()


async def says(slack: FakeSlack, words: str) -> None:
    """Wait until the newest card says this, moving the clock over the bot's pauses."""
    await soon(slack, lambda: words in text_of(slack.messages(KUDOS)[-1]))


async def settle_and_decide(page: Page, slack: FakeSlack) -> Locator:
    """Settle the checklist, open the form to decide, and be at its first option."""
    await press_on_card(page, "Checklist")
    form = page.get_by_role("dialog", name="Checklist")
    await answer_all(page, form)
    await send(page, form, "Save")
    await says(slack, "Nothing is missing")
    await press_on_card(page, "Decide")
    form = page.get_by_role("dialog", name="Decide")
    await tab_to(page, form.get_by_role("radio", name="Do it"))
    return form


@SIZES
async def test_a_line_is_checked_and_decided(
    visit: Visit, slack: FakeSlack, size: ViewportSize
) -> None:
    await decisions_go_to_kudos(slack)
    page = await visit(BEN, KUDOS, size=size)
    await type_in(page, f"/decide {LINE}")
    await says(slack, "Checklist: 0 of 6 settled.")
    form = await settle_and_decide(page, slack)
    await press(page, "Space")
    await fill_in(page, form.get_by_role("textbox", name="Why"), REASON)
    await send(page, form, "Decide")
    await says(slack, "@ben decided: Do it")
    await expect(message(page, "decided: Do it").last).to_contain_text(REASON)


async def test_the_form_with_an_approver_is_filled_in_approved_and_decided(
    visit: Visit, slack: FakeSlack
) -> None:
    await decisions_go_to_kudos(slack)
    page = await visit(BEN, KUDOS)
    await type_in(page, "/decide")
    form = page.get_by_role("dialog", name="Decide")
    await fill_in(page, form.get_by_role("textbox", name="What is to be decided"), LINE)
    checklist = form.get_by_role("textbox", name="Checklist")
    await tab_to(page, checklist)
    await press(page, "ControlOrMeta+a", "Delete")
    await page.keyboard.type("Is support there?")
    await tab_to(page, form.get_by_role("button", name="More"))
    await press(page, "Enter")
    await fill_in(page, form.get_by_role("combobox", name="Who approves"), "ana")
    await press(page, "Enter")
    await expect(form.get_by_role("button", name="Remove Ana Souza")).to_be_visible()
    await fill_in(page, form.get_by_label("Until when"), "01092026")
    await expect(form.get_by_role("textbox", name="What is to be decided")).to_have_value(LINE)
    await expect(checklist).to_have_value("Is support there?")
    await send(page, form, "Begin")
    await says(slack, "by Friday, 9 January 2026")
    owner = await visit(ANA, KUDOS)
    await press_on_card(owner, "Approve")
    await soon(slack, lambda: "Approvals" not in text_of(slack.messages(KUDOS)[-1]))
    form = await settle_and_decide(page, slack)
    await press(page, "ArrowDown")
    await send(page, form, "Decide")
    await says(slack, "@ben decided: Don't")
