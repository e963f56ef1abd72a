"""Telling a story, correcting and withdrawing, in a real browser with the keyboard alone."""

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from bot.playground.server import FakeSlack
from tests.support import ANA, BEN, GENERAL, KIM, KUDOS, give, open_form, soon, text_of

from .acting import message, type_in
from .conftest import NARROW, WIDE, Visit
from .test_newcomer_form import press, tab_to

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
DEED = "stayed late so that the clinic could book again"
BETTER = "stayed late twice so that the clinic could book again"


async def stories_go_to_kudos(slack: FakeSlack) -> None:
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], {"stories_channel": KUDOS})).closed


async def fill_in(page: Page, field: Locator, words: str) -> None:
    await tab_to(page, field)
    await page.keyboard.type(words)


async def choose_in_menu(page: Page, item: str, *, named: str = "More options") -> None:
    """Open the menu beside the newest post and choose, as the focus comes there by Shift+Tab."""
    button = page.get_by_role("button", name=named).last
    for _ in range(40):
        if await button.evaluate("node => node === document.activeElement"):
            break
        await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    wanted = page.get_by_role("menuitem", name=item)
    for _ in range(6):
        if await wanted.evaluate("node => node === document.activeElement"):
            break
        await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")


@SIZES
async def test_a_story_changes_its_kind_is_mended_and_told(
    visit: Visit, slack: FakeSlack, size: ViewportSize
) -> None:
    await stories_go_to_kudos(slack)
    page = await visit(BEN, size=size)
    await type_in(page, "/story The reminders went out twice")
    form = page.get_by_role("dialog", name="Tell a story")
    happened = form.get_by_role("textbox", name="What happened")
    await fill_in(page, happened, "two went out to every patient")
    worked = form.get_by_role("radio", name="Something worked")
    await worked.focus()
    await press(page, "ArrowDown")
    await fill_in(page, form.get_by_role("textbox", name="What we expected"), "one reminder each")
    await expect(happened).to_have_value("two went out to every patient")
    await fill_in(page, form.get_by_role("textbox", name="What we learned"), "too short")
    different = form.get_by_role("textbox", name="What we do differently now")
    await fill_in(page, different, "the job asks for a lease first")
    await tab_to(page, form.get_by_role("combobox", name="value"))
    await press(page, "ArrowDown")
    await tab_to(page, form.get_by_role("button", name="Tell", exact=True))
    await press(page, "Enter")
    learned = form.get_by_role("textbox", name="What we learned")
    await expect(learned).to_be_focused()
    await press(page, "End")
    await page.keyboard.type(", a job needs one owner")
    await tab_to(page, form.get_by_role("button", name="Tell", exact=True))
    await press(page, "Enter")
    await expect(form).to_be_hidden()
    await soon(slack, lambda: len(slack.messages(KUDOS)) > 1)
    post = text_of(slack.messages(KUDOS)[-1])
    assert "too short, a job needs one owner" in post
    assert "two went out to every patient" in post


@SIZES
async def test_one_s_own_recognition_is_corrected_and_withdrawn(
    visit: Visit, slack: FakeSlack, size: ViewportSize
) -> None:
    await give(slack, BEN, f"@kim {DEED} #care")
    page = await visit(BEN, KUDOS, size=size)
    await choose_in_menu(page, "Edit")
    form = page.get_by_role("dialog", name="Edit recognition")
    words = form.get_by_role("textbox", name="What they did")
    await tab_to(page, words)
    await press(page, "ControlOrMeta+a")
    await page.keyboard.type(BETTER)
    await tab_to(page, form.get_by_role("button", name="Save"))
    await press(page, "Enter")
    await expect(form).to_be_hidden()
    await soon(slack, lambda: BETTER in text_of(slack.messages(KUDOS)[-1]))
    await choose_in_menu(page, "Withdraw")
    question = page.get_by_role("dialog", name="Withdraw")
    await expect(question).to_contain_text("This cannot be undone")
    await tab_to(page, question.get_by_role("button", name="Withdraw"))
    await press(page, "Enter")
    await expect(page.get_by_role("dialog", name="Withdrawn")).to_contain_text(BETTER)
    await press(page, "Escape")
    await soon(slack, lambda: "withdrew this" in text_of(slack.messages(KUDOS)[-1]))
    await expect(message(page, "withdrew this recognition")).to_be_visible()


async def test_a_message_is_recognised_from_its_menu(visit: Visit, slack: FakeSlack) -> None:
    await slack.message(KIM, GENERAL, "the lift is mended")
    page = await visit(BEN)
    await choose_in_menu(page, "Recognize this", named="More actions")
    form = page.get_by_role("dialog", name="Recognize")
    await expect(form).to_contain_text("the lift is mended")
    await expect(form.get_by_role("button", name="Remove Kim Lee")).to_be_visible()
    await fill_in(page, form.get_by_role("textbox", name="What they did"), DEED)
    await tab_to(page, form.get_by_role("combobox", name="value"))
    await press(page, "ArrowDown")
    await tab_to(page, form.get_by_role("button", name="Recognize"))
    await press(page, "Enter")
    await expect(form).to_be_hidden()
    await soon(slack, lambda: len(slack.messages(KUDOS)) > 1)
    assert "for this message" in text_of(slack.messages(KUDOS)[-1])
