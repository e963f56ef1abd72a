"""Inputs that the app hears of while the form is open."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from bot.playground.server import FakeSlack

from .app import Doc, Small, field_block, form, plain
from .test_forms import opened, send

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_input_that_went_with_a_choice_begins_anew_when_it_comes_back(
    page: Page, app: Small
) -> None:
    await opened(page)
    learned = page.get_by_role("textbox", name="What was learned?")
    await page.get_by_role("radio", name="Something learned").click()
    await learned.fill("to ask first")
    await page.get_by_role("radio", name="A success").click()
    await expect(learned).to_have_count(0)
    await page.get_by_role("radio", name="Something learned").click()
    await expect(learned).to_have_value("")


async def test_half_a_name_is_still_there_when_the_app_replaces_the_form(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    await opened(page)
    await page.get_by_role("combobox", name="Who").press_sequentially("cl")
    view_id = fake.views("UANA")[-1]["id"]
    await app.client.views_update(view_id=view_id, view=form(title="Changed"))
    await expect(page.get_by_role("dialog", name="Changed")).to_be_visible()
    await expect(page.get_by_role("combobox", name="Who")).to_be_focused()
    await expect(page.get_by_role("combobox", name="Who")).to_have_value("cl")
    await page.keyboard.type("eo")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Remove Cleo Martin")).to_be_visible()


def asking(action_id: str, **element: Any) -> Doc:
    """A text that acts; nobody answers to the action `fail`."""
    text = {"type": "plain_text_input", "action_id": action_id, **element}
    return form(field_block("asked", "Ask", text, dispatch_action=True))


def told(fake: FakeSlack) -> list[str]:
    sent = [each["payload"] for each in fake.sockets.sent]
    return [each["actions"][0]["value"] for each in sent if each["type"] == "block_actions"]


async def test_a_text_that_acts_does_so_on_enter_and_says_when_nobody_answers(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    fake.workspace.views.open("UANA", asking("fail"))
    ask = page.get_by_role("textbox", name="Ask")
    await ask.press_sequentially("Friday")
    await ask.press("Enter")
    await expect(page.get_by_text("That failed because the app did not respond")).to_be_visible()
    await expect(ask).to_have_value("Friday")
    assert told(fake) == ["Friday"]
    await ask.press_sequentially(" noon")
    await expect(page.get_by_text("That failed")).to_be_hidden()


async def test_a_text_that_acts_on_every_character_tells_what_was_typed(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    config = {"trigger_actions_on": ["on_character_entered"]}
    fake.workspace.views.open("UANA", asking("fail", dispatch_action_config=config))
    await page.get_by_role("textbox", name="Ask").press_sequentially("ana")
    await fake.until(lambda: told(fake)[-1:] == ["ana"])


async def test_a_day_is_chosen_with_the_keyboard_and_stays_when_the_form_changes(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    element = {"type": "datepicker", "action_id": "it"}
    day = form(field_block("day", "Until when", element, optional=True))
    view_id = fake.workspace.views.open("UANA", day)["id"]
    field = page.get_by_label("Until when")
    await field.focus()
    await page.keyboard.type("01092026")
    await expect(field).to_have_value("2026-01-09")
    await app.client.views_update(view_id=view_id, view=day | {"title": plain("Changed")})
    await expect(page.get_by_role("dialog", name="Changed")).to_be_visible()
    await expect(field).to_have_value("2026-01-09")
    await page.get_by_role("combobox", name="Who").press_sequentially("ben")
    await page.keyboard.press("Enter")
    await page.get_by_role("textbox", name="What did they do?").fill("stayed late")
    await send(page)
    await expect(page.get_by_role("dialog")).to_be_hidden()
    chosen = app.heard.forms[-1]["day"]["it"]
    assert chosen == {"type": "datepicker", "selected_date": "2026-01-09"}
