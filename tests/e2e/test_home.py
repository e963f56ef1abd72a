"""Home in a real browser, with the keyboard alone."""

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from bot.playground.server import FakeSlack
from tests.support import ANA, BEN, GENERAL, KIM, KUDOS, give, open_form, soon

from .acting import message
from .conftest import NARROW, WIDE, Visit
from .test_deciding import decisions_go_to_kudos

pytestmark = pytest.mark.asyncio(loop_scope="session")

DEED = "stayed late to help the clinic"
BETTER = "stayed late twice to help the clinic"
MOST_TABS = 60


async def home(page: Page) -> Locator:
    """Go to Home with the keyboard."""
    place = page.get_by_role("navigation", name="Places").get_by_role("link", name="Truenorth")
    await tab_to(page, place)
    await page.keyboard.press("Enter")
    await tab_to(page, page.get_by_role("tab").first)
    await page.keyboard.press("Home")
    await expect(page.get_by_role("tab", name="Home")).to_be_focused()
    panel = page.get_by_role("tabpanel")
    await expect(panel).to_contain_text("Our mission")
    return panel


async def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus."""
    for _ in range(MOST_TABS):
        if await wanted.evaluate("node => node === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError("the keyboard does not get there")


async def given(slack: FakeSlack) -> None:
    """Have Ben recognise Kim, and wait until both heard of it."""
    await give(slack, BEN, f"@kim {DEED} #care")
    await soon(slack, lambda: slack.dm(KIM))


async def test_what_i_gave_is_corrected_with_the_keyboard(visit: Visit, slack: FakeSlack) -> None:
    await given(slack)
    page = await visit(BEN)
    panel = await home(page)
    await expect(panel).to_contain_text("You recognised @Kim Lee for")
    menu = panel.get_by_role("button", name="More options")
    await tab_to(page, menu)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Edit")).to_be_focused()
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    words = dialog.get_by_role("textbox", name="What they did")
    await tab_to(page, words)
    await page.keyboard.press("ControlOrMeta+a")
    await page.keyboard.type(BETTER)
    await tab_to(page, dialog.get_by_role("button", name="Save"))
    await page.keyboard.press("Enter")
    await expect(dialog).to_have_count(0)
    await expect(panel).to_contain_text(BETTER, timeout=15_000)
    await expect(panel).not_to_contain_text(DEED)


async def test_home_leads_to_the_post(visit: Visit, slack: FakeSlack) -> None:
    await given(slack)
    page = await visit(KIM)
    panel = await home(page)
    await expect(panel).to_contain_text("@Ben Carter recognised you for")
    await tab_to(page, panel.get_by_role("link", name="Open the post"))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="kudos", level=1)).to_be_visible()
    await expect(message(page, DEED)).to_be_focused()


async def test_home_fits_on_a_phone(visit: Visit, slack: FakeSlack) -> None:
    await given(slack)
    page = await visit(BEN, size=NARROW)
    await page.goto(f"{slack.url}/#as={BEN}&in=app")
    panel = page.get_by_role("tabpanel")
    await expect(panel).to_contain_text("You recognised @Kim Lee for")
    await expect(panel.get_by_role("button", name="More options")).to_be_in_viewport(ratio=1)
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(overflow) == 0


SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
LINE = "Ship the new booking page on Friday?"


async def ask_kim(slack: FakeSlack) -> None:
    """Have two decisions wait for Kim, one for her verdict and one that she drives, and a round."""
    await decisions_go_to_kudos(slack)
    form = await open_form(slack, BEN, "/decide")
    await slack.click(BEN, view=form["id"], action_id="decide_more")
    filled = {"title": LINE, "checklist": "Is support there?", "approvers": [KIM]}
    assert (await slack.submit(BEN, slack.views(BEN)[-1]["id"], filled)).closed
    assert (await slack.command(KIM, GENERAL, "/decide Keep the old one for a month?")).ok
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], {"updates_channel": KUDOS})).closed
    assert (await slack.command(ANA, GENERAL, "/pulse now")).ok
    await soon(slack, lambda: "pulse_answer" in str(slack.dm(KIM)))


@SIZES
async def test_what_waits_is_done_on_home_with_the_keyboard(
    visit: Visit, slack: FakeSlack, size: ViewportSize
) -> None:
    await ask_kim(slack)
    page = await visit(KIM, size=size)
    await page.goto(f"{slack.url}/#as={KIM}&in=app")
    panel = page.get_by_role("tabpanel")
    await expect(panel).to_contain_text("Waiting for you")
    await page.set_viewport_size(size | {"height": 600})  # as when a keyboard opens
    await page.evaluate(DRAWN)
    assert await panel.evaluate("node => node.scrollTop") == 0
    for button in await panel.get_by_role("button").all():
        assert await button.evaluate("node => node.scrollWidth <= node.clientWidth")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(overflow) == 0
    for name, gone in (("I have read it", "for you to read"), ("Approve", "Your verdict")):
        await tab_to(page, panel.get_by_role("button", name=name, exact=True))
        await page.keyboard.press("Enter")
        await expect(panel).not_to_contain_text(gone)
    await tab_to(page, panel.get_by_role("button", name="Answer", exact=True))
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    for place in range(1, 6):
        await expect(dialog).to_contain_text(f"Question {place} of 5.")
        await tab_to(page, dialog.get_by_role("button", name="Skip", exact=True))
        await page.keyboard.press("Enter")
    await expect(panel).not_to_contain_text("for your answer")
    await expect(panel).to_contain_text("Its checklist is not settled")
