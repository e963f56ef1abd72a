"""Reading messages, pressing what is in them, and hearing of what comes elsewhere."""

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Locator, Page, Route, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack

from .app import Small, actions, button, mrkdwn, overflow, plain

pytestmark = pytest.mark.asyncio(loop_scope="session")


def log(page: Page) -> Locator:
    return page.get_by_role("log")


def message(page: Page, text: str) -> Locator:
    return log(page).get_by_role("listitem").filter(has_text=text)


async def test_a_message_says_who_wrote_it_and_when_in_the_readers_own_time(
    page: Page, fake: FakeSlack
) -> None:
    await fake.message("UBEN", "C1", "Good morning")
    await expect(message(page, "Good morning")).to_contain_text("Ben Okafor")
    when = message(page, "Good morning").locator("time")
    lisbon = await when.text_content()
    assert "(Europe/Lisbon)" in (await when.get_attribute("title") or "")
    await page.goto(f"{fake.url}/#as=UBEN&in=C1")
    await expect(when).not_to_have_text(lisbon or "")
    assert "(Asia/Kolkata)" in (await when.get_attribute("title") or "")


async def test_an_answer_for_one_person_is_marked_and_can_be_dismissed(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    await fake.command("UANA", "C1", "/recognize @ben helped")
    await fake.command("UBEN", "C1", "/recognize @ana helped too")
    answer = message(page, "Saved: @Ben Okafor helped")
    await expect(answer).to_contain_text("Only visible to you")
    await expect(answer).to_contain_text("APP")
    await expect(log(page)).not_to_contain_text("helped too")
    await answer.get_by_role("button", name="Dismiss").click()
    await expect(answer).to_have_count(0)


async def test_what_comes_elsewhere_is_counted_until_it_is_read(
    page: Page, fake: FakeSlack
) -> None:
    places = page.get_by_role("navigation", name="Places")
    await fake.message("UBEN", "C2", "one")
    await fake.message("UBEN", "C2", "two")
    await expect(places.get_by_role("link", name="care-team 2 unread")).to_be_visible()
    await places.get_by_role("link", name="care-team").click()
    await expect(message(page, "two")).to_be_visible()
    await expect(places.get_by_text("unread")).to_have_count(0)


async def test_what_came_for_somebody_else_waits_for_them_unread(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    await expect(page.get_by_role("button", name="Acting as Ana Souza")).to_be_visible()
    await fake.command("UANA", "C1", "/recognize @ben helped")
    await page.get_by_role("button", name="Acting as Ana Souza").click()
    await page.get_by_role("menuitemradio", name="Ben Okafor").click()
    places = page.get_by_role("navigation", name="Places")
    await places.get_by_role("link", name="Truenorth 1 unread").click()
    await expect(message(page, "Somebody thanked you")).to_be_visible()


async def test_what_was_today_is_yesterday_once_the_clock_says_so(
    page: Page, fake: FakeSlack
) -> None:
    await fake.message("UBEN", "C1", "before")
    await expect(log(page).get_by_text("Today", exact=True)).to_be_visible()
    await fake.jump(timedelta(days=1))
    await expect(log(page).get_by_text("Yesterday", exact=True)).to_be_visible()
    await expect(log(page).get_by_text("Today", exact=True)).to_be_hidden()


async def test_a_new_day_is_divided_from_the_last(page: Page, fake: FakeSlack) -> None:
    await fake.message("UBEN", "C1", "before")
    await fake.jump(timedelta(days=1))
    await fake.message("UBEN", "C1", "after")
    await expect(log(page).get_by_text("Yesterday", exact=True)).to_be_visible()
    await expect(log(page).get_by_text("Today", exact=True)).to_be_visible()


async def test_a_changed_message_keeps_its_place_and_the_focus(
    page: Page, client: AsyncWebClient, app: Small
) -> None:
    blocks = [actions(button("Applaud", "applaud", value="7"))]
    await client.chat_postMessage(channel="C1", text="x", blocks=blocks)
    await client.chat_postMessage(channel="C1", text="the newest")
    await page.get_by_role("button", name="Applaud").press("Enter")
    again = page.get_by_role("button", name="Applaud 1")
    await expect(again).to_be_focused()
    await expect(log(page).get_by_role("listitem").last).to_contain_text("the newest")
    await expect(log(page)).to_contain_text("(edited)")
    assert app.heard.actions == ["7"]


async def test_a_button_may_ask_first_and_escape_means_no(
    page: Page, client: AsyncWebClient, app: Small
) -> None:
    question = {
        "title": plain("Withdraw it?"),
        "text": mrkdwn("The post *says so*."),
        "confirm": plain("Withdraw"),
        "deny": plain("Keep"),
    }
    pressed = button("Applaud", "applaud", value="7", confirm=question)
    await client.chat_postMessage(channel="C1", text="x", blocks=[actions(pressed)])
    await page.get_by_role("button", name="Applaud").click()
    await expect(page.get_by_role("alertdialog", name="Withdraw it?")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("alertdialog")).to_have_count(0)
    await page.get_by_role("button", name="Applaud").click()
    await page.get_by_role("button", name="Withdraw").click()
    await expect(page.get_by_role("button", name="Applaud 1")).to_be_visible()
    assert app.heard.actions == ["7"]


async def test_a_button_that_nobody_answers_says_so_and_can_be_pressed_again(
    page: Page, client: AsyncWebClient, app: Small
) -> None:
    blocks = [actions(button("Fail", "fail"))]
    await client.chat_postMessage(channel="C1", text="x", blocks=blocks)
    await page.get_by_role("button", name="Fail").click()
    await expect(log(page).get_by_role("alert")).not_to_be_empty()
    await expect(page.get_by_role("button", name="Fail")).not_to_have_attribute("aria-busy", "true")


async def test_a_menu_is_worked_by_arrows_and_escape(page: Page, client: AsyncWebClient) -> None:
    options = [{"text": plain("Edit"), "value": "e"}, {"text": plain("Withdraw"), "value": "w"}]
    menu: dict[str, Any] = {"type": "overflow", "action_id": "more", "options": options}
    section = {"type": "section", "text": mrkdwn("A card"), "accessory": menu}
    await client.chat_postMessage(channel="C1", text="x", blocks=[section])
    await page.get_by_role("button", name="More options").press("Enter")
    await expect(page.get_by_role("menuitem", name="Edit")).to_be_focused()
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_role("menuitem", name="Withdraw")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="More options")).to_be_focused()


async def test_an_option_is_chosen_by_keyboard_and_the_focus_stays_on_its_menu(
    page: Page, client: AsyncWebClient, app: Small
) -> None:
    await client.chat_postMessage(channel="C1", text="x", blocks=[actions(overflow())])
    await page.get_by_role("button", name="More options").press("Enter")
    await page.keyboard.press("End")
    await page.keyboard.press("Enter")
    await expect(log(page)).to_contain_text("(edited)")
    await expect(page.get_by_role("button", name="More options")).to_be_focused()
    assert app.heard.actions == ["withdraw"]


async def test_the_page_says_when_the_app_is_away(page: Page, fake: FakeSlack) -> None:
    await expect(page.get_by_text("Truenorth is not connected")).to_be_visible()


async def test_the_page_comes_back_by_itself_and_fetches_what_it_missed(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    await expect(page.get_by_role("status").filter(has_text="not connected")).to_be_hidden()
    port = urlsplit(fake.url).port or 0
    await fake.stop()
    await expect(page.get_by_text("The workspace does not answer")).to_be_visible()
    await fake.message("UBEN", "C1", "while you were away")
    await fake.start(port)
    await expect(message(page, "while you were away")).to_be_visible()
    await expect(page.get_by_text("The workspace does not answer")).to_be_hidden()


async def test_a_message_that_arrives_while_older_ones_are_fetched_is_not_lost(
    page: Page, fake: FakeSlack
) -> None:
    answered = asyncio.Event()

    async def hold(route: Route) -> None:
        response = await route.fetch()
        again = bool(fake.messages("C1"))
        await fake.message("UBEN", "C1", "in between" if again else "the first")
        if again:
            await expect(message(page, "in between")).to_be_visible()
        await route.fulfill(response=response)
        if again:
            answered.set()

    await page.route("**/_/messages?*channel=C1", hold)
    await page.reload()
    await answered.wait()
    await page.unroute("**/_/messages?*channel=C1", hold)
    await fake.message("UBEN", "C1", "afterwards")
    await expect(message(page, "afterwards")).to_be_visible()
    await expect(message(page, "in between")).to_be_visible()


async def test_many_messages_are_shown_from_the_newest_back(page: Page, fake: FakeSlack) -> None:
    for number in range(200):
        fake.workspace.messages.post("C1", {"user": "UBEN", "text": f"number {number}."})
    await page.reload()
    await expect(message(page, "number 199.")).to_be_in_viewport()
    await expect(message(page, "number 100.")).to_have_count(0)
    await page.get_by_role("button", name="Show earlier messages").click()
    await expect(message(page, "number 100.")).to_have_count(1)
    await page.get_by_role("region", name="Messages").hover()
    await page.mouse.wheel(0, -3000)
    await fake.message("UBEN", "C1", "the newest")
    await page.get_by_role("button", name="New messages").click()
    await expect(message(page, "the newest")).to_be_in_viewport()
