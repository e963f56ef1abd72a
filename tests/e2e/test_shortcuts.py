"""A message's menu, and the shortcuts beside where one writes."""

import pytest
from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack

from .acting import message
from .app import Small
from .conftest import NARROW

pytestmark = pytest.mark.asyncio(loop_scope="session")


def more(page: Page, text: str) -> Locator:
    return message(page, text).get_by_role("button", name="More actions")


async def test_a_messages_menu_offers_its_shortcuts_to_the_keyboard(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    written = await fake.message("UBEN", "C1", "The booking works again")
    await more(page, "works again").press("Enter")
    offered = page.get_by_role("menu", name="More actions")
    recognize = offered.get_by_role("menuitem", name="Recognize this")
    await expect(recognize).to_be_focused()
    await expect(recognize).to_contain_text("Truenorth")
    await page.keyboard.press("Escape")
    await expect(offered).to_have_count(0)
    await expect(more(page, "works again")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog", name="Recognize")).to_be_visible()
    assert app.heard.shortcuts[0]["message"] == written
    await page.keyboard.press("Escape")
    await expect(more(page, "works again")).to_be_focused()


async def test_the_menu_of_a_message_that_changes_meanwhile_gives_the_focus_back(
    page: Page, fake: FakeSlack, client: AsyncWebClient, app: Small
) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="before"))["ts"]
    await more(page, "before").press("Enter")
    await client.chat_update(channel="C1", ts=ts, text="after")
    await expect(message(page, "after")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(more(page, "after")).to_be_focused()


async def test_the_menu_of_a_message_deleted_meanwhile_still_reaches_the_app(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    written = await fake.message("UBEN", "C1", "taken back")
    await more(page, "taken back").press("Enter")
    await fake.delete_message("UBEN", "C1", written["ts"])
    await expect(message(page, "taken back")).to_have_count(0)
    await page.get_by_role("menuitem", name="Recognize this").press("Enter")
    await expect(page.get_by_role("dialog", name="Recognize")).to_be_visible()
    assert app.heard.shortcuts[0]["message"] == written


async def test_a_shortcut_that_nobody_answers_says_so(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    await fake.message("UBEN", "C1", "well done")
    await more(page, "well done").click()
    await page.get_by_role("menuitem", name="Fail").click()
    trouble = message(page, "well done").get_by_role("alert")
    await expect(trouble).to_have_text("Fail failed because the app did not respond")
    await page.get_by_role("button", name="Shortcuts").click()
    await page.get_by_role("menuitem", name="Fail anywhere").click()
    await expect(page.get_by_text("Fail anywhere failed because")).to_be_visible()


async def test_the_other_shortcuts_are_beside_where_one_writes(page: Page, app: Small) -> None:
    await page.get_by_role("textbox", name="Message #general").fill("half a thought")
    await page.get_by_role("button", name="Shortcuts").press("Enter")
    await page.get_by_role("menuitem", name="Recognize someone").press("Enter")
    await expect(page.get_by_role("dialog", name="Recognize")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Shortcuts")).to_be_focused()
    await expect(page.get_by_role("textbox", name="Message")).to_have_value("half a thought")


async def test_what_only_i_see_has_no_menu(page: Page, fake: FakeSlack, app: Small) -> None:
    await fake.command("UANA", "C1", "/recognize @ben helped")
    await expect(message(page, "Saved")).to_be_visible()
    await expect(more(page, "Saved")).to_have_count(0)


async def test_somebody_of_a_partner_company_is_offered_no_shortcut(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    await fake.message("UBEN", "C1", "well done")
    await page.goto(f"{fake.url}/#as=UEVE&in=C1")
    await expect(page.get_by_role("button", name="Acting as Eve Ray")).to_be_visible()
    await expect(message(page, "well done")).to_be_visible()
    await expect(more(page, "well done")).to_have_count(0)
    await expect(page.get_by_role("button", name="Shortcuts")).to_be_hidden()


async def test_direct_messages_of_two_people_are_a_place_of_their_own(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    fake.workspace.add_direct("D0", "UANA", "UBEN")
    places = page.get_by_role("navigation", name="Places")
    await places.get_by_role("link", name="Ben Okafor").click()
    field = page.get_by_role("textbox", name="Message Ben Okafor")
    await field.fill("thank you")
    await field.press("Enter")
    await more(page, "thank you").click()
    await page.get_by_role("menuitem", name="Recognize this").click()
    await expect(page.get_by_role("dialog", name="Recognize")).to_be_visible()
    assert app.heard.shortcuts[0]["channel"] == {"id": "D0", "name": "directmessage"}


async def test_on_a_narrow_screen_the_menu_stays_inside(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    await fake.message("UBEN", "C1", "A long message " * 12)
    await page.set_viewport_size(NARROW)
    await more(page, "A long message").press("Enter")
    box = await page.get_by_role("menu").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= NARROW["width"]
    assert await page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]
